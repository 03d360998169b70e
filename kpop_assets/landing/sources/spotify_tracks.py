"""Imports public tables of tracks with audio features, whatever their columns are called.

Belongs here: the names that such tables give their columns, and their oddities. Does not belong
here: whose track it is, or what is a version of what (recommend/).

A table says nothing of when it was collected, so its rows count as told at the instant or on the
day in its name, else when the file was last changed. What is missing is left out, never 0. Where
Spotify found no beat it wrote 0 as tempo, danceability and valence, and -1 as key: these are
missing, too.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kpop_assets.contracts.recommend_rules import BEAT_FEATURES, FEATURES
from kpop_assets.contracts.tracks import TRACK_LINES, TRACK_TABLE_SOURCE
from kpop_assets.landing.sources.base import (
    SET_ASIDE,
    Repairs,
    SourceRecord,
    file_day,
    without_empty,
)
from kpop_assets.landing.sources.layouts import CellColumn, Format, Layout
from kpop_assets.landing.sources.readings import counter, is_no_id
from kpop_assets.landing.sources.table_files import rows_in, tables_in
from kpop_assets.landing.sources.table_rows import TableRow
from kpop_assets.landing.sources.times import day_in_name, noon_ms, read_time

_WHOLE = ("musical_key", "mode", "time_signature", "popularity", "duration_ms")

FORMAT = Format(
    "spotify-tracks",
    (
        CellColumn("track_id", ("track_id", "spotify_id", "track_uri", "uri", "spotify_track_id")),
        CellColumn("id", ("id",)),
        CellColumn("title", ("track_name", "name", "title", "song_name", "track_title", "song")),
        CellColumn("artists", ("artist_name", "artists", "artist", "artist_names", "track_artist")),
        CellColumn("artist_ids", ("artist_ids", "id_artists", "artist_id", "artists_id")),
        CellColumn("album_name", ("album", "album_name", "track_album_name")),
        CellColumn("album_id", ("album_id", "track_album_id")),
        CellColumn("album_type", ("album_type",)),
        CellColumn("released", ("release_date", "album_release_date", "track_album_release_date")),
        CellColumn("year", ("year", "release_year")),
        CellColumn("genre", ("genre", "track_genre", "playlist_genre")),
        CellColumn("isrc", ("isrc", "external_ids.isrc")),
        CellColumn("duration_ms", ("duration_ms", "track_duration_ms", "length"), "number"),
        CellColumn("popularity", ("popularity", "track_popularity"), "number"),
        CellColumn("musical_key", ("key", "musical_key"), "number"),
        CellColumn("mode", ("mode",), "number"),
        CellColumn("time_signature", ("time_signature",), "number"),
        # No numbers to the reader of tables, which looks for separators of thousands in these.
        *(CellColumn(name, (name,)) for name in FEATURES),
    ),
    (
        Layout("by track_id", ("track_id", "track_name", "artist_name", "energy")),
        Layout("by id", ("id", "name", "artists", "energy")),
    ),
)
_TRACK = re.compile(r"track[:/]([A-Za-z0-9]{22})")
_REAL = re.compile(r"[+-]?\d*[.,]?\d+(?:[eE][+-]?\d+)?")
_PARTIAL_DATE = re.compile(r"(\d{4})(?:\.0)?|\d{4}-\d{2}(?:-\d{2})?")
_LIST = re.compile(r"\[.*\]", re.S)


class SpotifyTracks:
    """Reads `spotify-tracks` files."""

    kind = TRACK_LINES.kind
    looks_for = f"tables with the columns of {FORMAT.known()}"

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> SpotifyTracks:
        """Nothing that was landed before matters to it."""
        return self

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the tables in a folder that have such columns."""
        return tables_in(folder, FORMAT)

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield one record per row, all of the day on which the table was made."""
        day, instant = _told(path)
        for row in rows_in(path, FORMAT, repairs):
            yield SourceRecord(day, instant, _record(row, instant, repairs))


def _told(path: Path) -> tuple[dt.date, int]:
    named = day_in_name(path.name)
    noon = noon_ms(named)
    return file_day(path) if named is None or noon is None else (named, noon)


def _record(row: TableRow, instant: int, repairs: Repairs) -> dict[str, object]:
    if row.is_torn:
        repairs[f"row_torn_{SET_ASIDE}"] += 1
        return {"source": TRACK_TABLE_SOURCE, "torn_row": row.raw}
    cells = row.cells
    names = _names(cells.get("artists"))
    track_id = _track_id(cells)
    if track_id is None:
        repairs[f"track_id_is_no_id_{SET_ASIDE}"] += 1
    return without_empty(
        {
            "track_id": track_id,
            "source": TRACK_TABLE_SOURCE,
            "title": _text(cells.get("title")),
            "artist_name": names[0] if names else None,
            "observed_at": instant,
            "credited_names": names or None,
            "credited_ids": _names(cells.get("artist_ids")) or None,
            "album_name": _text(cells.get("album_name")),
            "album_id": _text(cells.get("album_id")),
            "album_type": _text(cells.get("album_type")),
            "release_date": _released(cells.get("released")) or _released(cells.get("year")),
            "genre": _text(cells.get("genre")),
            "isrc": _text(cells.get("isrc")),
            **{name: counter(cells.get(name), name, repairs) for name in _WHOLE},
            **{name: _real(cells.get(name)) for name in FEATURES},
        }
        | _without_beat(cells, repairs)
    )


def _without_beat(cells: dict[str, str], repairs: Repairs) -> dict[str, None]:
    """What Spotify writes where it found no beat or no key, to be left out."""
    found: list[str] = []
    if _real(cells.get("tempo")) == 0:
        repairs["features_without_beat_left_out"] += 1
        found += BEAT_FEATURES
    if _real(cells.get("time_signature")) == 0:
        repairs["time_signature_0_left_out"] += 1
        found.append("time_signature")
    return dict.fromkeys(found)


def _text(cell: str | None) -> str | None:
    """A cell's text; blank, `nan` and the like are none."""
    return None if cell is None or is_no_id(cell) else cell.strip()


def _track_id(cells: dict[str, str]) -> str | None:
    text = _text(cells.get("track_id")) or _text(cells.get("id"))
    found = _TRACK.search(text) if text else None
    return found[1] if found else text


def _names(cell: str | None) -> list[str]:
    """The names in a cell: a list as Python or JSON writes it, several between semicolons, one."""
    text = _text(cell)
    if text is None:
        return []
    if _LIST.fullmatch(text):
        try:
            listed = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            listed = [text]
        return [str(name).strip() for name in listed if str(name).strip()]
    return [name.strip() for name in text.split(";") if name.strip()]


def _released(cell: str | None) -> str | None:
    """Year, month or day; as it came where it is none."""
    text = _text(cell)
    if text is None:
        return None
    if found := _PARTIAL_DATE.fullmatch(text):
        return found[1] or text
    read = read_time(text)
    return (read.date() if isinstance(read, dt.datetime) else read).isoformat() if read else text


def _real(cell: str | None) -> object:
    """A feature as a number; as it came where it is none, so that it is set aside as such."""
    text = _text(cell)
    if text is None or not _REAL.fullmatch(text):
        return text
    return float(text.replace(",", "."))
