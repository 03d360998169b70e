"""Merging small files: rows to the bit, neighbours untouched, once, and safe when stopped."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from pyspark.sql import SparkSession

from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.lake import maintenance
from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets.lake.lock import locked
from kpop_assets.lake.maintenance import LEAST_FILES, Compacted
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.retention.assets import retention_compaction
from kpop_assets_tests.lake.kit import TYPES, data_files, day

pytestmark = pytest.mark.filterwarnings("ignore::dagster.BetaWarning")


def scatter(lake: Lake, table: Table, number: int, files: int) -> None:
    """Leave a day of made-up rows in so many files, one a commit."""
    for i in range(files):
        values = {
            "string": f"name {number} {i:03}",
            "long": 2**62 + i,
            "int": -i,
            "double": 0.1 * i,
            "boolean": i % 2 == 0,
            "date": day(number),
            "timestamp": dt.datetime(2026, 1, number, 3, 4, 5, i, dt.UTC),
            "binary": bytes([0, i, 255]),
        }
        row = {column.name: values[column.type] for column in table.columns}
        row["ingest_date"] = day(number)
        rows = pa.Table.from_pylist([row], table.arrow_schema())
        path = str(lake.location(table))
        write_deltalake(path, rows, mode="append", partition_by=["ingest_date"])


def rows_of(lake: Lake, table: Table, number: int) -> list[dict]:
    rows = lake.arrow(table, day(number), day(number + 1)).to_pylist()
    return sorted(rows, key=lambda row: str(row[table.primary_key[-1]]))


def of_day(lake: Lake, number: int) -> set[str]:
    """Files of a day that the newest version names."""
    return {uri for uri in lake.delta(TYPES).file_uris() if f"={day(number)}/" in uri}


@pytest.fixture
def scattered(lake: Lake) -> Lake:
    """Day 1 in one file fewer than is worth a merge, day 2 in many."""
    scatter(lake, TYPES, 1, LEAST_FILES - 1)
    scatter(lake, TYPES, 2, 9)
    return lake


@pytest.mark.both_engines
def test_a_crowded_day_is_merged_to_one_file_with_the_same_rows_and_once(
    scattered: Lake, spark: SparkSession
):
    before = [rows_of(scattered, TYPES, number) for number in (1, 2)]
    neighbour = of_day(scattered, 1)
    done = scattered.compact(TYPES)
    assert (done.days, done.files_before, done.files_after) == (1, 9, 1)
    assert 0 < done.bytes_after < done.bytes_before
    assert [rows_of(scattered, TYPES, number) for number in (1, 2)] == before
    assert (len(of_day(scattered, 2)), of_day(scattered, 1)) == (1, neighbour)
    # The engine reads what delta-rs wrote, and may replace the day as ever.
    merged = scattered.read(TYPES, day(2), day(3))
    found = sorted((row.name, row.big_count, row.share_pct, row.sketch) for row in merged.collect())
    names = ("name", "big_count", "share_pct", "sketch")
    assert found == [tuple(row[name] for name in names) for row in before[1]]
    version = scattered.delta(TYPES).version()
    assert scattered.compact(TYPES) == Compacted()
    assert scattered.delta(TYPES).version() == version
    empty = spark.createDataFrame([], spark_schema(TYPES))
    scattered.replace_range(TYPES, day(2), day(3), empty)
    assert rows_of(scattered, TYPES, 2) == []
    assert rows_of(scattered, TYPES, 1) == before[0]


def test_a_merge_that_is_stopped_before_its_commit_leaves_the_table_as_before(
    scattered: Lake, monkeypatch: pytest.MonkeyPatch
):
    before, version = rows_of(scattered, TYPES, 2), scattered.delta(TYPES).version()
    files = data_files(scattered.location(TYPES))

    def fails(folder: Path) -> Compacted:
        # What a merge leaves that ends between its file and its commit.
        (folder / f"ingest_date={day(2)}" / "part-merged.parquet").write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kpop_assets.lake.lake.compact_table", fails)
    with pytest.raises(LakeError, match="no space left") as caught:
        scattered.compact(TYPES)
    assert len(str(caught.value).splitlines()) == 1
    assert data_files(scattered.location(TYPES)) == files
    assert (rows_of(scattered, TYPES, 2), scattered.delta(TYPES).version()) == (before, version)


def test_what_is_merged_to_the_target_is_not_merged_again(
    scattered: Lake, monkeypatch: pytest.MonkeyPatch
):
    """With the target at about three files, nine become some, and those stay."""
    size = max(path.stat().st_size for path in scattered.location(TYPES).rglob("*.parquet"))
    monkeypatch.setattr(maintenance, "TARGET_BYTES", 3 * size + 1)
    monkeypatch.setattr(maintenance, "SMALL_BYTES", size + 1)
    before = rows_of(scattered, TYPES, 2)
    done = scattered.compact(TYPES)
    assert 1 < done.files_after < done.files_before
    assert rows_of(scattered, TYPES, 2) == before
    left = of_day(scattered, 2)
    scattered.compact(TYPES)
    assert of_day(scattered, 2) == left


def test_the_asset_merges_every_table_and_leaves_one_in_use_for_next_time(
    lake: Lake, capsys: pytest.CaptureFixture[str]
):
    lake = Lake(lake.root, lambda: pytest.fail("a merge needs no engine"), lock_seconds=0.1)
    scatter(lake, ARTIST_DAILY, 3, LEAST_FILES)

    def merge() -> dict:
        result = dg.materialize(
            [retention_compaction], resources={"lake": lake}, partition_key="2026-01-09"
        )
        (event,) = result.get_asset_materialization_events()
        return {name: one.value for name, one in event.materialization.metadata.items()}

    with locked(lake.root / ".locks", ARTIST_DAILY.path, 1):
        assert merge()["tables_in_use"] == 1
    assert "silver/artist_daily is compacted next time" in capsys.readouterr().err
    found = merge()
    assert (found["days_compacted"], found["files_before"], found["files_after"]) == (1, 4, 1)
    assert found["bytes_after"] < found["bytes_before"]
    assert "silver/artist_daily" in found["tables"]
    assert merge()["tables"] == "nothing was due"
