"""Which videos of a day stand out in their channel, by the channel's own usual.

Belongs here: `lens/channel_outliers`, a pure function of what was last seen of each video. Does not
belong here: a video among all others (video_outliers.py).

A plain multiple of the mean favours old videos, which have gathered for longer, and small channels.
So beside it there is the median of what is mature: most of those views have come, and one hit does
not move it. A rate below 0 is a correction, and counts as none. Of fewer than four videos none can
be above three times the mean of all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl

from kpop_assets.contracts import lens_rules
from kpop_assets.days import days_between
from kpop_assets.lens.video_metrics import is_out_with_views

READ_COLUMNS = (
    *("ingest_date", "video_id", "artist", "author_id", "launched_at", "age_hours"),
    *("view_count", "views_per_hour"),
)


def walk_channels(
    read: Callable[[dt.date], pl.DataFrame], start: dt.date
) -> Callable[[dt.date], pl.DataFrame]:
    """What gives the rows of `lens/channel_outliers` of each day from `start` on, in their order.

    Of the days before only what was last seen of each video is held, so a day costs as much however
    many there are.

    Args:
        read: gives `lens/video_metrics` of a day, `READ_COLUMNS`.
        start: the first day to answer for.
    """
    first = start - dt.timedelta(days=lens_rules.CHANNEL_SEEN_DAYS - 1)
    earlier, *others = days_between(first, start)
    seen = _of_channels(read(earlier))
    for day in others:
        seen = keep_latest(seen, read(day), day)

    def next_day(day: dt.date) -> pl.DataFrame:
        nonlocal seen
        seen = keep_latest(seen, read(day), day)
        return find_channel_outliers(seen, day)

    return next_day


def keep_latest(seen: pl.DataFrame, metrics: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """What was last seen of each video as far as is looked back, one day later.

    Args:
        seen: what was last seen before that day.
        metrics: `lens/video_metrics` of the day.
        day: the day.
    """
    new = _of_channels(metrics)
    since = day - dt.timedelta(days=lens_rules.CHANNEL_SEEN_DAYS)
    old = seen.filter(pl.col("ingest_date") > since).join(new, "video_id", "anti")
    return pl.concat([old, new])


def find_channel_outliers(seen: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The rows of `lens/channel_outliers` of a day but for its date.

    Args:
        seen: what was last seen of each video, the day's own among it.
        day: the day.
    """
    channels = _last_videos(seen).group_by("author_id").agg(*_usual())
    views, rate = pl.col("view_count"), pl.col("views_per_hour")
    mean, mean_rate, median = map(
        pl.col, ("channel_mean_views", "channel_mean_views_per_hour", "channel_median_views")
    )
    ratio = lens_rules.CHANNEL_RATIO
    return (
        seen.filter(pl.col("ingest_date") == day)
        .join(channels, "author_id")
        .filter(mean > 0)
        .with_columns(
            (views / mean).alias("mean_ratio"),
            pl.when(mean_rate > 0).then(rate / mean_rate).alias("mean_views_per_hour_ratio"),
            pl.when(median > 0).then(views / median).alias("median_ratio"),
        )
        .with_columns(
            (
                (pl.col("mean_ratio") > ratio)
                | (pl.col("mean_views_per_hour_ratio") > ratio).fill_null(False)
            ).alias("is_above_mean"),
            (pl.col("median_ratio") > ratio).alias("is_above_median"),
        )
        .filter(pl.col("is_above_mean") | pl.col("is_above_median").fill_null(False))
    )


def _of_channels(metrics: pl.DataFrame) -> pl.DataFrame:
    return metrics.filter(pl.col("author_id").is_not_null(), is_out_with_views())


def _last_videos(seen: pl.DataFrame) -> pl.DataFrame:
    """The channel's last videos by launch."""
    order = seen.sort("launched_at", "video_id", descending=[True, False], nulls_last=True)
    place = pl.int_range(pl.len()).over("author_id")
    return order.filter(place < lens_rules.CHANNEL_VIDEOS)


def _usual() -> list[pl.Expr]:
    views = pl.col("view_count")
    mature = views.filter(pl.col("age_hours") >= 24 * lens_rules.MATURE_DAYS)
    has_median = mature.len() >= lens_rules.MATURE_LEAST_COUNT
    return [
        pl.len().cast(pl.Int64).alias("channel_video_count"),
        views.mean().alias("channel_mean_views"),
        pl.col("views_per_hour").clip(lower_bound=0).mean().alias("channel_mean_views_per_hour"),
        mature.len().cast(pl.Int64).alias("mature_video_count"),
        pl.when(has_median).then(mature.median()).alias("channel_median_views"),
    ]
