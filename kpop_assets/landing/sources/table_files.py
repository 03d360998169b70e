"""What the importers of text tables share: finding tables in a folder, and how they write days.

Belongs here: questions that are asked of a whole table before its rows are read. Does not belong
here: reading rows (table_rows.py), or the columns of a source (its importer).
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, islice
from pathlib import Path

from kpop_assets.landing.sources.dialect import sniff
from kpop_assets.landing.sources.layouts import Format
from kpop_assets.landing.sources.table_rows import read_table
from kpop_assets.landing.sources.text import suffix_of
from kpop_assets.landing.sources.times import DateOrder, is_in_doubt, order_of

TABLE_SUFFIXES = (".csv", ".tsv", ".txt")

_SHORT_DAY = re.compile(r"\s*\d{2}\.\d{2}\.\d{2}\s*")
_ROWS_FOR_ORDER = 100_000


def tables_in(folder: Path, format: Format) -> list[Path]:
    """The files of a folder that are text tables of a format, packed ones too, by name."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name[0] != "."
        and path.is_file()
        and suffix_of(path) in TABLE_SUFFIXES
        and sniff(path, format).header
    ]


def date_order(path: Path, format: Format, earlier: str = "") -> DateOrder:
    """In which order a table names the parts of its days, told by all of them.

    Args:
        path: The table.
        format: Its format, whose days stand in column `day`.
        earlier: The column of a time that lies a little before, if there is one.
    """
    cells = (row.cells for row in read_table(path, format, Counter()) if not row.is_torn)
    days = ((row.get("day", ""), row.get(earlier)) for row in islice(cells, _ROWS_FOR_ORDER))
    first = next(days, None)
    if first is None:
        return ""
    if _SHORT_DAY.fullmatch(first[0]):
        return "ydm"
    return order_of(chain([first], days)) if is_in_doubt(first[0]) else ""


def way_out_of_days(order: DateOrder) -> str:
    """What to do where no day could be read."""
    return "write days as 2025-11-04: 8/12/2020 can be read in two ways" if not order else ""
