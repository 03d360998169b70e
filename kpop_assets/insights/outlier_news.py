"""Outliers that are news: a video comes to stand out.

Belongs here: on which day it is told. Does not belong here: what an outlier is (lens/), or who is
told.

A video is told of on the first day on which it stands out above the others, and again only where it
did not for a week: one that stands at the edge would else be news every other day.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.catalog.catalog import OTHER

OUTLIER_QUIET_DAYS = 7
NEWS_COLUMNS = (
    *("ingest_date", "video_id", "artist", "outlier_score", "is_outlier", "is_above", "reason"),
)


def find_outlier_news(outliers: pl.DataFrame) -> pl.DataFrame:
    """Videos of acts on the days on which they came to stand out.

    Args:
        outliers: `NEWS_COLUMNS` of `lens/video_outliers`, from `OUTLIER_QUIET_DAYS` before the
            first day that is asked for: what stood out before them is not known.

    Returns:
        event_date, artist, video_id, outlier_score, reason; by the first three.
    """
    since = (pl.col("ingest_date") - pl.col("ingest_date").shift(1)).over(
        "video_id", order_by="ingest_date"
    )
    is_new = since.is_null() | (since > pl.duration(days=OUTLIER_QUIET_DAYS))
    return (
        outliers.filter(pl.col("is_outlier"), pl.col("is_above"), pl.col("artist") != OTHER)
        .filter(is_new)
        .select(
            pl.col("ingest_date").alias("event_date"),
            *("artist", "video_id", "outlier_score", "reason"),
        )
        .sort("event_date", "artist", "video_id")
    )
