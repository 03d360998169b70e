"""The last counters of each video on each day, and what they gained since it was seen before.

Belongs here: "last of the day", "previous observation", "gained". Does not belong here: sums per
artist (artist_daily.py) or the weights (engagement.py).
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.silver.engagement import engagement

_BUCKETS = 32

_COUNTERS = {
    "view_count": "views_gained",
    "like_count": "likes_gained",
    "comment_count": "comments_gained",
}


def measure_videos(events: DataFrame, start: dt.date) -> DataFrame:
    """One row per video and day from `start` on, with counters and gains.

    Args:
        events: `bronze/events` from `rules.COUNTERS_LOOK_BACK_DAYS` before `start` on.
        start: first day to report; earlier days only give the previous observation.
    """
    known = last_of_day(events).withColumn("day", F.unix_date("ingest_date"))
    for name in _COUNTERS:
        known = known.withColumn(f"previous_{name}", _previous(name))
    gains = {gained: _gained(name) for name, gained in _COUNTERS.items()}
    points = engagement(*(F.col(c) for c in ("event_count", *_COUNTERS.values())))
    return (
        known.where(F.col("ingest_date") >= F.lit(start))
        .withColumns(gains)
        .withColumn("engagement", points)
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


def _previous(name: str) -> Column:
    """The last known value of a counter before the row's day, as far as it is looked back."""
    # Many videos in one partition, told apart by their neighbours in its order: a partition has
    # a fixed cost, and videos are many. Rows that do not know the counter are kept out of it.
    bucket = F.pmod(F.hash("video_id"), F.lit(_BUCKETS))
    known = Window.partitionBy(bucket, F.col(name).isNotNull()).orderBy("video_id", "day")
    is_same_video = F.lag("video_id").over(known) == F.col("video_id")
    age = F.col("day") - F.lag("day").over(known)
    return F.when(is_same_video & (age <= rules.COUNTERS_LOOK_BACK_DAYS), F.lag(name).over(known))


def _gained(name: str) -> Column:
    """Difference to the previous observation; a fall is negative, an unknown counter gains 0."""
    counter, previous = F.col(name), F.col(f"previous_{name}")
    age = F.unix_timestamp("observed_at") - F.unix_timestamp("published_at")
    is_young = age <= rules.FIRST_SEEN_DAYS * 86_400
    first = F.when(is_young, counter).otherwise(F.lit(0).cast("bigint"))
    return F.coalesce(
        F.when(previous.isNotNull(), counter - previous).otherwise(first),
        F.lit(0).cast("bigint"),
    )
