"""What the importers of text tables share: finding tables, and how one writes days and numbers.

Belongs here: questions that are asked of a whole table before its rows are read. Does not belong
here: reading rows (table_rows.py), or the columns of a source (its importer).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.day_order import order_of
from kpop_assets.landing.sources.dialect import sniff
from kpop_assets.landing.sources.layouts import Format
from kpop_assets.landing.sources.readings import is_grouped_by_points, is_number_in_doubt
from kpop_assets.landing.sources.table_rows import TableRow, read_table
from kpop_assets.landing.sources.text import suffix_of
from kpop_assets.landing.sources.times import DateOrder, is_in_doubt

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
    first = next((day for day in days if day[0].strip()), None)
    if first is None:
        return ""
    if _SHORT_DAY.fullmatch(first[0]):
        return "ydm"
    return order_of(chain([first], days)) if is_in_doubt(first[0]) else ""


def way_out_of_days(order: DateOrder) -> str:
    """What to do where no day could be read."""
    return "write days as 2025-11-04: 8/12/2020 can be read in two ways" if not order else ""


def rows_in(path: Path, format: Format, repairs: Repairs) -> Iterator[TableRow]:
    """The rows of a table; 1.000 is 1,000 where other numbers of it show points as separators."""
    names = [column.name for column in format.columns if column.kind == "number"]
    is_grouped: bool | None = None
    for row in read_table(path, format, repairs):
        doubtful = [name for name in names if is_number_in_doubt(row.cells.get(name, ""))]
        if doubtful and is_grouped is None:
            is_grouped = _groups_by_points(path, format, names)
        if doubtful and is_grouped:
            commas = {name: row.cells[name].replace(".", ",") for name in doubtful}
            row = TableRow(row.line_number, row.header, row.cells | commas, row.is_torn, row.raw)
        yield row


def _groups_by_points(path: Path, format: Format, names: list[str]) -> bool:
    """Whether a number of a table is written as 1.250.000; asked once, when one is in doubt."""
    return any(
        is_grouped_by_points(row.cells.get(name, ""))
        for row in read_table(path, format, Counter())
        for name in names
        if not row.is_torn
    )
