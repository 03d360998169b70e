"""Features per artist and day: trailing sums, growth, volatility, share, rank and tier.

Belongs here: the windows and formulas of `gold/artist_features`. Does not belong here: cut-off
tables (tiers.py) or forecasts (models/).

Every window ends on the day it describes. A day counts as seen when any event was taken in for
it; days that nobody collected have no row, because a zero there would be invented.
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import add

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES, SHARES_BY_EVIDENCE
from kpop_assets.engine.trailing import repeat_rows
from kpop_assets.gold.growth import (
    daily_pace,
    growth,
    growth_days,
    growth_sums,
    known_span,
    with_moved,
    with_spans,
)
from kpop_assets.silver.sketches import estimate, union_sketches


def describe_artists(artist_daily: DataFrame, start: dt.date) -> DataFrame:
    """One row per artist and seen day from `start` on, with an event in the 30 days before.

    Args:
        artist_daily: `silver/artist_daily` from `rules.FEATURES_LOOK_BACK_DAYS` before `start` on.
        start: first day to report.
    """
    sums = _trailing_sums(artist_daily, start)
    rows = sums.where(F.col("is_active")).withColumns(_rates())
    return rows.transform(rank_artists).select(ARTIST_FEATURES.column_names)


def rank_artists(rows: DataFrame) -> DataFrame:
    """Add share, percentile, rank, tier and growth within the tier, all per day."""
    day = Window.partitionBy("ingest_date")
    # Corrections can outweigh a window's gains; no share is below 0 or above 100 for that.
    positive = F.greatest(F.col("total_engagement"), F.lit(0))
    total = F.sum(positive).over(day)
    ascending = day.orderBy("total_engagement")
    descending = day.orderBy(F.desc("total_engagement"))
    # In one order, so that adding doubles gives the same last digit in every run.
    peers = (
        Window.partitionBy("ingest_date", "tier")
        .orderBy("artist")
        .rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    )
    grown = F.col("growth_rate_7d")
    spread = F.stddev_samp(grown).over(peers)
    sigmas = F.when(spread > 0, (grown - F.avg(grown).over(peers)) / spread)
    return (
        rows.withColumns(
            {
                "market_share": F.when(total != 0, positive / total * 100),
                "percentile": F.percent_rank().over(ascending),
                "rank": F.rank().over(descending),
            }
        )
        .withColumn("tier", tier_of(F.col("percentile")))
        .withColumn("growth_sigma", sigmas)
    )


def tier_of(percentile: Column) -> Column:
    """Tier number of a percentile: 1 from the first cut-off up, one more below each."""
    tier = F.lit(rules.TIERS[-1])
    for number, lowest in reversed(list(enumerate(rules.TIER_PERCENTILES, start=1))):
        tier = F.when(percentile >= lowest, F.lit(number)).otherwise(tier)
    return tier


def _trailing_sums(artist_daily: DataFrame, start: dt.date) -> DataFrame:
    """Per artist and seen day from `start` on: the sums of the windows that end there.

    Each daily value is handed to the days that look back at it, and summed there. Sums of whole
    numbers are equal on every engine; sliding frames add and take away floats in other orders.
    """
    acts = artist_daily.where(F.col("artist") != OTHER)
    seen = artist_daily.select("ingest_date").distinct()
    days = seen.where(F.col("ingest_date") >= F.lit(start)).select(
        F.col("ingest_date").alias("day")
    )
    spans = with_spans(seen)
    values = with_moved(_on_every_seen_day(acts, spans))
    reach = rules.FEATURES_LOOK_BACK_DAYS + 1
    sums = _hand_ahead(values, days, 2 * rules.MONTH_DAYS).groupBy("day", "artist").agg(*_sums())
    near = _hand_ahead(acts, days, rules.WINDOW_DAYS)
    counts = near.groupBy("day", "artist").agg(*_distinct_counts())
    history = _hand_ahead(spans, days, reach).groupBy("day").agg(*_history(), *growth_days())
    return (
        sums.join(counts, ["day", "artist"], "left")
        .join(history, "day")
        .na.fill(0, ["total_videos", "unique_viewers_est"])
        .withColumnRenamed("day", "ingest_date")
    )


def _on_every_seen_day(acts: DataFrame, seen: DataFrame) -> DataFrame:
    """Engagement of each artist on each seen day, 0 where it had no event, and the day's span."""
    grid = seen.crossJoin(acts.select("artist").distinct())
    sums = ("engagement", "event_count", "held_count")
    present = acts.select("ingest_date", "artist", *sums, F.lit(True).alias("is_present"))
    return grid.join(present, ["ingest_date", "artist"], "left").na.fill(
        {**dict.fromkeys(sums, 0), "is_present": False}
    )


def _hand_ahead(rows: DataFrame, days: DataFrame, reach: int) -> DataFrame:
    """Each row once for each of `days` that is 0 to `reach` - 1 days (`age`) after it."""
    return (
        repeat_rows(rows, reach, "age")
        .withColumn("day", F.date_add("ingest_date", F.col("age")))
        .join(F.broadcast(days), "day")
    )


def _sums() -> list[Column]:
    age, points = F.col("age"), F.col("engagement")
    in_window, in_month = age < rules.WINDOW_DAYS, age < rules.MONTH_DAYS
    lost = F.when(in_month & (points < 0), points)
    return [
        F.sum(F.when(in_window, points)).alias("total_engagement"),
        F.max(F.when(in_window, points)).alias("max_engagement"),
        *growth_sums(),
        _exact_stddev(F.when(in_month, daily_pace())).alias("volatility"),
        F.coalesce(F.sum(lost), F.lit(0).cast("bigint")).alias("corrected_30d"),
        F.max(F.col("is_present") & (age < rules.ACTIVE_DAYS)).alias("is_active"),
    ]


def _exact_stddev(whole: Column) -> Column:
    """Sample standard deviation of whole numbers: sqrt((n·Σx² - (Σx)²) / (n·(n - 1))).

    Summed as decimals, which are exact in any order; doubles differ in the last digits from run
    to run.
    """
    value = whole.cast("decimal(19,0)")
    n, total = F.count(whole).cast("decimal(9,0)"), F.sum(whole).cast("decimal(19,0)")
    squares = F.sum((value * value).cast("decimal(28,0)")).cast("decimal(29,0)")
    exact = (n * squares - total * total).cast("double")
    return F.when(F.count(whole) > 1, F.sqrt(exact / (n * (n - 1)).cast("double")))


def _distinct_counts() -> list[Column]:
    return [
        estimate(union_sketches("video_sketch")).alias("total_videos"),
        estimate(union_sketches("author_sketch")).alias("unique_viewers_est"),
        *[F.sum(name).alias(name) for name in SHARES_BY_EVIDENCE.values()],
    ]


def _history() -> list[Column]:
    """Whether history reaches back to the windows that growth compares with; days that lack."""
    age = F.col("age")

    def reaches(days_ago: int) -> Column:
        return F.max(age.between(days_ago, days_ago + rules.HISTORY_GAP_DAYS))

    return [
        reaches(2 * rules.WEEK_DAYS - 1).alias("knows_previous_7d"),
        reaches(2 * rules.MONTH_DAYS - 1).alias("knows_previous_30d"),
        F.coalesce(F.sum(F.when(age < rules.WINDOW_DAYS, known_span())), F.lit(0))
        .cast("int")
        .alias("covered_days"),
        _missing(rules.WINDOW_DAYS).alias("missing_days"),
        _missing(rules.MONTH_DAYS).alias("missing_days_30d"),
    ]


def _missing(days: int) -> Column:
    """Days of a window that nobody collected, since the first that is known of."""
    since = F.least(F.max("age") + 1, F.lit(days))
    return (since - F.count(F.when(F.col("age") < days, 1))).cast("int")


def _rates() -> dict[str, Column]:
    growth_7d, growth_30d = growth("7d"), growth("30d")
    trend = F.when(growth_7d > rules.RISING_PCT, "RISING").when(
        growth_7d < -rules.RISING_PCT, "FALLING"
    )
    return {
        "avg_engagement": F.col("total_engagement") / rules.WINDOW_DAYS,
        "growth_rate_7d": growth_7d,
        "growth_rate_30d": growth_30d,
        "momentum": growth_7d - growth_30d,
        **_shares(),
        "trend_direction": trend.otherwise("STEADY"),
    }


def _shares() -> dict[str, Column]:
    """By which evidence the engagement is the artist's, in percent of what is known."""
    # `greatest` passes over nulls, which would make an unknown sum 0.
    parts = {
        column.name: F.when(F.col(name).isNotNull(), F.greatest(F.col(name), F.lit(0)))
        for column, name in SHARES_BY_EVIDENCE.items()
    }
    whole = reduce(add, parts.values())
    shares = {name: F.when(whole > 0, part / whole * 100) for name, part in parts.items()}
    is_vague_only = F.when(whole > 0, parts["vague_name_share"] == whole)
    return {**shares, "is_vague_only": is_vague_only}
