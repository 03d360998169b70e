"""The retention table: which days no longer hold what an API said, and which tables do.

Belongs here: the contract of the purges and the list of what they concern. Does not belong here:
how rows are removed (retention/).
"""

from __future__ import annotations

from kpop_assets.contracts import bronze, models, pareto, silver
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

PURGES = Table(
    "retention",
    "purges",
    "One ingest date whose API data was removed because it reached its limit. Such a day cannot "
    "be computed again, and what was computed of it stays.",
    ("ingest_date",),
    (
        INGEST_DATE,
        Column("limit_days", "int", "How long API data might be stored.", "days"),
        Column("purged_line_count", "long", "Lines removed from landing files.", "lines"),
        Column("purged_event_count", "long", "Rows removed from bronze/events.", "events"),
        Column("purged_quarantine_count", "long", "Rows removed from bronze/quarantine.", "lines"),
        Column("purged_new_video_count", "long", "Rows removed from bronze/videos.", "videos"),
        Column("purged_video_count", "long", "Rows removed from silver/video_daily.", "videos"),
        Column("started_at", "timestamp", "When the first removal of the day began.", "UTC"),
        Column(
            "purged_at",
            "timestamp",
            "When the last removal of the day was done; null while it is under way.",
            "UTC",
            nullable=True,
        ),
    ),
)

# Tables that hold what an API said; all others hold what was computed of it.
API_TABLES: tuple[Table, ...] = (
    bronze.EVENTS,
    bronze.QUARANTINE,
    bronze.BLOOM,
    bronze.VIDEOS,
    silver.VIDEO_DAILY,
    pareto.NEXT_VIRAL,
)

# Tables that are computed from rows or lines that go: made anew after a purge, a day of theirs
# would lose what was computed while the rows were there.
NEEDS_API_ROWS: tuple[Table, ...] = (
    *API_TABLES,
    bronze.FILES,
    silver.ARTIST_DAILY,
    silver.ARTIST_WINDOWS,
    models.ARTIST_INPUTS,
)

# Left out where rows are shown in the metadata of a run, which Dagster keeps beyond any limit.
API_COLUMNS = frozenset(
    {
        *("video_id", "text", "post_id", "author_id", "author_name", "lang", "published_at"),
        *("event_at", "observed_at", "first_observed_at", "description", "tags", "category_id"),
        *("duration_seconds", "region", "query", "line", "view_count", "like_count"),
        *("comment_count", "views_gained", "likes_gained", "comments_gained"),
        *("driving_video_id", "driving_video_title", "driving_video_gain"),
    }
)
