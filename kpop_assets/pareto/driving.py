"""The video behind an artist's week.

Belongs here: which video drives an artist, and its title. Does not belong here: forecasts.
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.engine.trailing import hand_ahead


def driving_videos(video_daily: DataFrame, events: DataFrame, start: dt.date) -> DataFrame:
    """The video of each artist that gained most in the 7 days that end on each day.

    Args:
        video_daily: `silver/video_daily` from 6 days before `start` on.
        events: `bronze/events` of the same days, for the titles.
        start: first day to report.

    Returns:
        ingest_date, artist, driving_video_id, driving_video_title, driving_video_gain; ties go
        to the id that sorts first.
    """
    measured = video_daily.select("ingest_date", "artist", "video_id", "engagement", "observed_at")
    gains = (
        hand_ahead(measured, rules.DRIVING_DAYS, start)
        .groupBy("ingest_date", "artist", "video_id")
        .agg(
            F.sum("engagement").alias("driving_video_gain"),
            F.max("observed_at").alias("observed_at"),
        )
    )
    best = Window.partitionBy("ingest_date", "artist").orderBy(
        F.desc("driving_video_gain"), "video_id"
    )
    top = gains.withColumn("place", F.row_number().over(best)).where(F.col("place") == 1)
    return top.join(_titles(events), ["video_id", "observed_at"], "left").select(
        "ingest_date",
        "artist",
        F.col("video_id").alias("driving_video_id"),
        F.col("title").alias("driving_video_title"),
        "driving_video_gain",
    )


def _titles(events: DataFrame) -> DataFrame:
    """The title of each video at each observation."""
    # Two days may hold the same instant of a video.
    return events.groupBy("video_id", "observed_at").agg(F.min("text").alias("title"))
