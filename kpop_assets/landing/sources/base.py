"""What every importer of a source file shares: the protocol, placing a record, reading CSV.

Belongs here: the shape of an importer and helpers that two of them need. What is odd about one
source is in its own module; staging and publishing is `importer.py`.

An importer never drops a row and never guesses a value: what it cannot read goes on as it came,
so that the next layer sets it aside with a reason. Known defects of a source are repaired by its
importer and counted by kind.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
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
# The csv module's own limit of 131,072 characters is below a 5 MB description.
_MAX_FIELD_CHARS = 64 << 20


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
        try:
            # Bytes that were no UTF-8 in the source stand as surrogates and become bytes again.
            text = json.dumps(self.record, ensure_ascii=False)
            return text.encode("utf-8", "surrogateescape") + b"\n"
        except UnicodeEncodeError:  # a lone surrogate, escaped in the source's JSON
            return json.dumps(self.record).encode() + b"\n"


class SourceImporter(Protocol):
    """Reads the files of one format.

    Attributes:
        kind: The kind of landing line that its records are.
    """

    kind: str

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


class RowPlacer:
    """Places the rows of a file: by their own observation time, else with the row before.

    A first row without a usable time goes with the file itself.
    """

    def __init__(self, path: Path, repairs: Repairs) -> None:
        self._path = path
        self._repairs = repairs
        self._last: tuple[dt.date, int] | None = None

    def place(self, observed_ms: int | None) -> tuple[dt.date, int]:
        """Return the ingest date and the instant for the landed file's name."""
        day = ingest_day(observed_ms)
        if day is not None and observed_ms is not None:
            self._last = day, observed_ms
        else:
            self._repairs["observed_day_unusable_day_from_row_before"] += 1
        self._last = self._last or file_day(self._path)
        return self._last


def without_empty(record: dict[str, object]) -> dict[str, object]:
    """Leave out what the source does not say: None and empty text."""
    return {key: value for key, value in record.items() if value is not None and value != ""}


def csv_header(path: Path) -> list[str]:
    """Return the column names of a CSV file, without a byte order mark."""
    for row in _csv_lists(path):
        return row
    return []


def csv_rows(path: Path, columns: frozenset[str], repairs: Repairs) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file by column name; a short row lacks its last columns.

    Line breaks inside quotes belong to the field. Bytes which are not UTF-8 are carried as
    surrogates, and counted by row.

    Raises:
        LandingError: The file cannot be read, is no CSV, or lacks one of `columns`.
    """
    header = csv_header(path)
    if missing := sorted(columns - set(header)):
        raise LandingError(
            f"cannot read {path}: column {missing[0]} is missing in its first line",
            "check that the file is of the format named",
        )
    rows = _csv_lists(path)
    next(rows)
    for row in rows:
        if not row:
            continue
        if len(row) != len(header):
            repairs["row_with_wrong_number_of_fields"] += 1
        if any(not value.isascii() and _has_surrogate(value) for value in row):
            repairs["row_not_utf8_kept_as_it_came"] += 1
        yield dict(zip(header, row, strict=False))


def _csv_lists(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(_MAX_FIELD_CHARS)
    with (
        landing_errors("read", path),
        path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file,
    ):
        reader = csv.reader(file)
        try:
            yield from reader
        except csv.Error as error:
            raise LandingError(
                f"cannot read {path} as CSV: line {reader.line_num}: {error}",
                "repair the line or get the file again",
            ) from error


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)
