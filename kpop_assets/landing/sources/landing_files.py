"""Imports NDJSON files of other collectors and sorts their lines by ingest date.

Belongs here: where a line goes. Every line is kept byte for byte and none is judged: a broken one
is set aside with its reason by the next layer.

A line goes to the Seoul day of its `observed_at`; where it has none that can be used, to the day
of the file: the instant in its name, else the time of its last change. That instant goes into
the landed file's name too, because it is the observation time of lines that state none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

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
    """Reads `landing` files."""

    def find_files(self, folder: Path) -> list[Path]:
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
                observed_ms = _observed_at(content)
                day = ingest_day(observed_ms)
                if day is None or observed_ms is None:
                    repairs["observed_at_missing_or_unusable_day_from_file"] += 1
                    day, observed_ms = file_day(path)
                yield SourceRecord(day, file_ms or observed_ms, line)


def _observed_at(line: bytes) -> int | None:
    """Return the line's `observed_at`, None where it is no JSON object with such a number."""
    if b"observed_at" not in line:
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    observed_at = record.get("observed_at") if isinstance(record, dict) else None
    return observed_at if isinstance(observed_at, int) else None
