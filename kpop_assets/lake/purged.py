"""What is remembered of purges, and the refusal to compute a purged day again.

Belongs here: reading and merging the rows of `retention/purges`, and the guard. Does not belong
here: the removal itself (retention/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kpop_assets.contracts.registry import ALL_TABLES, TABLES
from kpop_assets.contracts.retention import PURGES
from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.reader import LakeReader

Mark = dict[str, Any]
COUNTS = tuple(column.name for column in PURGES.columns if column.name.endswith("_count"))
_GUARDED = frozenset(table.path for table in ALL_TABLES if table.needs_provider_rows)


def _open_selection() -> str:
    """What can be filled on any day, as one would select it: whole layers, else their tables."""
    guarded = {table.layer for table in TABLES if table.path in _GUARDED}
    names = [
        table.path if table.layer in guarded else table.layer
        for table in TABLES
        if table.path not in _GUARDED and not table.is_housekeeping
    ]
    *most, last = dict.fromkeys(names)
    return f"{', '.join(most)} or {last}" if most else last


class PurgedError(LakeError):
    """A run would compute a day anew whose rows were removed; the message says which and why."""

    may_pass = False


def read_marks(lake: LakeReader) -> dict[dt.date, Mark]:
    """The marks of all days that were purged or are being purged."""
    if not lake.exists(PURGES):
        return {}
    rows = lake.arrow(PURGES, dt.date.min, dt.date.max).to_pylist()
    return {row["ingest_date"]: row for row in rows}


def purged_days(lake: LakeReader) -> set[dt.date]:
    """The days that were purged or are being purged."""
    return set(read_marks(lake))


def refuse_purged(lake: LakeReader, paths: Iterable[str], start: dt.date, end: dt.date) -> None:
    """Raise PurgedError where filling `paths` for the days [start, end) would lose results.

    Args:
        lake: where the marks are.
        paths: tables that are to be filled, as `layer/table`.
        start: first day.
        end: first day after the range.
    """
    if not _GUARDED.intersection(paths):
        return
    days = sorted(day for day in purged_days(lake) if start <= day < end)
    if days:
        raise PurgedError(
            f"{_named(days)} cannot be computed again: YouTube's statistics of then were removed "
            "at the retention limit, and what was computed of them would be lost",
            f"leave these days out, start at {_next_open(lake, start)} or later, or select only "
            f"{_open_selection()}",
        )


def merged(old: Mark | None, new: Mark) -> Mark:
    """The mark of a day that is purged (again).

    A purge that was interrupted finds less the second time: the larger counts are those of the
    whole. Where a finished one is repeated, late lines were removed in addition.
    """
    if old is None:
        return new
    counts = (
        {name: max(old[name] or 0, new[name]) for name in COUNTS}
        if old["purged_at"] is None
        else {name: (old[name] or 0) + new[name] for name in COUNTS}
    )
    return {**new, **counts, "started_at": old["started_at"]}


def _named(days: list[dt.date]) -> str:
    if len(days) == 1:
        return str(days[0])
    return f"{days[0]} to {days[-1]} ({len(days)} days)"


def _next_open(lake: LakeReader, start: dt.date) -> dt.date:
    return max(max(purged_days(lake)) + dt.timedelta(days=1), start)
