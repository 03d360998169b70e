"""Around a planned day, and the releases found lately.

Belongs here: rows that name a release or tell who leads. Does not belong here: what a release is
and how weekdays did (releases.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import VIDEOS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.days import day_end

LATELY_DAYS = 30


@reads(ARTIST_FEATURES)
def list_standing(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """What `competition` asks of the features of one ranked day."""
    columns = ["ingest_date", "artist", "tier", "rank"]
    return snapshot.read(ARTIST_FEATURES, day, day_end(day), columns)


@reads(VIDEOS)
def list_titles(snapshot: Snapshot, video_ids: tuple[str, ...], day: dt.date) -> pl.DataFrame:
    """top_video_id and top_video_title: titles of videos new in the days that end on `day`."""
    start = day_end(day) - dt.timedelta(days=LATELY_DAYS)
    columns = ["video_id", "ingest_date", "text"]
    among = pl.col("video_id").is_in(video_ids)
    seen = snapshot.read(VIDEOS, start, day_end(day), columns, among)
    return (
        seen.sort("video_id", "ingest_date")
        .group_by(pl.col("video_id").alias("top_video_id"), maintain_order=True)
        .agg(pl.col("text").last().alias("top_video_title"))
    )


def take_latest(releases: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The releases of the `LATELY_DAYS` days that end on `day`, the newest and biggest first."""
    start = day_end(day) - dt.timedelta(days=LATELY_DAYS)
    return releases.filter(pl.col("release_date") >= start).sort(
        "release_date", "views_first_7d", "artist", descending=[True, True, False]
    )
