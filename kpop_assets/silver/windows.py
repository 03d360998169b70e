"""Event-time windows per artist: 1 hour long, a new one every 5 minutes.

Belongs here: which windows an event stands in and what is summed in them. Does not belong here:
the daily sums, which must not be taken over these rows.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from kpop_assets.contracts.silver import ARTIST_WINDOWS
from kpop_assets.silver.engagement import MENTION_WEIGHT
from kpop_assets.silver.sketches import estimate, merged, sketch_of

WINDOW_SECONDS = 3600
SLIDE_SECONDS = 300
WINDOWS_PER_EVENT = WINDOW_SECONDS // SLIDE_SECONDS


def slide_windows(events: DataFrame, video_daily: DataFrame) -> DataFrame:
    """One row per artist and window that holds an event.

    What a video gained on a day counts at its last event of that day, so that the windows'
    engagement and the day's are the same points.

    Args:
        events: `bronze/events` of some days.
        video_daily: `silver/video_daily` of the same days.
    """
    mentions = events.select(
        "ingest_date", "artist", "event_at", "video_id", "author_id",
        F.lit(MENTION_WEIGHT).cast("bigint").alias("points"), F.lit(1).alias("n"),
    )
    gains = video_daily.select(
        "ingest_date", "artist", "event_at",
        F.lit(None).cast("string").alias("video_id"), F.lit(None).cast("string").alias("author_id"),
        (F.col("engagement") - MENTION_WEIGHT * F.col("event_count")).alias("points"),
        F.lit(0).alias("n"),
    )
    return _sum_windows(_sum_slides(mentions.unionByName(gains)))


def _sum_slides(rows: DataFrame) -> DataFrame:
    """Sums per 5-minute slide, from which each window is put together."""
    slide = F.floor(F.unix_timestamp("event_at") / SLIDE_SECONDS) * SLIDE_SECONDS
    return (
        rows.withColumn("slide", slide)
        .groupBy("ingest_date", "artist", "slide")
        .agg(
            F.sum("n").alias("video_count"),
            F.sum("points").alias("total_engagement"),
            sketch_of("video_id").alias("videos"),
            sketch_of("author_id").alias("authors"),
        )
    )


def _sum_windows(slides: DataFrame) -> DataFrame:
    offsets = F.sequence(F.lit(0), F.lit(WINDOWS_PER_EVENT - 1))
    start = F.col("slide") - F.col("offset") * SLIDE_SECONDS
    return (
        slides.withColumn("offset", F.explode(offsets))
        .withColumn("start", start)
        .groupBy("ingest_date", "artist", "start")
        .agg(
            F.sum("video_count").alias("video_count"),
            F.sum("total_engagement").alias("total_engagement"),
            estimate(merged("videos")).alias("unique_videos"),
            estimate(merged("authors")).alias("unique_authors"),
        )
        .withColumn("window_start_at", F.timestamp_seconds("start"))
        .withColumn("window_end_at", F.timestamp_seconds(F.col("start") + WINDOW_SECONDS))
        .select(ARTIST_WINDOWS.column_names)
    )
