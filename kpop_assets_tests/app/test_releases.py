"""Releases from gold and the last days say the same as all rows of silver."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from app.notices import PageEnd
from app.queries.releases import list_releases, read_first_weeks
from app.snapshot import Snapshot
from kpop_assets.contracts.silver import VIDEO_DAILY, VIDEO_FIRSTS
from kpop_assets.insights.releases import find_new_videos, find_releases
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from kpop_assets_tests.demo import END

NOON = dt.time(3, tzinfo=dt.UTC)


def first(video_id: str, ago: int, launched: bool = True, **more: object) -> dict[str, object]:
    """A row of `silver/video_firsts` of a video first seen so long before `DAY`."""
    seen = days_ago(ago)
    at = dt.datetime.combine(seen, NOON) if launched else None
    row = {"ingest_date": seen + dt.timedelta(days=6), "video_id": video_id, "artist": "IVE"}
    return {**row, "first_seen_date": seen, "launched_at": at, "views_first_7d": 100, **more}


def test_a_track_that_came_back_is_new_once_and_one_that_stood_there_is_not(tmp_path: Path):
    lake = write_rows(
        tmp_path,
        VIDEO_FIRSTS,
        [
            first("stood", 60, launched=False),
            first("came", 50, launched=False),
            first("came", 20, launched=False, views_first_7d=7),
            first("stood", 20, launched=False),
            first("a video", 60),
        ],
    )
    found = read_first_weeks(lake, DAY).sort("video_id")
    assert found.select("video_id", "views_first_7d").rows() == [("a video", 100), ("came", 100)]


def test_a_lake(full: Snapshot):
    rows = full.read(VIDEO_DAILY)
    assert list_releases(full, END).equals(find_releases(rows))
    complete = find_new_videos(rows).filter("is_complete")
    firsts = read_first_weeks(full, END)
    shared = ["video_id", "artist", "first_seen_date", "launched_at", "views_first_7d"]
    assert firsts.select(shared).sort("video_id").equals(complete.select(shared).sort("video_id"))
    assert complete.height > 100


@pytest.mark.parametrize("ago", [1, 8, 20])
def test_days_after_the_chosen_one_are_not_known(full: Snapshot, ago: int):
    day = END - dt.timedelta(days=ago)
    rows = full.read(VIDEO_DAILY, where=pl.col("ingest_date") <= day)
    assert list_releases(full, day).equals(find_releases(rows))


def test_a_home_of_before_the_table_says_what_to_run(one_day_home: Path, tmp_path: Path):
    lake = write_rows(tmp_path, VIDEO_DAILY, [{"ingest_date": DAY, "video_id": "a"}])
    with pytest.raises(PageEnd) as notice:
        list_releases(lake, DAY)
    assert notice.value.values["table"] == VIDEO_FIRSTS.path
