"""Which videos are new on a day: the edges of the look-back, and any order of backfill."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.bronze.videos import select_new_videos
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS, VIDEOS
from kpop_assets.lake.schemas import spark_schema

DAY = dt.date(2026, 3, 2)


def date(number: int) -> dt.date:
    """The day of that number, from `DAY`."""
    return DAY + dt.timedelta(days=number)


def event(number: int, video_id: str = "v", minute: int = 0, **more: Any) -> dict[str, Any]:
    """An event of a video on a day."""
    values: dict[str, Any] = {column.name: None for column in EVENTS.columns}
    observed = dt.datetime.combine(date(number), dt.time(3, minute), tzinfo=dt.UTC)
    values |= {
        "ingest_date": date(number),
        "video_id": video_id,
        "observed_at": observed,
        "event_at": observed,
        "artist": "BTS",
        "text": f"seen at {minute}",
        "source": "test",
        "landing_file": "f.json",
        "line_number": 1,
    }
    return values | more


def frame(spark: SparkSession, events: list[dict[str, Any]]) -> DataFrame:
    """Events as `bronze/events` has them."""
    return spark.createDataFrame([tuple(e.values()) for e in events], spark_schema(EVENTS))


def new_on(
    spark: SparkSession, events: list[dict[str, Any]], start: int = 0
) -> list[tuple[int, str]]:
    """Day and id of the new videos of all days from `start` on."""
    rows = select_new_videos(frame(spark, events), date(start)).collect()
    return sorted(((row["ingest_date"] - DAY).days, row["video_id"]) for row in rows)


def new_of_days(
    spark: SparkSession, events: list[dict[str, Any]], start: int, end: int
) -> list[tuple[int, str]]:
    """The same for the days [start, end), from what the asset reads for them."""
    read = [
        e
        for e in events
        if date(start - rules.NEW_VIDEO_LOOK_BACK_DAYS) <= e["ingest_date"] < date(end)
    ]
    return new_on(spark, read, start) if read else []


@pytest.mark.both_engines
def test_a_video_seen_seven_days_ago_is_known_and_eight_days_ago_is_new_again(
    spark: SparkSession,
):
    events = [event(0, "seven"), event(7, "seven"), event(0, "eight"), event(8, "eight")]
    events += [event(3, "daily"), event(4, "daily"), event(5, "daily")]
    assert rules.NEW_VIDEO_LOOK_BACK_DAYS == 7
    assert new_on(spark, events) == [(0, "eight"), (0, "seven"), (3, "daily"), (8, "eight")]


@pytest.mark.both_engines
def test_the_first_observation_of_the_day_describes_the_video(spark: SparkSession):
    published = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    events = [
        event(0, minute=30, artist="late", author_id="c2"),
        event(0, minute=10, artist="first", author_name="n", published_at=published),
        event(0, minute=20, artist="second", author_id="c3"),
    ]
    new = select_new_videos(frame(spark, events), DAY)
    assert [(f.name, f.dataType) for f in new.schema.fields] == [
        (f.name, f.dataType) for f in spark_schema(VIDEOS).fields
    ]
    (row,) = new.collect()
    assert row.asDict() == {
        "ingest_date": DAY,
        "video_id": "v",
        "artist": "first",
        "text": "seen at 10",
        "author_id": None,
        "author_name": "n",
        "source": "test",
        "published_at": published.replace(tzinfo=None),
        "first_observed_at": dt.datetime(2026, 3, 2, 3, 10),
    }


def test_days_before_the_start_decide_and_are_not_reported(spark: SparkSession):
    events = [event(-7), event(-1, "w"), event(0), event(0, "w"), event(0, "x")]
    assert new_on(spark, events) == [(0, "x")]


def test_a_day_without_events_has_no_new_videos(spark: SparkSession):
    empty = spark.createDataFrame([], spark_schema(EVENTS))
    assert select_new_videos(empty, DAY).collect() == []


def test_single_days_in_any_order_a_range_and_plain_python_agree(spark: SparkSession):
    rng = random.Random(11)
    days = range(30)
    seen = {(rng.choice(days), f"v{rng.randint(0, 40)}") for _ in range(220)}
    events = [event(number, video_id) for number, video_id in sorted(seen)]
    expected = sorted(
        (number, video_id)
        for number, video_id in seen
        if not any((number - back, video_id) in seen for back in range(1, 8))
    )
    assert new_of_days(spark, events, 0, 30) == expected
    split = new_of_days(spark, events, 0, 11) + new_of_days(spark, events, 11, 30)
    assert sorted(split) == expected
    order = list(days)
    rng.shuffle(order)
    by_day = [new_of_days(spark, events, number, number + 1) for number in order]
    assert sorted(row for rows in by_day for row in rows) == expected
