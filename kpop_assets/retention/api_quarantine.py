"""Quarantined lines of the API: told by what they say and by their files, and removed.

Belongs here: the quarantine of every kind of line that a provider's are among. Does not belong
here: rows that could be used (api_rows.py), or lines of files (api_lines.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pyarrow as pa

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake
from kpop_assets.retention.api_lines import ApiFile, Origin, judge_line
from kpop_assets.retention.api_rows import make_rows

LineKeys = set[tuple[dt.date, str, int]]
# Kinds of lines that a provider's are among.
API_KINDS = tuple(record for record in RECORDS if record.rows.provider)


def find_quarantined(
    lake: Lake, before: dt.date, api_files: Collection[ApiFile]
) -> dict[Table, LineKeys]:
    """Keys of the quarantined lines before `before` that came from the API, or may have, by table.

    Args:
        lake: the tables.
        before: first day that is kept.
        api_files: the landing files that hold lines of the API.
    """
    return {record.quarantine: _of_kind(lake, record, before, api_files) for record in API_KINDS}


def _of_kind(
    lake: Lake, record: Record, before: dt.date, api_files: Collection[ApiFile]
) -> LineKeys:
    table = record.quarantine
    if not lake.exists(table):
        return set()
    names = {(file.day, file.path.name) for file in api_files if file.kind == record.kind}
    rows = lake.arrow(table, dt.date.min, before, [*table.primary_key, "line"]).to_pylist()
    found = set()
    for row in rows:
        verdict = judge_line(row["line"].encode())
        is_of_file = (row["ingest_date"], row["landing_file"]) in names
        if verdict is Origin.API or (verdict is Origin.UNSURE and is_of_file):
            found.add((row["ingest_date"], row["landing_file"], row["line_number"]))
    return found


def remove_quarantined(lake: Lake, table: Table, keys: LineKeys, run_id: str) -> None:
    """Remove quarantined lines of one kind by their keys."""
    if not keys:
        return
    start, end = min(key[0] for key in keys), day_end(max(key[0] for key in keys))
    rows = lake.arrow(table, start, end)
    kept = [tuple(row[k] for k in table.primary_key) not in keys for row in rows.to_pylist()]
    left = rows.filter(pa.array(kept, pa.bool_()))
    lake.replace_range(table, start, end, make_rows(lake, table, left), run_id)
