"""What a video gained on a day: previous observation, first observation, falls, hidden counters."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
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


counts = st.none() | st.sampled_from([0, 1, 40, 900, 2_000, 5_000, 9_000, 10_000, 50_000])
days_seen = st.dictionaries(st.integers(0, 70), st.tuples(counts, counts, counts), max_size=14)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    videos=st.lists(st.tuples(days_seen, st.none() | st.integers(-400, 70)), max_size=6),
    start=st.integers(0, 40),
)
def test_gains_and_held_counters_equal_a_plain_second_implementation(spark, videos, start):
    """From any day on, so that a day alone is what it is within a range."""
    check_measured(spark, videos, start)


@pytest.mark.both_engines
def test_many_histories_at_once_equal_a_plain_second_implementation(spark):
    rng = random.Random(7)
    values = [None, 0, 1, 40, 900, 2_000, 5_000, 9_000, 10_000, 50_000]

    def history() -> dict[int, tuple[int | None, ...]]:
        days = rng.sample(range(71), rng.randint(1, 30))
        return {day: tuple(rng.choice(values) for _ in range(3)) for day in days}

    videos = [(history(), rng.choice([None, rng.randint(-400, 70)])) for _ in range(80)]
    check_measured(spark, videos, 35)


def check_measured(spark: SparkSession, videos: list[Any], start: int) -> None:
    """Counters by day, and the day of publishing, of each video: the engine against `measured`."""
    events = []
    for number, (days, published) in enumerate(videos):
        for day, (views, likes, comments) in days.items():
            more = {"like_count": likes, "comment_count": comments, "video_id": f"v{number}"}
            launched = None if published is None else at(published)
            events.append(event(day, views, published_at=launched, **more))
    # As the step reads: no day before the look-back.
    first = DAY + dt.timedelta(days=start - rules.COUNTERS_LOOK_BACK_DAYS)
    read = [e for e in events if e["ingest_date"] >= first]
    rows = measure_videos(frame(spark, read), DAY + dt.timedelta(days=start)).collect()
    names = ("views_gained", "likes_gained", "comments_gained", "is_glitch", "gained_days")
    actual = {
        (r["video_id"], (r["ingest_date"] - DAY).days): tuple(r[name] for name in names)
        for r in rows
    }
    assert actual == {key: row for key, row in measured(events).items() if key[1] >= start}


def measured(events: list[dict[str, Any]]) -> dict[tuple[str, int], tuple[Any, ...]]:
    """The definition of counters.py, one video and day at a time, whatever else there is."""
    result = {}
    for e in events:
        day = (e["ingest_date"] - DAY).days
        days = {(o["ingest_date"] - DAY).days: o for o in events if o["video_id"] == e["video_id"]}
        earlier = [days[d] for d in sorted(days, reverse=True) if day - 30 <= d < day]
        found = [
            gained(e, earlier, name, weight)
            for name, weight in (("view_count", 1), ("like_count", 10), ("comment_count", 50))
        ]
        base = found[0][2]
        span = None if base is None else (e["ingest_date"] - base).days
        result[e["video_id"], day] = (*(f[0] for f in found), any(f[1] for f in found), span)
    return result


def gained(
    e: dict[str, Any], earlier: list[dict[str, Any]], name: str, weight: int
) -> tuple[int, bool, dt.date | None]:
    """Gain, whether it is held, and the day it is taken against (none of a held one)."""
    age = None if e["published_at"] is None else e["observed_at"] - e["published_at"]
    value = e[name]
    positive = [o for o in earlier if o[name]][:3]
    if value is None:
        return 0, False, None
    if not positive:
        if earlier and earlier[0][name] == 0 and is_beginning(earlier[0], name, age):
            return value, False, earlier[0]["ingest_date"]
        return (value if age is not None and age <= dt.timedelta(days=2) else 0), False, None
    if value == 0:
        return 0, True, None

    def fell(before: int, after: int) -> bool:
        return after <= before * 0.5 and (before - after) * weight >= 1000

    def level(now: dict[str, Any], before: list[dict[str, Any]]) -> dict[str, Any]:
        one, two = [*before, now, now][:2] if before else (now, now)
        if fell(two[name], one[name]) and fell(two[name], now[name]):
            return two
        return one if fell(one[name], now[name]) else now

    believed, base = level(e, positive), level(positive[0], positive[1:])
    gain = believed[name] - base[name]
    return gain, believed is not e, base["ingest_date"] if believed is e else None


def is_beginning(before: dict[str, Any], name: str, age: dt.timedelta | None) -> bool:
    """Whether a 0 of the row before is believed."""
    is_announced = age is not None and age <= dt.timedelta(days=28)
    views = before["view_count"]
    if name == "view_count":
        return is_announced
    return (views is None or views <= 1000) and (is_announced or bool(views))


# --- literal cases -------------------------------------------------------------------------------


def told(spark: SparkSession, events: list[dict[str, Any]]) -> list[tuple[int, bool]]:
    """views_gained and is_glitch, by day."""
    rows = measure_videos(frame(spark, events), DAY).collect()
    by_day = sorted(rows, key=lambda row: row["ingest_date"])
    return [(row["views_gained"], row["is_glitch"]) for row in by_day]


M = 1_000_000


@pytest.mark.both_engines
def test_dips_leave_nothing_and_a_fall_that_lasts_counts_once(spark):
    """Views in thousands, by day, a video of 400 days ago; what each day gains, and who is held."""
    cases = {
        "one day": ([100_000, 1_000, 100_100], [0, 0, 100], [1]),
        "two days": ([100_000, 1_000, 1_000, 100_100, 100_200], [0, 0, 0, 100, 100], [1, 2]),
        "two days, not the same": ([100_000, 30_000, 1_000, 100_100], [0, 0, 0, 100], [1, 2]),
        "two days, one at 0": ([100_000, 0, 1_000, 100_100], [0, 0, 0, 100], [1, 2]),
        "one day at 0": ([100_000, 0, 100_100], [0, 0, 100], [1]),
        "four days at 0": ([100_000, 0, 0, 0, 0, 100_100], [0, 0, 0, 0, 0, 100], [1, 2, 3, 4]),
        "two dips": (
            [100_000, 1_000, 100_100, 1_000, 1_000, 100_300, 100_400],
            [0, 0, 100, 0, 0, 200, 100],
            [1, 3, 4],
        ),
        "dip, then a day that is missing": ([100_000, 1_000, None, 100_200], [0, 0, 200], [1]),
        "dip of two about a missing day": (
            [100_000, 1_000, None, 1_000, 100_200],
            [0, 0, 0, 200],
            [1, 3],
        ),
        "just half": ([100_000, 50_000, 100_100], [0, 0, 100], [1]),
        "lasts": (
            [100_000, 40_000, 40_010, 40_020, 40_030, 40_040],
            [0, 0, 0, -59_980, 10, 10],
            [1, 2],
        ),
        "lasts, then back": (
            [100_000, 1_000, 1_000, 1_000, 100_100],
            [0, 0, 0, -99_000, 99_100],
            [1, 2],
        ),
        "two falls": (
            [300_000, 100_000, 100_000, 100_000, 10_000, 10_000, 10_000],
            [0, 0, 0, -200_000, 0, 0, -90_000],
            [1, 2, 4, 5],
        ),
        "corrections": ([101_000, 100_000, 60_000, 45_000], [0, -1_000, -40_000, -15_000], []),
        "first at 0": ([0, 50_000, 50_100], [0, 0, 100], []),
    }
    events = [
        event(day, count * 1000, video_id=name, published_at=at(-400))
        for name, (views, _, _) in cases.items()
        for day, count in enumerate(views)
        if count is not None
    ]
    rows = sorted(measure_videos(frame(spark, events), DAY).collect(), key=lambda row: row[0])
    for name, (_, gained, held) in cases.items():
        own = [row for row in rows if row["video_id"] == name]
        assert [row["views_gained"] for row in own] == [g * 1000 for g in gained], name
        days = [(row["ingest_date"] - DAY).days for row in own if row["is_glitch"]]
        assert days == held, name


@pytest.mark.both_engines
@pytest.mark.parametrize("low", [0, 1, 12_000_000, 25_060_000])
def test_a_counter_that_is_low_for_a_day_gains_nothing_and_is_settled_the_day_after(spark, low):
    views = [50_080_000, 50_120_000, low, 50_200_000, 50_240_000]
    rows = told(spark, [event(day, count) for day, count in enumerate(views)])
    assert rows == [(0, False), (40_000, False), (0, True), (80_000, False), (40_000, False)]


@pytest.mark.both_engines
def test_a_0_is_a_beginning_of_what_is_announced_or_young_alone(spark):
    def total(days: dict[int, int], **more: Any) -> int:
        return sum(gains(spark, [event(d, v, **more) for d, v in days.items()]).values())

    first = {0: 0, 1: 50 * M, 2: 50 * M + 5}
    assert total(first, published_at=at(-300)) == 5
    assert total(first, published_at=None) == 5
    assert total(first, published_at=at(-300), scheduled_at=at(1)) == 50 * M + 5
    assert total(first, published_at=at(-300), began_at=at(1, 5)) == 50 * M + 5
    assert total(first, published_at=at(-5)) == 50 * M + 5
    long = {0: 50 * M} | dict.fromkeys(range(1, 33), 0) | {33: 51 * M}
    assert total(long, published_at=at(-5)) == 0
    assert total(long, published_at=at(-300)) == 0
    likes = [event(d, 50 * M * d, published_at=at(-300), like_count=d * M) for d in (0, 1)]
    assert [r["likes_gained"] for r in measure_videos(frame(spark, likes), DAY).collect()] == [0, 0]


@pytest.mark.both_engines
def test_an_old_video_that_multiplies_when_it_was_hardly_seen_gains_what_it_gained(spark):
    for published in (at(-400), at(-1), None):
        seen = gains(spark, [event(d, v, published_at=published) for d, v in ((1, M), (2, 30 * M))])
        assert seen[2] == 29 * M
    song = [event(0, M), event(1, 2 * M + 500)]
    assert gains(spark, song) == {0: 0, 1: M + 500}


def test_a_small_correction_is_a_fall_of_its_day(spark):
    views = [1_000_000, 860_000, 900_000]
    rows = told(spark, [event(day, count) for day, count in enumerate(views)])
    assert rows == [(0, False), (-140_000, False), (40_000, False)]


def test_a_counter_at_0_is_held_as_long_as_it_lasts(spark):
    views = [50_000_000, 0, 0, 0, 0, 50_200_000]
    rows = told(spark, [event(day, count) for day, count in enumerate(views)])
    assert rows == [(0, False), *[(0, True)] * 4, (200_000, False)]


def test_a_dip_beside_a_day_nobody_collected_spans_it(spark):
    events = [event(day, count) for day, count in ((0, 5_000_000), (2, 0), (5, 5_050_000))]
    rows = measure_videos(frame(spark, events), DAY).collect()
    found = {(r["ingest_date"] - DAY).days: (r["views_gained"], r["gained_days"]) for r in rows}
    assert found == {0: (0, None), 2: (0, None), 5: (50_000, 5)}


def test_likes_and_comments_that_are_gone_for_a_day_are_held_and_settled(spark):
    counts = [(600_000, 9_000), (0, 9_010), (600_500, 10), (600_600, 9_030)]
    events = [
        event(day, 10**7 + day, like_count=likes, comment_count=comments)
        for day, (likes, comments) in enumerate(counts)
    ]
    rows = sorted(measure_videos(frame(spark, events), DAY).collect(), key=lambda r: r[0])
    found = [(r["likes_gained"], r["comments_gained"], r["is_glitch"]) for r in rows]
    assert found == [(0, 0, False), (0, 10, True), (500, 0, True), (100, 20, False)]


def test_likes_that_were_hidden_as_0_do_not_gain_all_they_have_when_they_show(spark):
    events = [event(0, 10**7, like_count=0), event(1, 10**7 + 9, like_count=500_000)]
    assert [r["likes_gained"] for r in measure_videos(frame(spark, events), DAY).collect()] == [
        0
    ] * 2


@pytest.mark.both_engines
def test_a_premiere_counts_once_whether_it_was_seen_waiting_or_not(spark):
    announced = at(-26)
    unseen = [
        event(1, 3_000_000, published_at=announced, began_at=at(0, 20)),
        event(2, 3_400_000, published_at=announced),
    ]
    assert gains(spark, unseen) == {1: 3_000_000, 2: 400_000}
    waiting = [event(0, 0, published_at=announced), event(2, 2_000_000, published_at=announced)]
    assert gains(spark, waiting) == {0: 0, 2: 2_000_000}
    ahead = [event(0, 0, published_at=at(3)), event(3, 2_000_000, 23, published_at=at(3))]
    assert gains(spark, ahead) == {0: 0, 3: 2_000_000}
    old = [event(0, 0, published_at=at(-900)), event(1, 2_000_000, published_at=at(-900))]
    assert gains(spark, old) == {0: 0, 1: 0}


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("title", "seconds", "begins", "kind"),
    [
        ("TWS challenge", 45, False, "short"),
        ("TWS challenge #Shorts", 180, False, "short"),
        ("TWS challenge", 180, False, "video"),
        ("TWS MV #shorts", 181, False, "video"),
        ("[LIVE] TWS rehearsal", None, False, "live"),
        ("[LIVE] TWS rehearsal", 0, False, "live"),
        ("[LIVE] TWS on stage", 200, False, "video"),
        ("TWS alive", None, False, "unknown"),
        ("TWS alive", 0, False, "unknown"),
        ("TWS MV", 192, True, "premiere"),
        ("TWS at home", 5000, True, "live"),
        ("TWS at home", None, True, "live"),
    ],
)
def test_the_kind_of_a_video_is_told_by_length_title_and_beginning(
    spark, title, seconds, begins, kind
):
    one = event(0, 5, text=title, duration_seconds=seconds, began_at=at(0) if begins else None)
    assert [row["video_format"] for row in measure_videos(frame(spark, [one]), DAY).collect()] == [
        kind
    ]
