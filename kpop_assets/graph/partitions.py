"""The graph's partitions: one a day of Seoul, and the range of days that a run covers.

Belongs here: the one Dagster partitions definition. Does not belong here: day arithmetic
(days.py), schedules (wiring/schedules.py).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg

from kpop_assets.days import FIRST_DAY, TIME_ZONE, day_end

# end_offset=1: a day's partition exists from its first minute on, because collectors write
# into it at 09:00 and 15:00; the default would show it only after midnight.
ingest_days = dg.DailyPartitionsDefinition(
    start_date=FIRST_DAY.isoformat(), timezone=TIME_ZONE, end_offset=1
)


def run_days(context: dg.AssetExecutionContext) -> tuple[dt.date, dt.date]:
    """The half-open range of ingest dates that a run covers."""
    keys = context.partition_key_range
    return dt.date.fromisoformat(keys.start), day_end(dt.date.fromisoformat(keys.end))
