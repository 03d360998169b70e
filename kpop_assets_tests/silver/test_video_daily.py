"""What a video gained on a day: previous observation, first observation, falls, hidden counters."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.silver.video_daily import measure_videos

DAY = dt.date(2025, 11, 1)


def at(day: int, hour: int = 9) -> dt.datetime:
    """Hour of a day counted from `DAY`, in Seoul, as an aware instant."""
    seoul = dt.timezone(dt.timedelta(hours=9))
    return dt.datetime.combine(DAY + dt.timedelta(days=day), dt.time(hour), tzinfo=seoul)


def event(day: int, views: int | None, hour: int = 9, **more: Any) -> dict[str, Any]:
    """An event of video `v` on a day, with its optional columns null."""
    values: dict[str, Any] = {column.name: None for column in EVENTS.columns}
    values |= {
        "ingest_date": DAY + dt.timedelta(days=day),
        "video_id": "v",
        "observed_at": at(day, hour),
        "event_at": at(0),
        "artist": "BTS",
        "text": "BTS",
        "source": "test",
        "view_count": views,
        "landing_file": "f",
        "line_number": day * 100 + hour,
    }
    return values | more


def frame(spark: SparkSession, events: list[dict[str, Any]]) -> DataFrame:
    """Events as `bronze/events` has them."""
    return spark.createDataFrame([tuple(e.values()) for e in events], spark_schema(EVENTS))


def gains(spark: SparkSession, events: list[dict[str, Any]], start: int = 0) -> dict[int, int]:
    """views_gained by day."""
    rows = measure_videos(frame(spark, events), DAY + dt.timedelta(days=start)).collect()
    return {(row["ingest_date"] - DAY).days: row["views_gained"] for row in rows}


@pytest.mark.both_engines
def test_a_gain_is_the_rise_since_the_previous_observation_and_falls_stay_negative(spark):
    seen = gains(spark, [event(0, 100), event(1, 130), event(4, 190), event(5, 170)])
    assert seen == {0: 0, 1: 30, 4: 60, 5: -20}


@pytest.mark.both_engines
def test_only_the_last_observation_of_a_day_counts(spark):
    rows = measure_videos(
        frame(spark, [event(0, 100, 9), event(0, 150, 15), event(1, 160, 9)]), DAY
    ).collect()
    assert {(r["view_count"], r["event_count"], r["views_gained"]) for r in rows} == {
        (150, 2, 0),
        (160, 1, 10),
    }


@pytest.mark.parametrize(("hours_old", "gained"), [(1, 500), (48, 500), (49, 0), (24 * 900, 0)])
def test_a_first_observation_gains_its_count_only_when_just_published(spark, hours_old, gained):
    published = at(0) - dt.timedelta(hours=hours_old)
    assert gains(spark, [event(0, 500, published_at=published)]) == {0: gained}


def test_without_a_publish_time_the_first_observation_is_the_baseline(spark):
    assert gains(spark, [event(0, 500)]) == {0: 0}


def test_a_video_unseen_for_more_than_30_days_begins_anew(spark):
    assert gains(spark, [event(0, 100), event(30, 900)]) == {0: 0, 30: 800}
    assert gains(spark, [event(0, 100), event(31, 900)]) == {0: 0, 31: 0}


def test_a_hidden_counter_gains_nothing_and_is_compared_over_the_gap(spark):
    events = [event(0, 100), event(1, None), event(2, 160)]
    assert gains(spark, events) == {0: 0, 1: 0, 2: 60}


def test_days_before_the_start_are_looked_at_but_not_reported(spark):
    assert gains(spark, [event(0, 100), event(3, 140)], start=3) == {3: 40}


def test_engagement_weighs_mentions_views_likes_and_comments(spark):
    before = event(0, 100, like_count=10, comment_count=1)
    after = event(1, 107, like_count=13, comment_count=3)
    rows = measure_videos(frame(spark, [before, after]), DAY).collect()
    points = {row["ingest_date"]: row["engagement"] for row in rows}
    assert points == {DAY: 1, DAY + dt.timedelta(days=1): 1 + 7 + 10 * 3 + 50 * 2}


def test_without_counters_engagement_is_the_number_of_events(spark):
    rows = measure_videos(frame(spark, [event(0, None, h) for h in (1, 2, 3)]), DAY).collect()
    assert [row["engagement"] for row in rows] == [3]


def test_gains_equal_a_plain_second_implementation_on_random_histories(spark):
    rng = random.Random(7)
    events = []
    for video in range(25):
        published = at(rng.randint(-5, 3)) if rng.random() < 0.7 else None
        for day in sorted(rng.sample(range(90), rng.randint(1, 20))):
            for hour in rng.sample(range(24), rng.randint(1, 2)):
                views = rng.choice([None, rng.randint(0, 10**9)])
                events.append(event(day, views, hour, video_id=f"v{video}", published_at=published))
    rows = measure_videos(frame(spark, events), DAY).collect()
    actual = {(r["video_id"], (r["ingest_date"] - DAY).days): r["views_gained"] for r in rows}
    assert actual == reference(events)


def reference(events: list[dict[str, Any]]) -> dict[tuple[str, int], int]:
    """views_gained from the definition, one observation at a time."""
    last: dict[tuple[str, int], dict[str, Any]] = {}
    for e in sorted(events, key=lambda e: e["observed_at"]):
        last[e["video_id"], (e["ingest_date"] - DAY).days] = e
    result = {}
    for (video, day), e in last.items():
        earlier = [
            last[video, d]["view_count"]
            for d in range(day - rules.COUNTERS_LOOK_BACK_DAYS, day)
            if (video, d) in last and last[video, d]["view_count"] is not None
        ]
        published = e["published_at"]
        is_young = published and e["observed_at"] - published <= dt.timedelta(days=2)
        if e["view_count"] is None:
            result[video, day] = 0
        elif earlier:
            result[video, day] = e["view_count"] - earlier[-1]
        else:
            result[video, day] = e["view_count"] if is_young else 0
    return result
