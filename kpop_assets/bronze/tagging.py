"""Events get their artist: the matcher over the titles of a batch, Arrow to Arrow.

Belongs here: how titles go to the matcher and its answers to their rows. Does not belong here: any
rule about a name (catalog/).
"""

from __future__ import annotations

import threading
from functools import lru_cache
from itertools import count

import pyarrow as pa
import pyarrow.compute as pc

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.credits import Match, artists_json
from kpop_assets.catalog.matcher import matcher_of

ADDED = ("artist", "artist_evidence", "artists")
"""The columns that the matcher fills."""

_INPUT = ("text", "author_name", "author_id", "source")
# No text in UTF-8 has these bytes, so a title is one word that can be taken apart again.
_BETWEEN, _NULL = b"\xff", b"\xfe"
# Titles of a day come again with every snapshot. Dropping all at once is cheaper than one by one.
_TITLES_KEPT = 1 << 17
_ANSWERS = pa.schema([(name, pa.string()) for name in ADDED])


class Tagger:
    """The matcher's answers as the columns have them; a title that comes again is remembered."""

    def __init__(self, catalog: Catalog) -> None:
        self._match_all = matcher_of(catalog).match_all
        # Parts of a step side by side meet the same titles. Held for a batch: where two matched in
        # turns they fought over the interpreter, and took four times as long as one.
        self._lock = threading.Lock()
        self._forget()

    def tag(self, rows: pa.Table) -> pa.Table:
        """Add whose video each row is, and by which evidence.

        Args:
            rows: With text, author_id, author_name and source; other columns pass.

        Returns:
            The same rows and columns, and `artist` (a name of the catalogue or `OTHER`),
            `artist_evidence` and `artists` (JSON; null where nobody is named). A row without a
            text has none of the three.
        """
        titles = _titles(rows)
        with self._lock:
            self._learn(titles)
            places = pa.array(map(self._places.__getitem__, titles), pa.int32())
            answers = self._answers.take(places)
        for name, column in zip(ADDED, answers.columns, strict=True):
            rows = rows.append_column(name, column)
        return rows

    def _forget(self) -> None:
        # Where in the answers that of a title stands; a row without a text has none.
        self._places: dict[bytes | None, int | None] = {None: None}
        self._answers = _ANSWERS.empty_table()

    def _learn(self, titles: list[bytes | None]) -> None:
        if len(self._places) > _TITLES_KEPT:
            self._forget()
        unknown = [t for t in dict.fromkeys(titles) if t is not None and t not in self._places]
        if unknown:
            found = self._match_all([_parts(title) for title in unknown])
            columns = zip(*map(_columns, found), strict=True)
            answers = pa.table([pa.array(column) for column in columns], schema=_ANSWERS)
            self._places.update(zip(unknown, count(len(self._answers)), strict=False))
            self._answers = pa.concat_tables([self._answers, answers]).combine_chunks()


_making = threading.Lock()


def tagger_of(catalog: Catalog) -> Tagger:
    """The tagger of a catalogue in this process: one, though parts ask for it at the same time."""
    with _making:
        return _make_tagger(catalog)


_make_tagger = lru_cache(maxsize=2)(Tagger)


def _titles(rows: pa.Table) -> list[bytes | None]:
    """Each row's title as one word; none where there is no text."""
    parts = [rows.column(name).cast(pa.binary()) for name in _INPUT]
    joined = pc.binary_join_element_wise(
        *parts, _BETWEEN, null_handling="replace", null_replacement=_NULL
    )
    return pc.if_else(rows.column("text").is_valid(), joined, None).to_pylist()


def _parts(title: bytes) -> tuple[str, str | None, str | None, str | None]:
    """What `Matcher.match` takes, of the one word that `_titles` made of it."""
    text, *rest = (None if part == _NULL else part.decode() for part in title.split(_BETWEEN))
    name, channel_id, source = rest
    return text or "", name, channel_id, source


def _columns(found: Match) -> tuple[str, str, str | None]:
    return found.artist, found.evidence, artists_json(found) if found.credits else None
