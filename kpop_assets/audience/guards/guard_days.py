"""The rows of `audience/guards` of a day.

Belongs here: which reviews are judged on a day, and by how much of the past. Does not belong here:
how they are judged (review_weights.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.audience.guards.review_weights import weigh_reviews
from kpop_assets.audience.voices.known_words import known_words, of_words
from kpop_assets.catalog.acts import OTHER
from kpop_assets.contracts.audience_scores import GUARDS
from kpop_assets.contracts.guard_rules import GUARD_DAYS, HABIT_DAYS
from kpop_assets.lake.rows import empty

GUARD_COLUMNS = (
    *("ingest_date", "review_id", "source", "is_simulated", "subject_kind", "subject", "artist"),
    *("author_id", "text", "voice_kind", "rating_100", "rating_scale", "created_at", "observed_at"),
)
OPINION_COLUMNS = ("ingest_date", "review_id", "p_negative", "p_positive")


def guard_day(voices: pl.DataFrame, opinions: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """What reviews that were received lately weigh, by what is known on a day.

    Args:
        voices: `GUARD_COLUMNS` of `audience/voices`, of the day and at least `HABIT_DAYS` before.
        opinions: `OPINION_COLUMNS` of `audience/sentiments` of the same days.
        day: the day.

    Returns:
        The columns of `audience/guards` but the day.
    """
    columns = empty(GUARDS).drop("ingest_date").columns
    words = known_words(voices, day, HABIT_DAYS + 1)
    is_judged = pl.col("ingest_date") > day - dt.timedelta(days=GUARD_DAYS)
    if words.filter(is_judged).is_empty():
        return empty(GUARDS).select(columns)
    # Copies are looked for among the latest texts alone, which any that is judged is one of.
    recent = pl.col("ingest_date") > day - dt.timedelta(days=2 * GUARD_DAYS)
    words = words.with_columns(pl.when(recent).then(pl.col("text")).alias("text"))
    weighed = weigh_reviews(words, of_words(opinions, words)).select(
        "pole",
        "burst",
        "weight",
        ("[" + pl.col("reasons").list.eval('"' + pl.element() + '"').list.join(", ") + "]").alias(
            "weight_reasons"
        ),
    )
    return (
        words.hstack(weighed)
        .filter(is_judged)
        .with_columns(pl.col("artist").fill_null(OTHER))
        .select(columns)
    )
