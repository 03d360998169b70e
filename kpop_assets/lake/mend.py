"""What mends a damaged table, and the errors that say so.

Belongs here: the way out for each table. Does not belong here: finding out what is damaged
(damage.py) or what an engine says of it (foreign.py).

A day that is run again replaces its data files without reading them, so a damaged data file is
mended by running its day. A damaged log says no more which files are the table's, so all of its
days have to be run again into an empty folder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from kpop_assets.contracts import retention
from kpop_assets.contracts.registry import tables_of_rhythm
from kpop_assets.lake.errors import DamagedTableError

# What a training decided; it would not be decided again as it was.
_DECIDED = {table.path for table in tables_of_rhythm("weekly")}
WHICH = "`kpop doctor --files` says which"


def mend_days(path: str, days: Iterable[str]) -> str:
    """What mends a table `layer/name` of which data files of some days are damaged."""
    if path == retention.PURGES.path:
        return _restore_marks()
    known = sorted(set(days))
    first, last = (known[0], known[-1]) if known else ("START", "END")
    if path in _DECIDED:
        return f"restore its folder from a backup, or decide anew with `kpop train {first}`"
    return f"run `kpop run {first} {last} --select {path}`"


def mend_table(path: str) -> str:
    """What mends a table `layer/name` whose log is damaged."""
    if path == retention.PURGES.path:
        return _restore_marks()
    if path in _DECIDED:
        return (
            "restore its folder from a backup, or move it away and decide anew with "
            "`kpop train DAY`"
        )
    return (
        "restore its folder from a backup, or move it away and run all of its days again: "
        f"`kpop run START END --select {path}`"
    )


def _restore_marks() -> str:
    # Without them a run would compute purged days anew, from what the purge has left.
    return "restore its folder from a backup before anything is run; it says which days were purged"


def damaged_log(path: str, reason: str) -> DamagedTableError:
    """The error for a table `layer/name` whose log cannot be read."""
    return _damaged(path, reason, mend_table(path))


def damaged_data(path: str, found: Mapping[str, str]) -> DamagedTableError:
    """The error for damaged data files of a table `layer/name`: the day of each, by name."""
    name, day = min(found.items(), key=lambda file: file[::-1])
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return _damaged(path, f"{name} of {day}{more} is damaged", mend_days(path, found.values()))


def damaged_somewhere(path: str, start: dt.date | None, end: dt.date | None) -> DamagedTableError:
    """The error for a table `layer/name` of which a read of some days failed."""
    days = f" between {start} and {end}" if start and end and start > dt.date.min else ""
    return _damaged(path, f"a data file{days} is damaged", WHICH)


def _damaged(path: str, reason: str, way_out: str) -> DamagedTableError:
    return DamagedTableError(f"table {path} cannot be read: {reason}", way_out, reason=reason)
