"""The silver tables: counters per video and day, sums per artist and day, event-time windows.

Belongs here: contracts of cleaned, additive quantities. Does not belong here: rates, ranks and
tiers (gold.py).
"""

from __future__ import annotations

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import (
    ARTIST,
    ARTIST_EVIDENCE,
    AUTHOR_ID,
    COMMENT_COUNT,
    LIKE_COUNT,
    OBSERVED_AT,
    PUBLISHED_AT,
    VIDEO_ID,
    VIEW_COUNT,
    said,
)
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

EVENT_COUNT = Column("event_count", "long", "Observations of the day.", "events")
VIEWS_GAINED = said(
    "views_gained",
    "long",
    f"Rise since the previous observation within {rules.COUNTERS_LOOK_BACK_DAYS} days.",
    "views",
)
LIKES_GAINED = said("likes_gained", "long", "The same for likes.", "likes")
COMMENTS_GAINED = said("comments_gained", "long", "The same for comments.", "comments")
VIDEO_FORMAT = Column(
    "video_format",
    "string",
    "short, live, premiere, video, or unknown where no length is known (see method page).",
    nullable=True,
)
LAUNCHED_AT = said(
    "launched_at",
    "timestamp",
    "When it could first be watched: it began, was to begin, or was published.",
    "UTC",
    nullable=True,
)
IS_GLITCH = Column(
    "is_glitch",
    "boolean",
    "Whether a counter stands so far below what was believed before that it is not believed that "
    "day: it gains 0, and later observations settle it, the third low one at the latest.",
    nullable=True,
)
ENGAGEMENT = Column(
    "engagement",
    "long",
    "Observations, views, likes and comments gained, weighted (see method page).",
    "points",
)

_MINUTES, _EVERY = rules.WINDOW_SECONDS // 60, rules.SLIDE_SECONDS // 60
WINDOWS_SAY = f"{_MINUTES} minutes long, a new one every {_EVERY} minutes"

# The column of a sum, and the kinds of evidence (`bronze/events`) whose engagement it takes.
ENGAGEMENT_BY_EVIDENCE = {
    Column(
        "own_channel_engagement",
        "long",
        "Engagement of videos of the act's own channels; null in rows of before this column.",
        "points",
        nullable=True,
    ): ("channel_id", "channel_name"),
    Column(
        "label_engagement",
        "long",
        "Engagement of videos that a Topic channel or a chart credits to the act.",
        "points",
        nullable=True,
    ): ("label",),
    Column(
        "clear_name_engagement",
        "long",
        "Engagement of videos whose title has a name of the act that is no everyday word.",
        "points",
        nullable=True,
    ): ("clear_name",),
    Column(
        "vague_name_engagement",
        "long",
        "Engagement of videos whose title has an everyday word beside a second cue.",
        "points",
        nullable=True,
    ): ("vague_name",),
}

# Named by who asked for the table; docs/decisions/0012 says why the name stays.
WINDOW_VIDEO_COUNT = Column(
    "video_count",
    "long",
    "Observations in the window, not videos: one seen twice counts twice. Distinct videos are in "
    "unique_videos.",
    "events",
)

VIDEO_DAILY = Table(
    "silver",
    "video_daily",
    "One video on one day: its last counters of the day and what they gained.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        AUTHOR_ID,
        OBSERVED_AT,
        said("event_at", "timestamp", "Event time of the day's last observation.", "UTC"),
        PUBLISHED_AT,
        VIEW_COUNT,
        LIKE_COUNT,
        COMMENT_COUNT,
        EVENT_COUNT,
        VIEWS_GAINED,
        LIKES_GAINED,
        COMMENTS_GAINED,
        ENGAGEMENT,
        ARTIST_EVIDENCE,
        IS_GLITCH,
        VIDEO_FORMAT,
        LAUNCHED_AT,
        Column(
            "gained_days",
            "int",
            "Days that views_gained spans, since the observation it is taken against; null where "
            "there is none, or the day's counter is not believed.",
            "days",
            nullable=True,
        ),
    ),
    look_back_days=rules.COUNTERS_LOOK_BACK_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

VIDEO_FIRSTS = Table(
    "silver",
    "video_firsts",
    f"One new video on the day on which it was seen after its first {rules.FIRST_VIEWS_DAYS} days, "
    "if that was within as many days more; of a track the first collected day by which they are "
    f"complete. New is a video of at most {rules.FIRST_SEEN_DAYS} days, or one to come; where "
    "the source gives no time of publishing (charts), one "
    f"that was seen on none of the {rules.NEW_VIDEO_LOOK_BACK_DAYS} days before, so also what "
    "stood there when the source began, and what comes back. OTHER has no row.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        Column(
            "first_seen_date",
            "date",
            "Day on which it was seen for the first time; of an announced one, that of its launch.",
        ),
        LAUNCHED_AT,
        Column(
            "video_kind",
            "string",
            "music_video, teaser, dance, stage, lyrics, short, live or other: by title and length.",
        ),
        Column(
            "is_own_channel",
            "boolean",
            "Whether it lies on a channel of the act's own; null where nobody knows how its artist "
            "is known.",
            nullable=True,
        ),
        said(
            "views_first_7d",
            "long",
            f"Views {24 * rules.FIRST_VIEWS_DAYS} hours after its launch, between observations in "
            "proportion to time; of a track, what it gained on its first days.",
            "views",
        ),
    ),
    rhythm="occasional",
    look_back_days=rules.FIRST_WEEK_LOOK_BACK_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

ARTIST_DAILY = Table(
    "silver",
    "artist_daily",
    "One artist on one day: sums over its videos. OTHER keeps the sums complete.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        EVENT_COUNT,
        Column("video_count", "long", "Distinct videos observed.", "videos"),
        VIEWS_GAINED.computed(),
        LIKES_GAINED.computed(),
        COMMENTS_GAINED.computed(),
        ENGAGEMENT,
        Column(
            "video_sketch",
            "binary",
            f"HyperLogLog sketch of the video ids (lgK {rules.SKETCH_LG_REGISTERS}).",
        ),
        Column("author_sketch", "binary", "HyperLogLog sketch of the channel ids.", nullable=True),
        *ENGAGEMENT_BY_EVIDENCE,
        Column(
            "held_count",
            "long",
            "Videos with a counter that is not believed that day (is_glitch).",
            "videos",
            nullable=True,
        ),
    ),
    needs_provider_rows=True,
)

ARTIST_WINDOWS = Table(
    "silver",
    "artist_windows",
    f"One artist in one window of event time, {WINDOWS_SAY}. An event stands in "
    f"{rules.WINDOWS_PER_EVENT} windows, so sums over these rows count it as often: never take "
    "them.",
    ("ingest_date", "artist", "window_start_at"),
    (
        INGEST_DATE,
        ARTIST,
        Column("window_start_at", "timestamp", "First instant of the window.", "UTC"),
        Column("window_end_at", "timestamp", "First instant after the window.", "UTC"),
        WINDOW_VIDEO_COUNT,
        Column("unique_videos", "long", "Distinct videos, exact.", "videos"),
        Column("total_engagement", "long", "Engagement of the window's events.", "points"),
        Column("unique_authors", "long", "Distinct channels, exact.", "channels"),
    ),
    needs_provider_rows=True,
)
