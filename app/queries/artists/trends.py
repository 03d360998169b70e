"""Who grows and who falls on a day.

Belongs here: growth, classes of momentum, the largest movers. Does not belong here: how growth is
computed (gold/features.py), the videos behind it (queries/videos.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.days import day_end

CLASSES = ("surging", "stable", "falling", "unknown")
MOST_MOVERS = 5


@reads(ARTIST_FEATURES)
def list_trends(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Every ranked artist of a day, highest growth over 7 days first, unknown growth last by score.

    Returns:
        artist, tier, total_engagement, growth_rate_7d, growth_rate_30d, momentum,
        momentum_class (one of `CLASSES`), growth_sigma.
    """
    momentum = pl.col("momentum")
    names = (
        pl.when(momentum > rules.MOMENTUM_EDGE_POINTS)
        .then(pl.lit("surging"))
        .when(momentum < -rules.MOMENTUM_EDGE_POINTS)
        .then(pl.lit("falling"))
        .when(momentum.is_not_null())
        .then(pl.lit("stable"))
        .otherwise(pl.lit("unknown"))
    )
    columns = ["artist", "tier", "total_engagement", "growth_rate_7d", "growth_rate_30d"]
    read = [*columns, "momentum", "growth_sigma"]
    rows = snapshot.read(ARTIST_FEATURES, day, day_end(day), read)
    return rows.select(*columns, "momentum", names.alias("momentum_class"), "growth_sigma").sort(
        "growth_rate_7d",
        "total_engagement",
        "artist",
        descending=[True, True, False],
        nulls_last=True,
    )


def find_movers(trends: pl.DataFrame, up: bool) -> pl.DataFrame:
    """The artists that grew or fell most over 7 days, the furthest first; five at most."""
    growth = pl.col("growth_rate_7d")
    moved = trends.filter(growth > 0 if up else growth < 0)
    return moved.sort("growth_rate_7d", "artist", descending=[up, False]).head(MOST_MOVERS)
