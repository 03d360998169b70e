"""Trainings of sentiment: what each family is worth, which one answers, and what was refused.

Belongs here: what the page of models reads. Does not belong here: a figure's computation
(kpop_assets/audience/), or drawing.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.audience_sentiments import SENTIMENT_SCORES, SENTIMENT_TRAININGS
from kpop_assets.days import day_end


@reads(SENTIMENT_TRAININGS)
def list_mood_trainings(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """The newest training of each language up to a day.

    Returns:
        The columns of `audience/sentiment_trainings`.

    Raises:
        PageEnd: there is none.
    """
    if snapshot.version(SENTIMENT_TRAININGS) is None:
        raise PageEnd("mood_models.none")
    rows = snapshot.read(SENTIMENT_TRAININGS, end=None if day is None else day_end(day))
    if rows.is_empty():
        raise PageEnd("mood_models.none")
    return rows.sort("ingest_date").unique("lang", keep="last").sort("lang")


@reads(SENTIMENT_TRAININGS, SENTIMENT_SCORES)
def compare_mood_models(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Families of the newest training of each language that was not refused, the best first.

    Returns:
        The columns of `audience/sentiment_scores`.
    """
    list_mood_trainings(snapshot, day)
    if snapshot.version(SENTIMENT_SCORES) is None:
        raise PageEnd("mood_models.nothing_compared")
    rows = snapshot.read(SENTIMENT_SCORES, end=None if day is None else day_end(day))
    newest = pl.col("ingest_date") == pl.col("ingest_date").max().over("lang")
    if rows.is_empty():
        raise PageEnd("mood_models.nothing_compared")
    order = ["lang", "end_accuracy", "mood_family"]
    return rows.filter(newest).sort(order, descending=[False, True, False])
