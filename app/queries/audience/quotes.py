"""What single reviews say: clauses that praise or complain, fit to be quoted.

Belongs here: which clauses a page quotes. Does not belong here: whether a text may be shown
(kpop_assets/audience/ says so in `is_quotable`), scores (scores.py), or drawing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.audience.voices.withheld import (
    JUDGED_COLUMNS,
    WITHHELD_COLUMNS,
    Withheld,
    count_withheld,
    words_about,
)
from kpop_assets.audience.words.clause_signs import opinions_of, sign_of
from kpop_assets.audience.words.phrases import phrase_text
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_rules import SENTIMENT_DAYS
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty

MOST_QUOTES = 5
# So clearly praise or complaint that it stands for it.
_LEAST_CLEAR = 0.4
# Shorter clauses say too little to be quoted, longer ones are no quotation.
_LETTERS = (8, 120)
_SAME = ["ingest_date", "review_id"]
_ASPECT_COLUMNS = (*_SAME, "clause_text", "aspect", "sentiment", "artist")
_VOICE_COLUMNS = (*WITHHELD_COLUMNS, "source", "likes", "text", "is_flood", "is_repeat")
_MOOD_COLUMNS = (*JUDGED_COLUMNS, "p_negative", "p_positive")
# By how much the chances of a whole text lean to praise or complaint.
_LEAST_LEAN = 0.1
_SCHEMA = {
    **{"aspect": pl.String, "clause_text": pl.String, "text": pl.String},
    **{"sentiment": pl.Float64},
    **{"likes": pl.Int64, "source": pl.String, "review_id": pl.String},
    **{"subject_kind": pl.String, "subject": pl.String},
}


@dataclass(frozen=True)
class Quotes:
    """What a page quotes of a subject, and what it does not.

    Attributes:
        praise: aspect, clause_text, text (all of the voice), sentiment, likes, source, review_id,
            subject_kind, subject.
        complaints: the same columns.
        withheld: how many comments of the same weeks may not be quoted, and of how many.
    """

    praise: pl.DataFrame
    complaints: pl.DataFrame
    withheld: Withheld


@reads(ASPECTS, VOICES, SENTIMENTS)
def read_quotes(snapshot: Snapshot, last: dt.date, subject_kind: str, subject: str) -> Quotes:
    """Typical praise and complaint of some weeks, each one of an aspect, the most liked first.

    A clause is quoted whose voice may be shown, was not copied, and is the last word of its
    review; which praises or complains by its own words and asks nothing, and whose whole text
    leans the same way. Of an aspect it is the one with most likes, then the clearest.
    """
    if None in {snapshot.version(VOICES), snapshot.version(SENTIMENTS)}:
        nothing = pl.DataFrame(schema=_SCHEMA)
        return Quotes(nothing, nothing, Withheld(0, 0))
    words = _words(snapshot, last, _VOICE_COLUMNS, subject_kind, subject)
    moods = _weeks(snapshot, SENTIMENTS, last, _MOOD_COLUMNS)
    clauses = _clear_clauses(snapshot, last)
    if subject_kind == "act":
        clauses = clauses.filter(pl.col("artist") == subject)
    said = clauses.drop("artist").join(
        words.filter(~pl.col("is_flood") & ~pl.col("is_repeat")), on=_SAME
    )
    shown = said.join(moods.filter("is_quotable"), on=_SAME)
    withheld = count_withheld(words, moods)
    return Quotes(_typical(shown, is_praise=True), _typical(shown, is_praise=False), withheld)


@reads(VOICES, SENTIMENTS)
def read_withheld(
    snapshot: Snapshot, last: dt.date, subject_kind: str, subject: str
) -> pl.DataFrame:
    """withheld_count, worded_count: comments of some weeks that may not be quoted, and all."""
    found = Withheld(0, 0)
    if None not in {snapshot.version(VOICES), snapshot.version(SENTIMENTS)}:
        words = _words(snapshot, last, WITHHELD_COLUMNS, subject_kind, subject)
        found = count_withheld(words, _weeks(snapshot, SENTIMENTS, last, JUDGED_COLUMNS))
    return pl.DataFrame(
        {"withheld_count": [found.withheld_count], "worded_count": [found.worded_count]}
    )


def _words(
    snapshot: Snapshot, last: dt.date, columns: tuple[str, ...], subject_kind: str, subject: str
) -> pl.DataFrame:
    """The comments of some weeks about a subject, acts by present names."""
    voices = _weeks(snapshot, VOICES, last, columns)
    return words_about(voices.with_columns(snapshot.present_name()), subject_kind, subject)


def _typical(shown: pl.DataFrame, is_praise: bool) -> pl.DataFrame:
    """What speaks clearly one way, of the aspects most liked."""
    sign = 1 if is_praise else -1
    lean = sign * (pl.col("p_positive") - pl.col("p_negative"))
    clear = sign * pl.col("sentiment")
    is_asked = pl.col("text").str.contains(pl.col("clause_text") + "?", literal=True)
    found = shown.filter((clear >= _LEAST_CLEAR) & (lean >= _LEAST_LEAN) & ~is_asked)
    # A clause that says nothing has its neighbour's opinion, and reads as none: third listen.
    own = opinions_of([phrase_text(text) for text in found["clause_text"]])
    says_so = pl.Series([sign * sign_of(one) > 0 for one in own], dtype=pl.Boolean)
    return (
        found.filter(says_so)
        .with_columns(pl.col("likes").fill_null(0), clear.alias("clear"))
        .sort("likes", "clear", "review_id", descending=[True, True, False])
        .unique("aspect", keep="first", maintain_order=True)
        .unique("review_id", keep="first", maintain_order=True)
        .head(MOST_QUOTES)
        .select(*_SCHEMA)
    )


def _clear_clauses(snapshot: Snapshot, last: dt.date) -> pl.DataFrame:
    """Clauses of a length to be quoted that praise or complain, with acts by present names."""
    if snapshot.version(ASPECTS) is None:
        return empty(ASPECTS).select(_ASPECT_COLUMNS)
    is_short = pl.col("clause_text").str.len_chars().is_between(*_LETTERS)
    is_clear = pl.col("sentiment").abs() >= _LEAST_CLEAR
    found = _weeks(snapshot, ASPECTS, last, _ASPECT_COLUMNS, is_clear & is_short)
    return found.with_columns(snapshot.present_name())


def _weeks(
    snapshot: Snapshot,
    table: Table,
    last: dt.date,
    columns: tuple[str, ...],
    where: pl.Expr | None = None,
) -> pl.DataFrame:
    start = last - dt.timedelta(days=SENTIMENT_DAYS - 1)
    return snapshot.read(table, start, day_end(last), columns, where)
