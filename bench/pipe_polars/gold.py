"""Days of artists to features and tiers, in Polars.

Belongs here: trailing windows of days, ranks and cut-offs. Does not belong here: single events
(silver.py).
"""

from __future__ import annotations

import polars as pl

from bench import peer
from kpop_assets.catalog.catalog import OTHER

_DAY = "ingest_date"


def describe_artists(artist_daily: pl.DataFrame, video_daily: pl.DataFrame) -> pl.DataFrame:
    """Features of each artist with an event in the 30 days before, on each seen day."""
    acts = artist_daily.filter(pl.col("artist") != OTHER)
    seen = artist_daily.select(_DAY).unique()
    grid = seen.join(acts.select("artist").unique(), how="cross").join(
        acts.select(_DAY, "artist", "engagement"), [_DAY, "artist"], how="left"
    )
    grid = grid.with_columns(
        is_present=pl.col("engagement").is_not_null(), engagement=pl.col("engagement").fill_null(0)
    )
    pairs = grid.join(seen.rename({_DAY: "day"}), how="cross").with_columns(
        age=(pl.col("day") - pl.col(_DAY)).dt.total_days()
    )
    sums = pairs.filter(pl.col("age").is_between(0, 59)).group_by("day", "artist").agg(_sums())
    days = (
        seen.rename({_DAY: "day"})
        .join(seen, how="cross")
        .with_columns(age=(pl.col("day") - pl.col(_DAY)).dt.total_days())
    )
    history = days.group_by("day").agg(
        knows_7d=pl.col("age").is_between(13, 13 + peer.GAP_DAYS).any(),
        knows_30d=pl.col("age").is_between(59, 59 + peer.GAP_DAYS).any(),
    )
    rows = sums.filter("is_active").join(history, "day").rename({"day": _DAY})
    for count in (("video_id", "total_videos"), ("author_id", "unique_viewers_est")):
        rows = rows.join(_distinct(video_daily, seen, *count), [_DAY, "artist"], how="left")
    return _ranked(rows.with_columns(pl.col("total_videos", "unique_viewers_est").fill_null(0)))


def _sums() -> list[pl.Expr]:
    age, points = pl.col("age"), pl.col("engagement")

    def within(first: int, last: int) -> pl.Expr:
        return points.filter(age.is_between(first, last))

    return [
        within(0, 6).sum().alias("total_engagement"),
        within(0, 6).max().alias("max_engagement"),
        within(7, 13).sum().alias("previous_7d"),
        within(0, 29).sum().alias("recent_30d"),
        within(30, 59).sum().alias("previous_30d"),
        within(0, 29).std().alias("volatility"),
        (pl.col("is_present") & (age < peer.ACTIVE_DAYS)).any().alias("is_active"),
    ]


def _distinct(video_daily: pl.DataFrame, seen: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """Exact distinct values in the 7 days that end on each seen day.

    A value adds to the days from its day on until it is older than 7 days or seen again: plus one
    there, minus one here, and the running sum is the count.
    """
    present = (
        video_daily.lazy()
        .filter(pl.col(key).is_not_null() & (pl.col("artist") != OTHER))
        .select("artist", key, _DAY)
        .unique()
        .sort("artist", key, _DAY)
        .with_columns(
            following=pl.when(
                (pl.col("artist") == pl.col("artist").shift(-1))
                & (pl.col(key) == pl.col(key).shift(-1))
            ).then(pl.col(_DAY).shift(-1))
        )
    )
    until = pl.min_horizontal(pl.col(_DAY).dt.offset_by("7d"), pl.col("following"))
    steps = pl.concat(
        [
            present.select("artist", _DAY, step=pl.lit(1, pl.Int64)),
            present.select("artist", until.alias(_DAY), step=pl.lit(-1, pl.Int64)),
            present.select("artist")
            .unique()
            .join(seen.lazy(), how="cross")
            .with_columns(step=pl.lit(0, pl.Int64)),
        ]
    )
    by_day = steps.group_by("artist", _DAY).agg(pl.sum("step")).sort("artist", _DAY)
    counted = by_day.with_columns(pl.col("step").cum_sum().over("artist").alias(name))
    return counted.select(_DAY, "artist", name).collect()


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    total = pl.col("total_engagement")
    growth_7d = _growth(total, pl.col("previous_7d"), "knows_7d")
    growth_30d = _growth(pl.col("recent_30d"), pl.col("previous_30d"), "knows_30d")
    size = pl.len().over(_DAY)
    percentile = (total.rank("min").over(_DAY) - 1).cast(pl.Float64) / (size - 1)
    share = pl.when(total.sum().over(_DAY) != 0).then(total / total.sum().over(_DAY) * 100)
    rows = rows.with_columns(
        avg_engagement=total / 7,
        growth_rate_7d=growth_7d,
        growth_rate_30d=growth_30d,
        market_share=share,
        percentile=pl.when(size > 1).then(percentile).otherwise(0.0),
        rank=total.rank("min", descending=True).over(_DAY).cast(pl.Int32),
    )
    tier = pl.lit(4)
    for number, lowest in reversed(peer.TIERS[:3]):
        tier = pl.when(pl.col("percentile") >= lowest).then(number).otherwise(tier)
    growth = pl.col("growth_rate_7d")
    trend = pl.when(growth > 10).then(pl.lit("RISING")).when(growth < -10).then(pl.lit("FALLING"))
    rows = rows.with_columns(
        tier=tier.cast(pl.Int32),
        momentum=growth - pl.col("growth_rate_30d"),
        trend_direction=trend.otherwise(pl.lit("STEADY")),
    )
    peers = [_DAY, "tier"]
    spread = growth.std().over(peers)
    sigma = pl.when(spread > 0).then((growth - growth.mean().over(peers)) / spread)
    names = (
        "ingest_date artist total_engagement avg_engagement max_engagement total_videos "
        "unique_viewers_est growth_rate_7d growth_rate_30d momentum volatility market_share "
        "percentile rank tier trend_direction growth_sigma"
    )
    return rows.with_columns(growth_sigma=sigma).select(names.split())


def _growth(recent: pl.Expr, previous: pl.Expr, knows: str) -> pl.Expr:
    is_known = pl.col(knows) & (previous > 0)
    return pl.when(is_known).then((recent - previous) / previous * 100)


def cut_tiers(features: pl.DataFrame) -> pl.DataFrame:
    """One row per day and tier, tiers without an artist included."""
    schema = {"tier": pl.Int32, "percentile_from": pl.Float64}
    tiers = pl.DataFrame(peer.TIERS, schema, orient="row")
    total = pl.col("total_engagement")
    present = features.group_by(_DAY, "tier").agg(
        min_total_engagement=total.min(),
        max_total_engagement=total.max(),
        artist_count=pl.len().cast(pl.Int64),
        market_share=pl.col("market_share").sum(),
    )
    days = features.select(_DAY).unique()
    return (
        days.join(tiers, how="cross")
        .join(present, [_DAY, "tier"], how="left")
        .with_columns(pl.col("artist_count").fill_null(0))
    )
