"""When artists released something: new videos, and the releases that stand out among them.

Belongs here: what counts as a new video and as a release. Does not belong here: when it is best
to release (release_timing.py) or what follows a release (benchmark.py).

These figures look back: whether a video was big is known from all videos of the data, later ones
included. They describe the past and must not become inputs of a forecast.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules

NEW_VIDEO_AGE = dt.timedelta(days=rules.FIRST_SEEN_DAYS)


def find_new_videos(video_daily: pl.DataFrame) -> pl.DataFrame:
    """Videos seen for the first time when they were new, with the views of their first 7 days.

    New is a video published at most 2 days before the last observation of its first day. Where
    the source gives no time of publishing (charts), the first sight of a track counts, except on
    the first day of such a source: what stood there then may be old.

    Args:
        video_daily: `silver/video_daily`, all days.

    Returns:
        artist, video_id, first_seen_date, launched_at (UTC, null for charts),
        views_first_7d (views gained from first_seen_date to 6 days later, as far as the data
        goes; a chart's first day gains nothing, and neither do days off the chart), is_complete
        (the data reaches the 7th day). By artist, first_seen_date and video_id; without OTHER.
    """
    no_time = pl.col("launched_at").is_null()
    age = pl.col("observed_at") - pl.col("launched_at")
    firsts = (
        video_daily.with_columns(pl.coalesce("launched_at", "published_at").alias("launched_at"))
        .with_columns(
            pl.col("ingest_date").max().alias("last_date"),
            pl.col("ingest_date").filter(no_time).min().alias("chart_start_date"),
        )
        .filter(
            pl.col("artist") != OTHER,
            pl.col("ingest_date") == pl.col("ingest_date").min().over("video_id"),
        )
        .filter(
            (age <= NEW_VIDEO_AGE)
            | (no_time & (pl.col("ingest_date") > pl.col("chart_start_date")))
        )
    )
    seventh = pl.col("first_seen_date") + pl.duration(days=rules.FIRST_VIEWS_DAYS - 1)
    new = firsts.select(
        "artist",
        "video_id",
        pl.col("ingest_date").alias("first_seen_date"),
        "launched_at",
        "last_date",
    ).with_columns((seventh <= pl.col("last_date")).alias("is_complete"))
    views = (
        video_daily.select("video_id", "ingest_date", "views_gained")
        .join(new.select("video_id", "first_seen_date"), on="video_id")
        .filter(pl.col("ingest_date") <= seventh)
        .group_by("video_id")
        .agg(pl.col("views_gained").sum().alias("views_first_7d"))
    )
    return (
        new.join(views, on="video_id")
        .sort("artist", "first_seen_date", "video_id")
        .select(
            "artist",
            "video_id",
            "first_seen_date",
            "launched_at",
            "views_first_7d",
            "is_complete",
        )
    )


def find_releases(video_daily: pl.DataFrame) -> pl.DataFrame:
    """The releases in `silver/video_daily` (all days): `group_releases` of its new videos."""
    return group_releases(find_new_videos(video_daily))


def group_releases(new_videos: pl.DataFrame) -> pl.DataFrame:
    """The releases of each artist: its big new videos, those close together taken as one.

    A new video is big when it gained views in its first 7 days, and at least as many as the 95th
    percentile of the artist's new videos whose 7 days are complete (an observed value: the next
    one up). A younger video is big as soon as it has that many. A track of a source without time
    of publishing is always big: a chart is a selection already. Big videos first seen less than
    14 days after the artist's previous big one belong to the same release. It is dated by the
    one with most views: the first is often a teaser.

    Args:
        new_videos: what `find_new_videos` returns.

    Returns:
        artist, release_date (day on which the top video was first seen), video_count (big
        videos of the release), top_video_id (the one with most views_first_7d), views_first_7d
        (of that one). By artist and release_date.
    """
    complete_views = pl.col("views_first_7d").filter(
        pl.col("is_complete") & pl.col("launched_at").is_not_null()
    )
    threshold = complete_views.quantile(rules.BIG_VIDEO_QUANTILE, "higher").over("artist")
    is_big = (pl.col("views_first_7d") > 0) & (pl.col("views_first_7d") >= threshold)
    big = new_videos.filter(pl.col("launched_at").is_null() | is_big)
    gap = pl.col("first_seen_date").diff().over("artist")
    starts_one = gap.is_null() | (gap >= dt.timedelta(days=rules.RELEASE_GAP_DAYS))
    return (
        big.sort("artist", "first_seen_date", "video_id")
        .with_columns(starts_one.cum_sum().over("artist").alias("release_number"))
        .sort(
            *("artist", "release_number", "views_first_7d", "first_seen_date", "video_id"),
            descending=[False, False, True, False, False],
        )
        .group_by("artist", "release_number", maintain_order=True)
        .agg(
            pl.col("first_seen_date").first().alias("release_date"),
            pl.len().cast(pl.Int64).alias("video_count"),
            pl.col("video_id").first().alias("top_video_id"),
            pl.col("views_first_7d").first(),
        )
        .drop("release_number")
    )
