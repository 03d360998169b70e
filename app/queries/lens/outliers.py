"""Videos, channels' videos and acts of a day that are out of the ordinary.

Belongs here: what the page of outliers reads. Does not belong here: the rules (kpop_assets/lens/).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.queries.lens.days import (
    IS_OF_ACT,
    find_channel_names,
    read_lens_day,
    read_lens_day_if_any,
    with_titles,
)
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS, CHANNEL_OUTLIERS, VIDEO_OUTLIERS
from kpop_assets.contracts.lens_videos import VIDEO_METRICS

# The column of `lens/video_outliers` that each rule goes by, and what stands out by it.
RULES = {
    "age": ("outlier_score", pl.col("is_outlier") & pl.col("is_above")),
    "raw": ("raw_outlier_score", pl.col("is_raw_outlier")),
}
# Of each measure of `lens/channel_outliers`: the times of the usual, whether that is of views an
# hour and not of views, and what stands out.
_RATE_RATIO = pl.col("mean_views_per_hour_ratio").fill_null(0)
MEASURES = {
    "median": (pl.col("median_ratio"), pl.lit(value=False), "is_above_median"),
    "mean": (
        pl.max_horizontal("mean_ratio", "mean_views_per_hour_ratio"),
        pl.col("mean_ratio") < _RATE_RATIO,
        "is_above_mean",
    ),
}
_METRICS = (
    "video_id",
    "view_count",
    "views_per_hour",
    "engagement_rate_pct",
    "views_per_subscriber",
)


@reads(VIDEO_OUTLIERS)
def measure_rates(snapshot: Snapshot, day: dt.date, scope: str) -> dict[str, tuple[int, int]]:
    """How many videos of a day stand out, and of how many, by each of `RULES`."""
    where = IS_OF_ACT if scope == "acts" else None
    rows = read_lens_day(snapshot, VIDEO_OUTLIERS, day, where)
    return {
        rule: (rows.filter(stands_out).height, rows.height)
        for rule, (_, stands_out) in RULES.items()
    }


@reads(VIDEO_OUTLIERS, VIDEO_METRICS, EVENTS)
def list_outliers(snapshot: Snapshot, day: dt.date, scope: str, rule: str) -> pl.DataFrame:
    """Videos of a day that stand out by a rule, the farthest first.

    Returns:
        The columns of `lens/video_outliers` but the day, video_title, outlier_score of that rule,
        view_count, views_per_hour, engagement_rate_pct, views_per_subscriber.
    """
    score, stands_out = RULES[rule]
    is_listed = stands_out & (IS_OF_ACT if scope == "acts" else pl.lit(value=True))
    rows = read_lens_day(snapshot, VIDEO_OUTLIERS, day, is_listed)
    metrics = read_lens_day(snapshot, VIDEO_METRICS, day, columns=_METRICS)
    listed = (
        rows.drop("ingest_date")
        .with_columns(pl.col(score).alias("outlier_score"))
        .join(metrics, on="video_id", how="left")
        .sort("outlier_score", "view_count", "video_id", descending=[True, True, False])
    )
    return with_titles(snapshot, listed, day)


@reads(CHANNEL_OUTLIERS, EVENTS)
def list_channel_outliers(
    snapshot: Snapshot, day: dt.date, scope: str, measure: str
) -> pl.DataFrame:
    """Videos far above what their channel is used to, the farthest first.

    Returns:
        The columns of `lens/channel_outliers` but the day, video_title, author_name, usual_ratio,
        is_of_rate: whether the ratio is of views an hour.
    """
    ratio, is_of_rate, flag = MEASURES[measure]
    is_listed = pl.col(flag) & (IS_OF_ACT if scope == "acts" else pl.lit(value=True))
    rows = read_lens_day_if_any(snapshot, CHANNEL_OUTLIERS, day, is_listed)
    listed = rows.drop("ingest_date").with_columns(
        ratio.alias("usual_ratio"), is_of_rate.alias("is_of_rate")
    )
    names = find_channel_names(snapshot, listed.get_column("author_id").unique(), day)
    return (
        with_titles(snapshot, listed, day)
        .join(names, on="author_id", how="left")
        .sort("usual_ratio", "video_id", descending=[True, False])
    )


@reads(ARTIST_OUTLIERS)
def list_act_outliers(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Acts of a day by how far their gain lies above their own month's, the farthest first."""
    rows = read_lens_day(snapshot, ARTIST_OUTLIERS, day, IS_OF_ACT)
    return rows.drop("ingest_date").sort(
        "is_outlier",
        "gain_sigmas",
        "gain_ratio",
        "outlier_video_count",
        "views_gained",
        "artist",
        descending=[*[True] * 5, False],
        nulls_last=True,
    )
