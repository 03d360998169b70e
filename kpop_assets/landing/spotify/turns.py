"""Whose turn it is to be asked for: acts of the catalogue, and their ids at Spotify.

Belongs here: the file that remembers. Does not belong here: asking (collection.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.net.state import StateFile

_TABLES = {"spotify_act": "artist TEXT PRIMARY KEY, spotify_id TEXT, asked_at REAL NOT NULL"}


class Turns:
    """The turns of acts.

    Args:
        path: the file that remembers.
        clock: seconds of the clock.
    """

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._file = StateFile(path, "the file of Spotify's acts", _TABLES)

    def next_acts(self, catalog: Catalog, count: int) -> list[str]:
        """The acts that were asked for longest ago; of those never, the youngest first."""
        with self._file.reading() as store:
            asked = dict(store.execute("SELECT artist, asked_at FROM spotify_act").fetchall())
        acts = sorted(
            catalog, key=lambda act: (asked.get(act.artist, 0), -(act.debut_year or 0), act.artist)
        )
        return [act.artist for act in acts[:count]]

    def known_id(self, artist: str) -> str | None:
        """An act's id, where it was found before."""
        with self._file.reading() as store:
            row = store.execute(
                "SELECT spotify_id FROM spotify_act WHERE artist = ?", (artist,)
            ).fetchone()
        return row[0] if row else None

    def done(self, found: Mapping[str, str | None]) -> None:
        """Remember that these were asked for, and their ids."""
        now = self._clock()
        with self._file.writing() as store:
            store.executemany(
                "INSERT OR REPLACE INTO spotify_act VALUES (?, ?, ?)",
                [(artist, own_id, now) for artist, own_id in found.items()],
            )
