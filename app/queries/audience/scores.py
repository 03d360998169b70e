"""What people say of acts and what they made, as scores: of one subject, over days, by aspect.

Belongs here: which rows of scores a page shows. Does not belong here: a formula
(kpop_assets/audience/), or what single reviews say (quotes.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.queries.videos import find_titles
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.audience_rules import RATED_DAYS
from kpop_assets.contracts.audience_scores import SUBJECT_SCORES
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.days import day_end

ALL = "all"
NET = "net_sentiment"
# Subjects of an act that a page offers beside the act itself.
MOST_SUBJECTS = 30
# Titles that are nobody's; a table of film reviews may have any number of films.
MOST_TITLES = 1000
_IS_ACT = pl.col("subject_kind") == "act"
_IS_NET = pl.col("measure") == NET
Scored = tuple[dt.date, pl.DataFrame]


@reads(SUBJECT_SCORES)
def list_reviewed_acts(snapshot: Snapshot, day: dt.date | None) -> tuple[str, ...]:
    """Acts of whom anybody speaks on the newest day with scores up to a day, most reviews first.

    Raises:
        PageEnd: nothing has been scored by then.
    """
    _, rows = _newest(snapshot, day, _IS_ACT & _IS_NET & (pl.col("aspect") == ALL))
    ordered = rows.sort("review_count", "subject", descending=[True, False])
    return tuple(ordered.get_column("subject"))


@reads(SUBJECT_SCORES, EVENTS)
def list_reviewed_subjects(snapshot: Snapshot, day: dt.date | None, artist: str) -> pl.DataFrame:
    """What an act made that anybody speaks of, most reviews first.

    Returns:
        subject_kind, subject, subject_name (a video's title where it is known, else the subject
        itself) and review_count.
    """
    last, rows = _newest(snapshot, day, ~_IS_ACT & _IS_NET & (pl.col("aspect") == ALL))
    own = rows.filter(pl.col("artist") == artist)
    first = own.sort("review_count", "subject", descending=[True, False]).head(MOST_SUBJECTS)
    return name_subjects(snapshot, first, last).select(
        "subject_kind", "subject", "subject_name", "review_count"
    )


@reads(SUBJECT_SCORES)
def list_reviewed_titles(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Films and other titles that anybody speaks of, most reviews first.

    Returns:
        subject_kind, subject, subject_name (the subject itself) and review_count.
    """
    is_title = pl.col("subject_kind") == "title"
    _, rows = _newest(snapshot, day, is_title & _IS_NET & (pl.col("aspect") == ALL))
    first = rows.sort("review_count", "subject", descending=[True, False]).head(MOST_TITLES)
    name = pl.col("subject").alias("subject_name")
    return first.select("subject_kind", "subject", name, "review_count")


@reads(SUBJECT_SCORES)
def read_said_scores(
    snapshot: Snapshot, day: dt.date | None, subject_kind: str, subject: str
) -> Scored:
    """The newest day with scores up to a day, and each score of one subject, aspects included."""
    is_asked = pl.col("subject_kind") == subject_kind
    last, rows = _newest(snapshot, day, is_asked)
    return last, rows.filter(pl.col("subject") == subject).sort("measure", "said_by", "aspect")


@reads(SUBJECT_SCORES)
def read_sentiment_days(
    snapshot: Snapshot, last: dt.date, days: int, subject_kind: str, subject: str
) -> pl.DataFrame:
    """ingest_date, score_value, low, high, review_count: net sentiment of a subject over days."""
    is_asked = (pl.col("subject_kind") == subject_kind) & _IS_NET & (pl.col("aspect") == ALL)
    start = last - dt.timedelta(days=days - 1)
    rows = _present(snapshot, snapshot.read(SUBJECT_SCORES, start, day_end(last), where=is_asked))
    shown = ("ingest_date", "score_value", "low", "high", "review_count")
    return rows.filter(pl.col("subject") == subject).select(shown).sort("ingest_date")


@reads(SUBJECT_SCORES)
def compare_aspects(snapshot: Snapshot, day: dt.date | None, artists: tuple[str, ...]) -> Scored:
    """The newest day with scores up to a day, and net sentiment of some acts by aspect.

    Returns:
        artist, aspect, score_value, low, high, review_count, cohort_value.
    """
    last, rows = _newest(snapshot, day, _IS_ACT & _IS_NET & (pl.col("aspect") != ALL))
    chosen = rows.filter(pl.col("subject").is_in(artists))
    return last, chosen.select(
        pl.col("subject").alias("artist"),
        *("aspect", "score_value", "low", "high", "review_count", "cohort_value"),
    ).sort("aspect", "artist")


def _newest(snapshot: Snapshot, day: dt.date | None, where: pl.Expr) -> Scored:
    """The newest day with scores up to a day, and its rows for which `where` holds.

    Raises:
        PageEnd: nothing has been scored by then.
    """
    last = snapshot.last_day(SUBJECT_SCORES, day)
    if last is None:
        raise PageEnd("voices.none")
    return last, _present(snapshot, snapshot.read(SUBJECT_SCORES, last, day_end(last), where=where))


def _present(snapshot: Snapshot, rows: pl.DataFrame) -> pl.DataFrame:
    """Acts by their present names, where they are the subject too."""
    renamed = pl.col("subject").replace(snapshot.catalog.renamed())
    subject = pl.when(_IS_ACT).then(renamed).otherwise(pl.col("subject"))
    return rows.with_columns(snapshot.present_name(), subject.alias("subject"))


def name_subjects(snapshot: Snapshot, rows: pl.DataFrame, last: dt.date) -> pl.DataFrame:
    """The rows with subject_name: a video's last known title, else the subject itself.

    Their caller has `EVENTS` among what it reads.
    """
    ids = rows.filter(pl.col("subject_kind") == "video").get_column("subject").unique()
    if ids.is_empty() or snapshot.version(EVENTS) is None:
        return rows.with_columns(pl.col("subject").alias("subject_name"))
    found = find_titles(snapshot, ids, last - dt.timedelta(days=RATED_DAYS), day_end(last))
    titles = found.select(pl.col("video_id").alias("subject"), "text")
    named = rows.join(titles, on="subject", how="left", maintain_order="left")
    return named.with_columns(pl.coalesce("text", "subject").alias("subject_name")).drop("text")
