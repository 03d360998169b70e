"""Which videos of a day are out of the ordinary, and what is named of them first.

Belongs here: `lens/video_outliers`, a pure function of the day's metrics. Does not belong here: a
channel's or an act's own usual (channel_outliers.py, artist_outliers.py).

With z(x) = (x - median) / (1.4826 * MAD), a video stands out where

    0.4 |z(views an hour)| + 0.3 |z(views)| + 0.3 |z(engagement)| > 2

Views are heavy-tailed: their median absolute deviation is that of the many small videos, so by raw
values nearly every large video stands out. By log(1 + x) and among videos of the same age (rates
among those of the same basis) those do that differ from their like. What is not known is not out of
the ordinary, and what is still to come is not compared.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from kpop_assets.contracts import lens_rules
from kpop_assets.lens.scales import robust_sigmas
from kpop_assets.lens.video_metrics import is_out_with_views

READ_COLUMNS = (
    *("video_id", "artist", "age_band", "age_hours", "view_count"),
    *("views_per_hour", "views_per_hour_basis", "engagement_rate_pct", "views_per_subscriber"),
)
_VALUES = {
    "views_per_hour": "views_per_hour",
    "views": "view_count",
    "engagement": "engagement_rate_pct",
}
# Within which each distance of logarithms is: a mean of a life is no rate of now.
GROUPS = {
    "views_per_hour": ("age_band", "views_per_hour_basis"),
    "views": ("age_band",),
    "engagement": ("age_band",),
}


def find_outliers(metrics: pl.DataFrame) -> pl.DataFrame:
    """The rows of `lens/video_outliers` of a day but for its date.

    Args:
        metrics: `lens/video_metrics` of the day, `READ_COLUMNS`.
    """
    rows = metrics.filter(is_out_with_views())
    z = [
        robust_sigmas(_log(pl.col(column)), *GROUPS[name]).alias(f"z_{name}")
        for name, column in _VALUES.items()
    ]
    raw = [
        robust_sigmas(pl.col(column).cast(pl.Float64)).alias(f"raw_z_{name}")
        for name, column in _VALUES.items()
    ]
    return (
        rows.with_columns(*z, *raw)
        .with_columns(
            _weighted("z_", pl.Expr.abs).alias("outlier_score"),
            _weighted("raw_z_", pl.Expr.abs).alias("raw_outlier_score"),
            (_weighted("z_", lambda value: value) > 0).alias("is_above"),
        )
        .with_columns(
            (pl.col("outlier_score") > lens_rules.OUTLIER_EDGE).alias("is_outlier"),
            (pl.col("raw_outlier_score") > lens_rules.OUTLIER_EDGE).alias("is_raw_outlier"),
        )
        .with_columns(_reason())
    )


def _log(value: pl.Expr) -> pl.Expr:
    """log(1 + x); a rate below 0 is a correction, and as good as none."""
    return value.cast(pl.Float64).clip(lower_bound=0).log1p()


def _weighted(prefix: str, of: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(
        [
            of(pl.col(f"{prefix}{name}")).fill_null(0) * weight
            for name, weight in lens_rules.OUTLIER_WEIGHTS.items()
        ]
    )


def _reason() -> pl.Expr:
    stands_out = pl.col("is_outlier") | pl.col("is_raw_outlier")
    reason = (
        pl.when(pl.col("views_per_hour") > lens_rules.REASON_VIEWS_PER_HOUR)
        .then(pl.lit("views_per_hour"))
        .when(pl.col("engagement_rate_pct") > lens_rules.REASON_ENGAGEMENT_PCT)
        .then(pl.lit("engagement"))
        .when(pl.col("views_per_subscriber") > lens_rules.REASON_VIEWS_PER_SUBSCRIBER)
        .then(pl.lit("views_per_subscriber"))
        .otherwise(pl.lit("combination"))
    )
    return pl.when(stands_out).then(reason).alias("reason")
