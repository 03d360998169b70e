"""Reviews as scores read them: a row for each subject that a review counts for, with its weight.

Belongs here: which subjects a review counts for, whether it is positive, and what it weighs. Does
not belong here: a score, or how a weight is found (guards/review_weights.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.catalog.acts import OTHER
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.bronze import YOUTUBE_SOURCE

# Clauses of a review that speak well and ill of an aspect alike say neither of it.
_EVEN = 0.1


def subject_rows(words: pl.DataFrame, opinions: pl.DataFrame, guards: pl.DataFrame) -> pl.DataFrame:
    """A row for each subject of each review: what it is about, and the act whose it is.

    Args:
        words: what is known of reviews (voices/known_words.py): ingest_date, review_id, source,
            is_simulated, subject_kind, subject, artist, author_kind, outlet, rating_100.
        opinions: review_id, p_negative, p_neutral, p_positive, one row a review.
        guards: review_id, weight, one row a review; others count whole.

    Returns:
        ingest_date, review_id, subject_kind, subject, artist, author_kind, outlet, rating_100,
        sign (-1, 0, 1: the text's, else the rating's; null where neither says), is_positive (by
        the rating, else the text; null where it is neutral or not known), weight, plain (1),
        is_simulated, is_of_youtube.
    """
    rows = (
        words.join(opinions, on="review_id", how="left", maintain_order="left")
        .join(guards.select("review_id", "weight"), on="review_id", how="left")
        .with_columns(_sign().alias("sign"))
        .select(
            *("ingest_date", "review_id", "subject_kind", "subject", "artist", "author_kind"),
            *("outlet", "rating_100", "sign"),
            _is_positive().alias("is_positive"),
            pl.col("weight").fill_null(1.0),
            pl.lit(1.0).alias("plain"),
            "is_simulated",
            (pl.col("source") == YOUTUBE_SOURCE).alias("is_of_youtube"),
        )
    )
    return with_acts(rows)


def last_weights(weights: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """review_id, weight: what each review was said to weigh last, by a day.

    Args:
        weights: ingest_date, review_id, weight of `audience/guards`.
        day: the last that counts.
    """
    return (
        weights.filter(pl.col("ingest_date") <= day)
        .sort("ingest_date")
        .unique("review_id", keep="last")
        .drop("ingest_date")
    )


def with_acts(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, and those of works and videos once more for their act."""
    is_act = pl.col("subject_kind") == "act"
    of_act = rows.filter(pl.col("artist").is_not_null()).with_columns(
        pl.lit("act").alias("subject_kind"), pl.col("artist").alias("subject")
    )
    # A review about an act that the catalogue knows is one of them already.
    own = rows.filter(~(is_act & pl.col("artist").is_not_null()))
    return pl.concat([own, of_act])


def aspect_rows(rows: pl.DataFrame, aspects: pl.DataFrame) -> pl.DataFrame:
    """A row for each aspect that a review speaks of, once a review and subject.

    Args:
        rows: as `subject_rows` returns them.
        aspects: review_id, aspect, sentiment (-1 to 1) and artist of each clause. Of an act the
            clauses about it count, of anything else all that is said of it.

    Returns:
        The columns of `rows` and aspect, with sign as the aspect's clauses say.
    """
    whom = pl.col("artist").replace(OTHER, None).alias("whom")
    clauses = aspects.select("review_id", "aspect", "sentiment", whom)
    is_about = (
        (pl.col("subject_kind") != "act")
        | pl.col("whom").is_null()
        | (pl.col("whom") == pl.col("subject"))
    )
    said = (
        rows.drop("sign")
        .join(clauses, on="review_id")
        .filter(is_about)
        .group_by("review_id", "subject_kind", "subject", "aspect")
        .agg(pl.col("sentiment").mean())
    )
    mean = pl.col("sentiment")
    sign = pl.when(mean > _EVEN).then(1).when(mean < -_EVEN).then(-1).otherwise(0)
    return (
        rows.drop("sign")
        .join(said, on=["review_id", "subject_kind", "subject"])
        .with_columns(sign.cast(pl.Int64).alias("sign"))
        .select(*rows.columns, "aspect")
    )


def _sign() -> pl.Expr:
    """Whichever of the three is likeliest for the text; without one, as the rating lies."""
    negative, neutral, positive = (
        pl.col(name) for name in ("p_negative", "p_neutral", "p_positive")
    )
    by_text = (
        pl.when((positive > negative) & (positive >= neutral))
        .then(1)
        .when((negative > positive) & (negative >= neutral))
        .then(-1)
        .when(positive.is_not_null())
        .then(0)
    )
    by_rating = (
        pl.when(pl.col("rating_100") >= rules.POSITIVE_RATING)
        .then(1)
        .when(pl.col("rating_100") <= rules.NEGATIVE_RATING)
        .then(-1)
        .when(pl.col("rating_100").is_not_null())
        .then(0)
    )
    return pl.coalesce(by_text, by_rating).cast(pl.Int64)


def _is_positive() -> pl.Expr:
    by_rating = pl.col("rating_100") >= rules.POSITIVE_RATING
    by_text = pl.when(pl.col("sign") != 0).then(pl.col("sign") > 0)
    return pl.coalesce(by_rating, by_text)
