"""Days of channels for tests of whom the catalogue lacks: tables written without an engine.

Belongs here: rows and the lake they lie in. Does not belong here: any expectation.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.table import Table

DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


def channel_id(letter: str) -> str:
    return "UC" + letter * 22


def event(number: int, author: str, text: str, **more: Any) -> dict[str, Any]:
    """An event of a video of its own, of the API and with no act."""
    values: dict[str, Any] = {column.name: None for column in EVENTS.columns}
    return values | {
        "ingest_date": DAY,
        "video_id": f"v{number}",
        "observed_at": NOW,
        "event_at": NOW,
        "artist": "OTHER",
        "text": text,
        "source": "youtube",
        "author_id": channel_id("a"),
        "author_name": author,
        "landing_file": "f",
        "line_number": number,
        **more,
    }


def write_table(root: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    write_deltalake(
        str(root / table.layer / table.name),
        pa.Table.from_pylist(rows, table.arrow_schema()),
        mode="overwrite",
        partition_by=["ingest_date"],
    )
