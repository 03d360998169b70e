"""The rows that the viewer keeps for releases say the same as all rows."""

from __future__ import annotations

import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.queries.releases import keep_first_weeks, look_back
from app.snapshot import Snapshot
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.insights.release_timing import time_by_hour, time_by_weekday
from kpop_assets.insights.releases import find_new_videos, find_releases
from kpop_assets_tests.demo import END
from kpop_assets_tests.insights.kit import SCHEMA, SEEN_AT, frame, on, video


def kept(rows: pl.DataFrame) -> pl.DataFrame:
    return keep_first_weeks(rows.lazy()).collect(engine="streaming")


def told_differently(rows: pl.DataFrame) -> list[str]:
    """What says something else about the rows that are kept than about all."""
    few = kept(rows)
    return [
        find.__name__
        for find in (find_new_videos, find_releases)
        if not find(few).equals(find(rows))
    ]


# Each sight: artist and time of publishing may differ from the sight before, as bronze allows.
sights = st.tuples(
    st.sampled_from(["IVE", "BTS", OTHER]),
    st.sampled_from([None, 1.0, 47.9, 48.0, 49.0, 24.0 * 9, 24.0 * 300]),
    st.integers(-5, 60),
)
lives = st.lists(st.dictionaries(st.integers(0, 40), sights, min_size=1, max_size=6), max_size=25)


@given(lives)
@hypothesis_settings(max_examples=80, deadline=None)
def test_whatever_happens_to_a_video_the_kept_rows_say_the_same(drawn):
    rows = [
        {
            "ingest_date": on(number),
            "video_id": f"v{n:02}",
            "artist": artist,
            "observed_at": dt.datetime.combine(on(number), SEEN_AT),
            "published_at": None
            if hours is None
            else dt.datetime.combine(on(number), SEEN_AT) - dt.timedelta(hours=hours),
            "views_gained": views,
        }
        for n, life in enumerate(drawn)
        for number, (artist, hours, views) in life.items()
    ]
    assert told_differently(pl.DataFrame(rows, schema=SCHEMA)) == []


def test_rows_that_cannot_matter_are_left_out():
    rows = frame(
        video("new", "IVE", dict.fromkeys(range(30), 1)),
        video("old", "IVE", dict.fromkeys(range(30), 1), hours_old=24 * 90),
        video("none", OTHER, dict.fromkeys(range(30), 1)),
    )
    days = kept(rows).group_by("video_id").len()
    # The first 7 days of what was new, and the last day of all.
    assert dict(days.iter_rows()) == {"new": 8, "old": 1, "none": 1}


def test_an_old_last_day_and_an_old_first_track_are_known():
    rows = frame(
        video("mv", "IVE", {0: 5}),
        video("stood", OTHER, {2: 0}, hours_old=None),
        video("came", "BTS", {3: 0}, hours_old=None),
        video("old", "BTS", {6: 9}, hours_old=24 * 90),
    )
    complete = dict(find_new_videos(kept(rows)).select("video_id", "is_complete").iter_rows())
    assert complete == {"mv": True, "came": False}


def test_a_lake(full: Snapshot):
    rows = full.read(VIDEO_DAILY)
    assert told_differently(rows) == []
    found = look_back(full, END)
    new_videos = find_new_videos(rows)
    assert found.releases.equals(find_releases(rows))
    assert found.by_weekday.equals(time_by_weekday(new_videos))
    assert found.by_hour.equals(time_by_hour(new_videos))
    assert found.new_video_count == found.timed_count == new_videos.height > 100


def test_days_after_the_chosen_one_are_not_known(full: Snapshot):
    day = END - dt.timedelta(days=20)
    rows = full.read(VIDEO_DAILY, where=pl.col("ingest_date") <= day)
    assert look_back(full, day).releases.equals(find_releases(rows))
