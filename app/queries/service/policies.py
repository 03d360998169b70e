"""What each policy of the slot would have earned, day by day.

Belongs here: what the page Monitor reads of it. Does not belong here: how it is estimated
(kpop_assets/rising_slot/), or drawing.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.rising_slot import POLICY_ESTIMATES
from kpop_assets.days import day_end

DAYS = 28


@reads(POLICY_ESTIMATES)
def read_policies(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Four weeks of estimates up to a day, or the newest; of a day the best first.

    Returns:
        The columns of `rising_slot/policy_estimates`.

    Raises:
        PageEnd: nothing was shown in the slot by then.
    """
    if snapshot.version(POLICY_ESTIMATES) is None:
        raise PageEnd("monitor.no_slot")
    days = [d for d in snapshot.rows_by_day(POLICY_ESTIMATES) if day is None or d <= day]
    if not days:
        raise PageEnd("monitor.no_slot")
    last = max(days)
    rows = snapshot.read(POLICY_ESTIMATES, last - dt.timedelta(days=DAYS - 1), day_end(last))
    return rows.sort(
        *("ingest_date", "gain_reward", "policy"), descending=[False, True, False], nulls_last=True
    )
