"""Tables for check-ups: a whole small lake, written without an engine.

Belongs here: rows that keep their contracts. Does not belong here: any fault.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table

TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)  # 21:00 in Seoul
_FILLERS: dict[str, Any] = {
    "string": "x",
    "long": 1,
    "int": 1,
    "double": 1.0,
    "boolean": True,
    "date": TODAY,
    "timestamp": NOW,
    "binary": b"x",
}


def write(root: Path, table: Table, *rows: dict[str, Any]) -> None:
    """Replace a table by rows; what they do not name is a filler."""
    columns = {c.name: [row.get(c.name, _FILLERS[c.type]) for row in rows] for c in table.columns}
    write_deltalake(
        str(root / table.layer / table.name),
        pa.table(columns, schema=table.arrow_schema()),
        mode="overwrite",
        schema_mode="overwrite",
        partition_by=["ingest_date"],
    )


def write_lake(root: Path, day: dt.date = TODAY, source: str = "youtube") -> None:
    """Every table with one row of a day."""
    for table in TABLES:
        write(root, table, {"ingest_date": day, "source": source})
