"""The bronze tables: landing lines, parsed and accounted for.

Belongs here: contracts of what is known about single observations. Does not belong here:
anything summed per artist (silver.py) or the code that fills the tables (bronze/).
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts import rules
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

# The `source` of the simulator's lines: what shows them says that they are simulated.
SIMULATED_SOURCE = "demo"
# The `source` of what YouTube's Data API said: its terms limit how long that may be stored.
YOUTUBE_SOURCE = "youtube"

# What a provider says of a single video, where a day holds any of its data.
said = partial(Column, of_provider=True)

VIDEO_ID = said("video_id", "string", "Id of the video or track, as the source gives it.")
ARTIST = Column("artist", "string", "Canonical name in the catalogue; OTHER where no act matches.")
OBSERVED_AT = said("observed_at", "timestamp", "When the collector saw it.", "UTC")
PUBLISHED_AT = said(
    "published_at", "timestamp", "When the video was published.", "UTC", nullable=True
)
SCHEDULED_AT = said(
    "scheduled_at",
    "timestamp",
    "When a premiere or stream was to begin, where the collector says so.",
    "UTC",
    nullable=True,
)
BEGAN_AT = said(
    "began_at",
    "timestamp",
    "When a premiere or stream began, where the collector says so.",
    "UTC",
    nullable=True,
)
AUTHOR_ID = said("author_id", "string", "Channel id.", nullable=True)
VIEW_COUNT = said("view_count", "long", "Cumulative counter when seen.", "views", True)
LIKE_COUNT = said("like_count", "long", "Cumulative counter; null where hidden.", "likes", True)
COMMENT_COUNT = said(
    "comment_count", "long", "Cumulative counter; null where hidden.", "comments", True
)
AUTHOR_SUBSCRIBER_COUNT = said(
    "author_subscriber_count",
    "long",
    "Subscribers of the channel when seen, rounded down to three digits by YouTube; null where "
    "hidden or not collected, and in rows of before this column.",
    "subscribers",
    True,
)
ARTIST_EVIDENCE = Column(
    "artist_evidence",
    "string",
    "How the artist is known: channel_id, channel_name, label, clear_name, vague_name (an everyday "
    "word beside a second cue), none; null in rows of before this column.",
    nullable=True,
)
ARTISTS = Column(
    "artists",
    "string",
    "Every act that the title credits, in order, a JSON array of {artist, role}: main, featured, "
    "cover_of, mentioned; null where no act is named.",
    nullable=True,
)
CATALOG_VERSION = Column(
    "catalog_version",
    "string",
    "Digest of the catalogue (with the home's overlay) and of the rules that matched; null in "
    "rows of before this column.",
    nullable=True,
)
LANDING_FILE = Column("landing_file", "string", "File name in the day's landing folder.")

EVENTS = Table(
    "bronze",
    "events",
    "One observation of one video or track: a landing line, parsed, typed and tagged with its "
    "artist. Of lines with the same (video_id, observed_at) the one with the highest view_count is "
    "kept, of equal ones the first by file and line. Of a source that counts by country the id "
    "carries the region.",
    ("ingest_date", "video_id", "observed_at"),
    (
        INGEST_DATE,
        VIDEO_ID,
        OBSERVED_AT,
        said(
            "event_at", "timestamp", "Event time `ts`: as collectors write it, publishing.", "UTC"
        ),
        ARTIST,
        ARTIST_EVIDENCE,
        ARTISTS,
        CATALOG_VERSION,
        said("text", "string", "Title, HTML entities decoded."),
        Column("source", "string", "Collector or importer; `demo` is simulated data."),
        said("post_id", "string", "Id of the search hit.", nullable=True),
        AUTHOR_ID,
        said("author_name", "string", "Channel name, or the chart's lead artist.", nullable=True),
        said("lang", "string", "Language as the collector states it.", nullable=True),
        PUBLISHED_AT,
        VIEW_COUNT,
        LIKE_COUNT,
        COMMENT_COUNT,
        said("description", "string", "Description text.", nullable=True),
        said("tags", "string", "Tags, a JSON array of strings.", nullable=True),
        said("category_id", "string", "Category of the source.", nullable=True),
        said("duration_seconds", "long", "Length of the video.", "seconds", nullable=True),
        said("region", "string", "Region the source was asked for.", nullable=True),
        said("query", "string", "Search query that found it.", nullable=True),
        LANDING_FILE,
        Column("line_number", "int", "Line in the file, from 1."),
        SCHEDULED_AT,
        BEGAN_AT,
        AUTHOR_SUBSCRIBER_COUNT,
    ),
    provider="youtube",
    needs_provider_rows=True,
)

QUARANTINE = Table(
    "bronze",
    "quarantine",
    "One landing line that could not be used, as it came, with the reason.",
    ("ingest_date", "landing_file", "line_number"),
    (
        INGEST_DATE,
        LANDING_FILE,
        Column("line_number", "int", "Line in the file, from 1."),
        Column(
            "reason",
            "string",
            "invalid_utf8, line_too_long, broken_json, missing_field, wrong_type, "
            "impossible_value, impossible_time or wrong_ingest_date.",
        ),
        Column("field", "string", "Field the reason is about.", nullable=True),
        said("line", "string", "The line; bytes that are not UTF-8 as \\xNN."),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)

FILES = Table(
    "bronze",
    "files",
    "One landing file taken in, with the account of its lines: "
    "line_count = event_count + duplicate_count + quarantine_count.",
    ("ingest_date", "landing_file"),
    (
        INGEST_DATE,
        LANDING_FILE,
        Column("size_bytes", "long", "Size when taken in.", "bytes"),
        Column("line_count", "long", "Lines that are not blank.", "lines"),
        Column("event_count", "long", "Lines kept in bronze/events.", "events"),
        Column("duplicate_count", "long", "Lines that repeat (video_id, observed_at).", "lines"),
        Column("quarantine_count", "long", "Lines kept in bronze/quarantine.", "lines"),
        Column(
            "differing_count",
            "long",
            "Of the repeats, those that gave way: to a higher view_count, or to another word.",
            "lines",
            True,
        ),
        Column(
            "hidden_count",
            "long",
            "Counters written as hidden (-1, empty) and kept as null, in usable lines.",
            "values",
            True,
        ),
        Column(
            "unusable_count",
            "long",
            "Counters of likes and comments and lengths that are no possible number, left out of "
            "usable lines.",
            "values",
            True,
        ),
    ),
    needs_provider_rows=True,
)

BLOOM = Table(
    "bronze",
    "bloom",
    "One Bloom filter of all video ids of the day: a miss means certainly not seen.",
    ("ingest_date",),
    (
        INGEST_DATE,
        Column("capacity", "long", "Ids the filter can hold at its error rate.", "ids"),
        Column("error_rate", "double", "Chance of a false hit when full."),
        Column("id_count", "long", "Distinct video ids in the filter.", "ids"),
        Column("filter", "binary", "The filter in pybloom-live's file form."),
    ),
    provider="youtube",
    needs_provider_rows=True,
)

VIDEOS = Table(
    "bronze",
    "videos",
    "One video on a day on which it is new: not seen on any of the "
    f"{rules.NEW_VIDEO_LOOK_BACK_DAYS} days before.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        said("text", "string", "Title when first seen that day."),
        AUTHOR_ID,
        said("author_name", "string", "Channel name.", nullable=True),
        Column("source", "string", "Collector or importer; `demo` is simulated data."),
        PUBLISHED_AT,
        said("first_observed_at", "timestamp", "First observation of that day.", "UTC"),
    ),
    rhythm="occasional",
    look_back_days=rules.NEW_VIDEO_LOOK_BACK_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)
