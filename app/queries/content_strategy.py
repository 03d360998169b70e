"""Features of tiers, and of an artist beside a tier.

Belongs here: reading for `insights/content_strategy.py`, and one row for each tier or feature.
Does not belong here: medians and ratios themselves.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.days import day_end
from kpop_assets.insights.content_strategy import FEATURES, average_tiers, compare_with_tier

# The mean per day is a seventh of the score: the same number twice.
SHOWN = tuple(name for name in FEATURES if name != "avg_engagement")
PERCENT = ("growth_rate_7d", "growth_rate_30d", "momentum", "market_share")
_COLUMNS = ("ingest_date", "artist", "tier", *FEATURES)


@reads(ARTIST_FEATURES)
def list_tiered(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """artist, tier of every ranked artist of a day, by rank."""
    now = snapshot.read(ARTIST_FEATURES, day, day_end(day), ["artist", "tier", "rank"])
    return now.sort("rank", "artist").select("artist", "tier")


@reads(ARTIST_FEATURES)
def list_medians(snapshot: Snapshot, start: dt.date, end: dt.date) -> pl.DataFrame:
    """tier, the median of each feature of `SHOWN` over [start, end), artist_day_count; by tier."""
    features = snapshot.read(ARTIST_FEATURES, start, end, _COLUMNS)
    averages = average_tiers(features, start, end)
    medians = averages.pivot("feature", index=["tier", "row_count"], values="median")
    days = pl.col("row_count").alias("artist_day_count")
    return medians.sort("tier").select("tier", *SHOWN, days)


@reads(ARTIST_FEATURES)
def compare_artist(snapshot: Snapshot, artist: str, day: dt.date, tier: int) -> pl.DataFrame:
    """What `compare_with_tier` returns of `SHOWN`, without multiples and means of `PERCENT`.

    Growth from almost nothing carries its mean away, and the multiple of a share of the whole is
    the score's.
    """
    features = snapshot.read(ARTIST_FEATURES, day, day_end(day), _COLUMNS)
    has_multiple = ~pl.col("feature").is_in(PERCENT)
    compared = compare_with_tier(features, artist, day, tier)
    return compared.filter(pl.col("feature").is_in(SHOWN)).with_columns(
        pl.when(has_multiple).then("tier_mean").alias("tier_mean"),
        pl.when(has_multiple).then("ratio").alias("ratio"),
    )
