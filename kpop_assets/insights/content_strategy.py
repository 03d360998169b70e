"""What the top tier does differently: means of each tier, and an artist held against them.

Belongs here: means over artists and days, and ratios to them. Does not belong here: the features
themselves (gold/features.py) or artists against each other (benchmark.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

# Rank, percentile and tier are left out because tiers are made of them, growth_sigma because its
# mean is 0 within each tier by construction.
FEATURES = (
    "total_engagement",
    "avg_engagement",
    "max_engagement",
    "total_videos",
    "unique_viewers_est",
    "growth_rate_7d",
    "growth_rate_30d",
    "momentum",
    "volatility",
    "market_share",
)


def average_tiers(features: pl.DataFrame, start: dt.date, end: dt.date) -> pl.DataFrame:
    """Mean and median of each feature over the artist days of each tier, each weighing the same.

    Args:
        features: `gold/artist_features`.
        start: first day.
        end: the day after the last one.

    Returns:
        tier, feature, mean (null where no value is known; the unit is the feature's), median (the
        same; growth from almost nothing can carry a mean away), known_count (values that both are
        of), row_count (artist days in the tier). By tier,
        features in the order of `FEATURES`. A tier without rows in the span is absent.
    """
    span = pl.col("ingest_date").is_between(start, end, closed="left")
    values = features.filter(span).select("tier", pl.col(*FEATURES).cast(pl.Float64))
    return (
        values.unpivot(on=FEATURES, index="tier", variable_name="feature")
        .group_by("tier", "feature")
        .agg(
            pl.col("value").mean().alias("mean"),
            pl.col("value").median().alias("median"),
            pl.col("value").count().cast(pl.Int64).alias("known_count"),
            pl.len().cast(pl.Int64).alias("row_count"),
        )
        .sort("tier", _place_of("feature"))
    )


def compare_with_tier(
    features: pl.DataFrame, artist: str, day: dt.date, tier: int = 1
) -> pl.DataFrame:
    """An artist's features on a day beside the mean of a tier on that day.

    The mean is over all artists of the tier, the artist itself included where it stands there.

    Args:
        features: `gold/artist_features`.
        artist: canonical name.
        day: the day to report.
        tier: the tier to compare with.

    Returns:
        feature, artist_value, tier_mean, tier_median, ratio (artist_value / tier_mean; null where
        either is unknown or the mean is not positive, because a multiple of zero or of a fall
        says nothing), known_count (values that the mean is of; 0 where the tier is empty). One row
        per feature, in the order of `FEATURES`.

    Raises:
        ValueError: the artist has no row on that day.
    """
    own = features.filter(pl.col("ingest_date") == day, pl.col("artist") == artist)
    if own.is_empty():
        raise ValueError(f"{artist} has no features on {day}: choose another artist or day.")
    values = own.select(pl.col(*FEATURES).cast(pl.Float64)).unpivot(
        on=FEATURES, variable_name="feature", value_name="artist_value"
    )
    means = average_tiers(features, day, day + dt.timedelta(days=1))
    peers = means.filter(pl.col("tier") == tier).select(
        "feature", "known_count", pl.col("mean", "median").name.prefix("tier_")
    )
    ratio = pl.when(pl.col("tier_mean") > 0).then(pl.col("artist_value") / pl.col("tier_mean"))
    return (
        values.join(peers, on="feature", how="left")
        .sort(_place_of("feature"))
        .select(
            "feature",
            "artist_value",
            "tier_mean",
            "tier_median",
            ratio.alias("ratio"),
            pl.col("known_count").fill_null(0),
        )
    )


def _place_of(column: str) -> pl.Expr:
    """Position of a feature's name in `FEATURES`."""
    return pl.col(column).cast(pl.Enum(FEATURES))
