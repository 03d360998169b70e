"""What the tests of this folder share: a day, a valid line, files and what comes of them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.bronze.account import account_for_files, select_quarantine, select_rows
from kpop_assets.bronze.events import add_artists
from kpop_assets.bronze.line_frame import (
    Add,
    describe_files,
    parse_batches,
    parse_files,
    parsed_table,
)
from kpop_assets.catalog.catalog import Catalog, load_catalog
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.landing.folders import day_folder
from kpop_assets.landing.found import find_files

DAY = dt.date(2026, 3, 2)
NEXT = DAY + dt.timedelta(days=1)
# 2026-03-02 00:00 in Seoul is 15:00 UTC of the day before.
DAY_START_MS = int(dt.datetime(2026, 3, 1, 15, tzinfo=dt.UTC).timestamp() * 1000)
NOON_MS = DAY_START_MS + 12 * 3_600_000
DAY_MS = 86_400_000
FILE_NAME = f"events_{NOON_MS}.json"
# Which acts there are is no matter here, and few are quicker than a thousand.
FEW_ACTS = Catalog(tuple(act for act in load_catalog().acts if act.artist in ("BTS", "NewJeans")))


def fields(**changes: Any) -> dict[str, Any]:
    """A valid observation; a change of `...` leaves the field out."""
    valid = {
        "video_id": "v1",
        "text": "title",
        "ts": NOON_MS - DAY_MS,
        "source": "test",
        "observed_at": NOON_MS,
    }
    return {name: value for name, value in (valid | changes).items() if value is not ...}


def line(**changes: Any) -> bytes:
    """A valid line, with changes."""
    return json.dumps(fields(**changes), ensure_ascii=False).encode()


def land(
    root: Path, data: bytes, name: str = FILE_NAME, day: dt.date = DAY, kind: str = "events"
) -> Path:
    """Put a landing file of any bytes into a day's folder, as a foreign collector would."""
    path = day_folder(root, day, kind) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def parse(
    root: Path, start: dt.date = DAY, end: dt.date = NEXT, record: Record = EVENT_LINES
) -> pa.Table:
    """All lines of the landing files of a range of days, parsed in plain Python."""
    files = find_files(root, start, end, record.kind)
    rows = iter(describe_files(files).to_batches())
    schema = parsed_table(record).arrow_schema()
    return pa.Table.from_batches(parse_batches(rows, record, _add_of(record)), schema)


def _add_of(record: Record) -> Add:
    return partial(add_artists, catalog=FEW_ACTS) if record == EVENT_LINES else iter


def parse_in_engine(
    spark: SparkSession,
    root: Path,
    start: dt.date = DAY,
    end: dt.date = NEXT,
    record: Record = EVENT_LINES,
) -> DataFrame:
    """The same inside the engine."""
    files = find_files(root, start, end, record.kind)
    return parse_files(spark, files, record, _add_of(record))


@dataclass(frozen=True)
class Loaded:
    """What became of the landing files of a day."""

    rows: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    files: list[dict[str, Any]]

    def reasons(self) -> dict[int, tuple[str, str | None]]:
        """Reason and field of each quarantined line, by line number."""
        return {row["line_number"]: (row["reason"], row["field"]) for row in self.quarantine}

    def total(self, name: str) -> int:
        """Sum of a count over the files."""
        return sum(row[name] for row in self.files)


def load(
    spark: SparkSession,
    root: Path,
    start: dt.date = DAY,
    end: dt.date = NEXT,
    record: Record = EVENT_LINES,
) -> Loaded:
    """Rows, quarantine and account of the landing files of a range of days, in file order."""
    schema = spark_schema(parsed_table(record))
    parsed = spark.createDataFrame(parse(root, start, end, record), schema)
    frames = (
        select_rows(parsed, record),
        select_quarantine(parsed, record),
        account_for_files(parsed, find_files(root, start, end, record.kind), record),
    )
    return Loaded(*(_rows(frame) for frame in frames))


def _rows(frame: DataFrame) -> list[dict[str, Any]]:
    rows = [row.asDict() for row in frame.collect()]
    return sorted(
        rows, key=lambda r: (r["ingest_date"], r["landing_file"], r.get("line_number", 0))
    )
