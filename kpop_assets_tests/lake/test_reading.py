"""Reads of the lake with and without the engine, and rows staged for several reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from deltalake import DeltaTable, Schema
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.lake.lake import ContractError, Lake, LakeError, MissingTableError
from kpop_assets.lake.schemas import spark_schema
from kpop_assets_tests.lake.kit import MARKS, day, marks, read_marks


@pytest.mark.both_engines
def test_a_table_that_was_never_written_is_named_with_the_way_out(lake: Lake):
    reads: list[Callable[[], object]] = [
        lambda: lake.read(MARKS, day(1), day(2)),
        lambda: lake.arrow(MARKS, day(1), day(2)),
        lambda: lake.newest_rows(MARKS),
        lambda: lake.row_count(MARKS),
        lambda: lake.file_statistics(MARKS),
        lambda: lake.delta(MARKS),
    ]
    for read in reads:
        with pytest.raises(MissingTableError, match=r"test/marks .*kpop run START END") as caught:
            read()
        assert len(str(caught.value).splitlines()) == 1
    assert not lake.root.exists() or not any(lake.root.rglob("*.json"))


@pytest.mark.both_engines
def test_reads_without_the_engine_say_what_the_engine_says(filled: Lake):
    content = [(1, "a", 1), (2, "b", None), (2, "c", 3), (3, "d", 4)]
    by_engine = [tuple(row) for row in filled.read(MARKS, day(1), day(9)).collect()]
    assert sorted(by_engine, key=str) == [(day(d), name, n) for d, name, n in content]
    by_arrow = filled.arrow(MARKS, day(1), day(9))
    assert by_arrow.column_names == MARKS.column_names
    assert sorted((tuple(row.values()) for row in by_arrow.to_pylist()), key=str) == sorted(
        by_engine, key=str
    )
    assert filled.arrow(MARKS, day(2), day(3), ["name"]).sort_by("name").to_pydict() == {
        "name": ["b", "c"]
    }
    assert filled.arrow(MARKS, day(4), day(9)).num_rows == 0
    assert filled.row_count(MARKS) == len(by_engine)
    assert filled.newest_rows(MARKS) == [{"ingest_date": day(3), "name": "d", "mark_count": 4}]
    statistics = sorted(filled.file_statistics(MARKS), key=lambda file: file["ingest_date"])
    assert [(file["ingest_date"], file["row_count"]) for file in statistics] == [
        (day(1), 1),
        (day(2), 2),
        (day(3), 1),
    ]
    assert [file["null_counts"]["mark_count"] for file in statistics] == [0, 1, 0]
    assert [file["null_counts"]["name"] for file in statistics] == [0, 0, 0]


@pytest.mark.both_engines
def test_a_read_is_half_open_and_ends_before_it_begins_with_nothing(filled: Lake):
    assert [row[:2] for row in _names(filled, 1, 3)] == [(1, "a"), (2, "b"), (2, "c")]
    assert _names(filled, 3, 3) == _names(filled, 3, 2) == _names(filled, 20, 30) == []


def _names(lake: Lake, first: int, end: int) -> list[tuple[int, str]]:
    rows = lake.read(MARKS, day(first), day(end)).collect()
    return sorted((row.ingest_date.day, row.name) for row in rows)


def test_the_newest_rows_of_a_table_whose_newest_day_was_cleared_are_those_before(
    lake: Lake, spark: SparkSession
):
    lake.replace_range(MARKS, day(1), day(3), marks(spark, [(1, "a", 1), (2, "b", 2)]))
    lake.replace_range(MARKS, day(2), day(3), marks(spark, []))
    assert [row["name"] for row in lake.newest_rows(MARKS)] == ["a"]
    lake.replace_range(MARKS, day(1), day(2), marks(spark, []))
    assert lake.newest_rows(MARKS) == []
    assert lake.row_count(MARKS) == 0
    assert read_marks(lake) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_every_table_of_the_registry_can_be_created_cleared_and_read(
    lake: Lake, spark: SparkSession, table: Table
):
    empty = spark.createDataFrame([], spark_schema(table))
    assert lake.replace_range(table, day(1), day(2), empty).row_count == 0
    written = Schema.from_json(spark_schema(table).json())
    assert DeltaTable(str(lake.location(table))).schema() == written
    assert lake.read(table, day(1), day(2)).columns == table.column_names
    assert lake.arrow(table, day(1), day(2)).num_rows == 0


def staged_folders(lake: Lake) -> list[Path]:
    """Folders of staged rows that stand on the disk."""
    folder = lake.root / ".staged"
    return list(folder.iterdir()) if folder.exists() else []


@pytest.mark.both_engines
def test_staged_rows_are_computed_once_and_their_folder_goes_also_after_an_error(
    lake: Lake, spark: SparkSession
):
    rows = marks(spark, [(1, "a", 1), (2, "b", None)])
    with lake.staged(rows.withColumn("lot", F.rand())) as staged:
        first, second = ({row.lot for row in staged.collect()} for _ in range(2))
        assert first == second
        assert staged.schema.fieldNames() == [*MARKS.column_names, "lot"]
        assert len(staged_folders(lake)) == 1
    assert staged_folders(lake) == []
    with pytest.raises(ContractError, match="own words"), lake.staged(rows):
        raise ContractError("own words")
    assert staged_folders(lake) == []


def test_a_fault_of_the_code_inside_a_staged_block_keeps_its_name(lake: Lake, spark: SparkSession):
    """A slip in a transform is no failure of the disk: its own type says where to look."""
    with pytest.raises(ZeroDivisionError), lake.staged(marks(spark, [(1, "a", 1)])):
        raise ZeroDivisionError("of the block")
    assert staged_folders(lake) == []


@pytest.mark.both_engines
def test_rows_that_cannot_be_computed_are_one_line_and_leave_no_folder(
    lake: Lake, spark: SparkSession
):
    broken = marks(spark, [(1, "a", 1)]).withColumn(
        "name", F.when(F.col("mark_count") > 0, F.raise_error(F.lit("no such note"))).cast("string")
    )
    with pytest.raises(LakeError, match="no such note") as caught, lake.staged(broken) as staged:
        staged.collect()
    assert len(str(caught.value).splitlines()) == 1
    assert staged_folders(lake) == []
