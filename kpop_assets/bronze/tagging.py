"""Events get their artist: the matcher over the titles of a batch, Arrow to Arrow.

Belongs here: how titles go to the matcher and its answers to their rows. Does not belong here: any
rule about a name (catalog/).
"""

from __future__ import annotations

import threading
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.credits import artists_json
from kpop_assets.catalog.matcher import matcher_of

ADDED = ("artist", "artist_evidence", "artists")
"""The columns that the matcher fills."""

_INPUT = ("text", "author_name", "author_id", "source")
# No text in UTF-8 has these bytes, so a title is one word that can be taken apart again.
_BETWEEN, _NULL = b"\xff", b"\xfe"
# Titles of a day come again with every snapshot. Dropping all at once is cheaper than one by one.
_TITLES_KEPT = 1 << 17
Answer = tuple[str | None, str | None, str | None]
_NO_TITLE: Answer = (None, None, None)


class Tagger:
    """The matcher's answers as the columns have them; a title that comes again is remembered."""

    def __init__(self, catalog: Catalog) -> None:
        self._match = matcher_of(catalog).match
        self._known: dict[bytes, Answer] = {}
        # Partitions side by side meet the same titles.
        self._lock = threading.Lock()

    def tag(self, rows: pa.Table) -> pa.Table:
        """Add whose video each row is, and by which evidence.

        Args:
            rows: With text, author_id, author_name and source; other columns pass.

        Returns:
            The same rows and columns, and `artist` (a name of the catalogue or `OTHER`),
            `artist_evidence` and `artists` (JSON; null where nobody is named). A row without a
            text has none of the three.
        """
        answers = [self._known.get(title) or self._ask(title) for title in _titles(rows)]
        columns = zip(*answers, strict=True) if answers else ((),) * len(ADDED)
        for name, column in zip(ADDED, columns, strict=True):
            rows = rows.append_column(name, pa.array(column, pa.string()))
        return rows

    def _ask(self, title: bytes) -> Answer:
        if not title:
            return _NO_TITLE
        with self._lock:
            if title not in self._known:
                if len(self._known) >= _TITLES_KEPT:
                    self._known = {}
                text, *rest = (
                    None if part == _NULL else part.decode() for part in title.split(_BETWEEN)
                )
                found = self._match(text or "", *rest)
                artists = artists_json(found) if found.credits else None
                self._known[title] = (found.artist, found.evidence, artists)
            return self._known[title]


@lru_cache(maxsize=2)
def tagger_of(catalog: Catalog) -> Tagger:
    """The tagger of a catalogue in this process."""
    return Tagger(catalog)


def _titles(rows: pa.Table) -> list[bytes]:
    """Each row's title as one word; an empty one where there is no text."""
    parts = [rows.column(name).cast(pa.binary()) for name in _INPUT]
    joined = pc.binary_join_element_wise(
        *parts, _BETWEEN, null_handling="replace", null_replacement=_NULL
    )
    return pc.if_else(rows.column("text").is_valid(), joined, b"").to_pylist()
