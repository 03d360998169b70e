"""New videos and releases of a day and before.

Belongs here: first weeks as gold has them, those that are not complete yet, and the releases among
them. Does not belong here: what a new video or a release is (insights/releases.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import VIDEO_DAILY, VIDEO_FIRSTS
from kpop_assets.days import day_end
from kpop_assets.insights.releases import find_new_videos, group_releases

FIRSTS = (
    *("video_id", "artist", "first_seen_date", "launched_at", "video_kind", "is_own_channel"),
    "views_first_7d",
)
# What `find_new_videos` asks of `silver/video_daily`.
DAILY = (
    *("ingest_date", "artist", "video_id", "observed_at", "published_at", "launched_at"),
    *("views_gained", "gained_days"),
)
# Before that no first days are open; what is new on the days before those read is not told by them.
YOUNG = dt.timedelta(days=rules.FIRST_WEEK_WITHIN_DAYS + rules.FIRST_SEEN_DAYS + 2)
FIRST_SEEN = dt.timedelta(days=rules.FIRST_SEEN_DAYS + 1)


@reads(VIDEO_FIRSTS)
def read_first_weeks(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """The new videos whose first days were complete on a day: the columns `FIRSTS`.

    A track that came back to a chart is new once; what stood there when the chart began is not new.
    """
    return _drop_old(_first_sights(snapshot, day))


@reads(VIDEO_FIRSTS, VIDEO_DAILY)
def list_releases(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """What `find_releases` returns, as the data up to and including `day` knows them."""
    columns = ["artist", "video_id", "first_seen_date", "launched_at", "views_first_7d"]
    sights = _first_sights(snapshot, day)
    complete = _drop_old(sights).select(*columns, is_complete=True)
    # What is older is complete, or was not new when it was first seen.
    came = pl.coalesce("launched_at", "published_at").dt.date()
    is_young = came.is_null() | (came >= day - YOUNG - FIRST_SEEN)
    lately = snapshot.read(VIDEO_DAILY, day_end(day) - YOUNG, day_end(day), DAILY, is_young)
    young = find_new_videos(lately.with_columns(snapshot.present_name()))
    still_open = pl.col("first_seen_date") >= day - dt.timedelta(days=rules.FIRST_WEEK_WITHIN_DAYS)
    fresh = young.filter(still_open).join(sights, on="video_id", how="anti")
    videos = pl.concat([complete, fresh.select(complete.columns)], how="vertical_relaxed")
    return group_releases(videos.sort("artist", "first_seen_date", "video_id"))


def _drop_old(sights: pl.DataFrame) -> pl.DataFrame:
    """Without what stood on a chart when it began."""
    began = pl.col("first_seen_date").filter(pl.col("launched_at").is_null()).min()
    is_new = pl.col("launched_at").is_not_null() | (pl.col("first_seen_date") > began)
    return sights.filter(is_new)


def _first_sights(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Each video of `silver/video_firsts` once, as it was seen for the first time."""
    rows = snapshot.read(VIDEO_FIRSTS, None, day_end(day), FIRSTS)
    first = rows.sort("video_id", "first_seen_date").unique("video_id", keep="first")
    return first.with_columns(snapshot.present_name())
