"""The lists of a day: what each takes, its order and length, against plain Python."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.lens_videos import VIDEO_LISTS
from kpop_assets.lens.lists import METRIC_COLUMNS, list_videos

NOON = dt.datetime(2025, 11, 8, 3, tzinfo=dt.UTC)
_SCHEMA = {
    "video_id": pl.String,
    "artist": pl.String,
    "launched_at": pl.Datetime("us", "UTC"),
    "observed_at": pl.Datetime("us", "UTC"),
    "age_hours": pl.Float64,
    "view_count": pl.Int64,
    "views_per_hour": pl.Float64,
    "views_per_hour_basis": pl.String,
    "pair_hours": pl.Float64,
    "gain_24h": pl.Float64,
    "engagement_rate_pct": pl.Float64,
    "score": pl.Float64,
}
Video = dict[str, Any]
LISTS = {
    "overall": (50, "score"),
    "trending": (20, "views_per_hour"),
    "viral": (20, "gain_24h"),
    "underrated": (20, "engagement_rate_pct"),
    "fresh": (20, "score"),
    "steady": (20, "score"),
}


def video(name: str, views: int = 1000, age_hours: float | None = 1000, **more: Any) -> Video:
    launched = None if age_hours is None else NOON - dt.timedelta(hours=age_hours)
    given_ = {"score": 1.0, "artist": "BTS", "views_per_hour_basis": "pair", **more}
    times = {"launched_at": launched, "observed_at": NOON, "age_hours": age_hours}
    return {"video_id": name, "view_count": views, **times, **given_}


def lists(videos: list[Video]) -> list[dict[str, Any]]:
    rows = pl.DataFrame(videos, schema=_SCHEMA)
    found = list_videos(rows.select(METRIC_COLUMNS), rows.select("video_id", "score"))
    assert set(found.columns) == set(VIDEO_LISTS.column_names) - {"ingest_date"}
    return found.to_dicts()


def names(videos: list[Video], name: str, scope: str = "everything") -> list[str]:
    return [r["video_id"] for r in lists(videos) if (r["list"], r["scope"]) == (name, scope)]


def takes(one: Video, name: str) -> bool:
    """What the text of each list says, in plain Python."""
    rate, gain, age = one["views_per_hour"], one["gain_24h"], one["age_hours"]
    if name == "trending":
        is_of_now = one["views_per_hour_basis"] == "pair" or (age is not None and age < 48)
        return rate is not None and rate > 1e4 and is_of_now
    if name == "viral":
        return gain is not None and gain > 1e5
    if name == "underrated":
        engagement = one["engagement_rate_pct"]
        return engagement is not None and engagement > 5 and 1000 <= one["view_count"] < 1e5
    if name == "fresh":
        return age is not None and 0 <= age <= 24
    if name == "steady":
        if None in (rate, one["pair_hours"], age) or age <= 0 or not one["view_count"]:
            return False
        mean = one["view_count"] / age
        return 0.8 * mean <= rate <= 1.2 * mean and age >= 3 * one["pair_hours"]
    return True


whole = st.builds(
    video,
    st.just(""),
    st.integers(0, 200_000),
    st.none() | st.integers(-5, 300).map(float),
    score=st.integers(0, 100).map(float),
    artist=st.sampled_from(["BTS", "OTHER"]),
    views_per_hour=st.none() | st.integers(-100, 20_000).map(float),
    views_per_hour_basis=st.sampled_from(["pair", "lifetime"]),
    pair_hours=st.none() | st.integers(2, 48).map(float),
    gain_24h=st.none() | st.integers(-100, 200_000).map(float),
    engagement_rate_pct=st.none() | st.integers(0, 20).map(float),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(whole, min_size=1, max_size=40))
def test_each_list_takes_what_its_name_says_in_its_order(videos: list[Video]):
    videos = [{**one, "video_id": f"{i:03}"} for i, one in enumerate(videos)]
    newest = max(one["observed_at"] for one in videos)
    assert newest == NOON
    found = lists(videos)
    for name, (length, value) in LISTS.items():
        for scope in ("acts", "everything"):
            mine = [r for r in videos if scope == "everything" or r["artist"] != "OTHER"]
            mine = [r for r in mine if takes(r, name)]
            mine.sort(key=lambda r: (-r[value], -r["view_count"], r["video_id"]))
            rows = [r for r in found if (r["list"], r["scope"]) == (name, scope)]
            expected = [(i, r["video_id"], r[value]) for i, r in enumerate(mine[:length], 1)]
            assert [(r["rank"], r["video_id"], r["value"]) for r in rows] == expected


def test_lists_are_as_long_as_is_said():
    assert {name: length for name, (length, _) in LISTS.items()} == lens_rules.LIST_LENGTHS
    many = [video(f"{i:03}", score=float(i)) for i in range(70)]
    assert names(many, "overall") == [f"{i:03}" for i in range(69, 19, -1)]


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("trending", {"views_per_hour": 10_000.5}, {"views_per_hour": 10_000.0}),
        (
            "trending",
            {"views_per_hour": 2e4, "views_per_hour_basis": "lifetime", "age_hours": 47.9},
            {"views_per_hour": 2e4, "views_per_hour_basis": "lifetime", "age_hours": 48.0},
        ),
        (
            "underrated",
            {"engagement_rate_pct": 40.0, "views": 1000},
            {"engagement_rate_pct": 40.0, "views": 999},
        ),
        ("viral", {"gain_24h": 100_001.0}, {"gain_24h": 100_000.0}),
        ("underrated", {"engagement_rate_pct": 5.1}, {"engagement_rate_pct": 5.0}),
        ("fresh", {"age_hours": 24.0}, {"age_hours": 24.1}),
        ("fresh", {"age_hours": 0.0}, {"age_hours": -0.1}),
        ("fresh", {"age_hours": 1.0}, {"age_hours": None}),
    ],
)
def test_what_lies_at_the_edge(name: str, inside: dict[str, Any], outside: dict[str, Any]):
    assert names([video("in", **inside), video("out", **outside)], name) == ["in"]


def test_a_young_video_or_one_without_a_rate_of_its_own_is_not_steady():
    rate = {"views_per_hour": 10.0}
    old = video("old", 1000, 100.0, pair_hours=24.0, **rate)
    young = video("young", 300, 30.0, pair_hours=24.0, **rate)
    alone = video("alone", 1000, 100.0, pair_hours=None, **rate)
    assert names([old, young, alone], "steady") == ["old"]


def test_ties_go_by_views_and_then_by_id():
    videos = [video("c", 5), video("b", 9), video("a", 5)]
    assert names(videos, "overall") == ["b", "a", "c"]


def test_a_day_without_videos_has_no_list():
    assert lists([]) == []
