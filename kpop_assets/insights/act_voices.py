"""What people say of one act or title: the newest scores of it by a day, and what is not quoted.

Belongs here: which days answer. Does not belong here: a score (kpop_assets/audience/), or
printing.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.audience.voices.withheld import (
    JUDGED_COLUMNS,
    WITHHELD_COLUMNS,
    Withheld,
    count_withheld,
    words_about,
)
from kpop_assets.contracts.audience_rules import SENTIMENT_DAYS
from kpop_assets.contracts.audience_scores import SUBJECT_SCORES
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.days import day_end
from kpop_assets.errors import KpopError
from kpop_assets.lake.reader import LakeReader


class NoVoicesError(KpopError):
    """Nobody said anything of a subject by a day; the message says what to do."""


def read_subject_scores(
    lake: LakeReader, kind: str, subject: str, day: dt.date | None
) -> pl.DataFrame:
    """The scores of a subject on the newest day that has any by `day`.

    Args:
        lake: the tables.
        kind: act, video, release, work or title.
        subject: its name or id.
        day: the last that counts; None is the newest.

    Returns:
        Rows of `audience/subject_scores`: by score, whose reviews, and aspect, those with most
        reviews first.

    Raises:
        NoVoicesError: there is none.
    """
    way_out = "import reviews, `kpop import reviews PATH`, and run their days"
    if not lake.exists(SUBJECT_SCORES):
        raise NoVoicesError("no subject has been scored yet", way_out)
    is_it = (pl.col("subject_kind") == kind) & (pl.col("subject") == subject)
    end = None if day is None else day_end(day)
    days = lake.rows(SUBJECT_SCORES, None, end, ["ingest_date", "subject_kind", "subject"], is_it)
    if days.is_empty():
        raise NoVoicesError(f"nobody said anything of {subject} by {day or 'now'}", way_out)
    newest: dt.date = days["ingest_date"].max()  # type: ignore[assignment]  # a column of days
    rows = lake.rows(SUBJECT_SCORES, newest, day_end(newest), where=is_it)
    order = ["measure", "said_by", "review_count", "aspect"]
    return rows.sort(order, descending=[False, False, True, False])


def count_subject_withheld(lake: LakeReader, kind: str, subject: str, last: dt.date) -> Withheld:
    """How many comments with words, of the weeks of sentiment up to a day, are never quoted."""
    if not (lake.exists(VOICES) and lake.exists(SENTIMENTS)):
        return Withheld(0, 0)
    days = last - dt.timedelta(days=SENTIMENT_DAYS - 1), day_end(last)
    voices = lake.rows(VOICES, *days, WITHHELD_COLUMNS)
    moods = lake.rows(SENTIMENTS, *days, JUDGED_COLUMNS)
    return count_withheld(words_about(voices, kind, subject), moods)
