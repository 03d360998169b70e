"""What the lake refuses to write, and that nothing half written stays."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from kpop_assets.lake.lake import ContractError, Lake
from kpop_assets.lake.schemas import spark_schema
from kpop_assets_tests.lake.kit import MARKS, TYPES, data_files, day, marks, read_marks


def refused(lake: Lake, rows: DataFrame, first: int = 2, end: int = 3) -> str:
    """The message with which a write fails, after which the table is as before, to the file."""
    folder = lake.location(MARKS)
    version, files, content = lake.delta(MARKS).version(), data_files(folder), read_marks(lake)
    with pytest.raises(ContractError) as caught:
        lake.replace_range(MARKS, day(first), day(end), rows)
    assert lake.delta(MARKS).version() == version
    assert data_files(folder) == files
    assert read_marks(lake) == content
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert "test/marks" in message
    return message


@pytest.mark.both_engines
def test_rows_outside_the_window_are_refused_and_nothing_half_written_stays(
    filled: Lake, spark: SparkSession
):
    outside = marks(spark, [(2, "in", 1), (3, "the first day after", 1)])
    assert "outside the range [2026-01-02, 2026-01-03)" in refused(filled, outside)
    null = refused(filled, marks(spark, [(2, "in", 1), (2, None, 1)]))
    assert "name" in null and "NULL" in null.upper()


@pytest.mark.both_engines
def test_a_required_null_of_any_type_is_refused_and_its_column_named(
    lake: Lake, spark: SparkSession
):
    columns = tuple(dataclasses.replace(column, nullable=False) for column in TYPES.columns)
    strict = dataclasses.replace(TYPES, columns=columns)
    full = (day(1), "a", 1, 2, 0.5, True, day(3), dt.datetime(2026, 1, 2, 12), b"\x00")
    row = spark.createDataFrame([full], spark_schema(TYPES))
    for column in columns[1:]:
        null = F.lit(None).cast(spark_schema(TYPES)[column.name].dataType)
        with pytest.raises(ContractError, match=column.name):
            lake.replace_range(strict, day(1), day(2), row.withColumn(column.name, null))
    lake.replace_range(strict, day(1), day(2), row)
    assert [tuple(kept) for kept in lake.read(strict, day(1), day(2)).collect()] == [full]


def test_a_day_before_a_missing_day_and_an_empty_window_are_refused(
    filled: Lake, spark: SparkSession
):
    assert "outside the range" in refused(filled, marks(spark, [(1, "before", 1)]))
    nowhere = marks(spark, []).unionAll(spark.sql("SELECT DATE(NULL), 'x', 1L"))
    assert "outside the range" in refused(filled, nowhere)
    assert "outside the range" in refused(filled, marks(spark, [(2, "x", 1)]), first=2, end=2)


def test_one_bad_row_among_many_stops_the_whole_write(filled: Lake, spark: SparkSession):
    numbers = spark.range(200_000)
    late = F.when(F.col("id") == 199_999, F.lit(day(3))).otherwise(F.lit(day(2)))
    rows = numbers.select(
        late.alias("ingest_date"),
        F.sha2(F.col("id").cast("string"), 256).alias("name"),
        F.col("id").alias("mark_count"),
    )
    assert "outside the range" in refused(filled, rows)


@pytest.mark.both_engines
@pytest.mark.parametrize("name", TYPES.column_names)
def test_a_column_of_another_type_is_refused_before_anything_is_written(
    lake: Lake, spark: SparkSession, name: str
):
    # The nearest type: what an engine would cast, or null, without a word.
    near = {"date": "timestamp", "long": "int", "int": "long", "double": "float"}
    near |= {"string": "int", "boolean": "string", "timestamp": "date", "binary": "string"}
    types = {column.name: column.type for column in TYPES.columns}
    empty = spark.createDataFrame([], spark_schema(TYPES))
    frame = empty.withColumn(name, F.lit(None).cast(near[types[name]]))
    with pytest.raises(ContractError, match=f"test/types: column {name} is .*, not"):
        lake.replace_range(TYPES, day(1), day(2), frame)
    assert not lake.exists(TYPES)


@pytest.mark.both_engines
def test_missing_and_extra_columns_are_refused_and_all_named_at_once(
    lake: Lake, spark: SparkSession
):
    frame = marks(spark, [(1, "a", 1)])
    with pytest.raises(ContractError, match="column name is missing"):
        lake.replace_range(MARKS, day(1), day(2), frame.drop("name"))
    with pytest.raises(ContractError, match="column extra is not in the contract"):
        lake.replace_range(MARKS, day(1), day(2), frame.withColumn("extra", F.lit(1)))
    wrong = frame.drop("name").withColumn("Name", F.lit("a")).withColumn("mark_count", F.lit("1"))
    with pytest.raises(ContractError) as caught:
        lake.replace_range(MARKS, day(1), day(2), wrong)
    assert str(caught.value) == (
        "table test/marks: column name is missing; column Name is not in the contract; "
        "column mark_count is string, not bigint: mend the transform"
    )
    assert not lake.exists(MARKS)


def test_a_timestamp_without_a_time_zone_is_another_type(lake: Lake, spark: SparkSession):
    frame = spark.createDataFrame([], spark_schema(TYPES))
    naive = frame.withColumn("seen_at", F.lit(None).cast(T.TimestampNTZType()))
    with pytest.raises(ContractError, match="seen_at is timestamp_ntz, not timestamp"):
        lake.replace_range(TYPES, day(1), day(2), naive)


def test_a_refused_first_write_leaves_no_rows_and_no_data_file(lake: Lake, spark: SparkSession):
    with pytest.raises(ContractError):
        lake.replace_range(MARKS, day(1), day(2), marks(spark, [(2, "outside", 1)]))
    assert data_files(lake.location(MARKS)) == set()
    lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)]))
    assert read_marks(lake) == [(1, "a", 1)]
