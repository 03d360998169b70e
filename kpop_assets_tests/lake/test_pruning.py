"""Reads and writes of some days touch no file of any other: said by plans, proven by damage.

A file that would be opened is found out here: those of the other days hold no Parquet.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kpop_assets.lake.errors import DamagedTableError
from kpop_assets.lake.lake import Lake
from kpop_assets_tests.lake.kit import MARKS, day, log_actions, marks

ROWS = [(number, f"name {number}", number) for number in range(1, 10)]


@pytest.fixture
def damaged(lake: Lake, spark: SparkSession) -> Lake:
    """Nine days, of which only the fifth and the sixth can be read."""
    lake.replace_range(MARKS, day(1), day(10), marks(spark, ROWS))
    good = {f"ingest_date={day(number)}" for number in (5, 6)}
    spoilt = [path for path in files_of(lake) if path.parent.name not in good]
    assert len(spoilt) >= 7
    for path in spoilt:
        path.write_bytes(b"no Parquet" * (path.stat().st_size // 10 + 1))
    return lake


def files_of(lake: Lake) -> list[Path]:
    """Data files that the newest version names."""
    return sorted(Path(uri.removeprefix("file://")) for uri in lake.delta(MARKS).file_uris())


def plan_of(frame: DataFrame) -> str:
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        frame.explain(extended=True)
    return text.getvalue()


@pytest.mark.both_engines
def test_a_read_of_days_opens_no_file_of_another_day(damaged: Lake):
    found = damaged.read(MARKS, day(5), day(7)).collect()
    assert sorted((row.ingest_date.day, row.name, row.mark_count) for row in found) == ROWS[4:6]
    # Through an aggregate and a filter of the transform as well.
    fifth = damaged.read(MARKS, day(5), day(7)).where(F.col("mark_count") < 6)
    assert fifth.groupBy("name").count().collect() == [("name 5", 1)]
    by_arrow = damaged.arrow(MARKS, day(5), day(7), ["mark_count"]).column("mark_count")
    assert sorted(by_arrow.to_pylist()) == [5, 6]


@pytest.mark.both_engines
def test_a_day_that_is_damaged_is_found_out_when_it_is_read(damaged: Lake):
    """Without which the test above could not fail."""
    with pytest.raises(Exception, match=r"(?i)parquet"):
        damaged.read(MARKS, day(5), day(8)).collect()
    with pytest.raises(DamagedTableError, match="is damaged"):
        damaged.arrow(MARKS, day(4), day(7))


@pytest.mark.both_engines
def test_the_plan_of_a_read_names_its_days_alone(damaged: Lake, engine: str):
    plan = plan_of(damaged.read(MARKS, day(5), day(7)).select("name", "mark_count"))
    if engine == "sail":
        # The scan lists the files that it will open.
        assert set(re.findall(r"ingest_date=(\d{4}-\d\d-\d\d)/", plan)) == {
            str(day(5)),
            str(day(6)),
        }
        return
    (filters,) = re.findall(r"PartitionFilters: \[(.*?)\]", plan)
    assert re.search(rf"ingest_date\S* >= {day(5)}", filters)
    assert re.search(rf"ingest_date\S* < {day(7)}", filters)


@pytest.mark.both_engines
def test_a_write_of_a_day_neither_reads_nor_rewrites_another(damaged: Lake, spark: SparkSession):
    before = {path for path in files_of(damaged) if path.parent.name != f"ingest_date={day(5)}"}
    written = damaged.replace_range(MARKS, day(5), day(6), marks(spark, [(5, "new", 50)]))
    actions = log_actions(damaged.location(MARKS), written.version)
    touched = [action.get("add") or action.get("remove") for action in actions]
    days = {one["partitionValues"]["ingest_date"] for one in touched if one}
    assert days == {str(day(5))}
    after = {path for path in files_of(damaged) if path.parent.name != f"ingest_date={day(5)}"}
    assert after == before
    assert [row.name for row in damaged.read(MARKS, day(5), day(6)).collect()] == ["new"]
