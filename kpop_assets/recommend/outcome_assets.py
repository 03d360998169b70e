"""The assets of what came of answers: what each reads, and which module fills it.

Belongs here: assembly. Does not belong here: any rule (outcomes/outcomes.py,
outcomes/outcome_days.py).
"""

import datetime as dt

import dagster as dg
import polars as pl
from pyspark.sql import DataFrame

from kpop_assets.contracts.feedback import FEEDBACK
from kpop_assets.contracts.play_rules import OUTCOME_LOOK_BACK_DAYS
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.contracts.recommend_service import OUTCOME_DAYS
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.contracts.table import Table
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.recommend.outcomes.outcome_days import COUNTED_COLUMNS, count_outcomes
from kpop_assets.recommend.outcomes.outcomes import Done, tell_outcomes


@lake_asset(
    OUTCOMES,
    reads={
        RECOMMENDATIONS: 1,
        FEEDBACK: 1,
        PLAYS: 1,
        TRACKS_TOLD: OUTCOME_LOOK_BACK_DAYS,
    },
)
def recommend_outcomes(step: Step) -> dg.MaterializeResult:
    """Say what came of each work that was shown on the day before."""
    answers = _read(step, RECOMMENDATIONS)
    # In most homes nobody was ever answered.
    if answers.limit(1).count():
        told = _read(step, TRACKS_TOLD).withColumnRenamed("ingest_date", "told_date")
        done = Done(_read(step, FEEDBACK), _read(step, PLAYS))
        step.replace(OUTCOMES, tell_outcomes(answers, done, told, step.start, step.end))
    else:
        step.replace(OUTCOMES, step.spark.createDataFrame([], spark_schema(OUTCOMES)))
    return step.outcome(OUTCOMES, "answered_at")


@lake_asset(OUTCOME_DAYS, reads={OUTCOMES: 0}, engine="python")
def recommend_outcome_days(step: Step) -> dg.MaterializeResult:
    """Count what came of the answers of the day before, by variant."""
    step.fill(OUTCOME_DAYS, lambda day: _counts_of(step, day))
    return step.outcome(OUTCOME_DAYS, "shown_work_count")


def _counts_of(step: Step, day: dt.date) -> pl.DataFrame:
    if not step.exists(OUTCOMES):
        return count_outcomes(empty(OUTCOMES).select(COUNTED_COLUMNS))
    return count_outcomes(step.frame(OUTCOMES, day, columns=COUNTED_COLUMNS))


def _read(step: Step, table: Table) -> DataFrame:
    """What a step reads of a table, which a home of before there was such a table lacks."""
    if step.exists(table):
        return step.read(table)
    return step.spark.createDataFrame([], spark_schema(table))
