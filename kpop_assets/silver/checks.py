"""What must hold between silver tables and those they are computed of.

Belongs here: checks of single days, whoever reads them. Does not belong here: what every contract
implies (graph/checks.py).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.graph.checks import by_day, check_equal_by_day
from kpop_assets.lake.tables import Tables


def events_add_up(
    tables: Tables, table: Table, start: dt.date, end: dt.date
) -> dg.AssetCheckResult:
    """Events of each day against the rows of `bronze/events`."""
    summed = by_day(tables.read(table, start, end), F.sum("event_count"))
    counted = by_day(tables.read(EVENTS, start, end), F.count("*"))
    return check_equal_by_day(table, "events_add_up", summed, counted)


def windows_add_up(
    tables: Tables, table: Table, start: dt.date, end: dt.date
) -> dg.AssetCheckResult:
    """Points of each day's windows against those of its videos, each of which is in 12."""
    daily = F.sum("engagement") * rules.WINDOWS_PER_EVENT
    expected = by_day(tables.read(VIDEO_DAILY, start, end), daily)
    actual = by_day(tables.read(table, start, end), F.sum("total_engagement"))
    return check_equal_by_day(table, "windows_add_up", actual, expected)
