"""The first ten of each week and what became of them, as rows of labels.

Belongs here: what a label says, and drawing them. Does not belong here: which forecasts
(queries/trust/viral_record.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import polars as pl

from app import numbers
from app.board.cells import Reader
from app.board.component import draw_weeks


def show_weeks(rows: pl.DataFrame, reader: Reader, caption: str) -> None:
    """Draw the weeks.

    Args:
        rows: forecast_date, ingest_date, artist, multiple, has_reached, is_viral; a week's rows
            one after the other.
        reader: who looks.
        caption: what the rows are, as plain text: the table's name for screen readers.
    """
    weeks = [
        _week(part, reader)
        for part in rows.partition_by("forecast_date", "ingest_date", maintain_order=True)
    ]
    headings = [reader.say(f"track_record.{name}") for name in ("week", "hits", "became")]
    draw_weeks({"weeks": weeks, "headings": headings, "caption": caption})


def _week(rows: pl.DataFrame, reader: Reader) -> dict[str, Any]:
    came = rows.get_column("is_viral").sum()
    return {
        "days": f"{rows.item(0, 'forecast_date')} → {rows.item(0, 'ingest_date')}",
        "hits": reader.say("track_record.hits_of", came=came, whole=rows.height),
        "acts": [_act(row, reader) for row in rows.iter_rows(named=True)],
    }


def _act(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    size = None if row["multiple"] is None else math.exp(row["multiple"])
    written = numbers.write("times", size, reader.language)
    return {
        "name": reader.name_of(row["artist"]),
        "href": "artist?" + urlencode({"artist": row["artist"], **reader.query}),
        "came": row["is_viral"],
        "size": written,
        "outcome": reader.say(f"track_record.{_outcome(row)}", size=written),
    }


def _outcome(row: Mapping[str, Any]) -> str:
    if not row["is_viral"]:
        return "not_viral"
    if row["has_reached"]:
        return "both" if row["has_multiplied"] else "reached"
    return "multiplied"
