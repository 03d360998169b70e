"""The page `docs/tables.md`, written from the contracts by `make docs`.

Belongs here: how a contract reads as Markdown. Does not belong here: what a table is.
"""

from __future__ import annotations

from pathlib import Path

from kpop_assets.contracts.record import Field, Record
from kpop_assets.contracts.registry import LIVE_TABLES, RECORDS, TABLES
from kpop_assets.contracts.table import Column, Rhythm, Table

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"
_HEAD = """# Tables

Written by `make docs` from `kpop_assets/contracts/`. Every table is a Delta table below
`$KPOP_HOME/lake/`, partitioned by `ingest_date`; times are stored in UTC.
"""
_LIVE = """# Live tables

Filled by `kpop stream` and not by the graph: the last days, window by window.
"""
_LINES = """# Landing lines

What a line of each kind may hold (`docs/landing.md` says how files lie and what a type takes).
Fields that are not listed are ignored; one that is absent or null is null in the table.
"""
_RHYTHMS: dict[Rhythm, str] = {
    "daily": "Rows on each day that was taken in.",
    "weekly": "Rows on training days; what was decided then stands.",
    "occasional": "Rows on days that have something to say.",
    "live": "Rows while `kpop stream` runs.",
}


def render_tables() -> str:
    """The whole page."""
    tables = [_HEAD, *map(_section, TABLES), _LIVE, *map(_section, LIVE_TABLES)]
    return "\n".join([*tables, _LINES, *map(_lines_of, RECORDS)])


def _section(table: Table) -> str:
    lines = [
        f"## {table.path}",
        "",
        table.description,
        "",
        f"Key: {', '.join(f'`{name}`' for name in table.primary_key)}. Owner: {table.owner}.",
        *_facts(table),
        "",
        "| column | type | null | unit | meaning |",
        "| --- | --- | --- | --- | --- |",
        *map(_row, table.columns),
        "",
    ]
    return "\n".join(lines)


def _facts(table: Table) -> list[str]:
    """When it has rows, how far they look back, and what goes at a provider's limit."""
    facts = [_RHYTHMS[table.rhythm]]
    if table.needs_champion:
        facts.append("None before a training found a champion.")
    if table.look_back_days:
        facts.append(f"Looks back {table.look_back_days} days at most.")
    if table.provider:
        said = [f"`{column.name}`" for column in table.columns if column.of_provider]
        named = f" ({', '.join(said)})" if said else ""
        facts.append(f"Holds what {table.provider} said{named}, which goes at its limit.")
    elif table.needs_provider_rows:
        facts.append("Cannot be made anew once the rows it was computed from have gone.")
    return facts


def _row(column: Column) -> str:
    null = "yes" if column.nullable else ""
    meaning = column.description.replace("|", "\\|")
    return f"| `{column.name}` | {column.type} | {null} | {column.unit} | {meaning} |"


def _lines_of(record: Record) -> str:
    meanings = {column.name: column.description for column in record.rows.columns}
    lines = [
        f"## Lines of {record.kind}",
        "",
        f"Observed at `{record.observed}`. They end in "
        f"{', '.join(f'`{table.path}`' for table in record.tables)}.",
        "",
        "| field | type | required | limits | column | meaning |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_field(field, meanings[field.column_name]) for field in record.fields),
        "",
    ]
    return "\n".join(lines)


def _field(field: Field, meaning: str) -> str:
    required = "yes" if field.required else ""
    limits = ", ".join(field.choices)
    if field.bounds:
        limits = " to ".join(f"{bound:,}" for bound in field.bounds)
    cells = (f"`{field.name}`", field.type, required, limits, f"`{field.column_name}`", meaning)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(render_tables(), encoding="utf-8")
