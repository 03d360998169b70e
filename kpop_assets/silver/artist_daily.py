"""Sums per artist and day, and sketches that can be merged over days.

Belongs here: additive quantities of an artist. Does not belong here: rates and ranks (gold/).
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts.silver import ARTIST_DAILY, ENGAGEMENT_BY_EVIDENCE
from kpop_assets.silver.sketches import sketch_of

_SUMS = ("event_count", "views_gained", "likes_gained", "comments_gained", "engagement")


def sum_artists(video_daily: DataFrame) -> DataFrame:
    """One row per artist and day of `silver/video_daily`; OTHER is one of them."""
    return (
        video_daily.groupBy("ingest_date", "artist")
        .agg(
            *[F.sum(name).alias(name) for name in _SUMS],
            F.count("*").alias("video_count"),
            sketch_of("video_id").alias("video_sketch"),
            sketch_of("author_id").alias("author_sketch"),
            *[
                _engagement_of(kinds).alias(column.name)
                for column, kinds in ENGAGEMENT_BY_EVIDENCE.items()
            ],
            F.count_if(F.coalesce("is_glitch", F.lit(False))).alias("held_count"),
        )
        .select(ARTIST_DAILY.column_names)
    )


def _engagement_of(kinds: Sequence[str]) -> Column:
    """Engagement of the videos whose artist is known so; null where no video says how."""
    is_kind = F.col("artist_evidence").isin(*kinds)
    points = F.sum(F.when(is_kind, F.col("engagement")))
    is_known = F.count("artist_evidence") > 0
    return F.when(is_known, F.coalesce(points, F.lit(0).cast("bigint")))
