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
from kpop_assets.days import TIME_ZONE

NEW_VIDEO_AGE = dt.timedelta(days=rules.FIRST_SEEN_DAYS)
_FIRST_WEEK = dt.timedelta(days=rules.FIRST_VIEWS_DAYS)
_UTC = pl.Datetime("us", "UTC")


def find_new_videos(video_daily: pl.DataFrame) -> pl.DataFrame:
    """Videos seen for the first time when they were new, with the views of their first 7 days.

    New is a video launched at most 2 days before the last observation of its first day, or still
    to come. Where the source gives no time of publishing (charts), the first sight of a track
    counts, except on the first day of such a source: what stood there then may be old.

    Args:
        video_daily: `silver/video_daily`, all days.

    Returns:
        artist, video_id, first_seen_date (of an announced one the day of its launch), launched_at
        (UTC, null for charts), views_first_7d (as silver/video_firsts.py counts them; so far where
        it is not complete), is_complete. A video whose first days can no longer be completed is
        left out. By artist, first_seen_date and video_id; without OTHER.
    """
    at, until, gained = pl.col("at"), pl.col("until"), pl.col("views_gained")
    first = pl.col("ingest_date") == pl.col("seen_date")
    is_point = pl.col("gained_days").is_not_null() | first
    base = pl.when(is_point).then(at).cum_max().shift(1).over("video_id", order_by="ingest_date")
    rows = (
        _timed(video_daily)
        .filter(at < until + _FIRST_WEEK)
        .with_columns(pl.max_horizontal(base, "begin").alias("base"))
    )
    ends = is_point & (at >= until) & (pl.col("base") < until)
    part = (until - pl.col("base")) / (at - pl.col("base"))
    share = pl.when(at <= until).then(1.0).otherwise(pl.max_horizontal(part, pl.lit(0.0)))
    is_chart = pl.col("launched_at").is_null()
    last = pl.when(is_chart).then(pl.col("due_date")).when(ends).then(pl.col("ingest_date")).min()
    launched_at = pl.coalesce(
        pl.col("launched_at").filter(ends).max(),
        pl.col("launched_at").sort_by("ingest_date").last(),
    )
    begins = pl.col("launched_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    found = rows.group_by("video_id", "seen_date", "last_date").agg(
        pl.col("artist").filter(first).first(),
        launched_at,
        last.is_not_null().alias("is_complete"),
        (gained * share)
        .sum()
        .round(mode="half_away_from_zero")
        .cast(pl.Int64)
        .alias("views_first_7d"),
    )
    begun = found.with_columns(pl.max_horizontal("seen_date", begins).alias("first_seen_date"))
    return (
        begun.filter(pl.col("is_complete") | (pl.col("first_seen_date") >= _still_open()))
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


def _still_open() -> pl.Expr:
    """The first day of which a video may yet be completed."""
    return pl.col("last_date") - pl.duration(days=rules.FIRST_WEEK_WITHIN_DAYS)


def _timed(video_daily: pl.DataFrame) -> pl.DataFrame:
    """All rows of new videos, with the instants that silver/video_firsts.py says."""
    rows = video_daily.with_columns(pl.coalesce("launched_at", "published_at").alias("launched_at"))
    day, is_chart = pl.col("ingest_date"), pl.col("launched_at").is_null()
    age = pl.col("observed_at") - pl.col("launched_at")
    firsts = (
        rows.with_columns(
            day.max().alias("last_date"), day.filter(is_chart).min().alias("chart_start_date")
        )
        .filter(pl.col("artist") != OTHER, day == day.min().over("video_id"))
        .filter((age <= NEW_VIDEO_AGE) | (is_chart & (day > pl.col("chart_start_date"))))
        .select("video_id", day.alias("seen_date"), "last_date")
    )
    end_of_day = _utc("ingest_date") + pl.duration(days=1)
    begin = pl.when(is_chart).then(_utc("seen_date")).otherwise(_second("launched_at"))
    at = pl.when(is_chart).then(end_of_day).otherwise(_second("observed_at"))
    return (
        rows.join(firsts, on="video_id")
        .join(_due_dates(video_daily), on="seen_date", how="left")
        .filter(~is_chart | (day <= pl.col("due_date").fill_null(pl.col("last_date"))))
        .with_columns(begin.alias("begin"), at.alias("at"))
        .with_columns((pl.col("begin") + _FIRST_WEEK).alias("until"))
    )


def _due_dates(video_daily: pl.DataFrame) -> pl.DataFrame:
    """seen_date and due_date, the first collected day that lies after a track's first days."""
    days = video_daily.select("ingest_date").unique()
    age = (pl.col("ingest_date") - pl.col("seen_date")).dt.total_days()
    lies_behind = age.is_between(rules.FIRST_VIEWS_DAYS - 1, rules.FIRST_WEEK_WITHIN_DAYS)
    return (
        days.rename({"ingest_date": "seen_date"})
        .join(days, how="cross")
        .filter(lies_behind)
        .group_by("seen_date")
        .agg(pl.col("ingest_date").min().alias("due_date"))
    )


def _second(instant: str) -> pl.Expr:
    """Whole seconds, as silver counts them."""
    return pl.col(instant).cast(_UTC).dt.truncate("1s")


def _utc(date: str) -> pl.Expr:
    return pl.col(date).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


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
