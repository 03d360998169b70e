"""Rows are handed out by value, in no more parts than there is work for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from kpop_assets.lake.exchange import hand_out, part_count

FILES, VALUES = 12, 30
_SCHEMA = pa.schema([("values", pa.list_(pa.int64()))])


def _values(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """One row a part, with the values that came to it."""
    found = [value for batch in batches for value in batch.column("value").to_pylist()]
    yield pa.RecordBatch.from_pydict({"values": [found]}, _SCHEMA)


def test_equal_values_come_to_one_part_and_files_do_not_make_parts(
    spark: SparkSession, engine: str, tmp_path: Path
):
    for number in range(FILES):
        pq.write_table(pa.table({"value": range(VALUES)}), tmp_path / f"{number}.parquet")
    rows = hand_out(spark.read.parquet(str(tmp_path)), "value")
    parts = [row[0] for row in rows.mapInArrow(_values, "values array<bigint>").collect()]
    held = sorted(value for part in parts for value in set(part))
    assert held == list(range(VALUES))
    assert sorted(value for part in parts for value in part) == sorted([*range(VALUES)] * FILES)
    if engine == "sail":
        assert len(parts) == part_count(spark) == os.cpu_count()
    else:
        assert part_count(spark) is None
