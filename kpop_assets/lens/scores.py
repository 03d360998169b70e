"""One number for how a video does: its parts, and their mean by weights that may be anybody's.

Belongs here: parts, and the score of parts, for tables, the viewer and the command line. Does not
belong here: which videos make a list (lists.py).

A part is min(100, 100 * value / maximum), not under 0; the score is the mean of the parts that are
known by their weights. A video that lies below the others has 0 of the part of outliers: far from
them, it is dead. That part is unknown where neither its rate nor its engagement could be compared.
What is still to come has no score: a waiting page is as fresh as can be.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kpop_assets.contracts import lens_rules
from kpop_assets.lens.video_metrics import is_out_with_views
from kpop_assets.lens.video_outliers import GROUPS

METRIC_COLUMNS = (
    *("video_id", "artist", "view_count", "views_per_hour", "gain_24h", "engagement_rate_pct"),
    *("views_per_subscriber", "age_hours", "age_band", "views_per_hour_basis"),
)
OUTLIER_COLUMNS = (*("video_id", "outlier_score", "is_above", "z_views_per_hour", "z_engagement"),)
_VALUES = {
    "views": pl.col("view_count"),
    "views_per_hour": pl.col("views_per_hour"),
    "gain_24h": pl.col("gain_24h"),
    "engagement": pl.col("engagement_rate_pct"),
    "views_per_subscriber": pl.col("views_per_subscriber"),
    "outlier": pl.col("distance_above"),
    "freshness": (1 - pl.col("age_hours") / lens_rules.FRESHNESS_HOURS).clip(0, 1),
}


def score_videos(metrics: pl.DataFrame, outliers: pl.DataFrame) -> pl.DataFrame:
    """The rows of `lens/video_scores` of a day but for its date.

    Args:
        metrics: `lens/video_metrics` of the day, `METRIC_COLUMNS`.
        outliers: `lens/video_outliers` of the day, `OUTLIER_COLUMNS`.
    """
    rows = metrics.filter(is_out_with_views()).join(outliers, "video_id", "left")
    weights = lens_rules.SCORE_WEIGHTS
    places = [_place(value).alias(f"place_{name}") for name, value in _VALUES.items()]
    placed = rows.with_columns(_distance_above()).with_columns(*_parts(), *places)
    return placed.with_columns(
        score_of(weights),
        score_of(weights, "place_").alias("percentile_score"),
        known_weight(weights),
    )


def score_of(weights: Mapping[str, float], prefix: str = "part_") -> pl.Expr:
    """The mean of the known parts by these weights, 0-100; null where none of any weight is known.

    Args:
        weights: of each part by its name, not below 0; a part without one has none.
        prefix: of the columns that the parts stand in.
    """
    total = pl.sum_horizontal(
        [pl.col(f"{prefix}{name}").fill_null(0) * weight for name, weight in weights.items()]
    )
    known = _known(weights, prefix)
    return pl.when(known > 0).then(total / known).alias("score")


def known_weight(weights: Mapping[str, float]) -> pl.Expr:
    """The part of all weight that the known parts have, in percent."""
    share = 100 * _known(weights, "part_") / sum(weights.values())
    return share.alias("known_weight_pct")


def _distance_above() -> pl.Expr:
    """How far a video lies above the others; 0 below them, null where it is not compared."""
    compared = [
        # A distance is 0 of all that have no scale together.
        pl.col(f"z_{name}").is_not_null() & (pl.col(f"z_{name}") != 0).any().over(*GROUPS[name])
        for name in ("views_per_hour", "engagement")
    ]
    return (
        pl.when(pl.any_horizontal(compared))
        .then(pl.when("is_above").then("outlier_score").otherwise(0.0))
        .alias("distance_above")
    )


def _known(weights: Mapping[str, float], prefix: str) -> pl.Expr:
    return pl.sum_horizontal(
        [pl.col(f"{prefix}{name}").is_not_null() * weight for name, weight in weights.items()]
    )


def _parts() -> list[pl.Expr]:
    return [
        (100 * value / lens_rules.SCORE_MAXIMA[name]).clip(0, 100).alias(f"part_{name}")
        for name, value in _VALUES.items()
    ]


def _place(value: pl.Expr) -> pl.Expr:
    """Where a value stands among the known ones: 50 in the middle, or where all are equal."""
    return 100 * (value.rank("average") - 0.5) / value.count()
