"""A lake's tables as plain Parquet files that can be compared: sketches become their estimates.

Belongs here: reading through `Lake` and writing the files. Does not belong here: comparing them
(compare.py). Two sketches of the same values may differ in bytes by the order in which partitions
arrived; their estimates do not.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pyarrow as pa

from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.lake.lake import Lake
from kpop_assets.silver.sketches import estimate

SKETCH_SUFFIX = "_sketch"


def write_snapshot(lake: Lake, out: Path) -> None:
    """Write every daily table that the lake has, whole, to `<out>/<layer>/<table>.parquet`.

    What a training decided is left out: it times its candidates, and names its MLflow runs.
    """
    for table in TABLES:
        if lake.exists(table) and not table.awaits_training:
            path = out / f"{table.path}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = _rows(lake, table)
            rows.sort(table.primary_key).write_parquet(path)


def _rows(lake: Lake, table: Table) -> pl.DataFrame:
    days = (dt.date(1970, 1, 1), dt.date(2100, 1, 1))
    sketches = [name for name in table.column_names if name.endswith(SKETCH_SUFFIX)]
    if not sketches:
        return _frame(lake.arrow(table, *days))
    others = [name for name in table.column_names if name not in sketches]
    rows = lake.read(table, *days)
    return _frame(rows.select(*others, *[estimate(rows[n]).alias(n) for n in sketches]).toArrow())


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
