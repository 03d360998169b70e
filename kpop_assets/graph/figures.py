"""What a materialization shows: counts to plot, the table's version, and rows to look at.

Belongs here: metadata of one run's tables and days. Does not belong here: what is known before a
run (graph/lake_asset.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, cast

import dagster as dg

from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake, Written

PREVIEW_ROWS = 10
_MOST_CHARACTERS = 80
_OF_PROVIDERS = tuple(table for table in TABLES if table.provider)
# Whose rows say what they came from.
_SOURCED = tuple(table for table in _OF_PROVIDERS if "source" in table.column_names)
_FURTHEST = max(table.look_back_days for table in _OF_PROVIDERS)


def tell_days(
    context: dg.AssetExecutionContext, lake: Lake, table: Table, result: dg.MaterializeResult
) -> None:
    """Give each day of a range its own row count, and only the last what is there to look at.

    Dagster repeats a result's metadata for every day: a count would be that of the whole range,
    and a table of ten rows fill the event log 365 times a year.
    """
    days = context.partition_keys
    if len(days) == 1:
        return
    counts: Counter[str] = Counter()
    for file in lake.file_statistics(table):
        counts[file["ingest_date"].isoformat()] += file["row_count"]
    for day in days:
        figure = {"dagster/partition_row_count": counts[day]}
        context.add_asset_metadata(figure, result.asset_key, day)
    metadata = cast(dict[str, Any], result.metadata)
    texts = {k: v for k, v in metadata.items() if isinstance(v, dg.MarkdownMetadataValue)}
    context.add_asset_metadata(texts, result.asset_key, days[-1])
    for name in texts:
        del metadata[name]


def run_metadata(
    lake: Lake,
    table: Table,
    written: Written,
    days: tuple[dt.date, dt.date],
    order_by: str,
    **figures: Any,
) -> dict[str, Any]:
    """Counts to plot over time, the table's version, and its top rows of the newest day."""
    return {
        "dagster/row_count": lake.row_count(table),
        "dagster/partition_row_count": written.row_count,
        "delta_version": written.version,
        "location": dg.MetadataValue.path(str(lake.location(table))),
        "preview": dg.MetadataValue.md(preview(lake, table, *days, order_by)),
        **figures,
    }


def preview(lake: Lake, table: Table, start: dt.date, end: dt.date, order_by: str) -> str:
    """The rows of the newest day in [start, end) with the highest `order_by`, as Markdown."""
    filled = [f["ingest_date"] for f in lake.file_statistics(table) if f["row_count"]]
    last = max((day for day in filled if start <= day < end), default=start)
    is_limited = _rests_on_provider(lake, table, last)
    # Dagster keeps a preview for ever: nobody is in it who may want to be forgotten.
    told = [c for c in table.columns if c.type != "binary" and not c.is_person]
    shown = [c for c in told if not (is_limited and c.of_provider)]
    names = [column.name for column in shown]
    rows = lake.arrow(table, last, day_end(last), list({*names, order_by}))
    top = rows.sort_by([(order_by, "descending")]).slice(0, PREVIEW_ROWS).to_pylist()
    if not top:
        return f"no rows from {start} to {end - dt.timedelta(days=1)}"
    lines = [names, ["---"] * len(names), *[[_cell(row[name]) for name in names] for row in top]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rests_on_provider(lake: Lake, table: Table, day: dt.date) -> bool:
    """Whether rows of the day may hold what the table's provider said."""
    # Dagster keeps previews for ever, and so longer than what a provider said may be.
    if table.provider is None:
        return False
    # A line that was refused names no source: there any that the provider sent lately counts.
    says_whose = table in _SOURCED or table.look_back_days > 0
    since = day - dt.timedelta(days=table.look_back_days if says_whose else _FURTHEST)
    return any(
        since <= other <= day
        for sourced in _SOURCED
        if sourced.provider == table.provider and lake.exists(sourced)
        for other in lake.days_with(sourced, "source", table.provider)
    )


def _cell(value: object) -> str:
    # Titles come from strangers: nothing of theirs may end a cell or begin a link.
    text = f"{value:,.2f}" if isinstance(value, float) else str(value)
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    plain = " ".join(text.split())
    return plain if len(plain) <= _MOST_CHARACTERS else f"{plain[: _MOST_CHARACTERS - 1]}…"
