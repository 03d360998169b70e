"""What is known of reviews on a day: the last word of each, and no review that is gone.

Belongs here: which of a review's rows counts, also of those that other tables made of them. Does
not belong here: which of an author's reviews does (guards/review_weights.py), or what a review
says.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.catalog.acts import OTHER

_WORD = ["ingest_date", "review_id"]


def of_words(said: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """What was made of the last words of reviews, and not of those before them.

    A text that became a laugh has no mood, and one that no longer names an aspect none.

    Args:
        said: rows by ingest_date and review_id: moods, clauses.
        words: as `known_words` returns them.

    Returns:
        The rows of `said` without their day.
    """
    return said.join(words.select(_WORD), on=_WORD, how="semi").drop("ingest_date")


def standing_words(voices: pl.DataFrame) -> pl.DataFrame:
    """Reviews as they were last seen, by day and id; those that are gone are left out.

    Args:
        voices: rows of `audience/voices` with at least ingest_date, review_id, voice_kind.
    """
    last = voices.sort("ingest_date", "review_id").unique(
        "review_id", keep="last", maintain_order=True
    )
    return last.filter(pl.col("voice_kind") != "deleted")


def known_words(voices: pl.DataFrame, day: dt.date, days: int) -> pl.DataFrame:
    """The last word of each review that was received on the `days` days up to `day`.

    Args:
        voices: rows of `audience/voices` with at least ingest_date, review_id, voice_kind, artist
            and, where asked for, created_at and observed_at.
        day: the last day.
        days: how many days.

    Returns:
        The same columns. Reviews that are gone are left out; artist is null where no act matches,
        and created_at, where unknown, the day on which it was seen.
    """
    since = day - dt.timedelta(days=days - 1)
    known = voices.filter(pl.col("ingest_date").is_between(since, day))
    words = standing_words(known).with_columns(pl.col("artist").replace(OTHER, None))
    if "created_at" in words.columns and "observed_at" in words.columns:
        # All of an import was seen at one instant, at which nobody wrote: a day says no moment.
        seen = pl.col("observed_at").dt.truncate("1d")
        return words.with_columns(pl.coalesce("created_at", seen).alias("created_at"))
    return words
