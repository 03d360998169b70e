"""The retention table: which days no longer hold what an API said.

Belongs here: the contract of the purges. Does not belong here: which tables they concern (each
contract says so itself) or how rows are removed (retention/).
"""

from __future__ import annotations

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
        Column(
            "purged_review_count",
            "long",
            "Rows removed from bronze/reviews; null in rows of before this column.",
            "reviews",
            nullable=True,
        ),
    ),
    rhythm="occasional",
    is_housekeeping=True,
)
