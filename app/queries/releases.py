"""New videos and releases, found without all of silver's rows in memory.

Belongs here: which rows of `silver/video_daily` can matter to `insights/releases.py`, and the
small answers that pages keep of it. Does not belong here: what a new video or a release is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.release_timing import time_by_hour, time_by_weekday
from kpop_assets.insights.releases import NEW_VIDEO_AGE, find_new_videos, group_releases

COLUMNS = ("ingest_date", "artist", "video_id", "observed_at", "published_at", "views_gained")

# Videos are read in so many parts: 5 M rows then take 110 MB instead of 250, and a second more.
PARTS = 4


@dataclass(frozen=True)
class LookBack:
    """What all days up to one say about releases.

    Attributes:
        releases: what `find_releases` returns.
        by_weekday: what `time_by_weekday` returns.
        by_hour: what `time_by_hour` returns.
        new_video_count: new videos that these are of.
        timed_count: those among them whose time of publishing is known.
    """

    releases: pl.DataFrame
    by_weekday: pl.DataFrame
    by_hour: pl.DataFrame
    new_video_count: int
    timed_count: int


@reads(VIDEO_DAILY)
def look_back(snapshot: Snapshot, day: dt.date) -> LookBack:
    """Releases and times of new videos, as the data up to and including `day` knows them."""
    videos = _find_new_videos(snapshot, day)
    return LookBack(
        releases=group_releases(videos),
        by_weekday=time_by_weekday(videos),
        by_hour=time_by_hour(videos),
        new_video_count=videos.height,
        timed_count=videos.get_column("published_at").count(),
    )


def _find_new_videos(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """`find_new_videos` of all days up to `day`, a part of the videos at a time.

    Each video is judged by its own rows, and by the first and last day of the data: these are
    read with every part.
    """
    end = day_end(day)
    edges = snapshot.read(VIDEO_DAILY, None, end, COLUMNS, then=_find_edges)
    dates = [date for date in edges.row(0) if date is not None]
    part = pl.col("video_id").hash(seed=0) % PARTS
    found = []
    for number in range(PARTS):
        where = (part == number) | pl.col("ingest_date").is_in(dates)
        rows = snapshot.read(VIDEO_DAILY, None, end, COLUMNS, where, then=keep_first_weeks)
        found.append(find_new_videos(rows).filter(part == number))
    return pl.concat(found).sort("artist", "first_seen_date", "video_id")


def _find_edges(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The last day, and the first day of a source without time of publishing."""
    day = pl.col("ingest_date")
    return rows.select(
        day.max().alias("last_date"),
        day.filter(pl.col("published_at").is_null()).min().alias("chart_start_date"),
    )


def keep_first_weeks(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows from which `find_new_videos` and `find_releases` say the same as from all.

    They ask for the last day of the data, the first day of a source without time of publishing,
    the first row of each video, and the first 7 days of the new ones. A video none of whose rows
    could be a new one's first is not new, whatever becomes of its rows; so only the others' first
    7 days are kept, and everything of the two days.
    """
    no_time = pl.col("published_at").is_null()
    is_young = pl.col("observed_at") - pl.col("published_at") <= NEW_VIDEO_AGE
    may_be_new = (pl.col("artist") != OTHER) & (no_time | is_young)
    videos = (
        rows.group_by("video_id")
        .agg(
            pl.col("ingest_date").min().alias("first_seen_date"),
            may_be_new.any().alias("may_be_new"),
            pl.col("ingest_date").max().alias("last_date"),
            pl.col("ingest_date").filter(no_time).min().alias("chart_start_date"),
        )
        .with_columns(pl.col("last_date").max(), pl.col("chart_start_date").min())
    )
    is_early = pl.col("ingest_date") < pl.col("first_seen_date") + pl.duration(
        days=rules.FIRST_VIEWS_DAYS
    )
    return (
        rows.join(videos, on="video_id")
        .filter(
            (pl.col("may_be_new") & is_early)
            | (pl.col("ingest_date") == pl.col("last_date"))
            | (pl.col("ingest_date") == pl.col("chart_start_date"))
        )
        .select(COLUMNS)
    )
