"""The folder `landing/`: where the days of each kind lie, how files are named, which there are.

    <root>/<YYYY-MM-DD>/events_<epoch ms>_<first 12 hex digits of the sha256 of its bytes>.json
    <root>/<kind>/<YYYY-MM-DD>/<kind>_<epoch ms>_<digits>.json
    <root>/inbox/   and   <root>/inbox/<kind>/

`events` was there before there were kinds, and keeps its place. Belongs here: these places, and
listing them. Does not belong here: writing a file (files.py), or what a line means (bronze/).
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import END_INSTANT_MS, FIRST_INSTANT_MS
from kpop_assets.landing.errors import landing_errors, refuse_link

EVENTS = EVENT_LINES.kind

_INBOX = "inbox"
_DIGIT_RUN = re.compile(r"(?<![0-9])(?:[0-9]{13}|[0-9]{10})(?![0-9])")
_DIGEST_NAME = re.compile(r"[a-z0-9_]+_[0-9]{13}_([0-9a-f]{12})\.json")


def kind_folder(root: Path, kind: str = EVENTS) -> Path:
    """The folder that holds the days of a kind."""
    return root if kind == EVENTS else root / kind


def day_folder(root: Path, day: dt.date, kind: str = EVENTS) -> Path:
    """The folder that holds the files of a kind on one ingest date."""
    return kind_folder(root, kind) / day.isoformat()


def inbox_folder(root: Path, kind: str = EVENTS) -> Path:
    """The folder into which collectors drop files of a kind, of any days."""
    return kind_folder(root / _INBOX, kind)


def file_name(epoch_ms: int, digest: str, kind: str = EVENTS) -> str:
    """The name of a landed file, by when its lines were collected and the sha256 of its bytes."""
    return f"{kind}_{epoch_ms}_{digest[:12]}.json"


def digest_in_name(name: str) -> str | None:
    """The first 12 digits of the digest that one of our own names carries."""
    match = _DIGEST_NAME.fullmatch(name)
    return match[1] if match else None


def is_instant(epoch_ms: int) -> bool:
    """Whether a number can be an instant in epoch milliseconds: one from 2005 to 2099."""
    return FIRST_INSTANT_MS <= epoch_ms < END_INSTANT_MS


def epoch_ms_in_name(name: str) -> int | None:
    """Return the instant a file name carries, in epoch milliseconds.

    The first run of exactly 10 (seconds) or 13 (milliseconds) digits in the stem that is an
    instant from 2005 to 2099 counts; our own digest comes after it, so it is never taken for one.
    """
    for run in _DIGIT_RUN.findall(Path(name).stem):
        epoch_ms = int(run) * (1000 if len(run) == 10 else 1)
        if is_instant(epoch_ms):
            return epoch_ms
    return None


def list_days(root: Path, kind: str = EVENTS) -> list[dt.date]:
    """Return the days that have landing files of a kind, in order; other folders are ignored.

    A folder that does not exist yet has no days; one that cannot be read is a `LandingError`.
    """
    folder = kind_folder(root, kind)
    with landing_errors("list", folder):
        refuse_link(*below(root, folder))
        names = [entry.name for entry in folder.iterdir()] if folder.exists() else []
    days = sorted(day for name in names if (day := _day_of_folder(name)) is not None)
    return [day for day in days if list_landed(root, day, kind)]


def list_landed(root: Path, day: dt.date, kind: str = EVENTS) -> list[Path]:
    """Return the files of a kind and day by name: `*.json`, none hidden; links are refused."""
    folder = day_folder(root, day, kind)
    with landing_errors("list", folder):
        paths = folder.glob("*.json") if folder.exists() else ()
        found = sorted(p for p in paths if p.name[0] != "." and p.is_file())
        refuse_link(*below(root, folder), *found)
        return found


def below(root: Path, folder: Path) -> list[Path]:
    """A folder and those above it, as far as they lie below the root, which may be a link."""
    return [path for path in (folder, *folder.parents) if root in path.parents]


def _day_of_folder(name: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(name)
    except ValueError:
        return None
    # fromisoformat also reads 20251228 and 2025-W52-7, which are not our folders.
    return day if day.isoformat() == name else None
