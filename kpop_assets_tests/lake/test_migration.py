"""A table that an older contract wrote: new nullable columns come by themselves, nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, Schema
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from app.notices import PageEnd
from app.snapshot import Snapshot
from kpop_assets.contracts.table import Column, Table
from kpop_assets.graph.checks import schema_differences
from kpop_assets.lake.errors import OlderTableError
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.operate.checkup.data import check_tables
from kpop_assets.settings import Settings
from kpop_assets_tests.lake.kit import MARKS, data_files, day, marks

NEW = Column("mark_note", "string", "What was said of it.", nullable=True)
# In the middle: an engine that writes by position would mix up columns.
NEWER = dataclasses.replace(MARKS, columns=(*MARKS.columns[:2], NEW, *MARKS.columns[2:]))


def changed(name: str, **fields: object) -> Table:
    """`MARKS` with one column declared otherwise."""
    columns = (
        dataclasses.replace(column, **fields) if column.name == name else column  # type: ignore[arg-type]
        for column in MARKS.columns
    )
    return dataclasses.replace(MARKS, columns=tuple(columns))


@pytest.fixture
def old(lake: Lake, spark: SparkSession) -> Lake:
    """A lake that the older contract `MARKS` has filled."""
    lake.replace_range(MARKS, day(1), day(3), marks(spark, [(1, "a", 1), (2, "b", None)]))
    return lake


def rows(lake: Lake, table: Table) -> list[tuple[object, ...]]:
    """All rows by the engine, which are those without it."""
    by_engine = [tuple(row) for row in lake.read(table, day(1), day(9)).collect()]
    without = lake.arrow(table, day(1), day(9))
    assert without.schema.equals(table.arrow_schema())
    assert {tuple(row.values()) for row in without.to_pylist()} == set(by_engine)
    return sorted(by_engine, key=lambda row: str(row[:2]))


@pytest.mark.both_engines
def test_a_new_nullable_column_is_null_until_it_is_written(
    old: Lake, spark: SparkSession, settings: Settings
):
    before = [(day(1), "a", None, 1), (day(2), "b", None, None)]
    assert rows(old, NEWER) == before
    assert "mark_note" not in old.delta(MARKS).schema().to_arrow().names, "reading changes nothing"
    new = marks(spark, [(2, "c", 7)]).withColumn("mark_note", F.lit("fine"))
    assert old.replace_range(NEWER, day(2), day(3), new).row_count == 1
    assert rows(old, NEWER) == [before[0], (day(2), "c", "fine", 7)]
    assert schema_differences(old, NEWER) == []
    seen = Snapshot(settings).read(NEWER, day(1), day(3)).sort("ingest_date")
    assert seen["mark_note"].to_list() == [None, "fine"]
    assert seen["mark_count"].to_list() == [1, 7]


def test_the_viewer_and_the_check_up_take_a_table_without_the_new_column(
    old: Lake, settings: Settings
):
    snapshot = Snapshot(settings)
    found = snapshot.read(NEWER, then=lambda frame: frame.filter(pl.col("mark_note").is_null()))
    assert found.columns == NEWER.column_names
    assert found.height == 2
    assert check_tables(old, [NEWER]).state == "ok"
    with pytest.raises(PageEnd):
        snapshot.read(changed("mark_count", type="string"))


@pytest.mark.both_engines
def test_a_column_that_may_be_null_by_now_takes_nulls(
    lake: Lake, spark: SparkSession, settings: Settings
):
    strict, frame = changed("mark_count", nullable=False), marks(spark, [(1, "a", 1)])
    lake.replace_range(strict, day(1), day(2), frame)
    lake.replace_range(MARKS, day(2), day(3), marks(spark, [(2, "b", None)]))
    assert rows(lake, MARKS) == [(day(1), "a", 1), (day(2), "b", None)]
    assert schema_differences(lake, MARKS) == []


REFUSED = {
    "column mark_count may be null": changed("mark_count", nullable=False),
    "column mark_count is int64, not string": changed("mark_count", type="string"),
    "column mark_note is missing": dataclasses.replace(
        MARKS, columns=(*MARKS.columns, dataclasses.replace(NEW, nullable=False))
    ),
    "column mark_count is not in the contract": dataclasses.replace(
        MARKS, columns=MARKS.columns[:2]
    ),
}


@pytest.mark.both_engines
@pytest.mark.parametrize("problem", REFUSED)
def test_any_other_difference_is_refused_and_the_table_stays(
    old: Lake, spark: SparkSession, problem: str
):
    table, folder = REFUSED[problem], old.location(MARKS)
    before = (old.delta(MARKS).version(), data_files(folder))
    with pytest.raises(OlderTableError) as caught:
        old.replace_range(table, day(1), day(2), spark.createDataFrame([], spark_schema(table)))
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert message.startswith("table test/marks was written by another version of the product: ")
    assert f"{problem}: restore its folder" in message
    assert "kpop run START END --select test/marks" in message
    assert (old.delta(MARKS).version(), data_files(folder)) == before
    finding = check_tables(old, [table])
    assert finding.state == "problem"
    assert problem in finding.text
    if "not in the contract" in problem:
        assert old.arrow(table, day(1), day(9)).num_rows == 2, "what is left can be read"
        return
    with pytest.raises(OlderTableError):
        old.read(table, day(1), day(2))
    if "may be null" not in problem:
        with pytest.raises(OlderTableError):
            old.arrow(table, day(1), day(2))


def test_a_migration_that_was_killed_half_way_is_ended_by_the_next_write(
    old: Lake, spark: SparkSession, tmp_path: Path
):
    """Adding the column is a commit of its own, so a process can die right after it."""
    field = next(
        f for f in Schema.from_json(spark_schema(NEWER).json()).fields if f.name == NEW.name
    )
    DeltaTable(str(old.location(MARKS))).alter.add_columns(field)
    assert rows(old, NEWER)[0] == (day(1), "a", None, 1)
    new = marks(spark, [(2, "c", 7)]).withColumn("mark_note", F.lit("fine"))
    old.replace_range(NEWER, day(2), day(3), new)
    assert rows(old, NEWER)[1] == (day(2), "c", "fine", 7)
