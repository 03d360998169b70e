"""Rows of a text table, whatever it is written with: delimiter, quotes, line ends, encoding.

Belongs here: where a row begins and ends, and its cells. Does not belong here: what they mean
(layouts.py, the importers).

No row is swallowed: each ends as cells, as cells mended and counted, or as a torn row that is
handed on as such. The csv module reads a quote that nobody closed on to the next quote, over
thousands of rows; here such a reading ends where a line is a whole row by itself.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.cells import CellCutter
from kpop_assets.landing.sources.dialect import Dialect, header_cells, sniff
from kpop_assets.landing.sources.layouts import Format, Header
from kpop_assets.landing.sources.text import (
    from_code_page,
    has_surrogate,
    is_in_code_page,
    nature_of,
    page_of_lines,
    sample_of,
    text_lines,
)

# The csv module's own limit of 131,072 characters is below a 5 MB description.
_MOST_CHARS = 64 << 20
_MOST_LINES_OF_A_ROW = 20_000
# No header is longer before a name that every layout has.
_HEADER_CHARS = 400
_MOST_LINES_JOINED = 20


class TableRow(NamedTuple):
    """A row of a table.

    Attributes:
        line_number: The line of the file in which it begins, from 1.
        header: The header that it stands under.
        cells: Its cells by column.
        is_torn: Whether the cells cannot be told to stand in their columns.
        raw: The row as it came.
    """

    line_number: int
    header: Header
    cells: dict[str, str]
    is_torn: bool
    raw: str


def read_table(path: Path, format: Format, repairs: Repairs) -> Iterator[TableRow]:
    """Yield the rows of a table and count what was mended.

    Raises:
        LandingError: The file cannot be read, or no layout of the format fits it.
    """
    dialect = sniff(path, format)
    if dialect.header is None and (nature := nature_of(sample_of(path))):
        raise LandingError(f"cannot read {path} as {format.name}: it is {nature}")
    if dialect.header is None:
        raise format.refusal(path, dialect.names, dialect.encoding, dialect.delimiter)
    if dialect.encoding not in ("utf-8", "utf-8-sig"):
        repairs[f"file_read_as_{dialect.encoding.replace('-', '_')}"] += 1
    yield from _Reader(path, format, dialect, repairs).rows()


class _Reader:
    """Goes through the lines of one table."""

    def __init__(self, path: Path, format: Format, dialect: Dialect, repairs: Repairs) -> None:
        if dialect.header is None:
            raise ValueError("a table is read by its header")
        self._format = format
        self._delimiter = dialect.delimiter
        self._page = dialect.page
        self._cut = CellCutter(dialect.header, dialect.delimiter)
        self._repairs = repairs
        self._lines = enumerate(text_lines(path, dialect.encoding, dialect.line_end), start=1)
        self._ahead: deque[tuple[int, str]] = deque()
        for _ in range(dialect.header_line):
            next(self._lines)

    def rows(self) -> Iterator[TableRow]:
        """All rows; headers that stand between them are left out and counted."""
        csv.field_size_limit(_MOST_CHARS)
        while (line := self._take()) is not None:
            number, text = line
            if not text.strip().strip(self._delimiter).strip():
                continue
            if self._is_header(text):
                self._repairs["repeated_header_left_out"] += 1
                continue
            for begins, raw in self._pieces(number, text):
                yield self._row(begins, *self._cells(begins, raw))

    def _take(self) -> tuple[int, str] | None:
        if self._ahead:
            return self._ahead.popleft()
        return next(self._lines, None)

    def _is_header(self, text: str) -> bool:
        first = self._cut.header.names[0].strip().strip('"').casefold()
        if first not in text[:_HEADER_CHARS].casefold():
            return False
        names = header_cells(text.rstrip("\r\n"), self._delimiter, self._page)
        if self._cut.header.is_repeated_by(names):
            return True
        # Files of two layouts, joined: from here on the other one holds.
        other = self._format.header(names)
        if other is None or self._cut.header.is_row(names):
            return False
        self._cut = CellCutter(other, self._delimiter)
        return True

    def _pieces(self, number: int, text: str) -> list[tuple[int, str]]:
        """A line, or the rows in it where a bare CR parts them."""
        body = text.rstrip("\r\n")
        if "\r" not in body:
            return [(number, text)]
        parts = [part for part in body.split("\r") if part.strip()]
        if all(self._cut.is_whole(part) for part in parts):
            self._repairs["bare_cr_ends_row_read"] += len(parts) - 1
            return [(number, part) for part in parts]
        if '"' not in body:
            self._repairs["bare_cr_inside_row_kept"] += 1
        return [(number, text)]

    def _cells(self, number: int, text: str) -> tuple[list[str], bool, str]:
        """The cells of the row that begins with a line, whether it is torn, and its text."""
        body = text.rstrip("\r\n")
        cells = self._cut.strictly(body)
        if cells is None:
            cells, body = self._quoted(number, text)
        if len(cells) < self._cut.header.width:
            cells, body = self._joined(cells, body)
        return self._of_width(cells, body)

    def _quoted(self, number: int, text: str) -> tuple[list[str], str]:
        """The cells of a row whose quotes go over several lines, or are out of order."""
        taken = [(number, text)]
        try:
            cells = next(csv.reader(self._following(taken), delimiter=self._delimiter, strict=True))
        except csv.Error:
            self._ahead.extendleft(reversed(taken[1:]))
            self._repairs["quote_out_of_order_read_by_line"] += 1
            return self._cut.mended(text.rstrip("\r\n")), text.rstrip("\r\n")
        return cells, "".join(line for _, line in taken)

    def _following(self, taken: list[tuple[int, str]]) -> Iterator[str]:
        """The lines of a quoted cell, up to where a line is a row by itself."""
        yield taken[0][1]
        size = 0
        # Where the first line is no row, a line that is one only when it is mended may be text.
        is_strict = not self._cut.is_whole(taken[0][1].rstrip("\r\n"))
        while (line := self._take()) is not None:
            taken.append(line)
            size += len(line[1])
            body = line[1].rstrip("\r\n")
            is_row = self._is_header(line[1]) or self._cut.is_whole(body, is_strict)
            if is_row or size > _MOST_CHARS or len(taken) > _MOST_LINES_OF_A_ROW:
                # To the csv module the file ends here, inside a quote, which it refuses.
                return
            yield line[1]

    def _joined(self, cells: list[str], body: str) -> tuple[list[str], str]:
        """A short row with the lines behind it, where only together they are a row."""
        text = body
        taken: list[tuple[int, str]] = []
        while len(taken) < _MOST_LINES_JOINED and (line := self._take()) is not None:
            taken.append(line)
            body_behind = line[1].rstrip("\r\n")
            if self._is_header(line[1]) or self._cut.is_whole(body_behind):
                break
            text += "\n" + body_behind
            found = self._cut.strictly(text)
            if found is None or len(found) > self._cut.header.width:
                break
            if self._cut.header.is_row(found):
                self._repairs["line_break_without_quotes_joined"] += 1
                return found, text
        self._ahead.extendleft(reversed(taken))
        return cells, body

    def _of_width(self, cells: list[str], body: str) -> tuple[list[str], bool, str]:
        """Cells as many as columns, where one text holds the delimiter without quotes."""
        cells, width = self._cut.trimmed(cells), self._cut.header.width
        if len(cells) == width:
            return cells, False, body
        self._repairs["row_with_wrong_number_of_fields"] += 1
        merged = self._cut.merged(cells) if len(cells) > width else cells
        if merged is None:
            return cells, True, body
        if merged is not cells:
            self._repairs["delimiter_without_quotes_joined"] += 1
        return merged, False, body

    def _row(self, number: int, cells: list[str], is_torn: bool, raw: str) -> TableRow:
        if not raw.isascii() and has_surrogate(raw):
            cells = self._in_code_page(cells, raw)
        if is_torn:
            self._repairs["row_torn_set_aside"] += 1
        return TableRow(number, self._cut.header, self._cut.header.cells(cells), is_torn, raw)

    def _in_code_page(self, cells: list[str], raw: str) -> list[str]:
        """The cells of a row that is no UTF-8, read in the code page of its file if it fits."""
        if is_in_code_page(raw):
            page = self._page or page_of_lines([raw.encode("utf-8", "surrogateescape")])
            read = [from_code_page(cell, page) for cell in cells] if page else [None]
            if all(cell is not None for cell in read):
                self._page = page
                self._repairs[f"row_read_as_{page}"] += 1
                return [cell for cell in read if cell is not None]
        self._repairs["row_not_utf8_kept_as_it_came"] += 1
        return cells
