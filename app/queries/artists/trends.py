"""Who grows and who falls on a day, and where each act's pace is going.

Belongs here: growth, trends with their classes, the largest movers. Does not belong here: how
growth (gold/features.py) and trends (models/inputs.py) are computed, or the videos behind them.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.days import day_end
from kpop_assets.insights.trend import TRENDS, classify_trend

CLASSES = (*TRENDS, "unknown")
MOST_MOVERS = 5
_TRENDS = {
    "artist": pl.String,
    "trend": pl.Float64,
    "trend_change": pl.Float64,
    "trend_class": pl.String,
}


@reads(ARTIST_FEATURES, ARTIST_INPUTS)
def list_trends(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Every ranked artist of a day, highest growth over 7 days first, unknown growth last by score.

    Returns:
        artist, tier, total_engagement, growth_rate_7d, growth_rate_30d, trend_class (one of
        `CLASSES`), trend_ratio (pace of a week over that of the month), trend, trend_change,
        momentum, growth_sigma.
    """
    columns = ["artist", "tier", "total_engagement", "growth_rate_7d", "growth_rate_30d"]
    rows = snapshot.read(ARTIST_FEATURES, day, day_end(day), [*columns, "momentum", "growth_sigma"])
    named = rows.with_columns(snapshot.present_name())
    return (
        named.join(classify_artists(snapshot, day), on="artist", how="left")
        .select(
            *columns,
            pl.col("trend_class").fill_null("unknown"),
            pl.col("trend").exp().alias("trend_ratio"),
            *("trend", "trend_change", "momentum", "growth_sigma"),
        )
        .sort(
            "growth_rate_7d",
            "total_engagement",
            "artist",
            descending=[True, True, False],
            nulls_last=True,
        )
    )


@reads(ARTIST_INPUTS)
def classify_artists(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """artist, trend, trend_change, trend_class of a day; nobody where nothing was worked out."""
    if snapshot.version(ARTIST_INPUTS) is None:
        return pl.DataFrame(schema=_TRENDS)
    inputs = snapshot.read(ARTIST_INPUTS, day, day_end(day), ["artist", "trend", "trend_change"])
    trend_class = classify_trend(pl.col("trend"), pl.col("trend_change")).alias("trend_class")
    return inputs.with_columns(snapshot.present_name(), trend_class).select(*_TRENDS)


def find_movers(trends: pl.DataFrame, up: bool) -> pl.DataFrame:
    """The artists that grew or fell most over 7 days, the furthest first; five at most."""
    growth = pl.col("growth_rate_7d")
    moved = trends.filter(growth > 0 if up else growth < 0)
    return moved.sort("growth_rate_7d", "artist", descending=[up, False]).head(MOST_MOVERS)
