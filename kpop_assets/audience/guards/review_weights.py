"""Guards against campaigns: what each review weighs, 0 to 1, and why.

Belongs here: the order of the steps, and which of an author's reviews counts. Does not
belong here: any of them (guard_traits.py, guard_weights.py), or scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpop_assets.audience.guards.guard_traits import find_traits
from kpop_assets.audience.guards.guard_weights import weigh_groups
from kpop_assets.contracts.audience_scores import EARLIER_WORD

_SAID = ("subject_kind", "subject", "source", "author_id")
_ANY = pl.lit(True)


def last_words(voices: pl.DataFrame, speaks: pl.Expr = _ANY, by: Sequence[str] = ()) -> pl.Series:
    """Whether each review is its author's last word on its subject, by when it was written.

    An edit changes what a review says, not when it was said: a source's time of an edit may be that
    of a comma, or of its own upkeep.

    Args:
        voices: review_id, subject_kind, subject, source, author_id, created_at and `by`. A review
            whose author is not known is always one; of two sources, one id is two authors.
        speaks: which reviews say anything; the last among them counts.
        by: columns of what is spoken of beside the subject.
    """
    key = (*_SAID, *by)
    rows = voices.select(
        pl.int_range(pl.len()).alias("row"), "review_id", "created_at", *key, speaks.alias("speaks")
    )
    last = pl.col("row").filter("speaks").last().over(key)
    is_last = pl.col("speaks") & (pl.col("author_id").is_null() | (pl.col("row") == last))
    marked = rows.sort("created_at", "review_id").with_columns(is_last.alias("is_last"))
    return marked.sort("row")["is_last"].fill_null(False)


def weigh_reviews(voices: pl.DataFrame, opinions: pl.DataFrame) -> pl.DataFrame:
    """What each review weighs.

    An author counts once a subject, by the last word; words before it weigh 0 (`earlier_word`). A
    laugh behind a rating takes it from no score, so the last rating and opinion are judged as well.

    Args:
        voices: review_id, subject_kind, subject, artist, source, author_id, text, rating_100,
            rating_scale, created_at.
        opinions: review_id, p_negative, p_positive of as many as have them.

    Returns:
        review_id, subject_kind, subject, artist, burst, pole, weight, reasons (a list, empty where
        it weighs all), in the order of `voices`.
    """
    # First seen by any word: who speaks of a subject again is no newcomer to it.
    first_at = pl.col("created_at").min().over("author_id").alias("first_at")
    is_rated = pl.col("rating_100").is_not_null()
    leans = is_rated | pl.col("review_id").is_in(opinions["review_id"].implode())
    is_last = last_words(voices) | last_words(voices, is_rated) | last_words(voices, leans)
    marked = voices.with_row_index("row").with_columns(
        is_last.alias("is_last"),
        pl.concat_str("source", pl.lit(":"), "author_id").alias("author_id"),
    )
    marked = marked.with_columns(first_at).sort("created_at", "review_id")
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
