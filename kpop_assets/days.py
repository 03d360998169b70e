"""Days of Seoul: the time zone, the first day, and how an instant becomes an ingest date.

Belongs here: day arithmetic that everything shares, the viewer included. Does not belong here:
Dagster's partitions (graph/partitions.py) and schedules (wiring/schedules.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from kpop_assets.errors import KpopError

TIME_ZONE = "Asia/Seoul"
SEOUL = ZoneInfo(TIME_ZONE)
FIRST_DAY = dt.date(2017, 1, 1)


class DaysError(KpopError):
    """Two days are no range that can be run."""


def seoul_day(epoch_ms: int) -> dt.date:
    """The ingest date of an instant: its calendar day in Seoul (epoch in milliseconds, UTC)."""
    return dt.datetime.fromtimestamp(epoch_ms / 1000, tz=SEOUL).date()


def day_start_ms(day: dt.date) -> int:
    """Epoch milliseconds at which `day` begins in Seoul."""
    return int(dt.datetime.combine(day, dt.time(), tzinfo=SEOUL).timestamp() * 1000)


def day_end(day: dt.date) -> dt.date:
    """The exclusive end of the half-open one-day range that starts at `day`."""
    return day + dt.timedelta(days=1)


def days_between(start: dt.date, end: dt.date) -> list[dt.date]:
    """Every day of the half-open range [start, end)."""
    return [start + dt.timedelta(days=i) for i in range((end - start).days)]


def seoul_now(now: dt.datetime | None = None) -> dt.datetime:
    """`now` (default: the clock) as an aware time in Seoul."""
    return (now or dt.datetime.now(tz=SEOUL)).astimezone(SEOUL)


def check_order(start: dt.date, last: dt.date) -> None:
    """Raise DaysError where the days are the wrong way round."""
    if last < start:
        raise DaysError(f"{start} lies after {last}", "give the first day first")


def check_days(start: dt.date, last: dt.date) -> None:
    """Refuse what is no range of ingest dates, both included.

    Raises:
        DaysError: the days are the wrong way round, before the first one, or in the future.
    """
    check_order(start, last)
    today = seoul_now().date()
    if start < FIRST_DAY:
        raise DaysError(
            f"{start} lies before the first partition", f"start at {FIRST_DAY} or later"
        )
    if last > today:
        raise DaysError(f"{last} lies in the future", f"end at {today}, today in Seoul, or earlier")


def consecutive(days: Iterable[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of each gapless stretch of days."""
    ordered = sorted(days)
    breaks = [i for i in range(1, len(ordered)) if ordered[i] != day_end(ordered[i - 1])]
    for i, j in zip([0, *breaks], [*breaks, len(ordered)], strict=True):
        if i < j:
            yield ordered[i], ordered[j - 1]
