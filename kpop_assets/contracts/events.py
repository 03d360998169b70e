"""The record of `events`: one observation of one video or track.

Belongs here: what makes such a line usable. Does not belong here: what its columns mean
(bronze.py), or the rules of all kinds (record.py).
"""

from __future__ import annotations

from kpop_assets.contracts.bronze import EVENTS, FILES, QUARANTINE
from kpop_assets.contracts.record import Field, National, Record

EVENT_LINES = Record(
    fields=(
        Field("video_id", "text", required=True),
        Field("text", "prose", required=True),
        Field("ts", "instant", required=True, column="event_at"),
        Field("source", "text", required=True),
        Field("observed_at", "instant"),
        Field("published_at", "instant"),
        Field("scheduled_at", "instant"),
        Field("started_at", "instant", column="began_at"),
        Field("view_count", "whole"),
        Field("like_count", "whole", is_side=True),
        Field("comment_count", "whole", is_side=True),
        Field("duration_seconds", "whole", is_side=True),
        Field("author_subscriber_count", "whole", is_side=True),
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
    greatest="view_count",
    # A video has one counter in whatever list it stands; a chart counts each country by itself.
    national=National("video_id", "source", "region", frozenset({"spotify_chart"}), "kr"),
)
