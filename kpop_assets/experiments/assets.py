"""The experiments assets: what each reads, and which module fills it.

Belongs here: assembly of the layer. Does not belong here: any rule or formula.
"""

import datetime as dt

import dagster as dg
import polars as pl

from kpop_assets.contracts.experiment_rules import MOST_DAYS, MOST_PRE_PERIOD_DAYS
from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS, LISTENER_DAYS
from kpop_assets.contracts.exposures import EXPOSURES
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.contracts.table import Table
from kpop_assets.experiments.listener_days import (
    LISTENED_COLUMNS,
    OUTCOME_COLUMNS,
    count_listener_days,
)
from kpop_assets.experiments.plans import Experiment, plans_folder, read_experiments
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.settings import Settings


@lake_asset(LISTENER_DAYS, reads={LISTENER_TRACKS: 0, OUTCOMES: 0}, engine="python")
def experiments_listener_days(step: Step) -> dg.MaterializeResult:
    """Say what each listener did on a day."""
    step.fill(
        LISTENER_DAYS,
        lambda day: count_listener_days(
            _rows(step, LISTENER_TRACKS, day, 0, LISTENED_COLUMNS),
            _rows(step, OUTCOMES, day, 0, OUTCOME_COLUMNS),
        ),
    )
    return step.outcome(LISTENER_DAYS, "play_count")


@lake_asset(
    EXPERIMENT_RESULTS,
    reads={EXPOSURES: MOST_DAYS, LISTENER_DAYS: MOST_DAYS + MOST_PRE_PERIOD_DAYS},
    engine="python",
)
def experiments_results(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Say of each experiment up to the day after its last what came of its variants by then."""
    plans = read_experiments(plans_folder(settings.home))
    step.fill(EXPERIMENT_RESULTS, lambda day: _results(step, plans, day))
    return step.outcome(EXPERIMENT_RESULTS, "unit_count")


def _results(step: Step, plans: tuple[Experiment, ...], day: dt.date) -> pl.DataFrame:
    rows = []
    for plan in plans:
        if plan.is_measured_on(day):
            # SciPy takes longer to load than a day without experiments to fill.
            from kpop_assets.experiments import day_results
            from kpop_assets.experiments.exposed_units import EXPOSURE_COLUMNS

            back = (day - plan.starts_on).days
            met = _rows(step, EXPOSURES, day, back, EXPOSURE_COLUMNS)
            did = _rows(step, LISTENER_DAYS, day, back + plan.pre_period_days, None)
            rows += day_results.measure_experiment(plan, met, did, day)
    return pl.DataFrame(rows, schema=empty(EXPERIMENT_RESULTS).drop("ingest_date").schema)


def _rows(
    step: Step, table: Table, day: dt.date, back: int, columns: tuple[str, ...] | None
) -> pl.DataFrame:
    """Rows of a table that may not be there yet."""
    if step.exists(table):
        return step.frame(table, day, back, columns)
    return empty(table).select(columns or table.column_names)
