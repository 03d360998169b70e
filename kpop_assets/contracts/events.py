"""The record of `events`: one observation of one video or track.

Belongs here: what makes such a line usable. Does not belong here: what its columns mean
(bronze.py), or the rules of all kinds (record.py).
"""

from __future__ import annotations

from kpop_assets.contracts.bronze import EVENTS, FILES, QUARANTINE
from kpop_assets.contracts.record import Field, Record

EVENT_LINES = Record(
    fields=(
        Field("video_id", "text", required=True),
        Field("text", "prose", required=True),
        Field("ts", "instant", required=True, column="event_at"),
        Field("source", "text", required=True),
        Field("observed_at", "instant"),
        Field("published_at", "instant"),
        Field("view_count", "whole"),
        Field("like_count", "whole"),
        Field("comment_count", "whole"),
        Field("duration_seconds", "whole"),
        Field("post_id", "text"),
        Field("author_id", "text"),
        Field("author_name", "text"),
        Field("lang", "text"),
        Field("description", "text"),
        Field("tags", "json_strings"),
        Field("category_id", "text"),
        Field("region", "text"),
        Field("query", "text"),
    ),
    observed="observed_at",
    rows=EVENTS,
    quarantine=QUARANTINE,
    files=FILES,
)
