"""Events get their artist: the matcher over their titles, inside the engine.

Belongs here: how titles go to the matcher and its answers to their rows. Does not belong here: any
rule about a name (catalog/).

The rows pass through Python as they are (`mapInArrow`), with three columns more: taking distinct
titles apart and joining the answers back cost Sail as much again as the matching. A title that
comes again is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import types as T

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.credits import artists_json
from kpop_assets.catalog.matcher import matcher_of
from kpop_assets.errors import marked

ADDED = ("artist", "artist_evidence", "artists")
"""The columns that the matcher fills."""

_INPUT = ("text", "author_name", "author_id", "source")
# Titles of a day come again with every snapshot. Dropping all at once is cheaper than one by one.
_TITLES_KEPT = 1 << 17
Title = tuple[str | None, ...]
Answer = tuple[str, str, str | None]


def tag_artists(events: DataFrame, catalog: Catalog) -> DataFrame:
    """Add whose video each row is, and by which evidence.

    Args:
        events: With text (not null), author_id, author_name and source; other columns pass.
        catalog: The acts.

    Returns:
        The same rows and columns, and `artist` (a name of the catalogue or `OTHER`),
        `artist_evidence` and `artists` (JSON; null where nobody is named).
    """
    kept = events.drop(*ADDED)
    added = [T.StructField(name, T.StringType()) for name in ADDED]
    schema = T.StructType([*kept.schema.fields, *added])
    return kept.mapInArrow(_tagged_by(catalog), schema)


def _tagged_by(
    catalog: Catalog,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Inside the engine: rows to rows with the columns `ADDED`."""

    def tag_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        # Only text comes out of an engine.
        with marked():
            answer = _answers_of(catalog)
            for batch in batches:
                titles = zip(*(batch.column(name).to_pylist() for name in _INPUT), strict=True)
                answers = zip(*map(answer, titles), strict=True) if batch.num_rows else ((),) * 3
                yield pa.RecordBatch.from_arrays(
                    [*batch.columns, *(pa.array(column, pa.string()) for column in answers)],
                    names=[*batch.schema.names, *ADDED],
                )

    return tag_batches


@lru_cache(maxsize=2)
def _answers_of(catalog: Catalog) -> Callable[[Title], Answer]:
    """The matcher's answers as the columns have them, the last ones remembered."""
    match = matcher_of(catalog).match
    known: dict[Title, Answer] = {}

    def answer(title: Title) -> Answer:
        columns = known.get(title)
        if columns is None:
            if len(known) >= _TITLES_KEPT:
                known.clear()
            found = match(title[0] or "", *title[1:])
            artists = artists_json(found) if found.credits else None
            columns = known[title] = (found.artist, found.evidence, artists)
        return columns

    return answer
