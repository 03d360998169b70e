"""Works by what somebody types: beginnings, first consonants, names in either script, slips.

Belongs here: asking the file that work_search_write.py wrote, and the order of what fits. Does not
belong here: what a query may mean (work_search_query.py), or which work is near another.

Works that fit more closely come first, of those that fit alike the better known. Slips are looked
for only where fewer works fit without. Words that stand in no work keep a query from fitting any.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from kpop_assets.catalog.names import normalise
from kpop_assets.recommend.matrices.bundle_parts import WAY_OUT, BundleError
from kpop_assets.recommend.works.typed_letters import is_of_firsts, pattern_of, typed_keys
from kpop_assets.recommend.works.work_search_query import Fit, WorkQuery, read_queries
from kpop_assets.recommend.works.work_search_words import most_slips, slip_marks, slips_between
from kpop_assets.recommend.works.work_search_write import KEPT_BEGINNING, SEARCH_VERSION

_MAPPED_BYTES = 1 << 30
# Of words that are spelled much like a typed one, the closest and then the most frequent.
_MOST_ALIKE = 12
# Works of a long beginning are found by its words where these are few, which need not be merged.
_MOST_BEGUN = 64
# Works among which the closest are looked for where words or first consonants fit loosely.
_LOOKED_THROUGH = 100


@dataclass(frozen=True)
class FoundWork:
    """A work that fits.

    Attributes:
        item: its code in the bundle.
        work_id: its id.
        artist: its act in the catalogue, or OTHER.
        artist_name: its act as it is shown.
        title: as it is shown.
        fit: how closely it fits.
    """

    item: int
    work_id: str
    artist: str
    artist_name: str
    title: str
    fit: Fit


class WorkSearch:
    """The works of one file; threads may ask it at once.

    Args:
        path: where it lies.

    Raises:
        BundleError: it is no search of this version.
    """

    def __init__(self, path: Path) -> None:
        try:
            # Immutable: nobody changes a bundle's file, and no lock need be asked for.
            self._file = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            version = self._file.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error as error:
            raise BundleError(f"{path} cannot be read", WAY_OUT) from error
        if version != SEARCH_VERSION:
            raise BundleError(f"{path} has format {version}, not {SEARCH_VERSION}", WAY_OUT)
        self._file.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM works").fetchone()[0])

    def find(self, text: str, count: int) -> list[FoundWork]:
        """Works that fit what was typed, the closest first."""
        found: dict[int, Fit] = {}
        queries = read_queries(text)
        for places, fit in (one for query in queries for one in self._fitting(query, count)):
            for place in places:
                found.setdefault(place, fit)
            if len(found) >= count:
                break
        return self._works(dict(list(found.items())[:count]))

    def _fitting(self, query: WorkQuery, count: int) -> Iterator[tuple[list[int], Fit]]:
        """Places of works that fit, ever more loosely; each list holds those before it too."""
        yield self._places(query.whole(), count), "whole"
        yield self._places(query.written(), 2 * count), "words"
        yield self._places(query.written(self._begun), 3 * count), "begins"
        yield self._places(query.whole(self._begun), 3 * count), "begins"
        if (expression := query.firsts(self._begun)) is not None:
            yield self._with_firsts(query, self._places(expression, _LOOKED_THROUGH)), "firsts"
        yield self._near(query), "near"

    def _places(self, expression: str, most: int) -> list[int]:
        rows = self._file.execute(
            "SELECT rowid FROM finder WHERE finder MATCH ? ORDER BY rowid LIMIT ?",
            (expression, most),
        )
        return [place for (place,) in rows]

    def _begun(self, begin: str, is_whole: bool) -> list[str]:
        """Words that begin so; none where their works are kept as a list, or they are many."""
        if len(begin) <= KEPT_BEGINNING:
            return []
        rows = self._file.execute(
            "SELECT spelling FROM spellings "
            "WHERE is_whole = ? AND spelling >= ? AND spelling < ? LIMIT ?",
            (is_whole, begin, begin + chr(sys.maxunicode), _MOST_BEGUN + 1),
        )
        words = [word for (word,) in rows]
        # One that nobody has is its own only word: then nothing fits.
        return (words or [begin]) if len(words) <= _MOST_BEGUN else []

    def _with_firsts(self, query: WorkQuery, places: list[int]) -> list[int]:
        """Those whose words fit letter by letter: a syllable that was typed is no other."""
        patterns = [pattern_of(word.text) for word in query.words if is_of_firsts(word.text)]
        called = self._called(places)
        return [
            place
            for place in places
            if all(any(map(pattern.match, called[place])) for pattern in patterns)
        ]

    def _near(self, query: WorkQuery) -> list[int]:
        """Works with words that are spelled much like those typed, the fewest slips first."""
        alike = {word.keys: self._alike(word.keys) for word in query.words}
        if not any(alike.values()):
            return []
        places = self._places(query.near(alike, self._begun), _LOOKED_THROUGH)
        called = self._called(places)

        def slips(place: int) -> int:
            keys = {typed_keys(word) for word in called[place]}
            own = [_slips_to(word.keys, alike[word.keys], keys) for word in query.words]
            return sum(own)

        return sorted(places, key=lambda place: (slips(place), place))

    def _alike(self, typed: str) -> dict[str, int]:
        """Words spelled much like a typed one, with how many letters differ."""
        if not most_slips(typed):
            return {}
        rows = self._file.execute(
            "SELECT DISTINCT word, spelling FROM marks JOIN words USING (word) "
            "WHERE mark IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(slip_marks(typed))),),
        )
        counted = [(slips_between(typed, word), number, word) for number, word in rows]
        known = sorted((slips, number, word) for slips, number, word in counted if slips)
        return {word: slips for slips, _, word in known[:_MOST_ALIKE]}

    def _called(self, places: Iterable[int]) -> dict[int, frozenset[str]]:
        """Words of works and of their acts, and each name without blanks, in normal form."""
        rows = self._file.execute(
            "SELECT place, title, titles, names FROM works JOIN acts USING (act) "
            "WHERE place IN (SELECT value FROM json_each(?))",
            (json.dumps(list(places)),),
        )
        return {
            place: frozenset().union(*(_spelled(text) for text in texts if text))
            for place, *texts in rows
        }

    def _works(self, fits: dict[int, Fit]) -> list[FoundWork]:
        rows = self._file.execute(
            "SELECT place, item, work_id, artist, artist_name, title "
            "FROM works JOIN acts USING (act) WHERE place IN (SELECT value FROM json_each(?))",
            (json.dumps(list(fits)),),
        )
        told = {
            place: FoundWork(item, work_id, artist, shown, title, fits[place])
            for place, item, work_id, artist, shown, title in rows
        }
        return [told[place] for place in fits]


@lru_cache(maxsize=1 << 14)
def _spelled(names: str) -> frozenset[str]:
    words: set[str] = set()
    for name in map(normalise, names.split("\n")):
        words.update((*name.split(), name.replace(" ", "")))
    return frozenset(words)


def _slips_to(typed: str, alike: dict[str, int], keys: set[str]) -> int:
    """How many letters of a typed word differ from the closest word of a work."""
    if any(word.startswith(typed) for word in keys):
        return 0
    return min((alike[word] for word in keys if word in alike), default=0)
