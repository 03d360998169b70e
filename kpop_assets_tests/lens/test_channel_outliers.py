"""Which videos stand out in their channel, and that days run singly or together say the same."""

from __future__ import annotations

import datetime as dt
import statistics
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts.lens_outliers import CHANNEL_OUTLIERS
from kpop_assets.lens.channel_outliers import READ_COLUMNS, find_channel_outliers, walk_channels

DAY = dt.date(2025, 11, 8)
_SCHEMA = {
    "ingest_date": pl.Date,
    "video_id": pl.String,
    "artist": pl.String,
    "author_id": pl.String,
    "launched_at": pl.Datetime("us", "UTC"),
    "age_hours": pl.Float64,
    "view_count": pl.Int64,
    "views_per_hour": pl.Float64,
}
Row = dict[str, Any]


def video(name: str, views: int | None, age_days: float = 100, day: int = 0, **more: Any) -> Row:
    """A video seen on DAY or so many days before, so old on DAY."""
    noon = dt.datetime(2025, 11, 8, 3, tzinfo=dt.UTC)
    return {
        "ingest_date": DAY - dt.timedelta(days=day),
        "video_id": name,
        "artist": "BTS",
        "author_id": "c",
        "launched_at": noon - dt.timedelta(days=age_days),
        "age_hours": 24.0 * (age_days - day),
        "view_count": views,
        **more,
    }


def frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_SCHEMA)


def find(rows: list[Row], day: dt.date = DAY) -> dict[str, Row]:
    """The day's rows by video, the days before it walked."""
    seen = frame(rows)
    found = walk_channels(lambda one: seen.filter(pl.col("ingest_date") == one), day)(day)
    missing = {*CHANNEL_OUTLIERS.column_names} - {"ingest_date", *found.columns}
    assert found.is_empty() or not missing
    return {row["video_id"]: row for row in found.to_dicts()}


def test_a_video_above_three_times_the_mean_of_its_channel_stands_out():
    found = find([video("hit", 400), *(video(f"{i}", 10) for i in range(4))])
    assert list(found) == ["hit"]
    hit = found["hit"]
    assert (hit["channel_video_count"], hit["channel_mean_views"]) == (5, 88)
    assert (hit["mean_ratio"], hit["is_above_mean"]) == (400 / 88, True)
    assert (hit["channel_median_views"], hit["is_above_median"]) == (None, None)


def test_eight_mature_videos_have_a_median_and_young_ones_are_held_against_it():
    old = [video(f"{i}", 90 + 2 * i, age_days=30 + i) for i in range(9)]
    found = find([*old, video("young", 299, age_days=2)])
    # No 3.4 times the mean, and 3.05 times the median.
    assert found["young"]["mature_video_count"] == 9
    assert found["young"]["channel_median_views"] == statistics.median(range(90, 108, 2))
    assert (found["young"]["is_above_mean"], found["young"]["is_above_median"]) == (False, True)
    assert find([*old[:7], video("young", 299, age_days=2)]) == {}


def test_a_rate_above_three_times_the_mean_stands_out_too():
    calm = [video(f"{i}", 100, views_per_hour=1.0) for i in range(4)]
    found = find([*calm, video("fast", 100, views_per_hour=46.0)])
    assert list(found) == ["fast"]
    assert found["fast"]["mean_views_per_hour_ratio"] == pytest.approx(4.6)


def test_a_channel_is_known_by_its_videos_of_four_weeks_as_last_seen():
    rows = [video(f"{i}", 100, day=27) for i in range(4)]
    assert find([*rows, video("hit", 9000)])["hit"]["channel_video_count"] == 5
    # A day further back they are forgotten; one of another channel never counted.
    far = [{**row, "ingest_date": DAY - dt.timedelta(days=28)} for row in rows]
    assert find([*far, video("hit", 9000), video("x", 1, author_id="d")]) == {}
    again = [*rows, video("0", 700, day=3), video("hit", 9000)]
    assert find(again)["hit"]["channel_mean_views"] == (700 + 300 + 9000) / 5


def test_only_the_last_fifty_videos_of_a_channel_count():
    rows = [video(f"{i:02}", 10**6 if i >= 50 else 10, age_days=1 + i) for i in range(60)]
    assert (
        find([*rows, video("hit", 40, age_days=0.5)])["hit"]["channel_mean_views"]
        == (49 * 10 + 40) / 50
    )


def test_what_has_no_channel_or_no_views_is_left_out():
    rows = [video("a", 1), video("b", 1), video("c", 1), video("d", 1), video("hit", 10**6)]
    assert list(find(rows)) == ["hit"]
    assert find([{**row, "author_id": None} for row in rows]) == {}
    assert find([{**row, "view_count": None} for row in rows]) == {}


def test_a_rate_below_zero_makes_no_other_stand_out():
    rates = {"a": 1.0, "b": 1.0, "c": 2.0, "corrected": -3.9}
    rows = [video(name, 100, views_per_hour=rate) for name, rate in rates.items()]
    # The plain mean is 0.025, and 2 is eighty times that.
    assert find(rows) == {}
    assert (
        find([video("fell", 100, views_per_hour=-9.0), video("x", 100, views_per_hour=10.0)]) == {}
    )


def test_what_is_still_to_come_is_no_video_of_its_channel():
    calm = [video(f"{i}", 10) for i in range(4)]
    found = find([video("hit", 400), *calm, video("waiting", 0, age_days=-1)])
    assert found["hit"]["channel_video_count"] == 5


seen_rows = st.builds(
    video,
    st.sampled_from(list("abcdef")),
    st.integers(0, 1000),
    st.integers(20, 60).map(float),
    st.integers(0, 34),
    views_per_hour=st.none() | st.integers(-50, 100).map(float),
    author_id=st.sampled_from("cd"),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(seen_rows, max_size=40, unique_by=lambda r: (r["video_id"], r["ingest_date"])))
def test_days_say_the_same_alone_and_one_after_the_other(rows: list[Row]):
    seen = frame(rows)
    days = [DAY - dt.timedelta(days=back) for back in (3, 2, 1, 0)]
    walked = walk_channels(lambda one: seen.filter(pl.col("ingest_date") == one), days[0])
    together = {day: {row["video_id"]: row for row in walked(day).to_dicts()} for day in days}
    assert together == {day: find(rows, day) for day in days}


@settings(max_examples=40, deadline=None)
@given(st.lists(seen_rows, max_size=40, unique_by=lambda r: r["video_id"]))
def test_the_mean_is_that_of_plain_python(rows: list[Row]):
    rows = [{**row, "ingest_date": DAY} for row in rows]
    for row in find_channel_outliers(frame(rows), DAY).to_dicts():
        views = [r["view_count"] for r in rows if r["author_id"] == row["author_id"]]
        assert row["mean_ratio"] * statistics.mean(views) == pytest.approx(row["view_count"])
        # Of three videos none is above three times the mean.
        assert row["channel_video_count"] > 3


def test_the_columns_that_are_read_are_all_that_is_needed():
    assert set(READ_COLUMNS) == set(_SCHEMA)
