"""The lists of a day: which videos make each, by what, and in which order.

Belongs here: `lens/video_lists`, a pure function of the day's metrics and scores. Does not belong
here: how a video is measured or scored.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import lens_rules, rules

METRIC_COLUMNS = (
    *("video_id", "artist", "launched_at", "observed_at", "age_hours", "view_count"),
    *("views_per_hour", "views_per_hour_basis", "pair_hours", "gain_24h", "engagement_rate_pct"),
)
SCORE_COLUMNS = ("video_id", "score")
_SCHEMA = {
    "list": pl.String,
    "scope": pl.String,
    "rank": pl.Int32,
    "video_id": pl.String,
    "artist": pl.String,
    "value": pl.Float64,
    "score": pl.Float64,
}
# What each list is by.
VALUES = {
    "overall": "score",
    "trending": "views_per_hour",
    "viral": "gain_24h",
    "underrated": "engagement_rate_pct",
    "fresh": "score",
    "steady": "score",
}


def list_videos(metrics: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """The rows of `lens/video_lists` of a day but for its date.

    Args:
        metrics: `lens/video_metrics` of the day, `METRIC_COLUMNS`.
        scores: `lens/video_scores` of the day, `SCORE_COLUMNS`.
    """
    newest = pl.col("observed_at").max().alias("newest_at")
    rows = metrics.with_columns(newest).join(scores, "video_id")
    scopes = {"acts": rows.filter(pl.col("artist") != OTHER), "everything": rows}
    found = [
        _take(part.filter(takes), name).with_columns(scope=pl.lit(scope))
        for scope, part in scopes.items()
        for name, takes in _conditions().items()
    ]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *(one.select(*_SCHEMA) for one in found)])


def _conditions() -> dict[str, pl.Expr]:
    """What each list takes; `newest_at` is the day's last observation."""
    views, rate = pl.col("view_count"), pl.col("views_per_hour")
    least, most = (share * views / pl.col("age_hours") for share in lens_rules.STEADY_SHARES)
    since_launch = pl.col("newest_at") - pl.col("launched_at")
    # A mean of years says nothing of today.
    is_of_now = (pl.col("views_per_hour_basis") == "pair") | (
        pl.col("age_hours") < lens_rules.TRENDING_LIFETIME_HOURS
    )
    is_aged = (pl.col("age_hours") > 0) & (views > 0)
    return {
        "overall": pl.lit(True),
        "trending": (rate > lens_rules.TRENDING_VIEWS_PER_HOUR) & is_of_now,
        "viral": pl.col("gain_24h") > lens_rules.VIRAL_GAIN_24H,
        "underrated": (pl.col("engagement_rate_pct") > lens_rules.UNDERRATED_ENGAGEMENT_PCT)
        & views.is_between(rules.FEW_VIEWS, lens_rules.UNDERRATED_VIEWS, closed="left"),
        "fresh": since_launch.is_between(
            dt.timedelta(0), dt.timedelta(hours=lens_rules.FRESH_HOURS)
        ),
        # A rate over most of a life is that of the life: only one of its own can be steady.
        "steady": (pl.col("age_hours") >= lens_rules.STEADY_LIFE_PAIRS * pl.col("pair_hours"))
        & is_aged
        & rate.is_between(least, most),
    }


def _take(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    value = VALUES[name]
    order = [value, "view_count", "video_id"]
    first = rows.sort(order, descending=[True, True, False]).head(lens_rules.LIST_LENGTHS[name])
    return first.with_columns(
        pl.lit(name).alias("list"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("rank"),
        pl.col(value).cast(pl.Float64).alias("value"),
    )
