"""How each new video did in its first days, once these are complete.

Belongs here: which videos are new, when their first days are complete, and what they gained.
Does not belong here: what a video shows (video_kinds.py), or what is asked of many of them
(insights/).

Videos are compared by the hour at which they came out, so their views are those of one age: 168
hours after the launch, on the straight line between the last observation before and the first one
after. What curves between them is lost: of the simulated growth curve 0.1 % at most between
observations a day apart, 0.4 % two days apart. A video that nobody saw again within a week after
has no row. A premiere that was announced begins when it is launched, not when it was announced.

A chart tells days, not hours: of a track it is the first seven days, on the first day collected
from the seventh on, and of a gain that spans later days the part that falls to the seven. Days off
the chart gain nothing.
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import VIDEO_FIRSTS
from kpop_assets.days import TIME_ZONE
from kpop_assets.silver.video_kinds import video_kind

_OWN = ("channel_id", "channel_name")
_DAY_SECONDS = 86_400
_WEEK_SECONDS = rules.FIRST_VIEWS_DAYS * _DAY_SECONDS
_KEY = ("video_id", "seen_date")
_ALL = Window.unboundedPreceding


def measure_firsts(video_daily: DataFrame, videos: DataFrame, start: dt.date) -> DataFrame:
    """One row per new video, on the day from `start` on that completes its first days.

    Args:
        video_daily: `silver/video_daily` from `rules.FIRST_WEEK_LOOK_BACK_DAYS` before `start` on.
        videos: `bronze/videos` of the same days.
        start: first day to report.
    """
    timed = video_daily.withColumn("launched_at", F.coalesce("launched_at", "published_at"))
    new = _find_new(timed, videos)
    due = F.broadcast(_complete_days(video_daily))
    views = _sum_first_views(timed, new.select(*_KEY).join(due, "seen_date", "left"))
    begins = F.to_date(F.from_utc_timestamp("launched_at", TIME_ZONE))
    return (
        new.join(views, list(_KEY))
        .where(F.col("ingest_date") >= F.lit(start))
        .withColumn("first_seen_date", F.greatest("seen_date", begins))
        .select(VIDEO_FIRSTS.column_names)
    )


def _find_new(timed: DataFrame, videos: DataFrame) -> DataFrame:
    """Each new video on the day on which it was seen first; a track as often as it returns."""
    titles = videos.select("ingest_date", "video_id", "text")
    age = F.unix_timestamp("observed_at") - F.unix_timestamp("launched_at")
    is_new = F.coalesce(age <= rules.FIRST_SEEN_DAYS * _DAY_SECONDS, F.lit(True))
    young = (
        timed.where(F.col("artist") != OTHER)
        .where(is_new)
        .join(titles, ["ingest_date", "video_id"])
    )
    return_date = F.when(F.col("launched_at").isNull(), F.col("ingest_date"))
    first = young.groupBy("video_id", return_date.alias("return_date")).agg(
        F.min("ingest_date").alias("ingest_date")
    )
    return young.join(first.drop("return_date"), ["ingest_date", "video_id"]).select(
        F.col("ingest_date").alias("seen_date"),
        "video_id",
        "artist",
        video_kind(F.col("text"), F.col("video_format")).alias("video_kind"),
        F.col("artist_evidence").isin(*_OWN).alias("is_own_channel"),
    )


def _complete_days(video_daily: DataFrame) -> DataFrame:
    """seen_date and due_date, the first collected day that lies after a track's first days."""
    seen = video_daily.select("ingest_date").distinct()
    firsts = seen.select(F.col("ingest_date").alias("seen_date"))
    lies_behind = F.date_diff("ingest_date", "seen_date").between(
        rules.FIRST_VIEWS_DAYS - 1, rules.FIRST_WEEK_WITHIN_DAYS
    )
    return (
        firsts.crossJoin(F.broadcast(seen))
        .where(lies_behind)
        .groupBy("seen_date")
        .agg(F.min("ingest_date").alias("due_date"))
    )


def _sum_first_views(timed: DataFrame, due: DataFrame) -> DataFrame:
    """ingest_date, launched_at and views_first_7d of each key whose first days are complete.

    Of each row the part of its gain counts that falls before the end of the first days; `at` is
    the instant, in seconds, at which its counter stood so: of a chart, the end of the day.
    """
    is_chart = F.col("launched_at").isNull()
    end_of_day = (F.unix_date("ingest_date").cast("long") + 1) * _DAY_SECONDS
    seen = F.unix_date("seen_date").cast("long") * _DAY_SECONDS
    begin = F.when(is_chart, seen).otherwise(F.unix_timestamp("launched_at"))
    at = F.when(is_chart, end_of_day).otherwise(F.unix_timestamp("observed_at"))
    # A row whose counter is not believed says nothing of the instant.
    is_point = F.col("gained_days").isNotNull() | (F.col("ingest_date") == F.col("seen_date"))
    earlier = Window.partitionBy(*_KEY).orderBy("ingest_date").rowsBetween(_ALL, -1)
    base = F.max(F.when(is_point, F.col("at"))).over(earlier)
    rows = (
        timed.join(due, "video_id")
        .where(F.col("ingest_date") >= F.col("seen_date"))
        .where(~is_chart | (F.col("ingest_date") <= F.col("due_date")))
        .withColumns({"at": at, "begin": begin, "until": begin + _WEEK_SECONDS})
        .where(F.col("at") < F.col("until") + _WEEK_SECONDS)
        .withColumns({"base": F.greatest(base, "begin"), "is_point": is_point})
    )
    ends = F.col("is_point") & (F.col("at") >= F.col("until")) & (F.col("base") < F.col("until"))
    part = (F.col("until") - F.col("base")) / (F.col("at") - F.col("base"))
    share = F.when(F.col("at") <= F.col("until"), 1.0).otherwise(F.greatest(part, F.lit(0.0)))
    last = F.when(is_chart, F.col("due_date")).when(ends, F.col("ingest_date"))
    return rows.groupBy(*_KEY).agg(
        F.min(last).alias("ingest_date"),
        F.max(F.when(ends, F.col("launched_at"))).alias("launched_at"),
        F.round(F.sum(F.col("views_gained") * share)).cast("long").alias("views_first_7d"),
    )
