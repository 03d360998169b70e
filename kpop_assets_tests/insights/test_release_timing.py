"""Weekdays and hours of new videos: by hand, by a plain oracle, and where no hour is good."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.contracts import rules
from kpop_assets.days import TIME_ZONE as GRAPH_TIME_ZONE
from kpop_assets.insights.intervals import median_interval
from kpop_assets.insights.release_timing import (
    TIME_ZONE,
    WEEKDAYS,
    differing,
    select_timed,
    time_by_hour,
    time_by_weekday,
)

MONDAY = dt.date(2026, 11, 2)
SCHEMA = {
    "artist": pl.String,
    "launched_at": pl.Datetime("us", "UTC"),
    "views_first_7d": pl.Int64,
}
Row = tuple[str, dt.datetime, int]


def on(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def at(number: int, hour: int) -> dt.datetime:
    """An hour, in UTC, of the day of a number."""
    return dt.datetime.combine(on(number), dt.time(hour, tzinfo=dt.UTC))


def frame(*rows: Row) -> pl.DataFrame:
    """Rows of `silver/video_firsts` of one kind, of the columns that timing needs."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def slot(table: pl.DataFrame, number: int) -> dict[str, Any]:
    (row,) = table.filter(pl.first() == number).to_dicts()
    return row


def release(number: int) -> int:
    """The day, a Monday, of an act's release of a number."""
    return number * rules.RELEASE_GAP_DAYS


def test_a_friday_of_big_acts_is_not_better_for_each_of_them():
    rows = []
    for act, views, days in (("BTS", 9_000, (4, 0)), ("izna", 10, (0, 4)), ("IVE", 500, (0, 4))):
        often, seldom = days
        rows += [(act, at(release(number) + often, 3), views) for number in range(8)]
        rows += [(act, at(release(number) + seldom, 3), views) for number in range(8, 12)]
    table = time_by_weekday(frame(*rows))
    assert [slot(table, number)["release_count"] for number in (1, 5)] == [20, 16]
    for number in (1, 5):
        assert slot(table, number)["artist_count"] == 3
        assert slot(table, number)["relative_median"] == 1.0
    assert differing(table).is_empty()


def test_an_hour_that_is_twice_as_good_for_each_act_stands_out_with_its_interval():
    rows = [(f"act {n}", at(n, 9), 100 + n) for n in range(12)]
    rows += [(f"act {n}", at(n, 3), 2 * (100 + n)) for n in range(12)]
    # The usual of an act lies between its two.
    table = time_by_hour(frame(*rows))
    assert differing(table)["hour"].to_list() == [12, 18]
    noon = slot(table, 12)
    assert noon["relative_low"] <= noon["relative_median"] == pytest.approx(4 / 3)
    assert noon["relative_low"] > 1


def test_what_comes_out_for_one_release_counts_once_by_its_median():
    """Three acts of usual 10 and 100, whose last release was watched little or much as a whole."""
    rows = [(act, at(release(n), 3), 10) for act in ("IVE", "BTS", "izna") for n in range(3)]
    rows += [("IVE", at(release(3) + n, 3), views) for n, views in enumerate((70, 90, 30))]
    noon = slot(time_by_hour(frame(*rows)), 12)
    assert (noon["release_count"], noon["artist_count"]) == (10, 3)
    assert (noon["relative_median"], noon["relative_high"]) == (1.0, 7.0)
    gap = dt.timedelta(days=rules.RELEASE_GAP_DAYS)
    near = [("IVE", at(0, 3), 10), ("IVE", at(0, 3) + gap - dt.timedelta(minutes=1), 10)]
    assert slot(time_by_hour(frame(*near)), 12)["release_count"] == 1
    assert time_by_hour(frame(near[0], ("IVE", at(0, 3) + gap, 10)))["release_count"].sum() == 2


def test_below_the_fewest_a_slot_says_how_many_there_are_and_nothing_else():
    acts = ("IVE", "BTS", "izna")[: rules.FEWEST_TIMED_ACTS]
    fewest = rules.FEWEST_TIMED_RELEASES
    rows = [(acts[n % 3], at(release(n), 3), 10 + n) for n in range(fewest)]
    few = slot(time_by_hour(frame(*rows[:-1])), 12)
    assert few["release_count"] == fewest - 1
    assert {few["relative_median"], few["relative_low"], few["relative_high"]} == {None}
    enough = slot(time_by_hour(frame(*rows)), 12)
    assert (enough["release_count"], enough["artist_count"]) == (fewest, 3)
    assert None not in enough.values()
    two = [(acts[n % 2], when, views) for n, (_, when, views) in enumerate(rows)]
    of_two = slot(time_by_hour(frame(*two)), 12)
    assert (of_two["release_count"], of_two["relative_median"]) == (fewest, None)


def of_comebacks(draw: np.random.Generator, acts: int) -> pl.DataFrame:
    """Videos without any hour effect, all of a comeback watched much or little together.

    Eight a comeback, at three hours of evenings, in the fortnight before it; six comebacks an act.
    """
    rows = []
    for act in range(acts):
        size = draw.lognormal(8, 1.5)
        for number in range(6):
            level = size * draw.lognormal(0, 0.8)
            for _ in range(8):
                when = at(60 * number + int(draw.integers(0, 13)), int(draw.integers(9, 12)))
                rows.append((f"act {act}", when, int(level * draw.lognormal(0, 0.3))))
    return frame(*rows)


@pytest.mark.parametrize("acts", [6, 20])
def test_of_comebacks_without_a_good_hour_one_slot_in_a_hundred_stands_out(acts: int):
    """Counted video by video, a third of them did."""
    draw = np.random.default_rng(acts)
    told = named = 0
    for _ in range(60):
        videos = of_comebacks(draw, acts)
        for table in (time_by_hour(videos), time_by_weekday(videos)):
            told += table["relative_low"].count()
            named += differing(table).height
    assert told > 400
    # What chance leaves of so many at that confidence, three standard deviations on.
    expected = told * (1 - rules.INTERVAL_CONFIDENCE)
    assert named <= expected + 3 * expected**0.5


def test_the_only_video_of_an_act_and_acts_nobody_watched_say_nothing():
    table = time_by_hour(frame(("IVE", at(0, 3), 10), ("BTS", at(0, 3), 0), ("BTS", at(1, 3), 0)))
    assert table["release_count"].sum() == 0


def test_a_video_of_before_midnight_in_london_is_of_the_next_day_in_seoul():
    late = frame(("IVE", at(0, 16), 10), ("IVE", at(0, 16), 10))
    assert slot(time_by_weekday(late), 2)["release_count"] == 1
    assert slot(time_by_hour(late), 1)["release_count"] == 1


def test_only_videos_of_own_channels_with_a_time_are_timed():
    rows = [
        ("own", True, at(0, 3)),
        ("a fan's", False, at(0, 3)),
        ("nobody knows", None, at(0, 3)),
        ("a chart's", True, None),
    ]
    columns = {"video_id": pl.String, "is_own_channel": pl.Boolean, "launched_at": pl.Datetime}
    found = select_timed(pl.DataFrame(rows, columns, orient="row"))
    assert found["video_id"].to_list() == ["own"]


def test_every_slot_has_a_row_even_without_data():
    days, hours = time_by_weekday(frame()), time_by_hour(frame())
    assert days["weekday"].to_list() == list(range(1, 8))
    assert hours["hour"].to_list() == list(range(24))
    for table in (days, hours):
        assert table.select("release_count", "artist_count").sum().row(0) == (0, 0)
        assert table["relative_median"].null_count() == table.height
        assert differing(table).is_empty()


videos = st.lists(
    st.tuples(
        st.sampled_from(["IVE", "BTS", "izna"]),
        st.builds(at, st.integers(0, 120), st.sampled_from([0, 3, 16])),
        st.integers(0, 50),
    ),
    max_size=60,
)


def releases_of(artist: str, drawn: list[Row]) -> list[list[Row]]:
    """The videos of an act in the order in which they came out, split where a fortnight passed."""
    found: list[list[Row]] = []
    for row in sorted((row for row in drawn if row[0] == artist), key=lambda row: row[1]):
        if found and (row[1] - found[-1][-1][1]).total_seconds() < 14 * 86_400:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def plain(drawn: list[Row], is_in_slot: Callable[[dt.datetime], bool]) -> dict[str, Any]:
    """The row of a slot; `drawn` are all videos."""
    known = []
    for artist in {row[0] for row in drawn}:
        groups = releases_of(artist, drawn)
        usual = statistics.median(statistics.median(row[2] for row in group) for group in groups)
        if usual <= 0 or sum(map(len, groups)) < 2:
            continue
        for group in groups:
            if chosen := [row[2] / usual for row in group if is_in_slot(row[1])]:
                known.append((artist, statistics.median(chosen)))
    ratios = [x for _, x in known]
    acts = len({artist for artist, _ in known})
    interval = median_interval(ratios) if acts >= 3 else None
    return {
        "release_count": len(known),
        "artist_count": acts,
        "relative_median": pytest.approx(statistics.median(ratios)) if interval else None,
        "relative_low": pytest.approx(interval[0]) if interval else None,
        "relative_high": pytest.approx(interval[1]) if interval else None,
    }


@given(videos)
@hypothesis_settings(max_examples=40, deadline=None)
def test_a_plain_implementation_agrees(drawn: list[Row]):
    seoul = ZoneInfo("Asia/Seoul")
    for row in time_by_weekday(frame(*drawn)).to_dicts():
        weekday, name = row.pop("weekday"), row.pop("weekday_name")
        assert WEEKDAYS[weekday - 1] == name
        assert row == plain(drawn, lambda t, name=name: t.astimezone(seoul).strftime("%A") == name)
    for row in time_by_hour(frame(*drawn)).to_dicts():
        hour = row.pop("hour")
        assert row == plain(drawn, lambda t, hour=hour: t.astimezone(seoul).hour == hour)


def test_the_time_zone_is_that_of_the_graph():
    assert TIME_ZONE == GRAPH_TIME_ZONE
