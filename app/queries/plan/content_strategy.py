"""Features of tiers, and of an artist beside a tier.

Belongs here: reading for `insights/content_strategy.py`, and one row for each tier or feature.
Does not belong here: medians and ratios themselves.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.queries.videos import read_video_days
from app.snapshot import Snapshot, reads
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.content_strategy import FEATURES, average_tiers, compare_with_tier

# The mean per day is a seventh of the score: the same number twice.
SHOWN = tuple(name for name in FEATURES if name != "avg_engagement")
PERCENT = ("growth_rate_7d", "growth_rate_30d", "momentum", "market_share")
# As `video_format` of `silver/video_daily` has them.
KINDS = ("video", "short", "live", "premiere", "unknown")
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


@reads(VIDEO_DAILY)
def split_kinds(
    snapshot: Snapshot, start: dt.date, end: dt.date, artist: str | None = None
) -> pl.DataFrame:
    """What each kind of video gained over [start, end), of an artist or of all.

    Returns:
        video_format (of `KINDS`, in that order; rows of before it was told are `unknown`),
        video_count, views_gained, engagement, engagement_share (percent of all kinds; null where
        they gained nothing together). The sums of all rows are the artist's.
    """
    whose = pl.col("artist") != OTHER if artist is None else pl.col("artist") == artist
    columns = ["video_id", "video_format", "views_gained", "engagement"]
    whole = pl.col("engagement").sum()
    share = pl.when(whole > 0).then(pl.col("engagement") / whole * 100)
    return (
        read_video_days(snapshot, start, end, columns, whose)
        .with_columns(pl.col("video_format").fill_null("unknown"))
        .group_by("video_format")
        .agg(
            pl.col("video_id").n_unique().cast(pl.Int64).alias("video_count"),
            pl.col("views_gained", "engagement").sum(),
        )
        .with_columns(share.alias("engagement_share"))
        .sort(pl.col("video_format").cast(pl.Enum(KINDS)))
    )
