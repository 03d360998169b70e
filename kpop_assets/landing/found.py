"""The landing files of a range of days, each with what its name and its copies say of its lines.

Belongs here: which files a range has, and the observation time a file implies. Does not belong
here: how files are named (folders.py) or written (files.py), or what a line means (bronze/).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.days import day_start_ms, days_between
from kpop_assets.landing.errors import landing_errors
from kpop_assets.landing.folders import EVENTS, epoch_ms_in_name, list_landed


@dataclass(frozen=True)
class LandingFile:
    """One file to take in.

    Attributes:
        path: where it stands.
        day: the ingest date whose folder holds it.
        size_bytes: its size.
        epoch_ms: observation time of its lines that state none: from the file name; without one
            there, the first instant of the day. A copy under another name has the time of the
            file it copies, so each of its lines is a duplicate and none is new.
    """

    path: Path
    day: dt.date
    size_bytes: int
    epoch_ms: int


def find_files(
    landing: Path, start: dt.date, end: dt.date, kind: str = EVENTS
) -> list[LandingFile]:
    """The landing files of a kind on the days [start, end), by day and name.

    Raises:
        LandingError: a folder or file cannot be read.
    """
    days = days_between(start, end)
    return [file for day in days for file in _files_of_day(landing, day, kind)]


def _files_of_day(landing: Path, day: dt.date, kind: str) -> list[LandingFile]:
    first_epoch: dict[tuple[int, str], int] = {}
    files = []
    paths = list_landed(landing, day, kind)
    sizes = {path: path.stat().st_size for path in paths}
    same_size = {size for size in sizes.values() if list(sizes.values()).count(size) > 1}
    for path in paths:
        epoch_ms = epoch_ms_in_name(path.name) or day_start_ms(day)
        if sizes[path] in same_size:
            # Only files of one size can be copies, so only those are hashed.
            key = (sizes[path], _digest(path))
            epoch_ms = first_epoch.setdefault(key, epoch_ms)
        files.append(LandingFile(path, day, sizes[path], epoch_ms))
    return files


def _digest(path: Path) -> str:
    with landing_errors("read", path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
