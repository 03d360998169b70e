"""The rising_slot asset: what it reads, and which module fills it.

Belongs here: assembly of the layer. Does not belong here: any rule or formula.
"""

import datetime as dt

import dagster as dg
import polars as pl

from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.contracts.rising_slot import OUTCOME_DAYS, POLICY_ESTIMATES, SLOT_COLUMNS
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty

_ONE = dt.timedelta(days=1)


@lake_asset(POLICY_ESTIMATES, reads={OUTCOMES: OUTCOME_DAYS - 1}, engine="python")
def rising_slot_policy_estimates(step: Step) -> dg.MaterializeResult:
    """Say what each policy of the slot would have earned in the week before a day."""
    kept: dict[dt.date, pl.DataFrame] = {}
    step.fill(POLICY_ESTIMATES, lambda day: _estimates(_outcomes(step, day, kept), day))
    return step.outcome(POLICY_ESTIMATES, "gain_reward")


def _estimates(outcomes: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    rows = []
    if len(outcomes):
        # SciPy takes longer to load than a day without shows to fill.
        from kpop_assets.rising_slot.outcome_shows import shows_of_outcomes
        from kpop_assets.rising_slot.policy_gains import estimate_policies

        # Outcomes of a day are those of answers of the day before.
        rows = estimate_policies(shows_of_outcomes(outcomes), day - _ONE)
    return pl.DataFrame(rows, schema=empty(POLICY_ESTIMATES).drop("ingest_date").schema)


def _outcomes(step: Step, day: dt.date, kept: dict[dt.date, pl.DataFrame]) -> pl.DataFrame:
    """What came of the slot in the days up to one; `kept` holds those days and no older ones."""
    if not step.exists(OUTCOMES):
        return empty(OUTCOMES).select(SLOT_COLUMNS)
    days = [day - back * _ONE for back in range(OUTCOME_DAYS)]
    for past in [one for one in kept if one not in days]:
        del kept[past]
    for one in days:
        if one not in kept:
            rows = step.frame(OUTCOMES, one, columns=SLOT_COLUMNS)
            kept[one] = rows.filter("is_rising_slot")
    return pl.concat([kept[one] for one in days])
