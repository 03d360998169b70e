"""Which smaller artists take off: the shortlist that a manager looks through on a day.

Belongs here: the thresholds and the shortlist. Does not belong here: how growth, momentum and
tiers are calculated (gold/features.py), who is young (rookies.py) or what comes next (models/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from kpop_assets.contracts import rules

BREAKOUT_COLUMNS = [
    "artist",
    "tier",
    "rank",
    "total_engagement",
    "growth_rate_7d",
    "growth_rate_30d",
    "momentum",
    "market_share",
    "first_seen_date",
    "days_in_data",
]


@dataclass(frozen=True)
class BreakoutConfig:
    """Who counts as taking off.

    Attributes:
        tier_from: the highest tier looked at; tiers below it (greater numbers) count too.
        growth_over: `growth_rate_7d` must be greater, in per cent.
        momentum_over: `momentum` must be greater, in percentage points.
    """

    tier_from: int = rules.BREAKOUT_TIER
    growth_over: float = rules.BREAKOUT_GROWTH_PCT
    momentum_over: float = rules.BREAKOUT_MOMENTUM_POINTS


DEFAULT = BreakoutConfig()


def find_breakouts(
    features: pl.DataFrame, day: dt.date, config: BreakoutConfig = DEFAULT
) -> pl.DataFrame:
    """Artists outside the top tiers that grow fast and faster than in the month, best first.

    Momentum needs 60 days of history; an artist whose growth or momentum is unknown is not
    listed.

    Args:
        features: `gold/artist_features`, all days, because it tells when an artist was first seen.
        day: the day to report.
        config: thresholds.

    Returns:
        artist, tier, rank, total_engagement (points), growth_rate_7d and growth_rate_30d (%),
        momentum (percentage points), market_share (%), first_seen_date (first day with a row;
        where that is the first day of the data, the artist may be older), days_in_data (days
        with a row up to `day`). By momentum, the highest first, then by name.
    """
    history = (
        features.filter(pl.col("ingest_date") <= day)
        .group_by("artist")
        .agg(
            pl.col("ingest_date").min().alias("first_seen_date"),
            pl.len().cast(pl.Int64).alias("days_in_data"),
        )
    )
    return (
        features.filter(
            pl.col("ingest_date") == day,
            pl.col("tier") >= config.tier_from,
            pl.col("growth_rate_7d") > config.growth_over,
            pl.col("momentum") > config.momentum_over,
        )
        .join(history, on="artist")
        .sort(["momentum", "artist"], descending=[True, False])
        .select(BREAKOUT_COLUMNS)
    )
