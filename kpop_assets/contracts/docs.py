"""The page `docs/tables.md`, written from the contracts by `make docs`.

Belongs here: how a contract reads as Markdown. Does not belong here: what a table is.
"""

from __future__ import annotations

from pathlib import Path

from kpop_assets.contracts.live import LIVE_TABLES
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Column, Table

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"
_HEAD = """# Tables

Written by `make docs` from `kpop_assets/contracts/`. Every table is a Delta table below
`$KPOP_HOME/lake/`, partitioned by `ingest_date`; times are stored in UTC.
"""
_LIVE = """# Live tables

Filled by `kpop stream` and not by the graph: the last days, window by window.
"""


def render_tables() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *map(_section, TABLES), _LIVE, *map(_section, LIVE_TABLES)])


def _section(table: Table) -> str:
    lines = [
        f"## {table.path}",
        "",
        table.description,
        "",
        f"Key: {', '.join(f'`{name}`' for name in table.primary_key)}. Owner: {table.owner}.",
        "",
        "| column | type | null | unit | meaning |",
        "| --- | --- | --- | --- | --- |",
        *map(_row, table.columns),
        "",
    ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    null = "yes" if column.nullable else ""
    meaning = column.description.replace("|", "\\|")
    return f"| `{column.name}` | {column.type} | {null} | {column.unit} | {meaning} |"


if __name__ == "__main__":
    PAGE.write_text(render_tables(), encoding="utf-8")
