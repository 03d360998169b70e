"""Rows handed to the days that look back at them, by literal cases."""

from __future__ import annotations

import datetime as dt

import pytest
from pyspark.sql import SparkSession

from kpop_assets.engine.trailing import hand_ahead, repeat_rows

pytestmark = pytest.mark.both_engines
DAY = dt.date(2026, 3, 1)


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def test_a_row_stands_once_for_each_day_that_looks_back_at_it(spark: SparkSession):
    rows = spark.createDataFrame([(DAY, "IVE")], "ingest_date date, artist string")
    found = hand_ahead(rows, 3).select("ingest_date", "age", "artist").collect()
    assert sorted(map(tuple, found)) == [(later(n), n, "IVE") for n in range(3)]


def test_days_before_the_first_wanted_one_are_left_out(spark: SparkSession):
    rows = spark.createDataFrame([(DAY,), (later(1),)], "first_date date")
    found = hand_ahead(rows, 2, later(1), date="first_date").collect()
    assert sorted(map(tuple, found)) == [
        (DAY, 1, later(1)),
        (later(1), 0, later(1)),
        (later(1), 1, later(2)),
    ]


def test_rows_are_numbered_from_nought(spark: SparkSession):
    found = repeat_rows(spark.range(1), 3, "place").collect()
    assert sorted(row["place"] for row in found) == [0, 1, 2]
