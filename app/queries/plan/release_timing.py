"""When videos of one kind did well, what is around a planned day, and what came out lately.

Belongs here: first weeks by kind and slot, rows that name a release or tell who leads. Does not
belong here: what a release is (releases.py), or how slots are compared (insights/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from app.notices import PageEnd
from app.queries.releases import read_first_weeks
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import VIDEOS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import VIDEO_FIRSTS
from kpop_assets.days import day_end
from kpop_assets.insights.release_timing import (
    KINDS,
    select_timed,
    time_by_hour,
    time_by_weekday,
)

LATELY_DAYS = 30


@dataclass(frozen=True)
class Times:
    """How videos of one kind did by slot.

    Attributes:
        video_count: how many there are.
        by_weekday: what `time_by_weekday` returns.
        by_hour: what `time_by_hour` returns.
    """

    video_count: int
    by_weekday: pl.DataFrame
    by_hour: pl.DataFrame


@reads(VIDEO_FIRSTS)
def time_kinds(snapshot: Snapshot, day: dt.date) -> dict[str, Times]:
    """How videos did by kind, in the order of `KINDS`, as the data up to `day` knows them.

    Raises:
        PageEnd: there is no video that can be compared, and why.
    """
    firsts = read_first_weeks(snapshot, day)
    if firsts.is_empty():
        raise PageEnd("release_timing.no_new_videos", day=day.isoformat())
    if firsts.get_column("launched_at").count() == 0:
        raise PageEnd("release_timing.no_hours")
    parts = {kind: select_timed(firsts).filter(pl.col("video_kind") == kind) for kind in KINDS}
    found = {
        kind: Times(videos.height, time_by_weekday(videos), time_by_hour(videos))
        for kind, videos in parts.items()
        if videos.height
    }
    if not found:
        raise PageEnd("release_timing.no_own_channel")
    return found


@reads(ARTIST_FEATURES)
def list_standing(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """What `competition` asks of the features of one ranked day."""
    columns = ["ingest_date", "artist", "tier", "rank"]
    return snapshot.read(ARTIST_FEATURES, day, day_end(day), columns)


@reads(VIDEOS)
def list_release_titles(
    snapshot: Snapshot, video_ids: tuple[str, ...], day: dt.date
) -> pl.DataFrame:
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
