"""Paces: hand-computed cases, and a plain second implementation on a random panel of videos."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts import rules
from kpop_assets.models.paces import measure_paces, new_videos, since_new

DAY = dt.date(2025, 6, 1)
Key = tuple[str, int]
Paces = dict[Key, dict[str, Any]]


@dataclass(frozen=True)
class Seen:
    """One row of `silver/video_daily`; `is_known` is False where the day gained no views."""

    day: int
    artist: str
    video: str
    points: int
    is_known: bool = True
    has_views: bool = True


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def videos(spark: SparkSession, rows: list[Seen], first: int = -(10**4)) -> DataFrame:
    """`silver/video_daily` from day number `first` on, with the columns that paces need."""
    cells = [
        (on(r.day), r.video, r.artist, r.points, int(r.is_known), views, None)
        for r in rows
        for views in [1000 if r.has_views else None]
        if r.day >= first
    ]
    return spark.createDataFrame(
        cells,
        "ingest_date date, video_id string, artist string, engagement bigint, "
        "views_gained bigint, view_count bigint, gained_days int",
    )


def measured(spark: SparkSession, rows: list[Seen], start: int) -> Paces:
    """Paces from day number `start` on, by artist and day number."""
    read = videos(spark, rows, start - rules.PACES_LOOK_BACK_DAYS)
    new = new_videos(read, on(start))
    ages = since_new(new, on(start))
    found = measure_paces(read, new, on(start)).join(ages, ["ingest_date", "artist"], "left")
    found = found.collect()
    return {(r["artist"], (r["ingest_date"] - DAY).days): r.asDict() for r in found}


def steady(days: range, points: int = 100, artist: str = "IVE", video: str = "i") -> list[Seen]:
    return [Seen(d, artist, video, points) for d in days]


def column(paces: Paces, artist: str, name: str) -> dict[int, Any]:
    return {d: row[name] for (a, d), row in paces.items() if a == artist}


@pytest.mark.both_engines
def test_a_repeated_page_changes_nothing_and_the_jump_after_it_is_two_days(spark):
    """Day 4 repeats day 3; IU's video is seen on it alone."""
    rows = steady(range(4))
    rows += [Seen(4, "IVE", "i", 1, False), Seen(4, "IU", "u", 1, False)]
    rows += [Seen(5, "IVE", "i", 240), Seen(6, "IVE", "i", 90)]
    paces = measured(spark, rows, 0)
    assert column(paces, "IVE", "pace_1d") == {
        0: 100,
        1: 100,
        2: 100,
        3: 100,
        4: 100,
        5: 120,
        6: 90,
    }
    assert column(paces, "IVE", "pace_3d") == pytest.approx(
        {0: 100, 1: 100, 2: 100, 3: 100, 4: 100, 5: 320 / 3, 6: 310 / 3}
    )
    assert column(paces, "IU", "pace_1d") == {}


def test_a_gain_is_divided_by_the_days_since_the_video_was_seen_on_a_fresh_day(spark):
    rows = [*steady(range(40), 1000), Seen(0, "IU", "u", 10), Seen(4, "IU", "u", 200)]
    # 30 days later it is still the same rise; BTS's, a day more, begins anew.
    rows += [Seen(34, "IU", "u", 300), Seen(3, "BTS", "b", 10), Seen(34, "BTS", "b", 310)]
    paces = measured(spark, rows, 0)
    assert paces["IU", 4]["pace_1d"] == 50
    assert paces["IU", 34]["pace_1d"] == 10
    assert paces["BTS", 34]["pace_1d"] == 310


def test_a_first_sight_without_a_gain_gets_the_slow_end_of_its_day(spark):
    rows = [Seen(0, "IVE", "a", 10), Seen(0, "IVE", "b", 30), Seen(0, "OTHER", "c", 30)]
    rows += [Seen(0, "IU", "u", 1, is_known=False), Seen(0, "BTS", "t", 1, False, has_views=False)]
    paces = measured(spark, rows, 0)
    # Known are 1 (BTS has no counters), 10, 30, 30: the 5th percentile is 1 + 0.15 · 9.
    assert paces["IU", 0]["pace_1d"] == round(2.35)
    assert paces["BTS", 0]["pace_1d"] == 1
    assert paces["IVE", 0]["pace_1d"] == 40
    assert paces["IVE", 0]["top_margin"] == pytest.approx(math.log(31 / 3.35))
    assert paces["IU", 0]["top_margin"] == pytest.approx(math.log(3 / 3.35))
    assert ("OTHER", 0) not in paces


def test_a_video_is_young_for_seven_days_and_new_again_after_thirty_unseen(spark):
    rows = steady(range(75))
    rows += [Seen(d, "IVE", "n", 50) for d in (10, 13, 16, 17)]
    rows += [Seen(d, "IU", "u", 20) for d in (0, 30, 61)]
    paces = measured(spark, rows, 0)
    young = column(paces, "IVE", "new_rate")
    assert {d: rate for d, rate in young.items() if rate} == dict.fromkeys(range(7), 100) | {
        10: 50,  # A day's gain, then three days' in one: 50 / 3.
        13: 17,
        16: 17,
    }
    since = column(paces, "IVE", "days_since_new")
    assert [since[d] for d in (0, 9, 10, 69, 70)] == [0, 9, 0, 59, None]
    assert [paces["IU", d]["days_since_new"] for d in (0, 30, 39, 61)] == [0, 30, 39, 0]
    assert [paces["IU", d]["new_rate"] for d in (0, 30, 61)] == [20, 0, 20]


def test_means_are_over_the_days_there_are_and_absence_counts_as_zero(spark):
    rows = [*steady(range(12), 1000), Seen(0, "IU", "u", 70), Seen(1, "IU", "u", 140)]
    paces = measured(spark, rows, 0)
    assert column(paces, "IU", "pace_1d") == {0: 70, 1: 140} | dict.fromkeys(range(2, 12), 0)
    assert [paces["IU", d]["pace_3d"] for d in (0, 1, 2, 3)] == pytest.approx(
        [70, 105, 70, 140 / 3]
    )
    assert [paces["IU", d]["pace_7d"] for d in (1, 6, 7)] == [105, 30, 20]
    assert [paces["IU", d]["presence_7"] for d in (1, 6, 7)] == pytest.approx([1, 2 / 7, 1 / 7])
    # Fresh days 0 and 1 lie 7 to 9 back on days 7 to 10; day 11 has forgotten both.
    assert [paces["IU", d]["pace_3d_week_ago"] for d in (6, 7, 8, 10)] == pytest.approx(
        [0, 70 / 3, 70, 140 / 3]
    )
    assert [paces["IU", d]["video_count"] for d in (1, 2)] == [1, 0]
    assert [paces["IU", d]["pace_1d"] for d in (2, 11)] == [0, 0]


def test_the_pace_of_a_month_and_those_of_a_week_ago_forget_in_their_order(spark):
    """IU's one video is seen on day 0 alone; of 28 days half are there on day 13."""
    names = ("own_fresh_count", "fresh_days_7d")
    paces = measured(spark, [*steady(range(45), 1000), Seen(0, "IU", "u", 280)], 0)
    assert [paces["IU", d]["pace_28d"] for d in (0, 13, 27, 28)] == [280, 20, 10, 0]
    assert [paces["IU", d]["pace_7d_week_ago"] for d in (6, 7, 13, 14)] == [0, 280, 40, 0]
    assert [paces["IU", d]["pace_28d_week_ago"] for d in (7, 20, 34)] == [280, 20, 10]
    counts = {d: tuple(paces["IU", d][name] for name in names) for d in (0, 13, 34)}
    assert counts == {0: (1, 1), 13: (14, 7), 34: (35, 7)}
    assert ("IU", 35) not in paces


@pytest.mark.both_engines
def test_the_month_of_a_newcomer_is_as_long_as_it_is_known(spark):
    """IU is first seen on day 40 and gone after day 41; of OLD's month nobody speaks on day 45."""
    rows = [*steady(range(60), 1000), Seen(40, "IU", "u", 280), Seen(41, "IU", "u", 140)]
    rows += [Seen(0, "OLD", "o", 90), *(Seen(d, "OLD", "o", 90) for d in range(36, 60))]
    paces = measured(spark, rows, 34)
    known = {
        d: (paces["IU", d]["own_fresh_count"], paces["IU", d]["pace_28d"]) for d in range(40, 60)
    }
    assert known[40] == (1, 280)
    assert known[41] == (2, 210)
    assert known[53] == (14, 30)
    assert known[59] == (20, 21)
    assert paces["OLD", 34]["own_fresh_count"] == 35
    assert paces["OLD", 37]["own_fresh_count"] == 2, "five weeks unseen, it begins anew"
    assert paces["OLD", 37]["pace_28d"] == 90


@pytest.mark.both_engines
def test_a_week_has_as_many_fresh_days_as_its_calendar_days_that_said_something_new(spark):
    """Days 10 and 11 are missing, day 13 repeats day 12."""
    rows = [r for r in steady(range(25)) if r.day not in (10, 11, 13)] + [
        Seen(13, "IVE", "i", 1, False)
    ]
    fresh = column(measured(spark, rows, 0), "IVE", "fresh_days_7d")
    assert {d: fresh[d] for d in (0, 5, 9, 12, 13, 15, 16, 17, 18, 19, 20)} == {
        0: 1, 5: 6, 9: 7, 12: 5, 13: 4, 15: 4, 16: 4, 17: 5, 18: 6, 19: 6, 20: 7,
    }  # fmt: skip


def panel(seed: int, day_count: int = 115) -> list[Seen]:
    """Thirty videos of six acts and OTHER; unseen days, repeated days, gaps, first sights."""
    rng = random.Random(seed)
    days = [d for d in range(day_count) if d not in (20, 71, 108, 109)]
    repeated = {30, 98, 106, 112}
    rows = []
    for number in range(30):
        artist = ("IVE", "BTS", "IU", "EXO", "TWICE", "ITZY", "OTHER")[number % 7]
        chance, size = rng.choice([0.04, 0.5, 0.95]), rng.randint(10, 10**5)
        first, last = rng.randint(-40, day_count - 3), rng.randint(60, 2 * day_count)
        seen = [d for d in days if first <= d <= last and rng.random() < chance]
        for d in seen:
            gains = d not in repeated and not (d == seen[0] and number % 3)
            rows.append(Seen(d, artist, f"v{number}", rng.randint(2, size) if gains else 1, gains))
    return rows


@pytest.mark.both_engines
def test_paces_equal_a_plain_second_implementation(spark):
    rows = panel(4)
    actual = measured(spark, rows, 100)
    expected = reference(rows, range(100, 115))
    assert actual.keys() == expected.keys()
    assert len(expected) > 60
    for key, values in expected.items():
        for name, value in values.items():
            assert actual[key][name] == pytest.approx(value), (key, name)


def reference(rows: list[Seen], days: range) -> Paces:
    """The definitions, one artist and day at a time."""
    points: dict[int, int] = {}
    for row in rows:
        points[row.day] = points.get(row.day, 0) + row.points
    seen = sorted(points)
    fresh = []
    for index, d in enumerate(seen):
        before = [points[e] for e in seen[max(0, index - 14) : index]]
        if not before or points[d] >= 0.1 * sum(before) / len(before):
            fresh.append(d)
    rates = {d: rates_of_day(rows, fresh, d) for d in fresh}
    result = {}
    for d in set(days) & set(seen):
        last = [f for f in fresh if f <= d][::-1]
        present = {row.artist for row in rows if row.day in last[:35]} - {"OTHER"}
        for artist in present:
            oldest = max(n for n, f in enumerate(last[:35]) if seen_on(rows, artist, f))
            sums = [sum(rate for a, _, rate in rates[f] if a == artist) for f in last]
            new = [
                rate
                for a, video, rate in rates[last[0]]
                if a == artist and any(0 <= last[0] - f < 7 for f in firsts(rows, video))
            ]
            births = [f for r in rows if r.artist == artist for f in firsts(rows, r.video)]
            ages = [d - f for f in births if 0 <= d - f < 60]
            result[artist, d] = {
                "pace_1d": sums[0],
                "pace_3d": sum(sums[:3]) / min(3, len(sums)),
                "pace_7d": sum(sums[:7]) / min(7, len(sums)),
                "pace_3d_week_ago": sum(sums[7:10]) / 3,
                "pace_28d": sum(sums[:28]) / min(28, oldest + 1),
                "pace_7d_week_ago": sum(sums[7:14]) / min(7, max(1, oldest - 6)),
                "pace_28d_week_ago": sum(sums[7:35]) / min(28, max(1, oldest - 6)),
                "own_fresh_count": oldest + 1,
                "fresh_days_7d": sum(d - f < 7 for f in last),
                "new_rate": sum(new),
                "video_count": sum(a == artist for a, _, _ in rates[last[0]]),
                "presence_7": sum(any(a == artist for a, _, _ in rates[f]) for f in last[:7]) / 7,
                "days_since_new": min(ages) if ages else None,
            }
    return result


def rates_of_day(rows: list[Seen], fresh: list[int], day: int) -> list[tuple[str, str, int]]:
    """Artist, video and whole points a day of each video on a fresh day."""
    known: dict[str, float] = {}
    artists = {row.video: row.artist for row in rows if row.day == day}
    for row in (r for r in rows if r.day == day and r.is_known):
        before = [r.day for r in rows if r.video == row.video and r.day in fresh and r.day < day]
        age = day - max(before) if before else 1
        known[row.video] = row.points / (age if age <= 30 else 1)
    ordered = sorted(known.values())
    place = 0.05 * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    floor = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    return [(a, v, math.floor(known.get(v, floor) + 0.5)) for v, a in artists.items()]


def seen_on(rows: list[Seen], artist: str, day: int) -> bool:
    return any(row.artist == artist and row.day == day for row in rows)


def firsts(rows: list[Seen], video: str) -> list[int]:
    """Days on which a video was seen for the first time, or after more than 30 days without."""
    days = sorted(row.day for row in rows if row.video == video)
    return [d for d, e in zip(days, [-(10**4), *days], strict=False) if d - e > 30]


@pytest.mark.parametrize("day", [103, 107, 112, 114])
def test_a_day_alone_equals_the_same_day_within_a_range(spark, day):
    """What a day needs lies within `rules.PACES_LOOK_BACK_DAYS`; day 112 repeats day 111."""
    rows = panel(5)
    # First seen, 30 days unseen and back: not new, which a shorter look-back could not tell.
    rows += [Seen(day - d, "NEWJEANS", "n", 5) for d in (59, 89)] + steady(
        range(115), 9, "NEWJEANS", "o"
    )
    whole = {key: row for key, row in measured(spark, rows, 90).items() if key[1] == day}
    alone = {key: row for key, row in measured(spark, rows, day).items() if key[1] == day}
    assert alone == whole
    assert whole["NEWJEANS", day]["days_since_new"] is None
    assert len(whole) > 4


def test_a_day_whose_slow_end_lost_a_point_is_described(spark):
    """A source without view counters, whose comments fell."""
    rows = [Seen(0, artist, artist, -1, False, has_views=False) for artist in ("IVE", "BTS")]
    assert measured(spark, rows, 0)["IVE", 0]["pace_1d"] == 0


def test_a_day_alone_equals_a_range_after_a_long_outage(spark):
    rows = steady(range(10), 70) + steady(range(95, 97), 140)
    assert measured(spark, rows, 96)["IVE", 96] == measured(spark, rows, 90)["IVE", 96]
