"""Days that repeat a page or were not seen are gaps, and the gains after them are spread."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from pyspark.sql import SparkSession

from kpop_assets.insights.fresh_days import (
    find_gaps,
    first_day_read,
    mark_fresh_days,
    spread_gains,
)
from kpop_assets.models.paces import fresh_days

DAY = dt.date(2026, 3, 1)


def on(number: int) -> dt.date:
    """The day of a number; 0 is `DAY`."""
    return DAY + dt.timedelta(days=number)


def frame(points: dict[int, int], **more: dict[int, int]) -> pl.DataFrame:
    """Points by day number, and further columns."""
    columns = {"ingest_date": [on(n) for n in points], "engagement": list(points.values())}
    columns |= {name: list(values.values()) for name, values in more.items()}
    return pl.DataFrame(columns)


# Day 3 repeats day 2, whose page came again; day 4 has the gains of two days. Day 6 was not seen.
POINTS = {0: 90, 1: 100, 2: 100, 3: 2, 4: 198, 5: 100, 7: 200, 8: 100}


def test_a_day_that_repeats_and_one_that_was_not_seen_are_no_fresh_days():
    days = mark_fresh_days(frame(POINTS))
    assert days["ingest_date"].to_list() == [on(n) for n in POINTS]
    assert days.filter(~pl.col("is_fresh"))["ingest_date"].to_list() == [on(3)]
    assert days["span_days"].to_list() == [None, 1, 1, None, 2, 1, 2, 1]


def test_a_fall_that_lasts_is_no_repeated_page():
    """After two weeks on the new level every day is as usual."""
    days = mark_fresh_days(frame({n: 1000 if n < 20 else 90 for n in range(60)}))
    assert days["is_fresh"].to_list()[40:] == [True] * 20


@pytest.mark.parametrize("seed", range(3))
def test_the_days_are_those_that_paces_are_worked_out_from(spark: SparkSession, seed: int):
    """models/paces.py has the rule on an engine, over videos."""
    points = {n: (n * 37 + seed * 11) % 97 + 3 for n in range(40) if (n + seed) % 9}
    points |= {n: 1 for n in points if (n + seed) % 7 == 0}
    totals = frame(points)
    daily = spark.createDataFrame(totals.rows(), "ingest_date date, engagement bigint")
    expected = sorted(row["ingest_date"] for row in fresh_days(daily).collect())
    found = mark_fresh_days(totals).filter("is_fresh")
    assert found["ingest_date"].to_list() == expected
    assert 0 < found.height < totals.height


def test_a_line_has_gaps_instead_of_a_fall_and_a_double_spike():
    rows = frame(POINTS)
    shown = spread_gains(rows, mark_fresh_days(rows), (on(0), on(10)), ["engagement"])
    assert shown["ingest_date"].to_list() == [on(n) for n in range(10)]
    assert shown["engagement"].to_list() == [None, 100, 100, None, 100, 100, None, 100, 100, None]


def test_nothing_that_was_gained_is_lost_or_counted_twice():
    rows = frame(POINTS)
    days = mark_fresh_days(rows)
    shown = spread_gains(rows, days, (on(0), on(9)), ["engagement"]).join(days, on="ingest_date")
    total = (shown["engagement"] * shown["span_days"]).sum()
    assert total == sum(POINTS.values()) - POINTS[0]


def test_series_are_told_apart_and_a_collected_day_without_a_row_is_nothing():
    totals = frame({0: 100, 1: 100, 2: 100})
    rows = pl.concat(
        [
            frame({0: 100, 1: 40, 2: 100}).with_columns(artist=pl.lit("BTS")),
            frame({1: 60}).with_columns(artist=pl.lit("IVE")),
        ]
    )
    shown = spread_gains(rows, mark_fresh_days(totals), (on(1), on(3)), ["engagement"])
    assert shown.rows() == [
        ("BTS", on(1), 40.0),
        ("BTS", on(2), 100.0),
        ("IVE", on(1), 60.0),
        ("IVE", on(2), 0.0),
    ]


def test_observations_belong_to_their_day_and_are_not_spread():
    events = dict.fromkeys(POINTS, 10)
    rows = frame({n: p + 10 for n, p in POINTS.items()}, event_count=events)
    shown = spread_gains(rows, mark_fresh_days(rows), (on(7), on(8)), ["engagement"])
    assert shown["engagement"].to_list() == [200 / 2 + 10]


def test_what_a_day_has_by_itself_is_not_spread_and_the_first_day_has_it():
    rows = frame(POINTS, video_count=dict.fromkeys(POINTS, 5))
    days = mark_fresh_days(rows)
    shown = spread_gains(rows, days, (on(0), on(8)), ["engagement"], ["video_count"])
    assert shown["video_count"].to_list() == [5, 5, 5, None, 5, 5, None, 5]


def test_a_line_that_begins_after_a_repeated_day_reads_that_day_too():
    rows = frame(POINTS)
    days = mark_fresh_days(rows)
    assert first_day_read(days, on(4)) == on(3)
    assert first_day_read(days, on(2)) == on(2)
    assert first_day_read(days, on(0)) == on(0)
    read = rows.filter(pl.col("ingest_date") >= on(3))
    assert spread_gains(read, days, (on(4), on(5)), ["engagement"])["engagement"].item() == 100


def test_gains_after_a_long_pause_are_those_of_the_day():
    """What a counter gained meanwhile belongs to no day: silver begins anew."""
    rows = frame({0: 100, 1: 100, 60: 80, 61: 80})
    shown = spread_gains(rows, mark_fresh_days(rows), (on(60), on(61)), ["engagement"])
    assert shown["engagement"].to_list() == [80]


def test_a_day_alone_shows_what_it_has():
    rows = frame({0: 90})
    shown = spread_gains(rows, mark_fresh_days(rows), (on(0), on(1)), ["engagement"])
    assert shown["engagement"].to_list() == [90]


def test_gaps_are_stretches_of_days():
    days = mark_fresh_days(frame(POINTS))
    assert find_gaps(days, on(1), on(11)).rows() == [
        (on(3), on(3), 1),
        (on(6), on(6), 1),
        (on(9), on(10), 2),
    ]
    assert find_gaps(days, on(1), on(3)).is_empty()
