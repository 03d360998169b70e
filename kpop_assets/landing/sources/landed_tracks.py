"""The tracks of charts that were landed before, read back from the landing folder.

Belongs here: finding those lines. Does not belong here: which rows are one track (tracks.py).

The landing folder is the only memory, so that nothing can be out of step with it. Files without a
line of a chart are passed over by their bytes, about 1 GB in a second.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator
from pathlib import Path

from kpop_assets.landing.errors import landing_errors
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.sources.tracks import TrackIndex, in_country

SOURCE = "spotify_chart"
_NAMED = SOURCE.encode()
_OFFICIAL = ":track:"


def landed_tracks(root: Path) -> TrackIndex:
    """All tracks in the landing folder, with their totals by day."""
    index = TrackIndex()
    for day in list_days(root):
        for path in list_landed(root, day):
            for line in _lines_of_charts(path):
                if (row := _row_of(line)) is not None:
                    country, label, total, track_id = row
                    index.learn(country, label, day, total, track_id)
    return index


def _lines_of_charts(path: Path) -> Iterator[bytes]:
    """The lines of a file that may be of a chart; it is looked at by its bytes first."""
    with landing_errors("read", path), path.open("rb") as file:
        if not path.stat().st_size:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(_NAMED) < 0:
                return
        yield from (line for line in file if _NAMED in line)


def _row_of(line: bytes) -> tuple[str, str, int | None, str] | None:
    """Country, label, total and id of a line of a chart of totals; None of another line."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("source") != SOURCE:
        return None
    track_id, label = record.get("video_id"), record.get("text")
    country, total = record.get("region") or "", record.get("view_count")
    if not isinstance(track_id, str) or not isinstance(label, str) or not isinstance(country, str):
        return None
    # The official charts' own ids name no track of a chart of totals, whose ids come of labels.
    if _OFFICIAL in track_id:
        return None
    # Once all countries had the ids of the first: such rows mixed two counters.
    if in_country("spotify:", country) not in track_id:
        return None
    return country, label, total if isinstance(total, int) else None, track_id
