"""What an act's day brought against its own days before, and what stands out among its videos.

Belongs here: `lens/artist_outliers`, a pure function of acts' days and the lens's tables of a day.
Does not belong here: the rule of what an act's usual is (spikes.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.lens.spikes import SpikeConfig, score_days

DAILY_COLUMNS = ("ingest_date", "artist", "views_gained", "held_count")
METRIC_COLUMNS = ("video_id", "artist", "views_per_hour")
OUTLIER_COLUMNS = ("video_id", "is_outlier", "is_above")
SCORE_COLUMNS = ("video_id", "score")


def find_artist_outliers(
    daily: pl.DataFrame,
    metrics: pl.DataFrame,
    outliers: pl.DataFrame,
    scores: pl.DataFrame,
    day: dt.date,
) -> pl.DataFrame:
    """The rows of `lens/artist_outliers` of a day but for its date.

    Args:
        daily: `silver/artist_daily` of the day and `lens_rules.REACH_DAYS` before, `DAILY_COLUMNS`.
        metrics: `lens/video_metrics` of the day, `METRIC_COLUMNS`.
        outliers: `lens/video_outliers` of the day, `OUTLIER_COLUMNS`.
        scores: `lens/video_scores` of the day, `SCORE_COLUMNS`.
        day: the day.
    """
    videos = metrics.join(scores, "video_id", "left").join(outliers, "video_id", "left")
    today = daily.filter(pl.col("ingest_date") == day, pl.col("artist") != OTHER)
    return (
        today.select("artist", "views_gained")
        .join(_against_own_days(daily, day), "artist", "left")
        .join(_videos_of_acts(videos), "artist", "left")
        .with_columns(pl.col("is_outlier", "outlier_video_count").fill_null(0))
    )


def _against_own_days(daily: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    config = SpikeConfig()
    is_far = (pl.col("sigmas") >= config.sigmas) & pl.col("is_large")
    return (
        score_days(daily.rename({"views_gained": "engagement"}), config)
        .filter(pl.col("ingest_date") == day)
        .select(
            "artist",
            pl.col("usual_pace").alias("usual_views_gained"),
            pl.col("ratio").alias("gain_ratio"),
            pl.col("sigmas").alias("gain_sigmas"),
            is_far.alias("is_outlier"),
        )
    )


def _videos_of_acts(videos: pl.DataFrame) -> pl.DataFrame:
    best = videos.sort("score", "video_id", descending=[True, False], nulls_last=True)
    stands_out = pl.col("is_outlier") & pl.col("is_above")
    return best.group_by("artist").agg(
        stands_out.sum().cast(pl.Int64).alias("outlier_video_count"),
        *(
            pl.col(name).filter(pl.col("score").is_not_null()).first().alias(f"best_{name}")
            for name in ("video_id", "views_per_hour")
        ),
        pl.col("score").max().alias("best_score"),
    )
