"""How many comments are counted and never quoted.

Belongs here: which comments of a subject have words, and how many of them may not be shown. Does
not belong here: why a text may not be shown (words/quotable.py), or reading tables.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from kpop_assets.audience.voices.known_words import standing_words

WITHHELD_COLUMNS = (
    *("ingest_date", "review_id", "voice_kind", "subject_kind", "subject", "artist"),
)
JUDGED_COLUMNS = ("ingest_date", "review_id", "is_quotable")


class Withheld(NamedTuple):
    """Comments of a subject.

    Attributes:
        withheld_count: those that are not to be quoted.
        worded_count: all that have words, those among them.
    """

    withheld_count: int
    worded_count: int


def words_about(voices: pl.DataFrame, subject_kind: str, subject: str) -> pl.DataFrame:
    """The last words of reviews that have any, of an act those about all that it made.

    Args:
        voices: `WITHHELD_COLUMNS` of `audience/voices` at least.
        subject_kind: act, video, release, work or title.
        subject: its name or id.
    """
    words = standing_words(voices).filter(pl.col("voice_kind") == "text")
    if subject_kind == "act":
        return words.filter(pl.col("artist") == subject)
    return words.filter(subject_kind=subject_kind, subject=subject)


def count_withheld(words: pl.DataFrame, moods: pl.DataFrame) -> Withheld:
    """How many of some words may not be shown.

    Args:
        words: as `words_about` returns them.
        moods: `JUDGED_COLUMNS` of `audience/sentiments` of the same days.
    """
    judged = moods.join(words, on=["ingest_date", "review_id"], how="semi")
    return Withheld(len(judged.filter(~pl.col("is_quotable"))), len(judged))
