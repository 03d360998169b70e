"""The cells of one row's text under a header: quotes in order or not, too many cells or too few.

Belongs here: how a text is cut into cells. Does not belong here: where a row begins and ends
(table_rows.py).
"""

from __future__ import annotations

import csv

from kpop_assets.landing.sources.layouts import Header

_MOST_QUOTES_TRIED = 24
# Signs that no text has: of the area for private use.
_QUOTE_STAND_IN = "\ue000"
_CR_STAND_IN = "\ue001"


class CellCutter:
    """Cuts rows of one table.

    Attributes:
        header: The header that they stand under.
        delimiter: What stands between cells.
    """

    def __init__(self, header: Header, delimiter: str) -> None:
        self.header = header
        self.delimiter = delimiter

    def strictly(self, body: str) -> list[str] | None:
        """The cells of a line whose quotes are in order, else None."""
        if '"' not in body:
            return body.split(self.delimiter)
        # Outside quotes the csv module takes a bare CR for the end of a row.
        is_parted = "\r" in body and _CR_STAND_IN not in body
        text = body.replace("\r", _CR_STAND_IN) if is_parted else body
        try:
            cells = next(csv.reader([text], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return None
        return [cell.replace(_CR_STAND_IN, "\r") for cell in cells] if is_parted else cells

    def is_whole(self, body: str, is_strict: bool = False) -> bool:
        """Whether a line is a row of its own, whatever stands before it.

        Args:
            body: The line without its end.
            is_strict: Whether its quotes must be in order.
        """
        is_odd = body.count('"') % 2 == 1
        if body.count(self.delimiter) < self.header.width - 1 or (is_strict and is_odd):
            return False
        cells = self.strictly(body)
        if cells is None:
            return not is_strict and self.header.is_row(self.mended(body))
        return self.header.is_row(self.trimmed(cells))

    def mended(self, body: str) -> list[str]:
        """The cells of a line with one quote too many, or with one that the line's end cut off."""
        closed = self.strictly(f'{body}"')
        if closed is not None and self.header.is_row(self.trimmed(closed)):
            return closed
        places = [place for place, char in enumerate(body) if char == '"'][:_MOST_QUOTES_TRIED]
        for place in places:
            cells = self.strictly(f"{body[:place]}{_QUOTE_STAND_IN}{body[place + 1 :]}")
            if cells is not None and self.header.is_row(self.trimmed(cells)):
                return [cell.replace(_QUOTE_STAND_IN, '"') for cell in cells]
        return closed or body.split(self.delimiter)

    def trimmed(self, cells: list[str]) -> list[str]:
        """Without blank cells behind the last column."""
        width = self.header.width
        return cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells

    def merged(self, cells: list[str]) -> list[str] | None:
        """Too many cells, made as many as columns: one text held the delimiter without quotes."""
        surplus = len(cells) - self.header.width
        found = [
            [
                *cells[:place],
                self.delimiter.join(cells[place : place + surplus + 1]),
                *cells[place + surplus + 1 :],
            ]
            for place, kind in enumerate(self.header.kinds)
            if kind == "text"
        ]
        fitting = [row for row in found if self.header.is_row(row)]
        # Of several ways, only that into the long text at the end is likelier than the others.
        is_last = self.header.places.get("description") == self.header.width - 1
        if len(fitting) == 1 or (fitting and is_last and fitting[-1] is found[-1]):
            return fitting[-1]
        return None
