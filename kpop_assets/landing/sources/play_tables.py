"""Imports tables of plays, whatever their columns are called, and plays as JSON lines.

Belongs here: the names that such tables give their columns. Does not belong here: public sets with
a layout of their own (listening_sets.py), or how a listener is hidden (door.py).

A play needs who, which track and when it began. A column of when it ended is none of these: read
as the beginning it would put every play minutes late, so a table that has no other is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.landing.sources.base import Placeable, Repairs, SourceRecord, placed, without_empty
from kpop_assets.landing.sources.landing_files import LandingFiles, is_landing_name
from kpop_assets.landing.sources.layouts import CellColumn, Format, Layout
from kpop_assets.landing.sources.readings import counter, is_no_id
from kpop_assets.landing.sources.table_files import (
    date_order,
    rows_in,
    tables_in,
    way_out_of_days,
)
from kpop_assets.landing.sources.table_rows import TableRow
from kpop_assets.landing.sources.times import DateOrder, read_instant, zone_assumed

FORMAT = Format(
    "plays",
    (
        CellColumn("user_id", ("user_id", "user", "listener_id", "listener", "username")),
        CellColumn("track_id", ("track_id", "spotify_track_uri", "track_uri", "song_id", "uri")),
        # Called `day` because that is the column by which a table's order of day and month is told.
        CellColumn("day", ("played_at", "listened_at", "started_at", "timestamp"), "time"),
        CellColumn("played_ms", ("played_ms", "ms_played"), "number"),
        CellColumn("rating", ("rating", "stars")),
        CellColumn("received_at", ("received_at",), "time"),
        CellColumn("context", ("context", "played_from")),
        CellColumn("source", ("source",)),
        CellColumn("event_id", ("event_id",)),
    ),
    (Layout("plays", ("user_id", "track_id", "played_at")),),
)
_TRACK = re.compile(r"track[:/]([A-Za-z0-9]{22})")
_RATING = re.compile(r"\d(?:[.,]\d+)?")
_TEXTS = ("context", "source", "event_id")


class PlayTables:
    """Reads `plays` files."""

    kind = PLAY_LINES.kind
    looks_for = f"tables with the columns of {FORMAT.known()}, or JSON lines with these fields"

    def __init__(self) -> None:
        self._lines = LandingFiles(PLAY_LINES)

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> PlayTables:
        """Nothing that was landed before matters to it."""
        return self

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the tables in a folder that have such columns, and the files of JSON lines."""
        return sorted(chain(tables_in(folder, FORMAT), self._lines.sources_in(folder)))

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield a play for each row, on the day on which it began.

        Raises:
            LandingError: The table has no such columns, or no row says a day.
        """
        if is_landing_name(path):
            return self._lines.read(path, repairs)
        order = date_order(path, FORMAT)
        rows = (_play(row, order, repairs) for row in rows_in(path, FORMAT, repairs))
        return placed(rows, path, repairs, way_out_of_days(order))


def _play(row: TableRow, order: DateOrder, repairs: Repairs) -> Placeable:
    if row.is_torn:
        return Placeable(None, {"torn_row": True}, "row_torn")
    cells = row.cells
    written = cells.get("day", "")
    played_at = read_instant(written, order)
    if zone := zone_assumed(written, order):
        repairs[f"played_at_without_a_zone_read_as_{zone}"] += 1
    play = {
        "user_id": _text(cells.get("user_id")),
        "track_id": _track_id(cells.get("track_id")),
        "played_at": written if played_at is None else played_at,
        "received_at": read_instant(cells.get("received_at"), order),
        "played_ms": counter(cells.get("played_ms"), "played_ms", repairs),
        "rating": _rating(cells.get("rating")),
        **{name: _text(cells.get(name)) for name in _TEXTS},
    }
    return Placeable(played_at, without_empty(play), seen=written)


def _text(cell: str | None) -> str | None:
    return None if cell is None or is_no_id(cell) else cell.strip()


def _track_id(cell: str | None) -> str | None:
    """An id, also one that stands in an address of Spotify's."""
    text = _text(cell)
    found = _TRACK.search(text) if text else None
    return found[1] if found else text


def _rating(cell: str | None) -> object:
    """A rating as a number; as it came where it is none, so that it is set aside as such."""
    text = _text(cell)
    if text is None or not _RATING.fullmatch(text):
        return text
    return float(text.replace(",", "."))
