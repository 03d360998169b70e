"""The recommend assets about answers that were given: what each reads, and which module fills it.

Belongs here: assembly. Does not belong here: any formula.
"""

import datetime as dt
from collections.abc import Sequence

import dagster as dg
import polars as pl

from kpop_assets.contracts import recommend_service as rules
from kpop_assets.contracts.feedback import FEEDBACK
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_service import ANSWER_DAYS, INPUT_DAYS, INPUT_DRIFT
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.contracts.table import Table
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.recommend.outcomes.answer_days import (
    ANSWERED_COLUMNS,
    FEEDBACK_COLUMNS,
    count_answers,
)
from kpop_assets.recommend.outcomes.input_drift import (
    ANSWER_COLUMNS,
    PLAY_COLUMNS,
    count_inputs,
    find_drift,
)


@lake_asset(ANSWER_DAYS, reads={RECOMMENDATIONS: rules.CLICK_DAYS, FEEDBACK: 0}, engine="python")
def recommend_answer_days(step: Step) -> dg.MaterializeResult:
    """Say what the answers of each day were like, and what was done about them."""
    step.fill(ANSWER_DAYS, lambda day: _answers_of(step, day))
    return step.outcome(ANSWER_DAYS, "answer_count")


def _answers_of(step: Step, day: dt.date) -> pl.DataFrame:
    columns = ("ingest_date", *ANSWERED_COLUMNS)
    answers = _rows(step, RECOMMENDATIONS, day, columns, rules.CLICK_DAYS)
    has_feedback = step.exists(FEEDBACK)
    done = step.frame(FEEDBACK, day, columns=FEEDBACK_COLUMNS) if has_feedback else None
    return count_answers(answers, done, day)


@lake_asset(INPUT_DAYS, reads={PLAYS: 0, RECOMMENDATIONS: 0}, engine="python")
def recommend_input_days(step: Step) -> dg.MaterializeResult:
    """Count the plays and answers of each day by what recommendations rest on."""
    step.fill(
        INPUT_DAYS,
        lambda day: count_inputs(
            _rows(step, PLAYS, day, PLAY_COLUMNS),
            _rows(step, RECOMMENDATIONS, day, ANSWER_COLUMNS),
        ),
    )
    return step.outcome(INPUT_DAYS, "input_count")


@lake_asset(INPUT_DRIFT, reads={INPUT_DAYS: rules.DRIFT_DAYS}, engine="python")
def recommend_drift(step: Step) -> dg.MaterializeResult:
    """Hold each input of a day against the four weeks before it."""
    step.fill(
        INPUT_DRIFT,
        lambda day: find_drift(step.frame(INPUT_DAYS, day, rules.DRIFT_DAYS), day),
    )
    return step.outcome(INPUT_DRIFT, "stability_index")


def _rows(
    step: Step, table: Table, day: dt.date, columns: Sequence[str], back: int = 0
) -> pl.DataFrame:
    """Rows of a table that a home may not have yet."""
    if not step.exists(table):
        return empty(table).select(columns)
    return step.frame(table, day, back, columns)
