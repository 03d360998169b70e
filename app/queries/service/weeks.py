"""The last weeks of a table of days, as every chart of the group shows them.

Belongs here: which days these are. Does not belong here: what a table means, or what a page says
where it has none.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty

_DAYS = 28


def read_weeks(snapshot: Snapshot, table: Table, day: dt.date | None) -> pl.DataFrame:
    """Four weeks up to the newest day that a table has by then; no row where it has none.

    Args:
        snapshot: of a home, which need not have the table yet.
        table: of days.
        day: the last that counts; None is the newest.
    """
    if snapshot.version(table) is None:
        return empty(table)
    days = [d for d in snapshot.rows_by_day(table) if day is None or d <= day]
    if not days:
        return empty(table)
    last = max(days)
    return snapshot.read(table, last - dt.timedelta(days=_DAYS - 1), day_end(last))
