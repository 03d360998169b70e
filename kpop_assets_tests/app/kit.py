"""Small lakes written out in full: rows of a contract, of which a test names what matters."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pyarrow as pa
from deltalake import write_deltalake
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Dataframe

from app.snapshot import Snapshot
from kpop_assets.contracts.table import Table
from kpop_assets.settings import Settings

DAY = dt.date(2026, 3, 10)
DEFAULTS: dict[str, Any] = {
    "string": "",
    "long": 0,
    "int": 0,
    "double": 0.0,
    "boolean": False,
    "date": dt.date(2026, 1, 1),
    "timestamp": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "binary": b"",
}


def artist_names(links: Iterable[str]) -> list[str]:
    """The artists that cells of a table lead to."""
    return [parse_qs(urlparse(link).query)["artist"][0] for link in links]


def read_cells(table: Dataframe, column: str) -> list[str]:
    """What a reader sees in a column of a table."""
    texts = table.proto.arrow_data.styler.display_values
    return pa.ipc.open_stream(texts).read_all().column(column).to_pylist()


def days_ago(count: int) -> dt.date:
    """The day that lies so many days before `DAY`."""
    return DAY - dt.timedelta(days=count)


def write_rows(home: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Write rows of a table; a column that a row does not name is null, or empty where it must be.

    Returns:
        The lake as a page sees it.
    """
    columns = {c.name: None if c.nullable else DEFAULTS[c.type] for c in table.columns}
    written = pa.Table.from_pylist([{**columns, **row} for row in rows], table.arrow_schema())
    folder = home / "lake" / table.path
    write_deltalake(str(folder), written, partition_by=["ingest_date"], mode="append")
    return Snapshot(Settings(home=home))


def boards(page: AppTest) -> list[dict[str, Any]]:
    """What the boards of a page are given to draw."""
    found = [element.proto for element in page.get("bidi_component")]  # type: ignore[attr-defined]
    return [json.loads(p.mixed.json or p.json) for p in found if p.component_name == "kpop_board"]
