"""The lake against a small table: every way to write to it, on both engines."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kpop_assets.lake.lake import Lake
from kpop_assets.lake.schemas import spark_schema
from kpop_assets_tests.lake.kit import MARKS, TYPES, day, log_actions, marks, read_marks


@pytest.mark.both_engines
def test_a_day_a_range_and_an_empty_day_are_replaced_and_neighbours_stay(
    lake: Lake, spark: SparkSession
):
    first = lake.replace_range(
        MARKS, day(1), day(4), marks(spark, [(1, "a", 1), (2, "b", 2), (3, "c", 3)])
    )
    one_day = lake.replace_range(MARKS, day(2), day(3), marks(spark, [(2, "x", 8), (2, "y", 9)]))
    assert read_marks(lake) == [(1, "a", 1), (2, "x", 8), (2, "y", 9), (3, "c", 3)]
    # A range with a day that gets no rows: the day is cleared like the others.
    two_days = lake.replace_range(MARKS, day(2), day(4), marks(spark, [(2, "z", 7)]))
    assert read_marks(lake) == [(1, "a", 1), (2, "z", 7)]
    empty = lake.replace_range(MARKS, day(2), day(3), marks(spark, []))
    assert read_marks(lake) == [(1, "a", 1)]
    done = (first, one_day, two_days, empty)
    assert [written.row_count for written in done] == [3, 2, 1, 0]
    assert [written.version for written in done] == [1, 2, 3, 4]
    assert lake.row_count(MARKS) == 1


@pytest.mark.both_engines
def test_no_rows_over_no_rows_do_not_report_the_rows_of_the_write_before(
    lake: Lake, spark: SparkSession
):
    """Sail makes no commit of it, so the table's last one is another write's."""
    assert lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)])).row_count == 1
    assert lake.replace_range(MARKS, day(5), day(6), marks(spark, [])).row_count == 0
    assert lake.merge(MARKS, marks(spark, [])).row_count == 0
    assert read_marks(lake) == [(1, "a", 1)]


@pytest.mark.both_engines
def test_the_same_run_twice_leaves_the_same_rows(lake: Lake, spark: SparkSession):
    rows = [(1, "a", 1), (2, "b", 2)]
    for _ in range(2):
        written = lake.replace_range(MARKS, day(1), day(3), marks(spark, rows))
        assert read_marks(lake) == rows
        assert written.row_count == 2
    assert lake.row_count(MARKS) == 2


@pytest.mark.both_engines
def test_values_of_every_type_come_back_as_written_whatever_the_order_of_columns(
    lake: Lake, spark: SparkSession
):
    noon = dt.datetime(2026, 1, 2, 12, 0, 0, 123456)
    full = (day(1), "뉴진스 🔥 'x'", 2**62, -(2**31), 0.1, True, day(3), noon, b"\x00\xff")
    none = (day(1), "", None, 0, None, None, None, None, None)
    frame = spark.createDataFrame([full, none], spark_schema(TYPES))
    lake.replace_range(TYPES, day(1), day(2), frame.select(*reversed(TYPES.column_names)))
    back = lake.read(TYPES, day(1), day(2))
    assert back.columns == TYPES.column_names
    assert sorted(tuple(row) for row in back.collect()) == sorted([full, none])


@pytest.mark.both_engines
def test_rows_outside_that_a_filter_removes_are_no_reason_to_refuse(
    lake: Lake, spark: SparkSession
):
    """Sail moves the guards and its NOT NULL check in front of a filter, if it is let."""
    rows = marks(spark, [(1, "early", 0), (2, "in", 1), (2, None, 2), (3, "late", 3)])
    kept = rows.where((F.col("ingest_date") == F.lit(day(2))) & F.col("name").isNotNull())
    lake.replace_range(MARKS, day(2), day(3), kept)
    assert read_marks(lake) == [(2, "in", 1)]


def test_the_guards_hold_after_every_kind_of_last_step(lake: Lake, spark: SparkSession):
    rows = marks(spark, [(1, "early", 0), (2, "in", 1), (2, "in", 1), (2, None, 2)])
    other = marks(spark, [(2, "in", 5)])
    inside = (F.col("ingest_date") == F.lit(day(2))) & F.col("name").isNotNull()
    steps: list[Callable[[DataFrame], DataFrame]] = [
        lambda f: f.where(inside).distinct(),
        lambda f: f.where(inside).limit(1),
        lambda f: (
            f.where(inside)
            .groupBy("ingest_date", "name")
            .agg(F.max("mark_count").alias("mark_count"))
        ),
        lambda f: f.join(other.select("ingest_date", "name"), ["ingest_date", "name"], "left_semi"),
        lambda f: f.where(inside).unionAll(other.where("mark_count > 9")).orderBy("name"),
        lambda f: f.where("ingest_date IS NULL").unionAll(f.where(inside)),
    ]
    for step in steps:
        lake.replace_range(MARKS, day(2), day(3), step(rows))
        assert {row[:2] for row in read_marks(lake)} == {(2, "in")}


@pytest.mark.both_engines
def test_the_run_id_stands_in_the_commit_and_the_schema_in_the_log_is_the_contract(filled: Lake):
    last = filled.delta(MARKS).history(1)[0]
    assert last["userMetadata"] == "run-7"
    schemas = [
        json.loads(action["metaData"]["schemaString"])
        for version in range(last["version"] + 1)
        for action in log_actions(filled.location(MARKS), version)
        if "metaData" in action
    ]
    assert [
        [(f["name"], f["type"], f["nullable"]) for f in schema["fields"]] for schema in schemas
    ] == [[("ingest_date", "date", False), ("name", "string", False), ("mark_count", "long", True)]]
    metadata = filled.delta(MARKS).metadata()
    assert metadata.partition_columns == ["ingest_date"]
    assert (metadata.name, metadata.description) == (MARKS.path, MARKS.description)
