"""One artist: its days, features, videos and forecast.

Belongs here: what the artist page reads. Does not belong here: several artists side by side
(compare.py) or the ranking of a day (ranking.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app.notices import PageEnd
from app.queries.gaps import list_seen_days
from app.queries.videos import find_titles
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.fresh_days import first_day_read, spread_gains
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
    """What an artist gained a day on each day from `start`, or the lake's first, to `day`.

    Returns:
        ingest_date and `GAINS`, oldest first; null on days that say nothing new.
    """
    days = list_seen_days(snapshot, day)
    since = first_day_read(days, start)
    columns = ["ingest_date", "event_count", *GAINS]
    rows = snapshot.read(ARTIST_DAILY, since, day_end(day), columns, snapshot.is_artist(artist))
    first = max(start, days.item(0, "ingest_date") if days.height else start)
    return spread_gains(rows, days, (first, day_end(day)), GAINS)


@reads(ARTIST_DAILY, VIDEO_DAILY, EVENTS)
def read_videos(snapshot: Snapshot, artist: str, day: dt.date) -> pl.DataFrame:
    """Videos of an artist seen in the 28 days that end on a day, by what they gained.

    Returns:
        video_id, text (last title), published_at, view_count (last), gained_28d (views),
        video_daily (views gained a day on each of those days; null where the day says nothing new
        or the video was not seen); the `MOST_VIDEOS` that gained most.
    """
    start, end = day_end(day) - VIDEO_DAYS, day_end(day)
    columns = ["video_id", "ingest_date", "published_at", "view_count", "views_gained"]
    rows = snapshot.read(VIDEO_DAILY, start, end, columns, snapshot.is_artist(artist))
    most = (
        rows.sort("video_id", "ingest_date")
        .group_by("video_id", maintain_order=True)
        .agg(
            pl.col("published_at", "view_count").drop_nulls().last(),
            pl.col("views_gained").sum().alias("gained_28d"),
        )
        .sort("gained_28d", "video_id", descending=[True, False])
        .head(MOST_VIDEOS)
    )
    seen = rows.join(most, on="video_id", how="semi").select(*columns[:2], "views_gained")
    titles = find_titles(snapshot, most.get_column("video_id"), start, end)
    return (
        most.join(_video_days(snapshot, seen, day), on="video_id", how="left")
        .join(titles, on="video_id", how="left")
        .sort("gained_28d", "video_id", descending=[True, False])
    )


def _video_days(snapshot: Snapshot, seen: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """video_id and video_daily: what each gained a day, on each of the `VIDEO_DAYS`."""
    span = (day_end(day) - VIDEO_DAYS, day_end(day))
    shown = spread_gains(seen, list_seen_days(snapshot, day), span, ["views_gained"])
    sights = seen.select("video_id", "ingest_date", is_seen=True)
    return (
        shown.join(sights, on=["video_id", "ingest_date"], how="left", maintain_order="left")
        .group_by("video_id", maintain_order=True)
        .agg(pl.when("is_seen").then("views_gained").alias("video_daily"))
    )


def draw_videos(videos: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """text, video_id, ingest_date, views_gained: a row for each day of each of `read_videos`."""
    # Versions of one video share a title; each has a line of its own.
    repeats = pl.col("text").is_duplicated() | pl.col("text").is_null()
    named = pl.when(repeats).then(pl.format("{} ({})", "text", "video_id")).otherwise("text")
    dates = pl.date_range(day_end(day) - VIDEO_DAYS, day, eager=True).to_list()
    return videos.select(
        pl.coalesce(named, "video_id").alias("text"),
        "video_id",
        pl.Series("ingest_date", [dates] * videos.height, pl.List(pl.Date)),
        pl.col("video_daily").alias("views_gained"),
    ).explode("ingest_date", "views_gained")


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
