"""Events get their artist: the matcher over each distinct title, inside the engine.

Belongs here: how titles go to the matcher and come back to their rows. Does not belong here: any
rule about a name (catalog/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.credits import Match, artists_json
from kpop_assets.catalog.matcher import matcher_of
from kpop_assets.errors import marked

ADDED = ("artist", "artist_evidence", "artists")
"""The columns that the matcher fills."""

_INPUT = ("text", "author_name", "author_id", "source")
_MATCHES = pa.schema(
    {
        "_title": pa.int64(),
        "_artist": pa.string(),
        "_evidence": pa.string(),
        "_artists": pa.string(),
    }
)
_MATCHES_SQL = "_title bigint, _artist string, _evidence string, _artists string"


def tag_artists(events: DataFrame, catalog: Catalog) -> DataFrame:
    """Add whose video each row is, and by which evidence.

    Args:
        events: With text (not null), author_id, author_name and source; other columns pass.
        catalog: The acts.

    Returns:
        The same rows and columns, and `artist` (a name of the catalogue or `OTHER`),
        `artist_evidence` and `artists` (JSON; null where nobody is named).
    """
    columns = [F.col(f"`{name}`") for name in events.columns if name not in ADDED]
    titles = events.select(*_INPUT).distinct().select(_title_key().alias("_title"), *_INPUT)
    # Titles of an act are few and stand on the left, where Sail builds its hash table.
    matches = titles.mapInArrow(_matches_by(catalog), _MATCHES_SQL)
    return matches.join(
        events.withColumn("_key", _title_key()), F.col("_title") == F.col("_key"), "right"
    ).select(
        *columns,
        F.coalesce("_artist", F.lit(OTHER)).alias("artist"),
        F.coalesce("_evidence", F.lit("none")).alias("artist_evidence"),
        F.col("_artists").alias("artists"),
    )


def _title_key() -> Column:
    # 64 bits: two of a million titles meet once in 37 million such tables, and joining on one
    # number instead of four strings is cheap. xxhash64 skips nulls, hence the marks.
    return F.xxhash64(*[F.coalesce(F.col(name), F.lit("\0")) for name in _INPUT])


def _matches_by(
    catalog: Catalog,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Inside the engine: titles to those of them that name an act."""

    def match_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        # Only text comes out of an engine.
        with marked():
            match = matcher_of(catalog).match
            for batch in batches:
                keys, *inputs = (column.to_pylist() for column in batch.columns)
                found = ((key, match(*row)) for key, *row in zip(keys, *inputs, strict=True))
                rows = [_row(key, answer) for key, answer in found if answer.artist != OTHER]
                yield pa.RecordBatch.from_pylist(rows, _MATCHES)

    return match_batches


def _row(key: int, answer: Match) -> dict[str, object]:
    return {
        "_title": key,
        "_artist": answer.artist,
        "_evidence": answer.evidence,
        "_artists": artists_json(answer),
    }
