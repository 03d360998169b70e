"""Layouts of tables as data: which columns a source's files have, under which names.

Belongs here: what a layout is, how one is told by its header, and the one line where none fits.
Does not belong here: the layouts of a source (its importer), or reading rows (table_rows.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.readings import looks_like_number
from kpop_assets.landing.sources.regions import region_of
from kpop_assets.landing.sources.times import could_be_time

CellKind = Literal["text", "id", "number", "time", "day", "region"]

_NOT_IN_NAMES = re.compile(r"[\W_]+")
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# What a refusal names of a file's columns: enough to recognise it.
_SHOWN = 12


@dataclass(frozen=True)
class CellColumn:
    """A column of a source's files.

    Attributes:
        name: What the importer calls it.
        names: What files call it; case, blanks and signs do not count.
        kind: What its cells are.
    """

    name: str
    names: tuple[str, ...]
    kind: CellKind = "text"

    def is_called(self, name: str) -> bool:
        """Whether a header's name is one of its own."""
        return folded_name(name) in {folded_name(own) for own in self.names}

    def rank_of(self, name: str) -> int:
        """Which of its own names a header's name is: 0 is the best known."""
        return [folded_name(own) for own in self.names].index(folded_name(name))


@dataclass(frozen=True)
class Layout:
    """A known form of a source's tables.

    Attributes:
        name: What people call it.
        required: Columns without which a table is not of this form, as its files call them.
        is_literal: Whether they must be called so, and no other name of theirs will do.
    """

    name: str
    required: tuple[str, ...]
    is_literal: bool = False


@dataclass(frozen=True)
class Header:
    """A header that was understood.

    Attributes:
        layout: Which form it is of.
        names: Its names, as they stand there, without blank ones at the end.
        places: Where each known column stands.
        kinds: What stands at each place.
    """

    layout: Layout
    names: tuple[str, ...]
    places: dict[str, int]
    kinds: tuple[CellKind, ...]

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.names)

    def is_row(self, cells: Sequence[str]) -> bool:
        """Whether cells stand where their columns are: times, numbers and regions fit."""
        if len(cells) != self.width:
            return False
        return all(_FITS[kind](cell) for kind, cell in zip(self.kinds, cells, strict=True))

    def is_repeated_by(self, cells: Sequence[str]) -> bool:
        """Whether a row is this header once more."""
        return [folded_name(cell) for cell in cells[: self.width]] == [
            folded_name(name) for name in self.names
        ]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row's cells by the names of their columns; a short one lacks the last."""
        return {name: row[place] for name, place in self.places.items() if place < len(row)}


@dataclass(frozen=True)
class Format:
    """What an importer knows of its source's tables.

    Attributes:
        name: The format's name.
        columns: All columns that it reads.
        layouts: The forms that it knows; the first that fits counts.
    """

    name: str
    columns: tuple[CellColumn, ...]
    layouts: tuple[Layout, ...]

    def header(self, names: Sequence[str]) -> Header | None:
        """Names understood as a header; None where no layout fits.

        Of several that fit, the one counts whose own names are there.
        """
        kept = list(names)
        while kept and not kept[-1].strip():
            kept.pop()
        places, kinds = self._places(kept)
        written = {folded_name(name) for name in kept}
        fitting = [
            layout
            for layout in self.layouts
            if not self._missing(layout, places)
            and (not layout.is_literal or written >= set(map(folded_name, layout.required)))
        ]
        if not fitting:
            return None
        layout = max(fitting, key=lambda one: len(written & set(map(folded_name, one.required))))
        return Header(layout, tuple(kept), places, kinds)

    def _missing(self, layout: Layout, places: Mapping[str, int]) -> list[str]:
        return [
            name
            for name in layout.required
            if not any(column.is_called(name) and column.name in places for column in self.columns)
        ]

    def _places(self, names: Sequence[str]) -> tuple[dict[str, int], tuple[CellKind, ...]]:
        places: dict[str, int] = {}
        kinds: list[CellKind] = ["text"] * len(names)
        for column in self.columns:
            called = [place for place, name in enumerate(names) if column.is_called(name)]
            if free := [place for place in called if place not in places.values()]:
                # Of two that may be it the one counts by whose name it is better known.
                place = min(free, key=lambda one: column.rank_of(names[one]))
                places[column.name] = place
                kinds[place] = column.kind
        return places, tuple(kinds)

    def refusal(
        self, path: Path, names: Sequence[str], encoding: str, delimiter: str
    ) -> LandingError:
        """The one line for a file that no layout fits: what was seen, known, and the way out."""
        places, _ = self._places(names)
        nearest = min(self.layouts, key=lambda layout: len(self._missing(layout, places)))
        missing = self._missing(nearest, places)
        seen = ", ".join(_shown(name) for name in names[:_SHOWN]) or "none"
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return LandingError(
            f"cannot read {path} as {self.name}: no known layout fits; seen: columns {seen}{more} "
            f"({encoding.upper()}, {_DELIMITER_NAMES[delimiter]} between them); of the nearest, "
            f"{nearest.name}, column {', '.join(missing)} is missing",
            f"known layouts: {self.known()}; rename the columns, or name another format",
        )

    def known(self) -> str:
        """All layouts in words."""
        return "; ".join(f"{layout.name} ({', '.join(layout.required)})" for layout in self.layouts)


def _shown(name: str) -> str:
    """A name for a message: a file that is no text has anything there."""
    shown = "".join(char if char.isprintable() else "?" for char in name.strip()[:40])
    return shown or "(blank)"


@lru_cache(maxsize=4096)
def folded_name(name: str) -> str:
    """A column's name without case, blanks, signs and marks that cannot be seen."""
    return _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKC", name).casefold())


def _is_region(cell: str) -> bool:
    return not cell.strip() or region_of(cell) is not None


_FITS = {
    "text": lambda cell: True,
    "id": lambda cell: bool(cell.strip()) and " " not in cell.strip(),
    "number": looks_like_number,
    "time": lambda cell: not cell.strip() or could_be_time(cell),
    "day": could_be_time,
    "region": _is_region,
}
