"""What every importer of a source file shares: the protocol, and placing a record.

Belongs here: the shape of an importer and helpers that two of them need. What is odd about one
source is in its own module; staging and publishing is `importer.py`.

An importer never drops a row and never guesses a value: what it cannot read goes on as it came,
so that the next layer sets it aside with a reason. Known defects of a source are repaired by its
importer and counted by kind.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from kpop_assets.contracts.record import END_INSTANT_MS
from kpop_assets.days import FIRST_DAY, seoul_day
from kpop_assets.landing.errors import LandingError, landing_errors
from kpop_assets.landing.folders import epoch_ms_in_name

Repairs = Counter[str]

_HOUR_MS = 3_600_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# So ends the name of a count of lines that the next layer will set aside, each counted once.
SET_ASIDE = "set_aside"
# Of rows without a day before the first that has one, as a table with notes above may have.
_MOST_WAITING = 10_000


class SourceRecord(NamedTuple):
    """One record and where it belongs.

    Attributes:
        day: The ingest date.
        epoch_ms: When it was collected; goes into the landing file's name.
        record: A JSON value, or the line itself as bytes, which is then kept byte for byte.
    """

    day: dt.date
    epoch_ms: int
    record: object

    def line(self) -> bytes:
        """The record as a line of NDJSON."""
        if isinstance(self.record, bytes):
            return self.record
        return json_line(self.record)


def json_line(record: object) -> bytes:
    """A JSON value as a line; bytes that were no UTF-8 stand as surrogates and are bytes again."""
    try:
        return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n"
    except UnicodeEncodeError:  # a lone surrogate, escaped in the source's JSON
        return json.dumps(record).encode() + b"\n"


class SourceImporter(Protocol):
    """Reads the files of one format.

    Attributes:
        kind: The kind of landing line that its records are.
        looks_for: What files of the format are like, for whoever looks for them in a folder.
    """

    kind: str
    looks_for: str

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> SourceImporter:
        """The importer for one import.

        It has what it needs to know of what was landed before, and of all files that will be read.
        """

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the files of this format in a folder, by name."""

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield the records of a file and count what was repaired.

        Raises:
            LandingError: The file cannot be read as this format at all.
        """


def parse_instant(text: object) -> int | None:
    """Return an ISO 8601 text as epoch milliseconds (UTC where it names no zone), else None."""
    if not isinstance(text, str):
        return None
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    return (instant - _EPOCH) // dt.timedelta(milliseconds=1)


def instant_or_raw(text: object) -> object:
    """Return epoch milliseconds, or the value as it came where it is no instant."""
    instant = parse_instant(text)
    return text if instant is None else instant


def ingest_day(observed_ms: object) -> dt.date | None:
    """Return the ingest date of an observation, None where no partition could hold it."""
    if not isinstance(observed_ms, int) or isinstance(observed_ms, bool):
        return None
    if not 0 <= observed_ms < END_INSTANT_MS:
        return None
    day = _seoul_day_of_hour(observed_ms // _HOUR_MS)
    return day if day >= FIRST_DAY else None


@lru_cache(maxsize=4096)
def _seoul_day_of_hour(hour: int) -> dt.date:
    """A day begins on a full hour, and millions of lines fall into a few hours."""
    return seoul_day(hour * _HOUR_MS)


def file_instant(path: Path) -> int | None:
    """Return a file's own instant: the one in its name, else when it was last changed.

    None where neither can be: archives often set the time of change to 1970 or 1980.
    """
    in_name = epoch_ms_in_name(path.name)
    if in_name is not None:
        return in_name
    with landing_errors("read", path):
        changed_ms = path.stat().st_mtime_ns // 1_000_000
    return None if ingest_day(changed_ms) is None else changed_ms


def file_day(path: Path) -> tuple[dt.date, int]:
    """Return the ingest date and the instant of rows that do not tell their own.

    Raises:
        LandingError: The file has no instant, or one before the first ingest date.
    """
    instant = file_instant(path)
    day = ingest_day(instant)
    if instant is None or day is None:
        raise LandingError(
            f"cannot tell when {path} was collected, and a line in it does not say it",
            f"put the epoch of a day from {FIRST_DAY} on into its name, as in "
            "events_1766892339.json",
        )
    return day, instant


class Placeable(NamedTuple):
    """A record whose place is still to be found.

    Attributes:
        observed_ms: When it was observed; None where its row does not say it.
        record: As of `SourceRecord`.
        problem: Why the next layer will set it aside, if that is known; counted once a record.
        seen: What stands where a time should, for the line that says so.
    """

    observed_ms: int | None
    record: object
    problem: str = ""
    seen: str = ""


def placed(
    rows: Iterable[Placeable], path: Path, repairs: Repairs, way_out: str = ""
) -> Iterator[SourceRecord]:
    """Place the rows of a file by their own day; one without goes with the row before it.

    Such rows in front wait for the first that has one. The file's own day is never taken for the
    day of a row: where dates stand in a form that nobody knows, that would put all of them there.

    Raises:
        LandingError: No row says a day.
    """
    last: tuple[dt.date, int] | None = None
    waiting: list[object] = []
    seen = ""
    for row in rows:
        day = ingest_day(row.observed_ms)
        if day is not None and row.observed_ms is not None:
            last = day, row.observed_ms
        if day is None or row.problem:
            repairs[f"{row.problem or 'day_unreadable'}_{SET_ASIDE}"] += 1
            seen = seen or row.seen
        if last is None:
            waiting.append(row.record)
            if len(waiting) > _MOST_WAITING:
                break
            continue
        for record in waiting:
            yield SourceRecord(*last, record)
        waiting = []
        yield SourceRecord(*last, row.record)
    if waiting:
        found = f"; the first is {seen[:40]!r}" if seen else ""
        raise LandingError(
            f"cannot tell the days of {path}: no row has a date that can be read{found}",
            way_out or "write days as 2025-11-04",
        )


# The order in which importers have always written an event: the same row gives the same bytes.
_ORDER = (
    *("video_id", "text", "ts", "source", "author_id", "author_name", "observed_at"),
    *("published_at", "view_count", "like_count", "comment_count", "description", "tags"),
    *("category_id", "duration_seconds", "lang", "region"),
)


def in_order(record: dict[str, object]) -> dict[str, object]:
    """An event's fields in their order, others behind them."""
    known = {name: record[name] for name in _ORDER if name in record}
    return known | record


def without_empty(record: dict[str, object]) -> dict[str, object]:
    """Leave out what the source does not say: None and empty text."""
    return {key: value for key, value in record.items() if value is not None and value != ""}


def refuse_unknown_json(path: Path, error: Exception) -> LandingError:
    """The line for a file that is no JSON."""
    return LandingError(
        f"cannot read {path} as JSON: {error}", "get the file again or leave it out"
    )


def others_in(folder: Path, most: int = 3) -> str:
    """What a folder holds, for the line that says that nothing of a format is in it."""
    names = sorted(p.name for p in folder.iterdir() if p.name[0] != ".")
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}" if names else "nothing"
