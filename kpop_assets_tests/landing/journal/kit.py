"""What the tests of journals share: lines of plays, and what was landed of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from kpop_assets.days import day_start_ms
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.journal.segments import framed

JOURNAL_DAY = dt.date(2026, 3, 2)
KIND = "plays"


def stored(number: int, day: dt.date = JOURNAL_DAY, user: str = "u1") -> bytes:
    """A line as a segment has it."""
    at = day_start_ms(day) + number
    line = {"user_id": user, "track_id": f"t{number}", "played_at": at}
    return framed(day, json.dumps(line).encode() + b"\n")


def landed_tracks(root: Path, kind: str = KIND) -> list[str]:
    """Tracks of all landed lines, in order, also those that stand twice."""
    paths = [path for day in list_days(root, kind) for path in list_landed(root, day, kind)]
    lines = [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]
    return sorted((line["track_id"] for line in lines), key=lambda name: int(name[1:]))


def tracks(*numbers: int) -> list[str]:
    """The tracks of these lines."""
    return [f"t{number}" for number in numbers]
