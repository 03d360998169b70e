"""Lines of the API in landing files: telling them, counting them, taking them out.

Belongs here: everything below `landing/` that holds API data beyond the limit. Does not belong
here: tables (api_rows.py).

A line that is no JSON object, or names no source, may be a damaged line of the API: it counts as
one where its file holds any that is certain, or where it says "youtube" itself.
"""

from __future__ import annotations

import datetime as dt
import json
import mmap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from kpop_assets.contracts.bronze import YOUTUBE_SOURCE
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.landing.errors import landing_errors, refuse_link
from kpop_assets.landing.folders import day_folder, inbox_folder, list_days, list_landed
from kpop_assets.landing.inbox import TAKEN
from kpop_assets.landing.leftovers import sweep_leftovers
from kpop_assets.landing.replace import replace_file
from kpop_assets.landing.sources.landing_files import LandingFiles
from kpop_assets.landing.sources.text import is_unpacked_text

_BOM = b"\xef\xbb\xbf"
_NAMED = b'"' + YOUTUBE_SOURCE.encode() + b'"'
# JSON may write any letter as an escape; ours are plain ASCII.
_ESCAPED_LETTER = b"\\u00"


class Origin(Enum):
    """Whether a line came from the API."""

    API = auto()
    OTHER = auto()
    UNSURE = auto()


@dataclass(frozen=True)
class ApiFile:
    """A landing file that holds lines of the API."""

    kind: str
    day: dt.date
    path: Path
    line_count: int


def judge_line(line: bytes) -> Origin:
    """Whether a line says that its source is the API."""
    try:
        record = json.loads(line.removeprefix(_BOM))
    except (ValueError, RecursionError):
        record = None
    source = record.get("source") if isinstance(record, dict) else None
    if isinstance(source, str):
        return Origin.API if source == YOUTUBE_SOURCE else Origin.OTHER
    return Origin.API if _NAMED in line else Origin.UNSURE


def find_api_files(
    landing: Path, before: dt.date, records: Sequence[Record] = RECORDS
) -> list[ApiFile]:
    """The landing files of any kind, of the days before `before`, that hold lines of the API.

    Raises:
        LandingError: a folder or file cannot be read.
    """
    found = []
    for kind, day in _old_days(landing, before, records):
        for path in list_landed(landing, day, kind):
            count = sum(1 for _, is_api in _judged(path) if is_api) if _may_be_api(path) else 0
            if count:
                found.append(ApiFile(kind, day, path, count))
    return found


def remove_api_lines(file: ApiFile) -> int:
    """Replace a landing file by its other lines, or remove it if there are none.

    Its name stays, and with it the digest of what was landed: the original is recognised as
    landed if it comes again.

    Returns:
        Bytes freed.

    Raises:
        LandingError: it cannot be read or replaced; it stands as before.
    """
    with landing_errors("read", file.path):
        before = file.path.stat().st_size
    kept = (line for line, is_api in _judged(file.path) if not is_api)
    return before - replace_file(file.path, kept)


def remove_taken(landing: Path, before: dt.date, records: Sequence[Record] = RECORDS) -> list[str]:
    """Remove the originals in each `taken/` that hold lines of the API of days before `before`.

    Nothing else is lost: all their lines were landed.

    Returns:
        Names of the removed.

    Raises:
        LandingError: a file cannot be read or removed.
    """
    removed = []
    for record in records:
        folder = inbox_folder(landing, record.kind) / TAKEN
        with landing_errors("list", folder):
            refuse_link(folder)
            paths = sorted(p for p in folder.iterdir() if p.is_file()) if folder.exists() else []
        for path in paths:
            if _may_be_api(path) and _is_due(path, LandingFiles(record), before):
                with landing_errors("remove", path):
                    path.unlink(missing_ok=True)
                removed.append(path.name)
    return removed


def sweep_old_leftovers(
    landing: Path, before: dt.date, records: Sequence[Record] = RECORDS
) -> None:
    """Remove what killed writers left behind, whose lines nobody counts."""
    if landing.exists():
        sweep_leftovers(landing, ".import-*")
    for kind, day in _old_days(landing, before, records):
        sweep_leftovers(day_folder(landing, day, kind), ".*.part")


def _old_days(
    landing: Path, before: dt.date, records: Sequence[Record]
) -> list[tuple[str, dt.date]]:
    """Every kind with each of its days before `before`."""
    kinds = [record.kind for record in records]
    return [(kind, day) for kind in kinds for day in list_days(landing, kind) if day < before]


def _may_be_api(path: Path) -> bool:
    """Whether a file may hold a line of the API; looks at its bytes only, 1 GB in a second."""
    if not is_unpacked_text(path):
        return True
    with landing_errors("read", path), path.open("rb") as file:
        if not path.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(_NAMED) >= 0 or data.find(_ESCAPED_LETTER) >= 0


def _judged(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Lines of a file that are not blank, and whether each counts as one of the API."""
    is_api_file = any(verdict is Origin.API for _, verdict in _verdicts(path))
    for line, verdict in _verdicts(path):
        is_unsure = verdict is Origin.UNSURE
        yield line, verdict is Origin.API or (is_unsure and is_api_file)


def _verdicts(path: Path) -> Iterator[tuple[bytes, Origin]]:
    with landing_errors("read", path), path.open("rb") as file:
        for line in file:
            if line.removeprefix(_BOM).strip():
                yield line, judge_line(line)


def _is_due(path: Path, importer: LandingFiles, before: dt.date) -> bool:
    lines = [(found.day, judge_line(found.line())) for found in importer.read(path, Counter())]
    is_api_file = any(verdict is Origin.API for _, verdict in lines)
    return is_api_file and any(
        day < before and verdict is not Origin.OTHER for day, verdict in lines
    )
