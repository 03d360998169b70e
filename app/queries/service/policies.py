"""What each policy of the slot would have earned, day by day.

Belongs here: what the page Monitor reads of it. Does not belong here: how it is estimated
(kpop_assets/rising_slot/), or drawing.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.queries.service.weeks import read_weeks
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.rising_slot import POLICY_ESTIMATES


@reads(POLICY_ESTIMATES)
def read_policies(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Four weeks of estimates up to a day, or the newest; of a day the best first.

    Returns:
        The columns of `rising_slot/policy_estimates`.

    Raises:
        PageEnd: nothing was shown in the slot by then.
    """
    rows = read_weeks(snapshot, POLICY_ESTIMATES, day)
    if rows.is_empty():
        raise PageEnd("monitor.no_slot")
    return rows.sort(
        *("ingest_date", "gain_reward", "policy"), descending=[False, True, False], nulls_last=True
    )
