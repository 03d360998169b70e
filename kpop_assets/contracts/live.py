"""The live tables: what `kpop stream` keeps of the last days, window by window.

Belongs here: contracts of the stream's tables. Does not belong here: tables of the graph, which
are filled by ingest date and can be made anew for ever (the other contracts).
"""

from __future__ import annotations

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import ARTIST, AUTHOR_ID, OBSERVED_AT, VIDEO_ID, said
from kpop_assets.contracts.silver import EVENT_COUNT, WINDOW_VIDEO_COUNT, WINDOWS_SAY
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

LIVE_EVENTS = Table(
    "live",
    "events",
    f"One observation of one video, as the stream took it in; the last {rules.LIVE_DAYS} days.",
    ("ingest_date", "video_id", "observed_at"),
    (
        INGEST_DATE,
        VIDEO_ID,
        OBSERVED_AT,
        ARTIST,
        AUTHOR_ID,
        said("event_at", "timestamp", "Event time: when the video was published.", "UTC"),
    ),
    rhythm="live",
    provider="youtube",
    needs_provider_rows=True,
)

LIVE_WINDOWS = Table(
    "live",
    "windows",
    f"One artist in one window of event time, {WINDOWS_SAY}, while it fills. An event stands in "
    f"{rules.WINDOWS_PER_EVENT} windows, so sums over these rows count it as often.",
    ("ingest_date", "artist", "window_start_at"),
    (
        INGEST_DATE,
        ARTIST,
        Column("window_start_at", "timestamp", "First instant of the window.", "UTC"),
        Column("window_end_at", "timestamp", "First instant after the window.", "UTC"),
        WINDOW_VIDEO_COUNT,
        Column("unique_videos", "long", "Distinct videos, exact.", "videos"),
        Column("unique_authors", "long", "Distinct channels, exact.", "channels"),
    ),
    rhythm="live",
)

LIVE_DAYS = Table(
    "live",
    "days",
    "One artist on one day as the stream saw it: what is in the windows, and what is not.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        EVENT_COUNT,
        Column(
            "late_count",
            "long",
            f"Events of the day in no window: over {rules.WATERMARK_SECONDS // 60} minutes behind "
            "the newest when they came.",
            "events",
        ),
        Column(
            "ahead_count",
            "long",
            "Events of the day in no window: published later than observed, as premieres are.",
            "events",
        ),
    ),
    rhythm="live",
)
