"""Imports NDJSON files of other collectors and sorts their lines by ingest date.

Belongs here: where a line goes. Every line is kept byte for byte and none is judged: a broken one
is set aside with its reason by the next layer.

A line goes to the Seoul day of its observation time (`observed_at` of events); where it has none
that can be used, to the day of the file: the instant in its name, else the time of its last change.
That instant goes into the landed file's name too, because it is the observation time of lines that
state none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from kpop_assets.contracts.record import Record
from kpop_assets.landing.errors import landing_errors
from kpop_assets.landing.sources.base import (
    Repairs,
    SourceRecord,
    file_day,
    file_instant,
    ingest_day,
)

_BOM = b"\xef\xbb\xbf"
_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})


class LandingFiles:
    """Reads landing files of one kind."""

    def __init__(self, record: Record) -> None:
        self.kind = record.kind
        self._observed = record.observed

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the NDJSON files in a folder and in day folders (`2025-12-28/`) below it."""
        found = [*folder.glob("*"), *folder.glob("[0-9]*-[0-9][0-9]-[0-9][0-9]/*")]
        return sorted(
            p for p in found if p.suffix in _SUFFIXES and p.name[0] != "." and p.is_file()
        )

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield the lines as they are; blank ones hold nothing and are left out."""
        file_ms = file_instant(path)
        with landing_errors("read", path), path.open("rb") as file:
            for number, line in enumerate(file):
                content = line.removeprefix(_BOM) if number == 0 else line
                if not content.strip():
                    continue
                observed_ms = _instant_in(content, self._observed)
                day = ingest_day(observed_ms)
                if day is None or observed_ms is None:
                    repairs[f"{self._observed}_missing_or_unusable_day_from_file"] += 1
                    day, observed_ms = file_day(path)
                yield SourceRecord(day, file_ms or observed_ms, line)


def _instant_in(line: bytes, name: str) -> int | None:
    """The line's instant of that name; None where it is no JSON object with such a number."""
    if name.encode() not in line:
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    instant = record.get(name) if isinstance(record, dict) else None
    return instant if isinstance(instant, int) else None
