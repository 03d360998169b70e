"""When the reader last looked at the alerts: so that what is new since then can be said.

Belongs here: the memory of visits, a file of the viewer below the data folder. Does not belong
here: what is new (queries/alerts.py).

A visit ends when the page was not drawn for half an hour; reloading it is the same visit.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from filelock import FileLock

from kpop_assets.lake.artifacts import write_artifact

FILE = "visits.json"
VISIT = dt.timedelta(minutes=30)


def note_visit(folder: Path, day: dt.date, now: dt.datetime) -> dt.date | None:
    """Remember that the alerts up to a day are being looked at.

    Args:
        folder: the viewer's own folder.
        day: newest day that the page shows.
        now: the time, with its zone.

    Returns:
        The newest day that the visit before this one showed; None on the first.

    Raises:
        OSError: the folder is full or not writable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".visits.lock"):
        known = _read(folder / FILE)
        at, before, seen = (known.get(name) for name in ("at", "before", "day"))
        if at is not None and now - dt.datetime.fromisoformat(at) > VISIT:
            before = seen
        # Whoever looks back at an older day has seen the newer ones even so.
        made = {"at": now.isoformat(), "before": before, "day": max(day.isoformat(), seen or "")}
        write_artifact(folder, FILE, json.dumps(made).encode())
    return dt.date.fromisoformat(before) if before else None


def _read(path: Path) -> dict[str, str | None]:
    """What is remembered; a file that is damaged remembers nothing."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        for name in ("day", "before"):
            if known[name] is not None:
                dt.date.fromisoformat(known[name])
        if dt.datetime.fromisoformat(known["at"]).tzinfo is None:
            return {}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}
    return dict(known)
