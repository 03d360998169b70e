"""What the hand-written Polars and DuckDB programs share: files, spellings, and the rules' numbers.

Belongs here: facts both need in plain Python (no engine of ours, no PySpark, no Dagster). Does not
belong here: the look at a single line (verdict.py), or anything done to many rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.credits import artists_json
from kpop_assets.catalog.matcher import matcher_of
from kpop_assets.landing.folders import epoch_ms_in_name, list_landed

TITLE = ("text", "author_name", "author_id", "source")
MATCHED = ("artist", "artist_evidence", "artists")
REQUIRED = ("video_id", "text", "ts", "source")
INSTANTS = {
    "ts": "event_at",
    "observed_at": "observed_at",
    "published_at": "published_at",
    "scheduled_at": "scheduled_at",
    "started_at": "began_at",
}
TIMES = tuple(INSTANTS)
SIDE_COUNTS = ("like_count", "comment_count", "duration_seconds", "author_subscriber_count")
COUNTS = ("view_count", *SIDE_COUNTS)
# Of a line that is kept: side values that say they are hidden, and those that are no number.
ODD_COUNTS = ("hidden_count", "unusable_count")
TEXTS = (
    *("video_id", "text", "source", "post_id", "author_id", "author_name", "lang", "description"),
    *("tags", "category_id", "region", "query"),
)
FIELDS = (*TEXTS, *COUNTS, *TIMES)
ENTITIES = {
    "&quot;": '"',
    "&#39;": "'",
    "&#x27;": "'",
    "&apos;": "'",
    "&lt;": "<",
    "&gt;": ">",
    "&nbsp;": " ",
    "&amp;": "&",
}
MAX_LINE_BYTES = 1 << 20
FIRST_INSTANT_MS = 1_104_537_600_000
END_INSTANT_MS = 4_102_444_800_000
DAY_MS = 86_400_000
AHEAD_MS = 366 * DAY_MS
MAX_COUNT = 10**12
SEOUL_MS = 9 * 3_600_000

# What a number, boolean, array or object looks like once it was read as text.
BARE = r"(?s)^(-?[0-9][0-9.eE+-]*|true|false|\[.*\]|\{.*\})$"

WINDOW_SLIDES = 12
SLIDE_MS = 300_000
VIDEOS_LOOK_BACK = 7
COUNTERS_LOOK_BACK = 30
FEATURES_LOOK_BACK = 66
# Held days of an act so far before are of the same dip.
NEAR_DAYS = 3
FIRST_SEEN_SECONDS = 2 * 86_400
ANNOUNCED_SECONDS = 28 * 86_400
WEIGHTS = {"event_count": 1, "views_gained": 1, "likes_gained": 10, "comments_gained": 50}
GAINS = {
    "view_count": "views_gained",
    "like_count": "likes_gained",
    "comment_count": "comments_gained",
}
# A counter that falls to this share of its last value, by this many points, is not believed.
GLITCH_SHARE = 0.5
GLITCH_POINTS = 1000
FEW_VIEWS = 1000
SHORT_SECONDS = 60
TAGGED_SHORT_SECONDS = 180
PREMIERE_SECONDS = 900
SAYS_LIVE = r"(?i)[\[(【](on[- ]?air|live|라이브|생방송)[\])】]|live ?stream|라이브 ?방송|생방송|🔴"
BY_EVIDENCE = {
    "own_channel": ("channel_id", "channel_name"),
    "label": ("label",),
    "clear_name": ("clear_name",),
    "vague_name": ("vague_name",),
}
TIERS = ((1, 0.90), (2, 0.75), (3, 0.40), (4, 0.0))
ACTIVE_DAYS = 30
GAP_DAYS = 7
# First and last age of the windows whose paces growth compares.
SPANS = {"7d": 7, "30d": 30}
WINDOWS = {
    f"{which}_{name}": (first, first + days - 1)
    for name, days in SPANS.items()
    for which, first in (("recent", 0), ("previous", days))
}


@dataclass(frozen=True)
class PeerFile:
    """A landing file: where it stands, its day, its size, and the instant its name implies."""

    path: Path
    day: dt.date
    size_bytes: int
    epoch_ms: int


def find_files(landing: Path, start: dt.date, end: dt.date) -> list[PeerFile]:
    """The landing files of the days [start, end), by day and name; copies keep one instant."""
    files = []
    for day in (start + dt.timedelta(days=i) for i in range((end - start).days)):
        paths = list_landed(landing, day)
        sizes = [path.stat().st_size for path in paths]
        first: dict[bytes, int] = {}
        for path, size in zip(paths, sizes, strict=True):
            epoch_ms = epoch_ms_in_name(path.name) or day_number(day) * DAY_MS - SEOUL_MS
            if sizes.count(size) > 1:
                digest = hashlib.sha256(path.read_bytes()).digest()
                epoch_ms = first.setdefault(digest, epoch_ms)
            files.append(PeerFile(path, day, size, epoch_ms))
    return files


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - dt.date(1970, 1, 1)).days


def match_titles(titles: list[tuple[str | None, ...]], catalog: Catalog) -> dict[str, list[Any]]:
    """Artist, evidence and artists of (text, author_name, author_id, source), as columns.

    The matcher is the product's own function, as compiling the catalogue was before: what is
    measured is how an engine brings distinct titles to it and answers back.
    """
    match = matcher_of(catalog).match
    columns: dict[str, list[Any]] = {name: [] for name in MATCHED}
    for title in titles:
        answer = match(title[0] or "", *title[1:])
        columns["artist"].append(answer.artist)
        columns["artist_evidence"].append(answer.evidence)
        columns["artists"].append(artists_json(answer) if answer.credits else None)
    return columns
