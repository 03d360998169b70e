"""Imports the public sets that recommenders are held against: ratings of films, counts of artists.

Belongs here: their layouts and oddities. Does not belong here: plays in a form of ours, which are
landing files, or what is made of plays.

| format | file | a row |
| --- | --- | --- |
| `movielens` | `u.data` (100k), `ratings.dat` (1M) | user, film, rating 1-5, seconds since 1970 |
| `lastfm` | `user_artists.dat` (hetrec2011) | user, artist, how often in all |

A rating counts as a play of the film, which stands where a track does. MovieLens is of 1997 to
2003, before the first ingest date: its times are moved by whole weeks, so that weekday, hour and
order stay. Last.fm's counts name no time: they stand on the first day there is, as totals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.days import FIRST_DAY, day_start_ms
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Placeable, Repairs, SourceRecord, placed
from kpop_assets.landing.sources.text import unpacked

# 21 years: the first rating of 100k falls on 2018-09-23, the last of 1M on 2024-03-03.
MOVED_WEEKS = 1_096

_MOVED_MS = MOVED_WEEKS * 7 * 86_400_000
_BETWEEN = re.compile(rb"::|\t")
_NO_ROW: dict[str, object] = {"torn_row": True}

RowMaker = Callable[[list[bytes], Repairs], Placeable]


@dataclass
class ListeningSet:
    """Reads the files of one public set.

    Attributes:
        names: what its files are called.
        looks_for: the same, as words.
        cell_count: cells of a row.
        row: makes a play of the cells of a row; ValueError where it cannot.
        kind: of its lines.
    """

    names: tuple[str, ...]
    looks_for: str
    cell_count: int
    row: RowMaker
    kind: str = PLAYS.name

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> ListeningSet:
        """Nothing that was landed before matters to it."""
        return self

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the files of the set in a folder."""
        return [folder / name for name in self.names if (folder / name).is_file()]

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield a play for each row; one that is none goes with the row before it.

        Raises:
            LandingError: No row is one of the set.
        """
        return placed(self._plays(path, repairs), path, repairs)

    def _plays(self, path: Path, repairs: Repairs) -> Iterator[Placeable]:
        found = 0
        with unpacked(path) as file:
            for number, line in enumerate(file, start=1):
                cells = _BETWEEN.split(line.strip())
                if not line.strip() or (number == 1 and cells[0].lower() == b"userid"):
                    continue
                try:
                    if len(cells) != self.cell_count:
                        raise ValueError("another number of cells")
                    play = self.row(cells, repairs)
                except ValueError:
                    if not found:
                        raise LandingError(
                            f"{path} is no table of {self.looks_for}",
                            "name the file itself, or another format",
                        ) from None
                    play = Placeable(None, _NO_ROW, "row_torn")
                found += 1
                yield play


def _rating(cells: list[bytes], repairs: Repairs) -> Placeable:
    user, film, rating, seconds = cells
    played_at = int(seconds) * 1000 + _MOVED_MS
    repairs[f"played_at_moved_by_{MOVED_WEEKS}_weeks"] += 1
    line = _play("movielens", user, f"movielens:{int(film)}", played_at)
    return Placeable(played_at, line | {"rating": float(rating)})


def _total(cells: list[bytes], repairs: Repairs) -> Placeable:
    user, artist, count = cells
    counted_at = day_start_ms(FIRST_DAY)
    repairs["total_without_a_time"] += 1
    line = _play("lastfm", user, f"lastfm:artist:{int(artist)}", counted_at)
    return Placeable(counted_at, line | {"total_play_count": int(count)})


def _play(source: str, user: bytes, track_id: str, played_at: int) -> dict[str, object]:
    return {
        "user_id": f"{source}:{int(user)}",
        "track_id": track_id,
        "played_at": played_at,
        "source": source,
    }


MOVIELENS = ListeningSet(("u.data", "ratings.dat"), "MovieLens's ratings", 4, _rating)
LASTFM = ListeningSet(("user_artists.dat",), "Last.fm's counts by artist", 3, _total)
