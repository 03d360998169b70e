"""The last counters of each video on each day, and what they gained since it was seen before.

Belongs here: "last of the day" and "gained". Does not belong here: what the previous observation is
and whether it is believed (counters.py), sums per artist (artist_daily.py) or the weights
(engagement.py).
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.silver.counters import (
    COUNTERS,
    base_day,
    base_of,
    is_held,
    level_of,
    with_previous,
)
from kpop_assets.silver.engagement import engagement
from kpop_assets.silver.formats import video_format

_GAINS = {
    "view_count": "views_gained",
    "like_count": "likes_gained",
    "comment_count": "comments_gained",
}


def measure_videos(events: DataFrame, start: dt.date) -> DataFrame:
    """One row per video and day from `start` on, with counters and gains.

    Args:
        events: `bronze/events` from `rules.COUNTERS_LOOK_BACK_DAYS` before `start` on.
        start: first day to report; earlier days only give the previous observations.
    """
    known = with_previous(_with_kinds(last_of_day(events), start))
    rows = known.where(F.col("ingest_date") >= F.lit(start))
    held = {name: is_held(name) for name in COUNTERS}
    gains = {gained: _gained(name) for name, gained in _GAINS.items()}
    points = engagement(*(F.col(c) for c in ("event_count", *_GAINS.values())))
    any_held = held["view_count"] | held["like_count"] | held["comment_count"]
    believed = F.col("view_count").isNotNull() & ~held["view_count"]
    return (
        rows.withColumns(gains)
        .withColumn("engagement", points)
        .withColumn("is_glitch", any_held)
        .withColumn("gained_days", F.when(believed, F.col("day") - base_day("view_count")))
        .select(VIDEO_DAILY.column_names)
    )


def last_of_day(events: DataFrame) -> DataFrame:
    """The last observation of each video on each day, and how many there were."""
    # Joined back by its key: ordering each video's few events cost Sail three times as much.
    key = ["ingest_date", "video_id", "observed_at"]
    last = events.groupBy("ingest_date", "video_id").agg(
        F.max("observed_at").alias("observed_at"), F.count("*").alias("event_count")
    )
    return last.join(events, key)


def _with_kinds(last: DataFrame, start: dt.date) -> DataFrame:
    """The rows without texts, which would be sorted along, and with what is read of them."""
    kind = video_format(*map(F.col, ("text", "duration_seconds", "scheduled_at", "began_at")))
    return last.withColumns(
        {
            "day": F.unix_date("ingest_date"),
            "launched_at": F.coalesce("began_at", "scheduled_at", "published_at"),
            "video_format": F.when(F.col("ingest_date") >= F.lit(start), kind),
        }
    ).drop("text", "description", "tags")


def _gained(name: str) -> Column:
    """Rise of what is believed; an unknown counter and one of 0 that is held gain 0."""
    counter, base = F.col(name), base_of(name)
    age = F.unix_timestamp("observed_at") - F.unix_timestamp("launched_at")
    is_young = age <= rules.FIRST_SEEN_DAYS * 86_400
    zero = F.lit(0).cast("bigint")
    first = F.when(is_young, counter).otherwise(zero)
    rise = F.when(base.isNotNull(), level_of(name) - base).otherwise(first)
    return F.coalesce(rise, zero)
