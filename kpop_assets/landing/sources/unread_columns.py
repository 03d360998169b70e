"""Which columns of tables an import made nothing of, so that whoever imports is told.

Belongs here: remembering them over the files of one import. Does not belong here: which columns a
format reads (its importer), or how it is said (cli/).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from kpop_assets.landing.sources.layouts import Header


@runtime_checkable
class ReadsByName(Protocol):
    """An importer that finds columns by their names, and so may pass some over."""

    def unread_columns(self) -> list[str]:
        """Columns of the tables read so far of which nothing was made."""

    def sources_by_name(self) -> list[str]:
        """Sources of rows that named none, by the names of the files read so far."""


class UnreadColumns:
    """Columns of one import of which nothing was made, in the order in which they were met.

    One that was read in any row is not among them, nor one that a format knows and no row fills.

    Args:
        one_of: columns, by the format's names, of which each row is read by one at most.
    """

    def __init__(self, one_of: Iterable[str] = ()) -> None:
        self._one_of = frozenset(one_of)
        self._is_read: dict[str, bool] = {}
        self._rows: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()

    def add(self, header: Header, filled: Iterable[str] = ()) -> None:
        """A row was read.

        Args:
            header: what it stands under.
            filled: which of `one_of` it fills, the one by which it is read first.
        """
        row = header.names, tuple(filled)
        if row in self._rows:
            return
        self._rows.add(row)
        read, known = {*row[1][:1]}, {place: name for name, place in header.places.items()}
        for place, called in enumerate(map(str.strip, header.names)):
            name = known.get(place)
            if name in self._one_of and name not in row[1]:
                continue
            is_read = name is not None and (name in read or name not in self._one_of)
            if called:
                self._is_read[called] = self._is_read.get(called, False) or is_read

    def names(self) -> list[str]:
        """They as their files call them."""
        return [name for name, is_read in self._is_read.items() if not is_read]
