"""New videos on the day that completes their first week: which, when, and with what views."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection
from typing import Any

import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts import rules
from kpop_assets.silver.video_firsts import measure_firsts

DAY = dt.date(2026, 3, 1)
OTHERS = "an older video, there on every collected day"
_DAILY = (
    "ingest_date date, video_id string, artist string, observed_at timestamp, "
    "published_at timestamp, launched_at timestamp, views_gained bigint, gained_days int, "
    "video_format string, artist_evidence string"
)
DAY_SECONDS = 86_400


def on(number: int) -> dt.date:
    """The day of a number; 0 is `DAY`."""
    return DAY + dt.timedelta(days=number)


def seen(
    video_id: str,
    gains: dict[int, int],
    hours_old: float | None = 12,
    artist: str = "IVE",
    evidence: str | None = "channel_id",
) -> list[tuple[Any, ...]]:
    """A video that gained `gains` by day number, published so long before it was first seen.

    It is seen at noon in Seoul; negative hours are those until an announced one begins.
    """
    noon = [dt.datetime.combine(on(number), dt.time(3), dt.UTC) for number in gains]
    published = None if hours_old is None else noon[0] - dt.timedelta(hours=hours_old)
    spans = [None, *(later - day for day, later in itertools.pairwise(gains))]
    return [
        (at.date(), video_id, artist, at, published, None, views, days, "video", evidence)
        for at, views, days in zip(noon, gains.values(), spans, strict=True)
    ]


def firsts(
    spark: SparkSession,
    *videos: list[tuple[Any, ...]],
    start: int = 0,
    days: Collection[int] = range(40),
    read_from: int = 0,
) -> list[dict[str, Any]]:
    """Rows of `silver/video_firsts` from day number `start` on, first sights as bronze has them."""
    rows = [row for rows in videos for row in rows]
    rows += seen("old", dict.fromkeys(days, 1), hours_old=9000, artist="OTHER")
    rows = [row for row in rows if on(read_from) <= row[0] <= on(max(days))]
    daily = spark.createDataFrame(rows, _DAILY)
    known: dict[str, dt.date] = {}
    new = []
    for row in sorted(rows):
        before = known.get(row[1])
        if before is None or (row[0] - before).days > rules.NEW_VIDEO_LOOK_BACK_DAYS:
            new.append((row[0], row[1], "IVE 'HEYA' MV"))
        known[row[1]] = row[0]
    titles = spark.createDataFrame(new, "ingest_date date, video_id string, text string")
    found = measure_firsts(daily, titles, on(start)).orderBy("ingest_date", "video_id").collect()
    return [row.asDict() for row in found]


@pytest.mark.both_engines
def test_the_views_of_a_new_video_are_those_of_168_hours_after_its_launch(spark: SparkSession):
    """Launched at midnight of day 3: seven days later half of what came until noon of day 10."""
    (row,) = firsts(spark, seen("new", {3: 5, 4: 10, 9: 100, 10: 1000, 11: 10_000}))
    assert (row["ingest_date"], row["first_seen_date"]) == (on(10), on(3))
    assert row["views_first_7d"] == 5 + 10 + 100 + 500
    assert row["launched_at"] == dt.datetime.combine(on(2), dt.time(15))
    assert (row["video_kind"], row["is_own_channel"], row["artist"]) == ("music_video", True, "IVE")


@pytest.mark.both_engines
def test_of_a_gain_that_took_days_the_part_before_the_end_counts(spark: SparkSession):
    """Noon of day 8 to noon of day 11 brought 300, and 1.5 of these 3 days lie before the end."""
    days = [d for d in range(40) if d not in (9, 10)]
    (row,) = firsts(spark, seen("new", {3: 5, 4: 10, 8: 20, 11: 300}), days=days)
    assert (row["ingest_date"], row["views_first_7d"]) == (on(11), 35 + 150)
    (track,) = firsts(spark, seen("t", {3: 5, 8: 20, 11: 300}, hours_old=None), days=days)
    assert (track["ingest_date"], track["views_first_7d"]) == (on(11), 25 + 100)


def test_a_video_that_nobody_saw_again_within_a_week_after_has_no_row(spark: SparkSession):
    assert firsts(spark, seen("gone", {3: 5, 4: 10, 9: 7})) == []
    assert firsts(spark, seen("late", {3: 5, 17: 10})) == []
    assert len(firsts(spark, seen("back", {3: 5, 16: 10}))) == 1


def test_a_track_off_the_chart_gains_nothing(spark: SparkSession):
    (row,) = firsts(spark, seen("off", {3: 5, 4: 10, 11: 90}, hours_old=None))
    assert (row["ingest_date"], row["views_first_7d"]) == (on(9), 15)
    last = 3 + rules.FIRST_WEEK_WITHIN_DAYS
    track = seen("off", {3: 5}, hours_old=None)
    assert firsts(spark, track, days=[*range(8), last + 1]) == []
    assert len(firsts(spark, track, days=[*range(8), last])) == 1


@pytest.mark.both_engines
@pytest.mark.parametrize("ahead", [1, 6, rules.ANNOUNCED_DAYS])
def test_an_announced_premiere_begins_with_its_launch(spark: SparkSession, ahead: int):
    """Announced at noon so many days before the midnight at which it begins; 100 views a day."""
    launch = 2 + ahead
    waiting = dict.fromkeys((2, launch - 1), 0)
    watched = {launch: 50, **dict.fromkeys(range(launch + 1, launch + 12), 100)}
    video = seen("premiere", {**waiting, **watched}, hours_old=12 - 24 * ahead)
    (row,) = firsts(spark, video, start=launch + 7, days=range(50))
    assert (row["ingest_date"], row["first_seen_date"]) == (on(launch + 7), on(launch))
    assert row["views_first_7d"] == 700


def test_a_counter_that_is_not_believed_is_no_end(spark: SparkSession):
    video = seen("new", {3: 5, 9: 100, 10: 0, 11: 900})
    held = [(*row[:7], None, *row[8:]) if row[0] == on(10) else row for row in video]
    taken = [(*row[:7], 2, *row[8:]) if row[0] == on(11) else row for row in held]
    (row,) = firsts(spark, taken)
    assert (row["ingest_date"], row["views_first_7d"]) == (on(11), 105 + 225)


def at_rounds(published: dt.datetime, hours: tuple[float, ...]) -> list[tuple[Any, ...]]:
    """A video of the simulated growth, last seen each day at the last of the hours in Seoul."""

    def views(at: dt.datetime) -> int:
        days = (at - published).total_seconds() / DAY_SECONDS
        return round(1e6 * ((1 + days / 1.5) ** 0.35 - 1) / 0.35)

    times = [
        dt.datetime.combine(on(number), dt.time(), dt.UTC) + dt.timedelta(hours=hour - 9)
        for number, hour in zip(range(3, 16), itertools.cycle(hours), strict=False)
    ]
    times = [at for at in times if at > published]
    name, rows, before = published.isoformat(), [], 0
    for number, at in enumerate(times):
        gained, before = views(at) - before, views(at)
        days = 1 if number else None
        # In Seoul, nine hours on, the same day: rounds are at 09:00 and 15:00.
        row = (at.date(), name, "IVE", at, published, None, gained, days, "video", "channel_id")
        rows.append(row)
    return rows


@pytest.mark.parametrize("rounds", [(15.0,), (9.0, 15.0), (15.0, 9.0, 9.0)])
def test_the_hour_of_the_launch_does_not_change_what_a_curve_gives(
    spark: SparkSession, rounds: tuple[float, ...]
):
    """By whole days a video of 14:00 had a round more than one of 16:00: a sixth of its views."""
    hours = [dt.datetime(2026, 3, 3, 15, tzinfo=dt.UTC) + dt.timedelta(hours=h) for h in range(24)]
    found = firsts(spark, *(at_rounds(published, rounds) for published in hours))
    exact = 1e6 * ((1 + 7 / 1.5) ** 0.35 - 1) / 0.35
    assert len(found) == 24
    errors = [row["views_first_7d"] / exact - 1 for row in found]
    assert max(map(abs, errors)) < 0.002


def test_an_old_video_and_one_of_nobody_are_not_new(spark: SparkSession):
    young, old = 24 * rules.FIRST_SEEN_DAYS, 24 * rules.FIRST_SEEN_DAYS + 1
    week = dict.fromkeys(range(3, 15), 5)
    found = firsts(
        spark,
        seen("young", week, hours_old=young),
        seen("old one", week, hours_old=old),
        seen("nobody's", week, artist="OTHER"),
    )
    assert [row["video_id"] for row in found] == ["young"]


def test_a_track_of_a_chart_stands_there_as_often_as_it_comes_back(spark: SparkSession):
    """Whoever reads takes its earliest row; that of a chart's first day says that it may be old."""
    track = seen("track", {0: 0, 1: 10, 20: 30, 21: 40}, hours_old=None, evidence="label")
    first, again = firsts(spark, track)
    assert (first["first_seen_date"], first["views_first_7d"]) == (on(0), 10)
    assert (again["first_seen_date"], again["views_first_7d"]) == (on(20), 70)
    assert first["launched_at"] is None and first["is_own_channel"] is False


def test_a_video_of_before_evidence_is_on_no_known_channel(spark: SparkSession):
    (row,) = firsts(spark, seen("new", {3: 5, 11: 5}, evidence=None))
    assert row["is_own_channel"] is None


@pytest.mark.parametrize("day", [70, 73, 86])
def test_a_day_alone_gives_what_it_gives_within_a_range(spark: SparkSession, day: int):
    videos = [
        seen("new", {63: 5, 64: 10, 70: 4}),
        seen("next", {66: 7, 67: 1, 73: 4, 74: 3}),
        seen("track", {60: 0, 80: 30}, hours_old=None),
        seen("premiere", {48: 0, 67: 7, 73: 9, 80: 5}, hours_old=12 - 18 * 24),
    ]
    every = firsts(spark, *videos, days=range(100))
    whole = [row for row in every if row["ingest_date"] == on(day)]
    alone = firsts(
        spark,
        *videos,
        start=day,
        days=range(day + 1),
        read_from=day - rules.FIRST_WEEK_LOOK_BACK_DAYS,
    )
    assert alone == whole and whole
