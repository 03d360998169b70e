"""Which acts are young: everyone within `rules.ROOKIE_YEARS` of debut, as a day ranks them.

Belongs here: who counts as a rookie on a day. Does not belong here: when an act made its debut
(catalog/), or who takes off, whatever the age (breakouts.py).

The catalogue knows the year of a debut and no day, so years count from the middle of it: an act
may be listed half a year too long, or leave the list half a year too early.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts import rules

_MIDDLE = (7, 1)


def find_rookies(features: pl.DataFrame, debuts: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The rookies among a day's artists, of all tiers.

    Args:
        features: `gold/artist_features`, with the rows of the day.
        debuts: artist and debut_year; null where nobody knows it.
        day: the day to report.

    Returns:
        The rows of the day whose act made its debut lately, with debut_year and debut_years (how
        long ago, from the middle of the year, not below 0); by rank, then by name.
    """
    month, date = _MIDDLE
    since = (pl.lit(day) - pl.date(pl.col("debut_year"), month, date)).dt.total_days() / 365.25
    return (
        features.filter(pl.col("ingest_date") == day)
        .join(debuts.select("artist", "debut_year"), on="artist")
        .filter(pl.col("debut_year") <= day.year)
        .with_columns(since.clip(0).alias("debut_years"))
        .filter(pl.col("debut_years") <= rules.ROOKIE_YEARS)
        .sort("rank", "artist")
    )
