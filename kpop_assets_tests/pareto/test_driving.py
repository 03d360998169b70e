"""The video behind an artist's week: literal cases, and a plain second implementation."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.days import day_start_ms
from kpop_assets.pareto.driving import driving_videos
from kpop_assets_tests.graph.kit import DAY, frame

pytestmark = pytest.mark.both_engines
Gain = tuple[int, str, str, int]
Event = tuple[int, str, int, str]
Found = dict[tuple[int, str], tuple[str, str | None, int]]


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def moment(number: int, hour: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(day_start_ms(day(number)) / 1000 + hour * 3600, dt.UTC)


def _unwritten(gains: list[Gain], events: list[Event]) -> list[Event]:
    """An observation of each gain for which none is written, under the title before it."""
    written = {(d, v) for d, v, _, _ in events}
    added = []
    for d, _, v, _ in gains:
        titles = sorted(
            (e for e in events if e[1] == v), key=lambda e: (e[0] > d, abs(e[0] - d), e[2])
        )
        if (d, v) not in written:
            added.append((d, v, 0, titles[0][3] if titles else "untitled"))
    return added


def found(
    spark: SparkSession, gains: list[Gain], events: list[Event], start: int, last: int
) -> Found:
    """Id, title and gain by day number and artist, of the days from `start` to `last`.

    Gains are (day, artist, video, engagement); events (day, video, hour, title).
    """
    events = [*events, *_unwritten(gains, events)]
    last_hour = {(d, v): h for d, v, h, _ in sorted(events, key=lambda event: event[2])}
    daily = [
        {
            "ingest_date": day(d),
            "artist": a,
            "video_id": v,
            "engagement": g,
            "observed_at": moment(d, last_hour[d, v]),
        }
        for d, a, v, g in gains
    ]
    seen = [
        {"ingest_date": day(d), "video_id": v, "observed_at": moment(d, h), "text": t}
        for d, v, h, t in events
    ]
    rows = driving_videos(
        frame(spark, VIDEO_DAILY, *daily), frame(spark, EVENTS, *seen), day(start)
    ).collect()
    by_key = {((r["ingest_date"] - DAY).days, r["artist"]): r for r in rows}
    assert len(by_key) == len(rows), "two rows of one artist and day"
    assert all(number >= start for number, _ in by_key)
    return {
        key: (r["driving_video_id"], r["driving_video_title"], r["driving_video_gain"])
        for key, r in by_key.items()
        if key[0] <= last
    }


def test_columns_and_types_are_those_of_the_contract(spark: SparkSession):
    gains = frame(spark, VIDEO_DAILY, {"ingest_date": DAY})
    rows = driving_videos(gains, frame(spark, EVENTS, {"ingest_date": DAY}), DAY)
    assert [(f.name, f.dataType.simpleString()) for f in rows.schema] == [
        ("ingest_date", "date"),
        ("artist", "string"),
        ("driving_video_id", "string"),
        ("driving_video_title", "string"),
        ("driving_video_gain", "bigint"),
    ]


def test_the_video_with_the_largest_sum_of_the_week(spark: SparkSession):
    gains = [
        (-2, "IVE", "steady", 40), (-1, "IVE", "steady", 40), (0, "IVE", "steady", 40),
        (0, "IVE", "spike", 100), (0, "BTS", "other", 5),
    ]  # fmt: skip
    events = [(0, "steady", 1, "Steady"), (0, "spike", 1, "Spike"), (0, "other", 1, "Other")]
    assert found(spark, gains, events, 0, 0) == {
        (0, "IVE"): ("steady", "Steady", 120),
        (0, "BTS"): ("other", "Other", 5),
    }


def test_equal_gains_go_to_the_id_that_sorts_first(spark: SparkSession):
    gains = [(0, "IVE", "b", 7), (0, "IVE", "a", 7), (0, "IVE", "B", 7)]
    assert found(spark, gains, [(0, "B", 1, "t")], 0, 0) == {(0, "IVE"): ("B", "t", 7)}


def test_a_week_is_seven_days_and_not_eight(spark: SparkSession):
    gains = [(-6, "IVE", "old", 100), (0, "IVE", "new", 1), (1, "IVE", "new", 1)]
    events = [(-6, "old", 1, "Old"), (1, "new", 1, "New")]
    assert found(spark, gains, events, 0, 1) == {
        (0, "IVE"): ("old", "Old", 100),
        (1, "IVE"): ("new", "New", 2),
    }


def test_a_day_without_a_video_has_the_weeks_before_it(spark: SparkSession):
    gains = [(-3, "IVE", "a", 10)]
    assert found(spark, gains, [(-3, "a", 1, "A")], 0, 9) == {
        (n, "IVE"): ("a", "A", 10) for n in range(4)
    }


def test_losses_are_summed_too(spark: SparkSession):
    gains = [(0, "IVE", "loser", -5), (0, "IVE", "less", -1)]
    assert found(spark, gains, [(0, "less", 1, "Less")], 0, 0)[0, "IVE"] == ("less", "Less", -1)


def test_the_title_is_the_newest(spark: SparkSession):
    gains = [(0, "IVE", "a", 1)]
    events = [(-1, "a", 23, "Older"), (0, "a", 5, "Newest"), (0, "a", 2, "Z older")]
    assert found(spark, gains, events, 0, 0)[0, "IVE"] == ("a", "Newest", 1)


def test_a_days_title_does_not_come_from_the_day_after(spark: SparkSession):
    gains = [(0, "IVE", "a", 1), (1, "IVE", "a", 1)]
    events = [(0, "a", 5, "Then"), (1, "a", 5, "Renamed")]
    alone = found(spark, gains[:1], events[:1], 0, 0)
    assert found(spark, gains, events, 0, 1)[0, "IVE"] == alone[0, "IVE"]


def test_any_week_equals_a_plain_second_implementation(spark: SparkSession):
    rng = random.Random(3)
    videos = [(a, f"{a}{i}") for a in ("BTS", "IU", "IVE") for i in range(4)]
    gains = [
        (d, a, v, rng.randint(-3, 6))
        for d in range(-6, 12) for a, v in videos
        if rng.random() < 0.35 and d != 4
    ]  # fmt: skip
    # Title of a video by its newest event; one title a video keeps the oracle to single days.
    events = [(d, v, rng.randint(0, 20), f"title of {v}") for d, _, v, _ in gains]
    assert found(spark, gains, events, 0, 11) == reference(gains, range(12))


def reference(gains: list[Gain], days: range) -> Found:
    """One artist and day at a time."""
    result: Found = {}
    for number in days:
        sums: dict[Any, dict[str, int]] = {}
        for d, artist, video, gain in gains:
            if number - 6 <= d <= number:
                of_artist = sums.setdefault(artist, {})
                of_artist[video] = of_artist.get(video, 0) + gain
        for artist, of_artist in sums.items():
            best = min(of_artist, key=lambda video: (-of_artist[video], video))
            result[number, artist] = (best, f"title of {best}", of_artist[best])
    return result
