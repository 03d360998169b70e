"""What the tests of the lake share: two small tables, their rows, and what stands on the disk."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.lake.lake import Lake

MARKS = Table(
    "test",
    "marks",
    "One mark on one day.",
    ("ingest_date", "name"),
    (
        INGEST_DATE,
        Column("name", "string", "Name of the mark."),
        Column("mark_count", "long", "How many.", "marks", nullable=True),
    ),
)
# One column of each type a contract may name.
TYPES = Table(
    "test",
    "types",
    "One row with a value of every type.",
    ("ingest_date", "name"),
    (
        INGEST_DATE,
        Column("name", "string", "A string."),
        Column("big_count", "long", "A long.", nullable=True),
        Column("small_count", "int", "An int."),
        Column("share_pct", "double", "A double.", nullable=True),
        Column("is_set", "boolean", "A boolean.", nullable=True),
        Column("debut_date", "date", "A date.", nullable=True),
        Column("seen_at", "timestamp", "A timestamp.", "UTC", nullable=True),
        Column("sketch", "binary", "Bytes.", nullable=True),
    ),
)


def day(number: int) -> dt.date:
    """The tests' day of that number, from 1."""
    return dt.date(2026, 1, number)


def marks(spark: SparkSession, rows: Sequence[tuple[int, str | None, int | None]]) -> DataFrame:
    """Rows of `MARKS`, the day by its number; a null name passes the frame, not the contract."""
    return spark.createDataFrame(
        [(day(number), name, count) for number, name, count in rows],
        "ingest_date date, name string, mark_count bigint",
    )


def read_marks(lake: Lake, first: int = 1, end: int = 31) -> list[tuple[int, str, int]]:
    """Rows of `MARKS` by the engine, in order."""
    rows = lake.read(MARKS, day(first), day(end)).collect()
    return sorted((row.ingest_date.day, row.name, row.mark_count) for row in rows)


def data_files(folder: Path) -> set[str]:
    """Every data file below a table's folder, named by a commit or not."""
    found = (path.relative_to(folder) for path in folder.rglob("*.parquet"))
    return {str(path) for path in found if path.parts[0] != "_delta_log"}


def log_actions(folder: Path, version: int) -> list[dict[str, Any]]:
    """The actions of one commit, as they stand in the log."""
    text = (folder / "_delta_log" / f"{version:020}.json").read_text()
    return [json.loads(line) for line in text.splitlines()]
