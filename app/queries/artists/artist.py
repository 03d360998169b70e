"""One artist: its days, features, videos and forecast.

Belongs here: what the artist page reads. Does not belong here: several artists side by side
(compare.py) or the ranking of a day (ranking.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from app.notices import PageEnd
from app.queries.videos import find_titles
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty

GAINS = ("views_gained", "likes_gained", "comments_gained", "engagement")
VIDEO_DAYS = dt.timedelta(days=28)
MOST_VIDEOS = 50


@reads(ARTIST_FEATURES)
def list_ranked(snapshot: Snapshot, day: dt.date) -> tuple[str, ...]:
    """Artists that a day ranks, by rank."""
    rows = snapshot.read(ARTIST_FEATURES, day, day_end(day), ["artist", "rank"])
    return tuple(rows.sort("rank", "artist").select(snapshot.present_name()).to_series())


@reads(ARTIST_FEATURES)
def read_features(snapshot: Snapshot, artist: str, start: dt.date, day: dt.date) -> pl.DataFrame:
    """Rows of `gold/artist_features` of an artist from `start` to `day`, oldest first."""
    return snapshot.read(
        ARTIST_FEATURES, start, day_end(day), where=snapshot.is_artist(artist)
    ).sort("ingest_date")


@reads(ARTIST_DAILY)
def read_gains(snapshot: Snapshot, artist: str, start: dt.date, day: dt.date) -> pl.DataFrame:
    """What an artist gained on each collected day from `start` to `day`.

    Returns:
        ingest_date and `GAINS`, oldest first. A collected day on which the artist was not seen
        is 0; a day that nobody collected has no row.
    """
    collected = [d for d in snapshot.rows_by_day(ARTIST_DAILY) if start <= d <= day]
    columns = ["ingest_date", *GAINS]
    of_artist = snapshot.is_artist(artist)
    rows = snapshot.read(ARTIST_DAILY, start, day_end(day), columns, of_artist)
    days = pl.DataFrame({"ingest_date": collected}, schema={"ingest_date": pl.Date})
    return days.join(rows, on="ingest_date", how="left").with_columns(pl.col(GAINS).fill_null(0))


@reads(VIDEO_DAILY, EVENTS)
def read_videos(snapshot: Snapshot, artist: str, day: dt.date) -> pl.DataFrame:
    """Videos of an artist seen in the 28 days that end on a day, by what they gained.

    Returns:
        video_id, text (last title), published_at, view_count (last), gained_28d (views),
        video_daily (views gained on each day seen), days (those days); the `MOST_VIDEOS` that
        gained most.
    """
    start, end = day_end(day) - VIDEO_DAYS, day_end(day)
    columns = ["video_id", "ingest_date", "published_at", "view_count", "views_gained"]
    rows = snapshot.read(VIDEO_DAILY, start, end, columns, snapshot.is_artist(artist))
    videos = (
        rows.sort("video_id", "ingest_date")
        .group_by("video_id", maintain_order=True)
        .agg(
            pl.col("published_at", "view_count").drop_nulls().last(),
            pl.col("views_gained").sum().alias("gained_28d"),
            pl.col("views_gained").alias("video_daily"),
            pl.col("ingest_date").alias("days"),
        )
        .sort("gained_28d", "video_id", descending=[True, False])
        .head(MOST_VIDEOS)
    )
    titles = find_titles(snapshot, videos.get_column("video_id"), start, end)
    return videos.join(titles, on="video_id", how="left").sort(
        "gained_28d", "video_id", descending=[True, False]
    )


def draw_videos(videos: pl.DataFrame) -> pl.DataFrame:
    """text, video_id, ingest_date, views_gained: a row for each day of each of `read_videos`."""
    # Versions of one video share a title; each has a line of its own.
    repeats = pl.col("text").is_duplicated() | pl.col("text").is_null()
    named = pl.when(repeats).then(pl.format("{} ({})", "text", "video_id")).otherwise("text")
    return (
        videos.with_columns(pl.coalesce(named, "video_id").alias("text"))
        .select("text", "video_id", "days", "video_daily")
        .explode("days", "video_daily")
        .rename({"days": "ingest_date", "video_daily": "views_gained"})
    )


@reads(VIDEO_DAILY)
def list_video_days(snapshot: Snapshot, day: dt.date) -> tuple[dt.date, ...]:
    """The days that `read_videos` looks at and that were collected, oldest first."""
    start = day_end(day) - VIDEO_DAYS
    return tuple(d for d in snapshot.rows_by_day(VIDEO_DAILY) if start <= d <= day)


def break_lines(
    rows: pl.DataFrame, days: Sequence[dt.date], series: str | None = None
) -> pl.DataFrame:
    """The rows with one of nulls for each of `days` without one, so that a line breaks there.

    Args:
        rows: rows with an ingest_date each, no two alike within a series.
        days: collected days; those before the first row of a series, or after its last, are left.
        series: column that tells lines apart.
    """
    by = [series] if series else []
    date = pl.col("ingest_date")
    spans = rows.group_by(by or pl.lit(0)).agg(date.min().alias("first"), date.max().alias("last"))
    calendar = pl.DataFrame({"ingest_date": days}, schema={"ingest_date": pl.Date})
    missing = (
        spans.join(calendar, how="cross")
        .filter(date.is_between("first", "last"))
        .select(*by, "ingest_date")
        .join(rows, on=[*by, "ingest_date"], how="anti")
    )
    return pl.concat([rows, missing], how="diagonal").sort(*by, "ingest_date", maintain_order=True)


@reads(NEXT_VIRAL)
def read_artist_forecast(snapshot: Snapshot, artist: str, day: dt.date) -> dict[str, Any]:
    """The row of `pareto/next_viral` of an artist on a day.

    Raises:
        PageEnd: none was made on that day.
    """
    rows = empty(NEXT_VIRAL)
    if snapshot.version(NEXT_VIRAL) is not None:
        rows = snapshot.read(NEXT_VIRAL, day, day_end(day), where=snapshot.is_artist(artist))
    if rows.is_empty():
        raise PageEnd("artist.no_forecast", artist=artist, day=day, days=CHAMPION_DAYS)
    return rows.row(0, named=True)
