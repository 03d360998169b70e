"""What the tests of the graph share: runs in memory, small landing files, whole tables.

Belongs here: set-up without an assertion. Does not belong here: fixtures that every test needs
(conftest.py).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_start_ms
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.landing.files import write_day
from kpop_assets.operate import runner
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake

DAY = dt.date(2025, 11, 8)
_FILLERS: dict[str, Any] = {
    "string": "x",
    "long": 1,
    "int": 1,
    "double": 1.0,
    "boolean": True,
    "date": DAY,
    "timestamp": dt.datetime(2025, 11, 8, 3, tzinfo=dt.UTC),
    "binary": b"x",
}


def use_home(settings: Settings, patch: pytest.MonkeyPatch) -> None:
    """Let the environment name the test's data folder and engine, as a run's process reads it."""
    patch.setenv("KPOP_HOME", str(settings.home))
    patch.setenv("KPOP_ENGINE", settings.engine)
    patch.setenv("KPOP_SPARK_MASTER", settings.spark_master)


@pytest.fixture
def instance(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """An instance in memory that `runner.materialize` uses: SQLite files take half a run's time."""
    use_home(settings, monkeypatch)
    with dg.DagsterInstance.ephemeral() as instance:
        monkeypatch.setattr(runner, "open_instance", lambda settings: nullcontext(instance))
        yield instance


def demo(events_per_day: int = 60) -> dict[str, Any]:
    """Configuration of the landing asset for a small simulation."""
    return {"source": "demo", "events_per_day": events_per_day, "seed": 7}


def land(settings: Settings, day: dt.date, *video_ids: str, hour: int = 1) -> Path:
    """Land one file of a day with a line for each video."""
    at = day_start_ms(day) + hour * 3_600_000
    lines = [
        json.dumps({"video_id": v, "text": "BTS live", "ts": at, "source": "test"}).encode() + b"\n"
        for v in video_ids
    ]
    return write_day(settings.landing, day, lines, at).path


def frame(spark: SparkSession, table: Table, *rows: dict[str, Any]) -> DataFrame:
    """Rows of a table; what a row does not name is a filler of the column's type."""
    filled = [
        tuple(row.get(c.name, None if c.nullable else _FILLERS[c.type]) for c in table.columns)
        for row in rows
    ]
    return spark.createDataFrame(filled, spark_schema(table))


def contents(settings: Settings) -> dict[str, pa.Table]:
    """Every table of the lake that exists, whole and in the order of its key."""
    lake = build_lake(settings)
    return {
        table.path: lake.arrow(table, dt.date.min, dt.date.max).sort_by(
            [(name, "ascending") for name in table.primary_key]
        )
        for table in TABLES
        if lake.exists(table)
    }


def differing(left: dict[str, pa.Table], right: dict[str, pa.Table]) -> list[str]:
    """Tables and columns that are not the same in both.

    Engines add floats in any order, so these may differ in their last digits. Sketches of one set
    differ in the order of their bytes; what gold counts with them is compared in their place.
    """
    if left.keys() != right.keys():
        return [f"tables {sorted(left.keys() ^ right.keys())}"]
    return [
        f"{path}.{name}"
        for path, table in left.items()
        for name in table.column_names
        if not name.endswith("_sketch") and not _equal(table.column(name), right[path].column(name))
    ]


def _equal(a: pa.ChunkedArray, b: pa.ChunkedArray) -> bool:
    if not pa.types.is_floating(a.type):
        return a.equals(b)
    x, y = a.to_numpy(), b.to_numpy()
    return len(x) == len(y) and np.allclose(x, y, rtol=1e-12, atol=0, equal_nan=True)
