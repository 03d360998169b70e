"""Trainings of recommenders: what each is worth, by group of listeners too, and which one answers.

Belongs here: what the page of recommenders reads. Does not belong here: a figure's computation
(kpop_assets/recommend/), or drawing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app.notices import PageEnd
from app.queries.model_choice import find_winners
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_BACKTESTS,
    RECOMMENDER_CHAMPION,
    RECOMMENDER_FRONT,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets.days import day_end

# Names of the viewer, where another table uses the tables' own for something else.
_RENAMED = {"model": "recommender", "run_id": "mlflow_run_id", "latency_ms": "answer_ms"}
# As kpop_assets/recommend/training/recommender_front.py has them.
MORE_IS_WORTH = ("ndcg_10", "coverage", "novelty")
LESS_IS_WORTH = ("answer_ms",)
EVERYBODY = "everybody"
LISTENER_GROUPS = ("new", "light", "heavy")


@reads(RECOMMENDER_TRAININGS)
def list_recommender_trainings(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Rows of `recommend/trainings` up to a day, or all, the newest first.

    Raises:
        PageEnd: there is none.
    """
    if snapshot.version(RECOMMENDER_TRAININGS) is None:
        raise PageEnd("recommenders.none")
    rows = snapshot.read(RECOMMENDER_TRAININGS, end=None if day is None else day_end(day))
    if rows.is_empty():
        raise PageEnd("recommenders.none")
    return rows.sort("ingest_date", descending=True)


@reads(RECOMMENDER_SCORES, RECOMMENDER_FRONT)
def compare_recommenders(snapshot: Snapshot, training: dt.date) -> pl.DataFrame:
    """Recommenders of a training that rank, by ndcg_10, the best first.

    Returns:
        The columns of `recommend/model_scores` but the day, by the viewer's names, is_on_front,
        is_best, dominated_by and better_in, as `find_winners` has them.
    """
    rows = _scores(snapshot, training).filter(pl.col("ndcg_10").is_not_null())
    columns = ["model", "is_on_front", "is_best"]
    front = snapshot.read(RECOMMENDER_FRONT, training, day_end(training), columns)
    judged = rows.join(front.rename({"model": "recommender"}), "recommender", "left").with_columns(
        pl.col("is_on_front", "is_best").fill_null(value=False)
    )
    winners = find_winners(judged, "recommender", MORE_IS_WORTH, LESS_IS_WORTH)
    return judged.join(winners, "recommender", "left").sort(
        "ndcg_10", "recommender", descending=[True, False]
    )


@reads(RECOMMENDER_SCORES)
def compare_raters(snapshot: Snapshot, training: dt.date) -> pl.DataFrame:
    """Recommenders of a training that foretell ratings, by rmse, the best first.

    Returns:
        recommender, setting, rmse, mae, rating_count, and ndcg_10 of those that also rank.
    """
    columns = ["recommender", "setting", "rmse", "mae", "rating_count", "ndcg_10"]
    rows = _scores(snapshot, training).filter(pl.col("rmse").is_not_null())
    return rows.select(columns).sort("rmse", "recommender")


@reads(RECOMMENDER_BACKTESTS)
def read_groups(snapshot: Snapshot, training: dt.date) -> pl.DataFrame:
    """Rows of `recommend/backtests` of a training but the day: by test week, model and group."""
    rows = snapshot.read(RECOMMENDER_BACKTESTS, training, day_end(training))
    named = rows.drop("ingest_date").rename({"model": "recommender"})
    return named.sort("test_date", "recommender", "listener_group")


@reads(RECOMMENDER_CHAMPION)
def find_recommender_decision(snapshot: Snapshot, training: dt.date) -> dict[str, Any] | None:
    """The row of `recommend/champion` of a training, if it has one."""
    if snapshot.version(RECOMMENDER_CHAMPION) is None:
        return None
    rows = snapshot.read(RECOMMENDER_CHAMPION, training, day_end(training))
    return rows.row(0, named=True) if rows.height else None


def _scores(snapshot: Snapshot, training: dt.date) -> pl.DataFrame:
    rows = snapshot.read(RECOMMENDER_SCORES, training, day_end(training))
    return rows.drop("ingest_date").rename(_RENAMED)
