"""Videos of artists: which one drove a week, and how each went.

Belongs here: questions about single videos; without `silver/video_daily` no video is known, without
`bronze/events` no title. Does not belong here: releases (queries/releases.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty

WINDOW = dt.timedelta(days=rules.DRIVING_DAYS)


@reads(VIDEO_DAILY, EVENTS)
def find_driving_videos(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """The video of each artist that gained most engagement in the 7 days that end on a day.

    Returns:
        artist, driving_video_title (its last title of those days), driving_video_id,
        driving_video_gain (points). An artist whose videos gained nothing has no row.
    """
    start, end = day_end(day) - WINDOW, day_end(day)
    columns = ["artist", "video_id", "engagement"]
    gains = read_video_days(snapshot, start, end, columns, pl.col("artist") != OTHER)
    best = (
        gains.group_by("artist", "video_id")
        .agg(pl.col("engagement").sum())
        .filter(pl.col("engagement") > 0)
        .sort("artist", "engagement", "video_id", descending=[False, True, False])
        .group_by("artist", maintain_order=True)
        .first()
        .rename({"video_id": "driving_video_id", "engagement": "driving_video_gain"})
    )
    titles = find_titles(snapshot, best.get_column("driving_video_id"), start, end)
    named = titles.rename({"video_id": "driving_video_id", "text": "driving_video_title"})
    columns = ["artist", "driving_video_title", "driving_video_id", "driving_video_gain"]
    return best.join(named, on="driving_video_id", how="left").select(columns)


@reads(VIDEO_DAILY, EVENTS)
def find_fading_videos(snapshot: Snapshot, day: dt.date, artists: tuple[str, ...]) -> pl.DataFrame:
    """The video of each artist whose engagement fell most, against the 7 days before.

    Returns:
        artist, fading_video_title (its last title of the 14 days), fading_video_id,
        fading_video_loss (points, above 0). An artist whose videos all gained has no row.
    """
    start, end = day_end(day) - 2 * WINDOW, day_end(day)
    columns = ["ingest_date", "artist", "video_id", "engagement"]
    gains = read_video_days(snapshot, start, end, columns, pl.col("artist").is_in(artists))
    is_before = pl.col("ingest_date") < end - WINDOW
    loss = pl.when(is_before).then("engagement").otherwise(-pl.col("engagement")).sum()
    worst = (
        gains.group_by("artist", "video_id")
        .agg(loss.alias("fading_video_loss"))
        .filter(pl.col("fading_video_loss") > 0)
        .sort("artist", "fading_video_loss", "video_id", descending=[False, True, False])
        .group_by("artist", maintain_order=True)
        .first()
        .rename({"video_id": "fading_video_id"})
    )
    titles = find_titles(snapshot, worst.get_column("fading_video_id"), start, end)
    named = titles.rename({"video_id": "fading_video_id", "text": "fading_video_title"})
    columns = ["artist", "fading_video_title", "fading_video_id", "fading_video_loss"]
    return worst.join(named, on="fading_video_id", how="left").select(columns)


def read_video_days(
    snapshot: Snapshot, start: dt.date | None, end: dt.date, columns: list[str], where: pl.Expr
) -> pl.DataFrame:
    """Rows of `silver/video_daily`; none where there is no such table."""
    if snapshot.version(VIDEO_DAILY) is None:
        return empty(VIDEO_DAILY).select(columns)
    return snapshot.read(VIDEO_DAILY, start, end, columns, where)


def find_titles(
    snapshot: Snapshot, video_ids: pl.Series, start: dt.date, end: dt.date
) -> pl.DataFrame:
    """video_id and text: the last title of each video within the days [start, end)."""
    columns = ["video_id", "observed_at", "text"]
    among = pl.col("video_id").is_in(video_ids.implode())
    if snapshot.version(EVENTS) is None or video_ids.is_empty():
        return empty(EVENTS).select("video_id", "text")
    seen = snapshot.read(EVENTS, start, end, columns, among)
    return (
        seen.sort("video_id", "observed_at")
        .group_by("video_id", maintain_order=True)
        .agg(pl.col("text").last())
    )
