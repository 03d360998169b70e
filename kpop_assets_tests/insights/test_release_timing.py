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

from kpop_assets.days import TIME_ZONE as GRAPH_TIME_ZONE
from kpop_assets.insights.release_timing import (
    TIME_ZONE,
    WEEKDAYS,
    competition,
    time_by_hour,
    time_by_weekday,
)

MONDAY = dt.date(2026, 11, 2)
SCHEMA = {
    "artist": pl.String,
    "first_seen_date": pl.Date,
    "published_at": pl.Datetime("us", "UTC"),
    "views_first_7d": pl.Int64,
    "is_complete": pl.Boolean,
}


def on(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def at(number: int, hour: int) -> dt.datetime:
    """An hour, in UTC, of the day of a number."""
    return dt.datetime.combine(on(number), dt.time(hour, tzinfo=dt.UTC))


def frame(*rows: tuple[str, dt.date, dt.datetime | None, int, bool]) -> pl.DataFrame:
    """What `find_new_videos` returns, of the columns that timing needs."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def slot(table: pl.DataFrame, number: int) -> dict[str, Any]:
    (row,) = table.filter(pl.first() == number).to_dicts()
    return row


def test_a_friday_of_big_acts_is_not_better_for_each_of_them():
    table = time_by_weekday(
        frame(
            ("BTS", on(4), at(4, 3), 1000, True),
            ("BTS", on(4), at(4, 3), 3000, True),
            ("izna", on(1), at(1, 3), 10, True),
            ("izna", on(4), at(4, 3), 5, True),
        )
    )
    assert table["weekday_name"].to_list() == list(WEEKDAYS)
    friday, tuesday = slot(table, 5), slot(table, 2)
    assert (friday["new_video_count"], friday["views_first_7d_median"]) == (3, 1000.0)
    assert friday["relative_median"] == statistics.median([0.5, 1.5, 5 / 7.5])
    assert (tuesday["views_first_7d_median"], tuesday["relative_median"]) == (10, 10 / 7.5)


def test_the_calendar_and_the_hours_are_those_of_seoul():
    late = frame(("IVE", on(2), at(0, 16), 10, True))  # 01:00 on Tuesday in Seoul
    assert slot(time_by_weekday(late), 2)["new_video_count"] == 1
    assert slot(time_by_hour(late), 1)["new_video_count"] == 1


def test_without_time_of_publishing_the_day_first_seen_counts_and_no_hour():
    track = frame(("IVE", on(6), None, 10, True))
    assert slot(time_by_weekday(track), 7)["new_video_count"] == 1
    assert time_by_hour(track)["new_video_count"].sum() == 0


def test_young_videos_are_counted_and_left_out_of_the_medians():
    table = time_by_weekday(
        frame(
            ("IVE", on(0), None, 10, True),
            ("IVE", on(0), None, 30, True),
            ("IVE", on(0), None, 9000, False),
        )
    )
    monday = slot(table, 1)
    assert (monday["new_video_count"], monday["young_count"]) == (3, 1)
    assert (monday["views_first_7d_median"], monday["relative_median"]) == (20.0, 1.0)
    assert monday["relative_count"] == 2


def test_the_only_video_of_an_artist_and_a_median_of_zero_are_compared_with_nothing():
    table = time_by_weekday(
        frame(
            ("IVE", on(0), None, 10, True),
            ("BTS", on(0), None, 0, True),
            ("BTS", on(0), None, 0, True),
        )
    )
    monday = slot(table, 1)
    assert (monday["relative_median"], monday["relative_count"]) == (None, 0)
    assert monday["views_first_7d_median"] == 0.0


@pytest.mark.parametrize(("count", "is_enough"), [(9, False), (10, True)])
def test_ten_compared_videos_are_enough(count, is_enough):
    table = time_by_hour(frame(*[("IVE", on(0), at(0, 9), 10, True)] * count))
    assert slot(table, 18)["is_enough"] is is_enough


def test_every_slot_has_a_row_even_without_data():
    days, hours = time_by_weekday(frame()), time_by_hour(frame())
    assert days["weekday"].to_list() == list(range(1, 8))
    assert hours["hour"].to_list() == list(range(24))
    counts = ("new_video_count", "young_count", "relative_count", "is_enough")
    for table in (days, hours):
        assert table.select(counts).sum().row(0) == (0, 0, 0, 0)
        assert table["relative_median"].null_count() == table.height


rows = st.lists(
    st.tuples(
        st.sampled_from(["IVE", "BTS", "izna"]),
        st.dates(MONDAY, on(20)),
        st.none() | st.builds(at, st.integers(0, 20), st.integers(0, 23)),
        st.integers(0, 50),
        st.booleans(),
    ),
    max_size=40,
)


def relative(row: tuple[Any, ...], drawn: list[tuple[Any, ...]]) -> float | None:
    own = [r[3] for r in drawn if r[0] == row[0] and r[4]]
    if not row[4] or len(own) < 2 or statistics.median(own) <= 0:
        return None
    return row[3] / statistics.median(own)


def plain(drawn: list[tuple[Any, ...]], chosen: list[tuple[Any, ...]]) -> dict[str, Any]:
    """The row of a slot whose videos are `chosen`; `drawn` are those to compare with."""
    complete = [r[3] for r in chosen if r[4]]
    known = [x for r in chosen if (x := relative(r, drawn)) is not None]
    return {
        "new_video_count": len(chosen),
        "young_count": len(chosen) - len(complete),
        "views_first_7d_median": statistics.median(complete) if complete else None,
        "relative_median": pytest.approx(statistics.median(known)) if known else None,
        "relative_count": len(known),
        "is_enough": len(known) >= 10,
    }


@given(rows)
@hypothesis_settings(max_examples=40, deadline=None)
def test_a_plain_implementation_agrees(drawn):
    seoul = ZoneInfo("Asia/Seoul")
    for row in time_by_weekday(frame(*drawn)).to_dicts():
        weekday, name = row.pop("weekday"), row.pop("weekday_name")
        days = [(r[2].astimezone(seoul).date() if r[2] else r[1]) for r in drawn]
        chosen = [r for r, day in zip(drawn, days, strict=True) if day.strftime("%A") == name]
        assert WEEKDAYS[weekday - 1] == name
        assert row == plain(drawn, chosen)
    timed = [r for r in drawn if r[2]]
    for row in time_by_hour(frame(*drawn)).to_dicts():
        hour = row.pop("hour")
        chosen = [r for r in timed if r[2].astimezone(seoul).hour == hour]
        assert row == plain(timed, chosen)


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
