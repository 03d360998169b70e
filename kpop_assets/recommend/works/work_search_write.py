"""Writing the search of works: one SQLite file, which any number of processes maps.

Belongs here: tables, and what goes into them. Does not belong here: which words a work is found by
(work_search_words.py), or asking (work_search.py).

Works are numbered by popularity, and full-text search (FTS5) gives its rows by number: the first
that it finds are the best known ones, however many fit, and it looks no further. Words that are
spelled much alike are found by marks that they have in common. The same works give the same file.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.catalog.acts import OTHER, Artist
from kpop_assets.recommend.matrices.bundle_parts import BundleError
from kpop_assets.recommend.works.work_search_words import (
    WordsOfNames,
    most_slips,
    slip_marks,
    words_of_names,
    words_of_work,
)

SEARCH_VERSION = 1
# Of a beginning of up to so many letters its works are kept as a list; of a longer one its words.
KEPT_BEGINNING = 4
_PUT_FOUND = (
    "INSERT INTO finder (rowid, title, act, whole_title, whole_act, firsts) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE acts (act INTEGER PRIMARY KEY, artist TEXT, artist_name TEXT, names TEXT);
CREATE TABLE works
    (place INTEGER PRIMARY KEY, item INTEGER, work_id TEXT, act INTEGER, title TEXT, titles TEXT);
CREATE TABLE spellings
    (is_whole INTEGER, spelling TEXT, PRIMARY KEY (is_whole, spelling)) WITHOUT ROWID;
CREATE TABLE words (word INTEGER PRIMARY KEY, spelling TEXT);
CREATE TABLE marks (mark INTEGER, word INTEGER, PRIMARY KEY (mark, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE finder USING fts5
    (title, act, whole_title, whole_act, firsts,
     content = '', detail = column, columnsize = 0, tokenize = 'ascii', prefix = '1 2 3 4');
INSERT INTO finder (finder, rank) VALUES ('hashsize', 67108864);
"""


def write_work_search(
    path: Path,
    works: pl.DataFrame,
    names: pl.DataFrame,
    popularity: NDArray,
    act_names: Mapping[str, Sequence[str]],
) -> None:
    """Write the search of some works.

    Args:
        path: of the file; there is none yet.
        works: `work_id`, `artist`, `artist_name`, `title`: a row an item.
        names: `track_id`, `work_id`, `artist_name`, `title` of every track; those of other works
            are passed over.
        popularity: by item; of works that fit alike the higher comes first.
        act_names: every name of the acts of the catalogue, by artist.

    Raises:
        BundleError: the disk is full or cannot be written.
    """
    try:
        _write(path, works, names, popularity, act_names)
    except sqlite3.OperationalError as error:
        raise BundleError(f"{path} cannot be written: {error}", "make room on the disk") from error


def _write(
    path: Path,
    works: pl.DataFrame,
    names: pl.DataFrame,
    popularity: NDArray,
    act_names: Mapping[str, Sequence[str]],
) -> None:
    order = np.lexsort((works["work_id"].to_numpy(), -np.asarray(popularity, dtype=np.float64)))
    placed = works.select("work_id", "artist", "artist_name", "title").with_row_index("item")
    placed = placed[order].with_row_index("place")
    called = _called(placed, names)
    seen = _SeenWords()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.executescript(_TABLES)
        file.execute(f"PRAGMA user_version = {SEARCH_VERSION}")
        file.execute("BEGIN")
        acts = _put_acts(file, placed, act_names)
        rows = _rows(called, acts, seen)
        file.executemany(_PUT_FOUND, rows)
        file.execute("INSERT INTO finder (finder) VALUES ('optimize')")
        _put_works(file, called, acts)
        _put_words(file, seen)
        file.execute("COMMIT")


Acts = dict[tuple[str, str], tuple[int, WordsOfNames]]


class _SeenWords:
    """Words of all works: every one that is long enough, and how many works have those of names."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.wholes: set[str] = set()
        self.counted: Counter[str] = Counter()

    def add(self, titles: WordsOfNames, act: WordsOfNames) -> None:
        """Count the words of a work."""
        self.counted.update(titles.words | act.words | act.wholes)
        self.words.update(titles.words, act.words, titles.firsts, act.firsts)
        self.wholes.update(titles.wholes, act.wholes)


def names_by_artist(acts: Iterable[Artist]) -> dict[str, tuple[str, ...]]:
    """Every name of each act, as `write_work_search` takes them."""
    return {act.artist: (*act.names, *act.former_names) for act in acts}


def _called(placed: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Works by place, with what else they and those who made them are called."""
    others = names.group_by("work_id").agg(
        pl.col("title").unique().alias("titles"), pl.col("artist_name").unique().alias("credits")
    )
    return placed.join(others, "work_id", "left").sort("place")


def _put_acts(
    file: sqlite3.Connection, placed: pl.DataFrame, act_names: Mapping[str, Sequence[str]]
) -> Acts:
    """Number the acts and put them down; what each is found by."""
    pairs = placed.select("artist", "artist_name").unique(maintain_order=True).iter_rows()
    acts: Acts = {}
    rows = []
    for number, (artist, shown) in enumerate(pairs):
        known = () if artist == OTHER else (artist, *act_names.get(artist, ()))
        every = tuple(dict.fromkeys((shown, *known)))
        acts[artist, shown] = (number, words_of_names(every))
        rows.append((number, artist, shown, "\n".join(every)))
    file.executemany("INSERT INTO acts VALUES (?, ?, ?, ?)", rows)
    return acts


def _rows(called: pl.DataFrame, acts: Acts, seen: _SeenWords) -> Iterator[tuple]:
    """What each work is found by; words are counted meanwhile."""
    for row in called.iter_rows(named=True):
        titles = words_of_names(_titles(row))
        _, act = acts[row["artist"], row["artist_name"]]
        guests = [name for name in row["credits"] or () if name != row["artist_name"]]
        if guests:
            more = words_of_names(guests)
            act = WordsOfNames(*(a | b for a, b in zip(act, more, strict=True)))
        seen.add(titles, act)
        yield (row["place"], *words_of_work(titles, act))


def _titles(row: Mapping) -> list[str]:
    """The title that is shown, then the others."""
    return list(dict.fromkeys((row["title"], *sorted(row["titles"] or ()))))


def _put_works(file: sqlite3.Connection, called: pl.DataFrame, acts: Acts) -> None:
    rows = (
        (
            *(row["place"], row["item"], row["work_id"]),
            *(acts[row["artist"], row["artist_name"]][0], row["title"]),
            "\n".join(_titles(row)[1:]) or None,
        )
        for row in called.iter_rows(named=True)
    )
    file.executemany("INSERT INTO works VALUES (?, ?, ?, ?, ?, ?)", rows)


def _put_words(file: sqlite3.Connection, seen: _SeenWords) -> None:
    """Words by their beginnings; those in which slips are looked for, the most frequent first."""
    for is_whole, spellings in enumerate((seen.words, seen.wholes)):
        long = sorted(one for one in spellings if len(one) > KEPT_BEGINNING)
        file.executemany("INSERT INTO spellings VALUES (?, ?)", ((is_whole, one) for one in long))
    spelled = sorted((-count, word) for word, count in seen.counted.items() if most_slips(word))
    file.executemany(
        "INSERT INTO words VALUES (?, ?)",
        ((number, word) for number, (_, word) in enumerate(spelled)),
    )
    pairs = sorted(
        (mark, number) for number, (_, word) in enumerate(spelled) for mark in slip_marks(word)
    )
    file.executemany("INSERT INTO marks VALUES (?, ?)", pairs)
