"""How a text table is written, told by the header that its format knows.

Belongs here: encoding, delimiter, line end, and where the header stands. Does not belong here:
rows (table_rows.py), or which layouts there are (layouts.py, the importers).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.landing.sources.layouts import Format, Header
from kpop_assets.landing.sources.text import (
    SAMPLE_BYTES,
    code_page_of,
    encoding_of,
    from_code_page,
    is_in_code_page,
    line_end_of,
    sample_of,
)

DELIMITERS = ",;\t|"
# A note, a title or `sep=;` may stand before the header.
_LINES_BEFORE_HEADER = 10


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes:
        encoding: Its encoding; `utf-8` also where some lines are of a code page.
        delimiter: What stands between cells.
        line_end: What ends a line.
        page: The code page of lines that are no UTF-8, if there are such in the beginning.
        header: The header, where one was understood.
        header_line: Its line, from 1.
    """

    encoding: str
    delimiter: str
    line_end: str
    page: str | None
    header: Header | None
    header_line: int
    names: tuple[str, ...]


def sniff(path: Path, format: Format) -> Dialect:
    """Find out how a table is written, by the header that a format knows.

    Raises:
        LandingError: The file cannot be read.
    """
    sample = sample_of(path)
    encoding = encoding_of(sample)
    cut = sample[: len(sample) // 4 * 4] if encoding.startswith("utf-32") else sample
    try:
        text = cut.decode(
            encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace"
        )
    except UnicodeError:
        text = ""
    line_end = line_end_of(text)
    page = code_page_of(sample) if encoding == "utf-8" else None
    lines = text[:SAMPLE_BYTES].split(line_end)[:_LINES_BEFORE_HEADER]
    best: tuple[str, ...] = ()
    delimiter = ","
    for candidate in DELIMITERS:
        for number, line in enumerate(lines, start=1):
            names = tuple(header_cells(line.rstrip("\r\n"), candidate, page))
            if header := format.header(names):
                return Dialect(encoding, candidate, line_end, page, header, number, names)
            if number == 1 and len(names) > len(best):
                best, delimiter = names, candidate
    return Dialect(encoding, delimiter, line_end, page, None, 0, best)


def header_cells(line: str, delimiter: str, page: str | None) -> list[str]:
    """The names in a line, as a header; of a line that is none, whatever stands there."""
    if page and is_in_code_page(line):
        line = from_code_page(line, page) or line
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)
