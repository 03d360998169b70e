"""The last counters of each video on each day, and what they gained since it was seen before.

Belongs here: "last of the day", and what else a row says of its video. Does not belong here: what
counters gained (counters.py), sums per artist (artist_daily.py) or the weights (engagement.py).
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.silver.engagement import engagement
from kpop_assets.silver.formats import video_format
from kpop_assets.silver.gains import GAINS, with_gains


def measure_videos(events: DataFrame, start: dt.date) -> DataFrame:
    """One row per video and day from `start` on, with counters and gains.

    Args:
        events: `bronze/events` from `rules.COUNTERS_LOOK_BACK_DAYS` before `start` on.
        start: first day to report; earlier days only give the previous observations.
    """
    points = engagement(*map(F.col, ("event_count", *GAINS.values())))
    return (
        with_gains(_with_kinds(last_of_day(events), start))
        .where(F.col("ingest_date") >= F.lit(start))
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


def _with_kinds(last: DataFrame, start: dt.date) -> DataFrame:
    """The rows with what is read of their texts and times, which are not handed on themselves."""
    kind = video_format(*map(F.col, ("text", "duration_seconds", "scheduled_at", "began_at")))
    launched_at = F.coalesce("began_at", "scheduled_at", "published_at")
    rows = last.withColumns(
        {
            "day": F.unix_date("ingest_date"),
            "launched_at": launched_at,
            "age": F.unix_timestamp("observed_at") - F.unix_timestamp(launched_at),
            "video_format": F.when(F.col("ingest_date") >= F.lit(start), kind),
        }
    )
    kept = [name for name in VIDEO_DAILY.column_names if name in rows.columns]
    return rows.select(*kept, "day", "age")
