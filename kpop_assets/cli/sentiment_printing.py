"""What the command line prints of trainings of sentiment and toxicity.

Belongs here: their columns and the lines below them. Does not belong here: reading the lake
(insights/sentiment_standing.py), or how a table fits a terminal (grid.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpop_assets.cli.grid import GridColumn, as_text, print_grid, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpop_assets.audience.sentiments.sentiment_training import JudgedSentiment
    from kpop_assets.audience.sentiments.toxicity import QuoteFigures
    from kpop_assets.insights.sentiment_standing import SentimentStanding

_LANGUAGES = {"ko": "Korean", "en": "English"}


def print_sentiment_standing(standing: SentimentStanding) -> None:
    """Every family by accuracy, a table a language, and which one answers."""
    for training in standing.trainings:
        name = _LANGUAGES[training["lang"]]
        if training["refusal"]:
            print_line(f"{name}: {training['refusal']}; the list of sayings answers")
            continue
        note = " - SIMULATED DATA" if training["is_simulated"] else ""
        columns = (
            GridColumn("family", is_text=True, least=16),
            GridColumn("accuracy"),
            GridColumn("95 %", is_text=True, rank=1),
            GridColumn("f1", rank=4),
            GridColumn("ece", rank=2),
            GridColumn("ms", rank=3),
            GridColumn("MB", rank=5),
            GridColumn("s to fit", rank=6),
        )
        rows = [
            (
                row["mood_family"] + (" *" if row["is_on_front"] else ""),
                as_text(row["end_accuracy"], ".4f"),
                f"{row['end_accuracy_low']:.4f}-{row['end_accuracy_high']:.4f}",
                as_text(row["end_f1"], ".4f"),
                as_text(row["end_ece"], ".4f"),
                as_text(row["latency_ms"], ",.0f"),
                as_text(row["size_mb"], ",.1f"),
                as_text(row["fit_seconds"], "d"),
            )
            for row in standing.scores
            if row["lang"] == training["lang"]
        ]
        print_grid(f"Sentiment, {name}, {standing.day}{note}", columns, rows)
        print_line(
            f"{training['text_count']:,} rated texts about {training['subject_count']:,} subjects, "
            f"{training['negative_count']:,} bad and {training['positive_count']:,} good; * on the "
            "front; ms of 1,000 texts"
        )
        print_line(f"{training['model_version']} answers")


def print_toxicity(version: str, judged: Sequence[JudgedSentiment], figures: QuoteFigures) -> None:
    """Every family by macro F1, and what the chosen one keeps from being quoted."""
    for one in sorted(judged, key=lambda one: -(one.figures.mood_f1 or 0.0)):
        print_line(f"{one.family.name}: macro F1 {one.figures.mood_f1 or 0.0:.3f}")
    print_line(
        f"of {figures.comment_count:,} comments, each by a fit without it: of those kept back "
        f"{figures.precision:.0%} were labelled offensive or hateful, of those so labelled "
        f"{figures.recall:.0%} are kept back, of the hateful {figures.hate_recall:.0%}; of what "
        f"may be quoted {figures.quoted_hate_share:.1%} is hateful"
    )
    print_line(f"{version} answers; run the days again whose voices it shall judge")
