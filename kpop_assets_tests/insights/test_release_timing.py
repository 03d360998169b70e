"""Weekdays and hours of new videos, and releases around a day: by hand and by a plain oracle."""

from __future__ import annotations

import datetime as dt
import statistics
from typing import Any
from zoneinfo import ZoneInfo

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
    competition,
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


def test_a_friday_of_big_acts_is_not_better_for_each_of_them():
    friday, monday = at(4, 3), at(0, 3)
    rows = [("BTS", friday, 9_000)] * 8 + [("BTS", monday, 9_000)] * 2
    rows += [("izna", monday, 10)] * 8 + [("izna", friday, 10)] * 2
    table = time_by_weekday(frame(*rows))
    for number in (1, 5):
        found = slot(table, number)
        assert (found["video_count"], found["artist_count"]) == (10, 2)
        assert found["relative_median"] == 1.0
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


def test_below_the_fewest_videos_a_slot_says_how_many_there_are_and_nothing_else():
    fewest = rules.FEWEST_TIMED_VIDEOS
    rows = [("IVE", at(0, 3), 10 + n) for n in range(fewest - 1)]
    few = slot(time_by_hour(frame(*rows)), 12)
    assert few["video_count"] == fewest - 1
    assert {few["relative_median"], few["relative_low"], few["relative_high"]} == {None}
    enough = slot(time_by_hour(frame(*rows, ("IVE", at(1, 3), 99))), 12)
    assert enough["video_count"] == fewest
    assert None not in enough.values()


def test_the_only_video_of_an_act_and_acts_nobody_watched_say_nothing():
    table = time_by_hour(frame(("IVE", at(0, 3), 10), ("BTS", at(0, 3), 0), ("BTS", at(1, 3), 0)))
    assert table["video_count"].sum() == 0


def test_a_video_of_before_midnight_in_london_is_of_the_next_day_in_seoul():
    late = frame(("IVE", at(0, 16), 10), ("IVE", at(0, 16), 10))
    assert slot(time_by_weekday(late), 2)["video_count"] == 2
    assert slot(time_by_hour(late), 1)["video_count"] == 2


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
        assert table.select("video_count", "artist_count").sum().row(0) == (0, 0)
        assert table["relative_median"].null_count() == table.height
        assert differing(table).is_empty()


videos = st.lists(
    st.tuples(
        st.sampled_from(["IVE", "BTS", "izna"]),
        st.builds(at, st.integers(0, 20), st.sampled_from([0, 3, 16])),
        st.integers(0, 50),
    ),
    max_size=60,
)


def relative(row: Row, drawn: list[Row]) -> float | None:
    own = [views for artist, _, views in drawn if artist == row[0]]
    if len(own) < 2 or statistics.median(own) <= 0:
        return None
    return row[2] / statistics.median(own)


def plain(drawn: list[Row], chosen: list[Row]) -> dict[str, Any]:
    """The row of a slot whose videos are `chosen`; `drawn` are those to compare with."""
    known = [(row[0], x) for row in chosen if (x := relative(row, drawn)) is not None]
    ratios = [x for _, x in known]
    interval = median_interval(ratios)
    return {
        "video_count": len(known),
        "artist_count": len({artist for artist, _ in known}),
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
        chosen = [r for r in drawn if r[1].astimezone(seoul).strftime("%A") == name]
        assert WEEKDAYS[weekday - 1] == name
        assert row == plain(drawn, chosen)
    for row in time_by_hour(frame(*drawn)).to_dicts():
        hour = row.pop("hour")
        assert row == plain(drawn, [r for r in drawn if r[1].astimezone(seoul).hour == hour])


RELEASES = pl.DataFrame(
    {
        "artist": ["BTS", "IVE", "izna", "BTS", "IVE"],
        "release_date": [on(3), on(17), on(10), on(2), on(9)],
    }
)
FEATURES = pl.DataFrame(
    {
        "ingest_date": [on(8), on(8), on(8), on(7), on(11)],
        "artist": ["BTS", "IVE", "izna", "izna", "izna"],
        "tier": [1, 2, 3, 1, 1],
        "rank": [1, 2, 7, 1, 1],
    }
)


def test_competition_is_who_leads_and_releases_within_the_span():
    assert competition(RELEASES, FEATURES, on(10)).rows() == [
        ("IVE", 2, 2, on(9), -1),
        ("BTS", 1, 1, on(3), -7),
        ("IVE", 2, 2, on(17), 7),
    ]
    assert competition(RELEASES, FEATURES, on(10), span=0, tier_to=3)["artist"].to_list() == [
        "izna"
    ]


def test_competition_before_the_data_and_without_releases_is_empty():
    assert competition(RELEASES, FEATURES, on(0)).is_empty()
    assert competition(RELEASES.clear(), FEATURES, on(10)).is_empty()


def test_the_time_zone_is_that_of_the_graph():
    assert TIME_ZONE == GRAPH_TIME_ZONE
