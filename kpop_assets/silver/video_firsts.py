"""How each new video did in its first days, once these are complete.

Belongs here: which videos are new, when their first days are complete, and what they gained.
Does not belong here: what a video shows (video_kinds.py), or what is asked of many of them
(insights/).
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import VIDEO_FIRSTS
from kpop_assets.silver.video_kinds import video_kind

_OWN = ("channel_id", "channel_name")


def measure_firsts(video_daily: DataFrame, videos: DataFrame, start: dt.date) -> DataFrame:
    """One row per new video, on the day from `start` on that completes its first days.

    Args:
        video_daily: `silver/video_daily` from `rules.FIRST_WEEK_LOOK_BACK_DAYS` before `start` on.
        videos: `bronze/videos` of the same days.
        start: first day to report.
    """
    days = F.broadcast(_complete_days(video_daily).where(F.col("ingest_date") >= F.lit(start)))
    due = _find_new(video_daily, videos).join(days, "first_seen_date")
    views = _sum_first_views(video_daily, due)
    return due.join(views, ["video_id", "first_seen_date"]).select(VIDEO_FIRSTS.column_names)


def _find_new(video_daily: DataFrame, videos: DataFrame) -> DataFrame:
    """Each new video on its first day."""
    titles = videos.select("ingest_date", "video_id", "text")
    launched_at = F.coalesce("launched_at", "published_at")
    age = F.unix_timestamp("observed_at") - F.unix_timestamp(launched_at)
    is_young = age <= rules.FIRST_SEEN_DAYS * 86_400
    is_new = F.coalesce(is_young, F.lit(True))
    return (
        video_daily.where(F.col("artist") != OTHER)
        .where(is_new)
        .join(titles, ["ingest_date", "video_id"])
        .select(
            F.col("ingest_date").alias("first_seen_date"),
            "video_id",
            "artist",
            launched_at.alias("launched_at"),
            video_kind(F.col("text"), F.col("video_format")).alias("video_kind"),
            F.col("artist_evidence").isin(*_OWN).alias("is_own_channel"),
        )
    )


def _complete_days(video_daily: DataFrame) -> DataFrame:
    """first_seen_date and the first collected day that lies after its first days."""
    seen = video_daily.select("ingest_date").distinct()
    firsts = seen.select(F.col("ingest_date").alias("first_seen_date"))
    lies_behind = F.date_diff("ingest_date", "first_seen_date").between(
        rules.FIRST_VIEWS_DAYS - 1, rules.FIRST_WEEK_LOOK_BACK_DAYS
    )
    return (
        firsts.crossJoin(F.broadcast(seen))
        .where(lies_behind)
        .groupBy("first_seen_date")
        .agg(F.min("ingest_date").alias("ingest_date"))
    )


def _sum_first_views(video_daily: DataFrame, new: DataFrame) -> DataFrame:
    key = ["video_id", "first_seen_date"]
    age = F.date_diff("day", "first_seen_date")
    return (
        video_daily.select("video_id", "views_gained", F.col("ingest_date").alias("day"))
        .join(new.select(key), "video_id")
        .where(age.between(0, rules.FIRST_VIEWS_DAYS - 1))
        .groupBy(key)
        .agg(F.sum("views_gained").alias("views_first_7d"))
    )
