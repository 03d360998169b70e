"""What single reviews say: clauses that praise or complain, fit to be quoted.

Belongs here: which clauses a page quotes. Does not belong here: whether a text may be shown
(kpop_assets/audience/ says so in `is_quotable`), scores (scores.py), or drawing.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_rules import SENTIMENT_DAYS
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end

MOST_QUOTES = 5
# So clearly praise or complaint that it stands for it.
_LEAST_CLEAR = 0.4
# Shorter clauses say too little to be quoted, longer ones are no quotation.
_LETTERS = (8, 120)
_ASPECT_COLUMNS = ("ingest_date", "review_id", "clause_text", "aspect", "sentiment", "artist")
_VOICE_COLUMNS = ("ingest_date", "review_id", "source", "subject_kind", "subject", "likes", "text")
_MOOD_COLUMNS = ("ingest_date", "review_id", "is_quotable", "p_negative", "p_positive")
# By how much the chances of a whole text lean to praise or complaint. A clause alone is misread
# more often: one that says nothing takes the next one's opinion.
_LEAST_LEAN = 0.1
_FLAGS = ("is_flood", "is_repeat", "voice_kind")
_SCHEMA = {
    **{"aspect": pl.String, "clause_text": pl.String, "text": pl.String},
    **{"sentiment": pl.Float64},
    **{"likes": pl.Int64, "source": pl.String, "review_id": pl.String},
    **{"subject_kind": pl.String, "subject": pl.String},
}


@reads(ASPECTS, VOICES, SENTIMENTS)
def list_quotes(
    snapshot: Snapshot, last: dt.date, subject_kind: str, subject: str, is_praise: bool
) -> pl.DataFrame:
    """Typical praise or complaint of some weeks, one of each aspect, the most liked first.

    A clause is quoted whose voice may be shown, was not copied, and is the last word of its
    review; which asks nothing, and whose whole text leans the same way. Of an aspect it is the
    one with most likes, then the clearest.

    Returns:
        aspect, clause_text, text (all of the voice), sentiment, likes, source, review_id,
        subject_kind, subject.
    """
    versions = {snapshot.version(ASPECTS), snapshot.version(VOICES), snapshot.version(SENTIMENTS)}
    if None in versions:
        return pl.DataFrame(schema=_SCHEMA)
    clear = pl.col("sentiment") if is_praise else -pl.col("sentiment")
    is_short = pl.col("clause_text").str.len_chars().is_between(*_LETTERS)
    clauses = _weeks(snapshot, ASPECTS, last, _ASPECT_COLUMNS, (clear >= _LEAST_CLEAR) & is_short)
    about = clauses.with_columns(snapshot.present_name())
    if subject_kind == "act":
        about = about.filter(pl.col("artist") == subject)
    voices = _standing_words(_weeks(snapshot, VOICES, last, (*_VOICE_COLUMNS, *_FLAGS)))
    said = voices.filter(~pl.col("is_flood") & ~pl.col("is_repeat"))
    if subject_kind != "act":
        is_asked = (pl.col("subject_kind") == subject_kind) & (pl.col("subject") == subject)
        said = said.filter(is_asked)
    lean = pl.col("p_positive") - pl.col("p_negative")
    leans_so = (lean if is_praise else -lean) >= _LEAST_LEAN
    may_show = _weeks(snapshot, SENTIMENTS, last, _MOOD_COLUMNS, pl.col("is_quotable") & leans_so)
    shown = may_show.select("ingest_date", "review_id")
    is_asked_there = pl.col("text").str.contains(pl.col("clause_text") + "?", literal=True)
    same = ["ingest_date", "review_id"]
    return (
        about.join(said, on=same)
        .join(shown, on=same, how="semi")
        .filter(~is_asked_there)
        .with_columns(pl.col("likes").fill_null(0), clear.alias("clear"))
        .sort("likes", "clear", "review_id", descending=[True, True, False])
        .unique("aspect", keep="first", maintain_order=True)
        .unique("review_id", keep="first", maintain_order=True)
        .head(MOST_QUOTES)
        .select(*_SCHEMA)
    )


@reads(VOICES, SENTIMENTS)
def count_withheld(
    snapshot: Snapshot, last: dt.date, subject_kind: str, subject: str
) -> tuple[int, int]:
    """How many voices with words of the same weeks may not be shown, and of how many.

    Of an act those about it and about all that it made.
    """
    if None in {snapshot.version(VOICES), snapshot.version(SENTIMENTS)}:
        return 0, 0
    columns = (*_VOICE_COLUMNS, "artist", *_FLAGS)
    voices = _standing_words(_weeks(snapshot, VOICES, last, columns))
    if subject_kind == "act":
        said = voices.with_columns(snapshot.present_name()).filter(pl.col("artist") == subject)
    else:
        is_asked = (pl.col("subject_kind") == subject_kind) & (pl.col("subject") == subject)
        said = voices.filter(is_asked)
    moods = _weeks(snapshot, SENTIMENTS, last, ("ingest_date", "review_id", "is_quotable"))
    judged = moods.join(said, on=["ingest_date", "review_id"], how="semi")
    return len(judged.filter(~pl.col("is_quotable"))), len(judged)


def _weeks(
    snapshot: Snapshot,
    table: Table,
    last: dt.date,
    columns: tuple[str, ...],
    where: pl.Expr | None = None,
) -> pl.DataFrame:
    start = last - dt.timedelta(days=SENTIMENT_DAYS - 1)
    return snapshot.read(table, start, day_end(last), columns, where)


def _standing_words(voices: pl.DataFrame) -> pl.DataFrame:
    """The rows of reviews on the last day on which they were seen; what was deleted is gone."""
    newest = voices.sort("ingest_date").unique("review_id", keep="last")
    return newest.filter(pl.col("voice_kind") == "text")
