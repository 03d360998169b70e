"""The method texts with the numbers that the product works by, and the meaning of every column.

Belongs here: filling `messages/method.*.md` and listing the contracts. Does not belong here: the
texts, how numbers are written (numbers.py), or anything about the data at hand.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import polars as pl

from app.messages.rule_numbers import fill_in
from app.queries.artists.ranking import SPARK_DAYS
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts.registry import TABLES

FOLDER = Path(__file__).parents[2] / "messages"
_HEADING = re.compile(r"^## (\w+) \| (.+)$", re.MULTILINE)


@lru_cache(maxsize=4)
def load_sections(language: str, catalog: Catalog) -> dict[str, tuple[str, str]]:
    """Title and text (Markdown, numbers filled in) of each section by its id, in order."""
    text = (FOLDER / f"method.{language}.md").read_text(encoding="utf-8")
    numbers = {"artist_count": len(catalog), "spark_days": SPARK_DAYS}
    _, *parts = _HEADING.split(text)
    filled = [fill_in(part.strip(), numbers) for part in parts]
    return {filled[i]: (filled[i + 1], filled[i + 2]) for i in range(0, len(filled), 3)}


@lru_cache(maxsize=1)
def list_columns() -> pl.DataFrame:
    """Every column of every table, as the contracts say.

    Returns:
        table_name, column_name, column_type, unit, meaning, is_nullable, is_key; tables in the
        order they are filled.
    """
    rows = [
        {
            "table_name": table.path,
            "column_name": column.name,
            "column_type": column.type,
            "unit": column.unit,
            "meaning": column.description,
            "is_nullable": column.nullable,
            "is_key": column.name in table.primary_key,
        }
        for table in TABLES
        for column in table.columns
    ]
    return pl.DataFrame(rows)


@lru_cache(maxsize=1)
def list_tables() -> pl.DataFrame:
    """table_name, row_meaning (what a row is) of every table, in the order they are filled."""
    return pl.DataFrame(
        {
            "table_name": [table.path for table in TABLES],
            "row_meaning": [table.description for table in TABLES],
        }
    )
