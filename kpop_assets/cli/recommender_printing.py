"""What the command line prints of a training of recommenders.

Belongs here: its columns and the lines below it. Does not belong here: reading the lake
(insights/recommender_standing.py), or how a table fits a terminal (grid.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpop_assets.cli.grid import GridColumn, as_text, print_grid, print_line
from kpop_assets.recommend.learners.variational import DEEP_IS_ABSENT

if TYPE_CHECKING:
    from kpop_assets.insights.recommender_standing import RecommenderStanding


def print_recommender_standing(standing: RecommenderStanding) -> None:
    """Every recommender by nDCG, ratings apart, and which one answers."""
    training = standing.training
    note = " - SIMULATED DATA" if training["is_simulated"] else ""
    columns = (
        GridColumn("recommender", is_text=True, least=20),
        GridColumn("ndcg@10"),
        GridColumn("95 %", is_text=True, rank=1),
        GridColumn("recall@20", rank=4),
        GridColumn("hit@10", rank=5),
        GridColumn("coverage", rank=2),
        GridColumn("novelty", rank=6),
        GridColumn("ms", rank=3),
        GridColumn("rmse", rank=7),
        GridColumn("s to fit", rank=8),
    )
    rows = [
        (
            row["model"] + (" *" if row["is_on_front"] else ""),
            as_text(row["ndcg_10"], ".3f"),
            "-"
            if row["ndcg_10"] is None
            else f"{row['ndcg_10_low']:.3f}-{row['ndcg_10_high']:.3f}",
            as_text(row["recall_20"], ".3f"),
            as_text(row["hit_10"], ".3f"),
            as_text(row["coverage"], ".3f"),
            as_text(row["novelty"], ".1f"),
            as_text(row["latency_ms"], ",.1f"),
            as_text(row["rmse"], ".3f"),
            as_text(row["fit_seconds"], "d"),
        )
        for row in standing.scores
    ]
    print_grid(f"Recommenders by the last weeks to {standing.day}{note}", columns, rows)
    print_line(
        f"{training['test_listener_count']:,} listeners heard {training['relevant_count']:,} works "
        f"for the first time; {training['left_out_pct'] or 0:.0f} % more could not be foreseen"
    )
    if training["dropped_work_count"]:
        print_line(
            f"{training['dropped_work_count']:,} works that are played least took no part, nor did "
            f"their {training['dropped_play_count']:,} plays"
        )
    print_line("* on the front; what has no ndcg was held to ratings alone")
    if not any(row["model"] == "variational" for row in standing.scores):
        print_line(DEEP_IS_ABSENT)
    if standing.champion is not None:
        champion = standing.champion
        print_line(f"{champion['model']} answers: {champion['decision']}")
