"""How many videos of a day have a word, of all and of each act.

Belongs here: counting in scopes. Does not belong here: which words stand out (keywords.py).
"""

from __future__ import annotations

import polars as pl

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.lens_words import WORD_COUNTS
from kpop_assets.lake.rows import empty

EVERYTHING, ACTS = "everything", "acts"
WORD_COLUMNS = ("video_id", "word", "kind", "artist", "author_id", "views_gained")
_KINDS = pl.Enum(["name", "hashtag", "noun", "english"])


def in_scope(scope: str) -> pl.Expr:
    """Whether a video, by its `artist`, belongs to a scope."""
    if scope == EVERYTHING:
        return pl.lit(True)
    artist = pl.col("artist")
    return artist != OTHER if scope == ACTS else artist == scope


def count_words(words: pl.DataFrame) -> pl.DataFrame:
    """The rows of `lens/word_counts` of one day, but the day.

    Args:
        words: `lens/video_words` of the day, with `WORD_COLUMNS`.
    """
    rows = words.with_columns(
        pl.col("kind").cast(_KINDS), pl.coalesce("author_id", "video_id").alias("channel")
    )
    of_acts = rows.filter(in_scope(ACTS))
    scopes = [
        _count(rows.with_columns(pl.lit(EVERYTHING).alias("scope"))),
        _count(of_acts.with_columns(pl.lit(ACTS).alias("scope"))),
        _count(of_acts.rename({"artist": "scope"})),
    ]
    columns = empty(WORD_COUNTS).drop("ingest_date").columns
    return pl.concat([scope.select(columns) for scope in scopes]).sort("scope", "word")


def _count(rows: pl.DataFrame) -> pl.DataFrame:
    """Words of the scopes in `rows`, and how many videos and words each scope has."""
    whole = rows.group_by("scope").agg(
        pl.col("video_id").n_unique().cast(pl.Int64).alias("scope_video_count"),
        pl.len().cast(pl.Int64).alias("scope_word_count"),
    )
    counts = rows.group_by("scope", "word").agg(
        # The kind that most have; of equals the first in order.
        pl.col("kind").sort().mode().min().cast(pl.String).alias("kind"),
        pl.len().cast(pl.Int64).alias("video_count"),
        pl.col("channel").n_unique().cast(pl.Int64).alias("channel_count"),
        pl.col("views_gained").sum(),
    )
    return counts.join(whole, on="scope")
