"""One artist: its days, features, videos and forecast.

Belongs here: what the artist page reads. Does not belong here: several artists side by side
(compare.py) or the ranking of a day (ranking.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.queries.videos import find_titles
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end

GAINS = ("views_gained", "likes_gained", "comments_gained", "engagement")
VIDEO_DAYS = dt.timedelta(days=28)
MOST_VIDEOS = 50


@reads(ARTIST_FEATURES)
def list_artists(snapshot: Snapshot, day: dt.date) -> tuple[str, ...]:
    """Artists that a day ranks, by rank."""
    rows = snapshot.read(ARTIST_FEATURES, day, day_end(day), ["artist", "rank"])
    return tuple(rows.sort("rank", "artist").get_column("artist"))


@reads(ARTIST_FEATURES)
def read_features(snapshot: Snapshot, artist: str, start: dt.date, day: dt.date) -> pl.DataFrame:
    """Rows of `gold/artist_features` of an artist from `start` to `day`, oldest first."""
    return snapshot.read(
        ARTIST_FEATURES, start, day_end(day), where=pl.col("artist") == artist
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
    of_artist = pl.col("artist") == artist
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
    rows = snapshot.read(VIDEO_DAILY, start, end, columns, pl.col("artist") == artist)
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


@reads(NEXT_VIRAL)
def read_forecast(snapshot: Snapshot, artist: str, day: dt.date) -> pl.DataFrame:
    """The newest row of `pareto/next_viral` of an artist up to a day; none where it has none."""
    days = [d for d in snapshot.rows_by_day(NEXT_VIRAL) if d <= day]
    if not days:
        return pl.DataFrame(schema=dict.fromkeys(NEXT_VIRAL.column_names, pl.Null))
    of_artist = pl.col("artist") == artist
    return snapshot.read(NEXT_VIRAL, days[-1], day_end(days[-1]), where=of_artist)
