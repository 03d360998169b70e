"""What is measured of a video on a day, by literal observations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_videos import VIDEO_METRICS
from kpop_assets.lens.video_metrics import age_band, measure_metrics

DAY = dt.date(2025, 11, 8)
# Noon of the day.
NOON = dt.datetime(2025, 11, 8, 3, tzinfo=dt.UTC)
_EVENTS = {
    "ingest_date": pl.Date,
    "video_id": pl.String,
    "observed_at": pl.Datetime("us", "UTC"),
    "source": pl.String,
    "view_count": pl.Int64,
    "like_count": pl.Int64,
    "comment_count": pl.Int64,
    "author_subscriber_count": pl.Int64,
}
_DAILY = {
    "ingest_date": pl.Date,
    "video_id": pl.String,
    "artist": pl.String,
    "author_id": pl.String,
    "video_format": pl.String,
    "launched_at": pl.Datetime("us", "UTC"),
    "observed_at": pl.Datetime("us", "UTC"),
    "is_glitch": pl.Boolean,
    "gained_days": pl.Int32,
}


def seen(hours_before: float, views: int | None, video: str = "a", **more: Any) -> dict[str, Any]:
    """An observation so long before noon."""
    at = NOON - dt.timedelta(hours=hours_before)
    day = (at + dt.timedelta(hours=9)).date()
    return {
        "ingest_date": day,
        "video_id": video,
        "observed_at": at,
        "source": "collector",
        "view_count": views,
        "like_count": None,
        "comment_count": None,
        "author_subscriber_count": None,
        **more,
    }


def measure(
    events: list[dict[str, Any]], age_hours: float | None = 240, **daily: Any
) -> pl.DataFrame:
    """The day's rows of videos that are so old at noon; `daily` is said of each of their days."""
    last = {(one["video_id"], one["ingest_date"]): one["observed_at"] for one in events}
    launched = None if age_hours is None else NOON - dt.timedelta(hours=age_hours)
    days = [
        {
            "ingest_date": day,
            "video_id": video,
            "artist": "BTS",
            "video_format": "video",
            "launched_at": launched,
            "observed_at": at,
            "is_glitch": False,
            **daily,
        }
        for (video, day), at in last.items()
    ]
    frames = pl.DataFrame(events, schema=_EVENTS), pl.DataFrame(days, schema=_DAILY)
    return measure_metrics(*frames, DAY).sort("video_id")


def row(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return measure(list(events), **more).row(0, named=True)


def test_the_columns_are_the_contracts():
    names = set(VIDEO_METRICS.column_names) - {"ingest_date"}
    assert names <= set(measure([seen(0, 1)]).columns)


@pytest.mark.parametrize(
    ("hours_before", "is_pair"),
    [(1.9, False), (2, True), (25, True), (48, True), (48.1, False)],
)
def test_a_rate_is_taken_between_observations_2_to_48_hours_apart(
    hours_before: float, is_pair: bool
):
    found = row(seen(hours_before, 1000), seen(0, 3400))
    if is_pair:
        assert found["pair_hours"] == pytest.approx(hours_before)
        assert found["views_per_hour"] == pytest.approx(2400 / hours_before)
        assert found["gain_24h"] == pytest.approx(24 * 2400 / hours_before)
        assert found["views_per_hour_basis"] == "pair"
    else:
        assert found["views_per_hour"] == pytest.approx(3400 / 240)
        assert (found["views_per_hour_basis"], found["gain_24h"]) == ("lifetime", None)


def test_of_several_observations_the_nearest_that_is_far_enough_counts():
    found = row(seen(40, 0), seen(26, 100), seen(3, 700), seen(1, 990), seen(0, 1000))
    assert (found["pair_hours"], found["views_per_hour"]) == (3, 100)


@pytest.mark.parametrize(
    ("age", "hours", "rate", "gain"),
    [
        # Seen as a page that waits, then launched: the hours before are none of the rate.
        (2, 2, 500_000, 1_000_000),
        (24, 24, 1e6 / 24, 1_000_000),
        (29, 29, 1e6 / 29, 24e6 / 29),
        (30, 30, 1e6 / 30, 24e6 / 30),
        (31, 30, 1e6 / 30, 24e6 / 30),
        # Too young for a rate, and still to come.
        (0.5, None, None, None),
        (-3, None, None, None),
    ],
)
def test_hours_before_the_launch_are_none_of_a_pair(
    age: float, hours: float | None, rate: float | None, gain: float | None
):
    found = row(seen(30, 0), seen(0, 1_000_000), age_hours=age)
    assert [found[n] for n in ("pair_hours", "views_per_hour", "gain_24h")] == [
        value if value is None else pytest.approx(value) for value in (hours, rate, gain)
    ]


def test_counters_that_fell_are_a_rate_below_0():
    assert row(seen(10, 1000), seen(0, 900))["views_per_hour"] == -10


def test_an_observation_of_another_video_is_none_of_this_one():
    found = measure([seen(10, 5, "b"), seen(0, 1000), seen(0, 25, "b")])
    assert found["views_per_hour_basis"].to_list() == ["lifetime", "pair"]
    assert found["views_per_hour"].to_list()[1] == 2


@pytest.mark.parametrize("age", [None, 0.5, -30])
def test_without_a_pair_or_an_age_nothing_is_known_of_the_rate(age: float | None):
    found = row(seen(0, 1000), age_hours=age)
    assert (found["views_per_hour"], found["views_per_hour_basis"]) == (None, None)


def test_a_view_counter_that_is_not_believed_is_no_end_of_a_pair():
    today = measure([seen(24, 1000), seen(0, 10)], is_glitch=True).row(0, named=True)
    assert (today["view_count"], today["views_per_hour"], today["age_hours"]) == (None, None, 240)


def test_hidden_comments_leave_the_views_and_take_the_engagement():
    events = [seen(24, 1000), seen(0, 3400, like_count=5, comment_count=0)]
    found = measure(events, is_glitch=True, gained_days=1).row(0, named=True)
    assert (found["views_per_hour"], found["engagement_rate_pct"]) == (100, None)


@pytest.mark.parametrize(
    ("views", "likes", "comments", "rate"),
    [
        (1000, 40, 10, 5.0),
        (1000, None, 10, None),
        (1000, 40, None, None),
        (0, 0, 0, None),
        (rules.FEW_VIEWS, 0, 10, 1.0),
        # Of so many viewers one likes: the counter is hidden.
        (rules.FEW_VIEWS + 1, 0, 10, None),
        (rules.FEW_VIEWS + 1, 10, 0, None),
    ],
)
def test_engagement_is_unknown_where_a_counter_is_hidden(
    views: int, likes: int | None, comments: int | None, rate: float | None
):
    found = row(seen(0, views, like_count=likes, comment_count=comments))
    assert found["engagement_rate_pct"] == rate


@pytest.mark.parametrize(("subscribers", "ratio"), [(500, 2), (0, None), (None, None)])
def test_views_are_set_against_the_subscribers_that_were_last_seen(
    subscribers: int | None, ratio: float | None
):
    earlier = seen(30, 900, author_subscriber_count=subscribers)
    assert row(earlier, seen(0, 1000))["views_per_subscriber"] == ratio


def test_what_another_source_said_of_subscribers_is_not_taken():
    told = seen(30, 900, author_subscriber_count=500, source="youtube")
    of_own = seen(40, 800, author_subscriber_count=400)
    assert row(told, seen(0, 1000))["views_per_subscriber"] is None
    assert row(of_own, told, seen(0, 1000))["views_per_subscriber"] == 2.5


def test_far_fewer_likes_than_others_of_the_format_and_age_have_are_odd():
    likes = {"a": 100, "b": 90, "c": 110, "d": 105, "e": 95, "odd": 2, "hidden": None}
    found = measure([seen(0, 1000, video, like_count=n) for video, n in likes.items()])
    odd = {row["video_id"]: row["has_odd_likes"] for row in found.to_dicts()}
    assert odd == {**dict.fromkeys("abcde", False), "odd": True, "hidden": None}


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-2, "0-1d"),
        (0.99, "0-1d"),
        (1, "1-3d"),
        (3, "3-7d"),
        (7, "7-30d"),
        (30, "30-180d"),
        (180, "180d+"),
        (None, "unknown"),
    ],
)
def test_an_age_is_in_one_band(days: float | None, band: str):
    hours = pl.DataFrame({"h": [None if days is None else 24.0 * days]}, schema={"h": pl.Float64})
    assert hours.select(age_band(pl.col("h"))).item() == band


def test_a_day_without_videos_has_no_row():
    assert measure([]).height == 0
    assert measure([seen(24, 5)]).height == 0
