"""Trainings: every candidate of one, who beats whom, and who forecasts from then on.

Belongs here: a training's candidates with their figures, the champion of a day, refusals. Does
not belong here: how the front is found (kpop_assets/ml/dominance.py) or drawn (charts/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.models import CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import CHAMPION, FRONT
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.days import day_end

MORE_IS_BETTER = ("accuracy", "f1")
LESS_IS_BETTER = ("rps", "latency_ms", "feat_count")
SCORES = (
    "candidate",
    "is_baseline",
    "is_portable",
    "accuracy",
    "f1",
    "rps",
    "rps_skill",
    "ece",
    "rise_auc",
    "rise_average_precision",
    "latency_ms",
    "feat_count",
    "train_count",
    "test_count",
    "run_id",
)


@reads(CANDIDATE_SCORES)
def list_trainings(snapshot: Snapshot, day: dt.date) -> tuple[dt.date, ...]:
    """Days up to a day on which candidates were scored, newest first."""
    days = snapshot.rows_by_day(CANDIDATE_SCORES)
    return tuple(sorted((d for d in days if d <= day), reverse=True))


@reads(TRAININGS)
def newest_training(snapshot: Snapshot, day: dt.date) -> dict[str, Any] | None:
    """The newest row of `models/trainings` up to a day, refused or not."""
    rows = snapshot.read(TRAININGS, end=day_end(day)).sort("ingest_date")
    return rows.row(-1, named=True) if rows.height else None


@reads(CHAMPION)
def find_champion(snapshot: Snapshot, day: dt.date) -> dict[str, Any] | None:
    """The row of `pareto/champion` of the model that forecasts on a day, as pareto/reign.py has it.

    None where no model had been trained by then, or the last one too long ago.
    """
    rows = snapshot.read(CHAMPION, end=day_end(day)).sort("ingest_date")
    newest = rows.row(-1, named=True) if rows.height else None
    if newest is None or (day - newest["trained_date"]).days > CHAMPION_DAYS:
        return None
    return newest


@reads(CHAMPION)
def find_decision(
    snapshot: Snapshot, training: dt.date
) -> tuple[dict[str, Any], dict[str, Any] | None] | None:
    """The row of `pareto/champion` of a training and the one before it; None without the first."""
    rows = snapshot.read(CHAMPION, end=day_end(training)).sort("ingest_date").to_dicts()
    if not rows or rows[-1]["ingest_date"] != training:
        return None
    return rows[-1], rows[-2] if len(rows) > 1 else None


@reads(CANDIDATE_SCORES, FRONT)
def compare_candidates(snapshot: Snapshot, training: dt.date) -> pl.DataFrame:
    """The candidates of a training: the front first, then by rps.

    Returns:
        `SCORES` (run_id as mlflow_run_id), is_on_front, is_best, dominated_by (of those on the
        front that dominate it, the first by name; null on the front) and better_in (figures in
        which that one is better).

    Raises:
        PageEnd: the front of the training is missing.
    """
    range_ = (training, day_end(training))
    verdicts = snapshot.read(FRONT, *range_, columns=["candidate", "is_on_front", "is_best"])
    rows = (
        snapshot.read(CANDIDATE_SCORES, *range_, columns=SCORES)
        .rename({"run_id": "mlflow_run_id"})
        .join(verdicts, on="candidate")
    )
    if rows.is_empty():
        raise PageEnd("model_choice.no_front", day=training.isoformat())
    winners = find_winners(rows, "candidate", MORE_IS_BETTER, LESS_IS_BETTER)
    return rows.join(winners, on="candidate", how="left").sort(
        ["is_on_front", "rps", "candidate"], descending=[True, False, False]
    )


def find_winners(
    rows: pl.DataFrame, name: str, more: Sequence[str], less: Sequence[str]
) -> pl.DataFrame:
    """Who beats each candidate off the front: of those on it that dominate it, the first by name.

    Args:
        rows: candidates with is_on_front and their figures.
        name: column that names them.
        more: figures of which more is better.
        less: figures of which less is better.

    Returns:
        `name`, dominated_by, and better_in: figures in which that one is better.
    """
    figures = (*more, *less)
    front = rows.filter("is_on_front").select(name, *figures)
    pairs = rows.filter(~pl.col("is_on_front")).join(front, how="cross", suffix="_front")
    gains = {
        figure: (pl.col(f"{figure}_front") - pl.col(figure)) * (1 if figure in more else -1)
        for figure in figures
    }
    better = [pl.when(gain > 0).then(pl.lit(figure)) for figure, gain in gains.items()]
    return (
        pairs.with_columns(pl.concat_list(better).list.drop_nulls().alias("better_in"))
        .filter(pl.all_horizontal(gain >= 0 for gain in gains.values()))
        .filter(pl.col("better_in").list.len() > 0)
        .sort(f"{name}_front")
        .group_by(name, maintain_order=True)
        .agg(pl.col(f"{name}_front").first().alias("dominated_by"), pl.col("better_in").first())
    )
