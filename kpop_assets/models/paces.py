"""An artist's pace: points a day on the last days on which its source said something new.

Belongs here: which days are fresh, what a video's pace is, sums per artist. Does not belong here:
ranks among artists (inputs.py).

Charts repeat yesterday's page now and then, and the day after jumps by two days. A pace divides
each gain by the days it took and leaves repeated days out. A month is the act's own: of one first
seen three days ago it is those three days, or else its first days would be a rise over nothing.
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.models import PACE_DAYS
from kpop_assets.engine.trailing import hand_ahead, repeat_rows

# What a first sight is given, whose gain is unknown: the slow end of the day's videos.
FLOOR_PERCENTILE = 0.05
# As many fresh days as the trend of a week ago looks at.
_AGES = rules.TREND_DAYS + rules.TREND_WEEK_DAYS
_BUCKETS = 32


def measure_paces(video_daily: DataFrame, new: DataFrame, start: dt.date) -> DataFrame:
    """Paces of each artist on each day from `start` on, as of the last fresh day.

    Args:
        video_daily: `silver/video_daily` from `rules.PACES_LOOK_BACK_DAYS` before `start` on.
        new: rows of `new_videos`.
        start: first day to report.

    Returns:
        ingest_date, artist, pace_1d, pace_3d, pace_7d (mean points a day over the last fresh days),
        pace_28d (over those of the act), pace_3d_week_ago, pace_7d_week_ago, pace_28d_week_ago (of
        fresh days that end 7 before), own_fresh_count (fresh days since its first with a video, of
        the last 35), fresh_days_7d (fresh days of the last 7 of the calendar), new_rate (part of
        pace_1d that videos of at most 7 days make), top_margin (log of the best video's pace over
        the day's floor, mean of 2), presence_7 (share of 7 fresh days with a video), video_count.
        Who has no video in five weeks of fresh days has no row, and begins anew when it is back.
    """
    fresh = fresh_days(video_daily)
    daily = _sum_artists(_video_paces(video_daily, fresh), new)
    as_of = _as_of(video_daily, fresh, start)
    return _trail(daily, as_of)


def fresh_days(video_daily: DataFrame) -> DataFrame:
    """Days whose gains are not a repeated page's: ingest_date, fresh_number from 1."""
    totals = video_daily.groupBy("ingest_date").agg(F.sum("engagement").alias("points"))
    # All days in one partition, a few hundred rows: without it Spark warns of those not meant to.
    by_day = Window.partitionBy(F.lit(1)).orderBy("day")
    usual = F.avg("points").over(by_day.rangeBetween(-rules.USUAL_DAYS, -1))
    number = F.row_number().over(by_day)
    return (
        totals.withColumn("day", F.unix_date("ingest_date"))
        .withColumn("usual", usual)
        .where(F.coalesce(F.col("points") >= F.col("usual") * rules.FRESH_SHARE, F.lit(True)))
        .select("ingest_date", number.alias("fresh_number"))
    )


def new_videos(video_daily: DataFrame, start: dt.date) -> DataFrame:
    """First days of videos since `rules.SINCE_NEW_DAYS` before `start`.

    Returns:
        video_id, artist, first_date.
    """
    before = _previous_date()
    is_new = before.isNull() | (F.date_diff("ingest_date", before) > rules.COUNTERS_LOOK_BACK_DAYS)
    oldest = start - dt.timedelta(days=rules.SINCE_NEW_DAYS)
    return (
        video_daily.where(F.col("artist") != OTHER)
        .select("video_id", "artist", "ingest_date", is_new.alias("is_new"))
        .where(F.col("is_new") & (F.col("ingest_date") >= F.lit(oldest)))
        .select("video_id", "artist", F.col("ingest_date").alias("first_date"))
    )


def _previous_date() -> Column:
    # Coarse partitions, told apart by their neighbours: a partition has a fixed cost.
    bucket = F.pmod(F.hash("video_id"), F.lit(_BUCKETS))
    rows = Window.partitionBy(bucket).orderBy("video_id", "ingest_date")
    is_same_video = F.lag("video_id").over(rows) == F.col("video_id")
    return F.when(is_same_video, F.lag("ingest_date").over(rows))


def _video_paces(video_daily: DataFrame, fresh: DataFrame) -> DataFrame:
    """Points a day of each video on each fresh day, whole numbers so that sums are exact."""
    rows = video_daily.join(F.broadcast(fresh), "ingest_date").withColumn(
        "previous_date", _previous_date()
    )
    # A video unseen for longer has a new baseline, and gains as on a first sight.
    days = F.date_diff("ingest_date", "previous_date")
    seen = F.when(days <= rules.COUNTERS_LOOK_BACK_DAYS, days).otherwise(1)
    # A counter that was hidden or not believed for a day gains over more days than it was unseen.
    elapsed = F.greatest(seen, "gained_days")
    is_known = (F.col("views_gained") > 0) | F.col("view_count").isNull()
    # Likes and comments taken back can outweigh a day's gains; no pace is less than standing still.
    gained = F.greatest(F.col("engagement"), F.lit(0)) / elapsed
    known = rows.withColumn("known", F.when(is_known, gained))
    floors = known.groupBy("fresh_number").agg(
        F.coalesce(F.percentile("known", F.lit(FLOOR_PERCENTILE)), F.lit(0.0)).alias("floor")
    )
    rate = F.round(F.coalesce("known", "floor")).cast("bigint")
    return (
        known.join(F.broadcast(floors), "fresh_number")
        .withColumn("rate", rate)
        .withColumn("margin", F.log((rate + 1) / (F.col("floor") + 1)))
        .select("ingest_date", "fresh_number", "video_id", "artist", "rate", "margin")
    )


def _sum_artists(paces: DataFrame, new: DataFrame) -> DataFrame:
    young = hand_ahead(new, rules.YOUNG_VIDEO_DAYS, date="first_date").select(
        "video_id", "ingest_date", F.lit(1).alias("is_young")
    )
    return (
        paces.where(F.col("artist") != OTHER)
        .join(young, ["video_id", "ingest_date"], "left")
        .groupBy("fresh_number", F.col("ingest_date").alias("fresh_date"), "artist")
        .agg(
            F.sum("rate").alias("rate"),
            F.sum(F.when(F.col("is_young") == 1, F.col("rate")).otherwise(0)).alias("new_rate"),
            F.count("*").alias("video_count"),
            F.max("margin").alias("margin"),
        )
    )


def _as_of(video_daily: DataFrame, fresh: DataFrame, start: dt.date) -> DataFrame:
    """Each seen day from `start` on: its last fresh day's number, and how many there are.

    Only fresh days of the last `rules.SINCE_NEW_DAYS` count: with the gap before them they are all
    that is read for a single day, and so a day alone gives what it gives within a range.
    """
    days = video_daily.select("ingest_date").distinct()
    numbers = fresh.select(F.col("ingest_date").alias("fresh_date"), "fresh_number")
    is_of_week = F.date_diff("ingest_date", "fresh_date") < rules.WEEK_DAYS
    return (
        days.where(F.col("ingest_date") >= F.lit(start))
        .crossJoin(F.broadcast(numbers))
        .where(_is_recent(F.col("fresh_date")))
        .groupBy("ingest_date")
        .agg(
            F.max("fresh_number").alias("fresh_number"),
            F.count("*").alias("fresh_count"),
            F.count(F.when(is_of_week, 1)).cast("int").alias("fresh_days_7d"),
        )
    )


def _is_recent(fresh_date: Column) -> Column:
    return F.date_diff("ingest_date", fresh_date).between(0, rules.SINCE_NEW_DAYS)


def _trail(daily: DataFrame, as_of: DataFrame) -> DataFrame:
    """Hand each fresh day's sums to the days that look back at them, and average there."""
    age = F.col("age")
    ahead = repeat_rows(daily, _AGES, "age").withColumn("fresh_number", F.col("fresh_number") + age)

    def total(name: str, first: int, last: int) -> Column:
        return F.coalesce(F.sum(F.when(age.between(first, last), F.col(name))), F.lit(0))

    def mean(name: str, days: int, skipped: int = 0, there_are: Column | None = None) -> Column:
        # At the beginning of history there are fewer days to average over, but never none.
        fresh = F.max("fresh_count") if there_are is None else there_are
        return total(name, skipped, skipped + days - 1) / F.least(
            F.lit(days), F.greatest(fresh - skipped, F.lit(1))
        )

    own_count = F.max("age") + 1

    return (
        ahead.join(F.broadcast(as_of), "fresh_number")
        .where(_is_recent(F.col("fresh_date")))
        .groupBy("ingest_date", "artist")
        .agg(
            *(mean("rate", days).alias(f"pace_{days}d") for days in PACE_DAYS),
            mean("rate", rules.TREND_DAYS, there_are=own_count).alias("pace_28d"),
            (total("rate", 7, 9) / 3).alias("pace_3d_week_ago"),
            *(
                mean("rate", days, rules.TREND_WEEK_DAYS, own_count).alias(f"pace_{days}d_week_ago")
                for days in (rules.TREND_WEEK_DAYS, rules.TREND_DAYS)
            ),
            own_count.alias("own_fresh_count"),
            F.max("fresh_days_7d").alias("fresh_days_7d"),
            total("new_rate", 0, 0).cast("double").alias("new_rate"),
            total("video_count", 0, 0).alias("video_count"),
            (total("margin", 0, 1) / F.least(F.lit(2), F.max("fresh_count"))).alias("top_margin"),
            (
                F.sum(F.when(age < 7, 1).otherwise(0)) / F.least(F.lit(7), F.max("fresh_count"))
            ).alias("presence_7"),
        )
    )


def since_new(new: DataFrame, start: dt.date) -> DataFrame:
    """Days since each artist's last new video: ingest_date, artist, days_since_new.

    Args:
        new: rows of `new_videos`.
        start: first day to report.
    """
    days = new.select("artist", "first_date").distinct()
    return (
        hand_ahead(days, rules.SINCE_NEW_DAYS, start, date="first_date")
        .groupBy("ingest_date", "artist")
        .agg(F.min("age").alias("days_since_new"))
    )
