"""Guards against campaigns: what each review weighs, 0 to 1, and why.

Belongs here: the order of the steps, and which of an author's reviews counts. Does not
belong here: any of them (guard_traits.py, guard_weights.py), or scores.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.audience.guard_traits import find_traits
from kpop_assets.audience.guard_weights import weigh_groups
from kpop_assets.contracts.audience_scores import EARLIER_WORD

_SAID = ("subject_kind", "subject", "author_id")


def last_words(voices: pl.DataFrame) -> pl.Series:
    """Whether each review is its author's last word on its subject, by when it was written.

    Args:
        voices: review_id, subject_kind, subject, author_id, created_at. A review whose author is
            not known is always one.
    """
    rows = voices.select("review_id", "created_at", *_SAID).with_row_index("row")
    is_last = pl.col("author_id").is_null() | (pl.col("row") == pl.col("row").last().over(*_SAID))
    marked = rows.sort("created_at", "review_id").with_columns(is_last.alias("is_last"))
    return marked.sort("row")["is_last"]


def weigh_reviews(voices: pl.DataFrame, opinions: pl.DataFrame) -> pl.DataFrame:
    """What each review weighs.

    An author counts once a subject, by the last word; words before it weigh 0 (`earlier_word`).

    Args:
        voices: review_id, subject_kind, subject, artist, author_id, text, rating_100, rating_scale,
            created_at.
        opinions: review_id, p_negative, p_positive of as many as have them.

    Returns:
        review_id, subject_kind, subject, artist, burst, pole, weight, reasons (a list, empty where
        it weighs all), in the order of `voices`.
    """
    # First seen by any word: who speaks of a subject again is no newcomer to it.
    first_at = pl.col("created_at").min().over("author_id").alias("first_at")
    marked = voices.with_row_index("row").with_columns(last_words(voices), first_at)
    marked = marked.sort("created_at", "review_id")
    last = marked.filter("is_last").drop("is_last")
    columns = ("row", "review_id", *_SAID[:2], "artist", "burst", "pole", "weight", "reasons")
    weighed = weigh_groups(find_traits(last, opinions)).select(columns)
    earlier = marked.filter(~pl.col("is_last")).with_columns(
        pl.lit(0, pl.Int64).alias("burst"),
        pl.lit("unknown").alias("pole"),
        pl.lit(0.0).alias("weight"),
        pl.lit([EARLIER_WORD]).alias("reasons"),
    )
    return pl.concat([weighed, earlier.select(columns)]).sort("row").drop("row")
