"""How good models of sentiment were in a training, and which one answers: read from the tables.

Belongs here: reading, and rows in the order in which they are told. Does not belong here: printing
(cli/), or a training (audience/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kpop_assets.contracts.audience_sentiments import SENTIMENT_SCORES, SENTIMENT_TRAININGS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.errors import KpopError
from kpop_assets.lake.reader import LakeReader


class VoicesError(KpopError):
    """There are no voices to train on."""


@dataclass(frozen=True)
class SentimentStanding:
    """One training of sentiment.

    Attributes:
        day: the training day.
        trainings: rows of `audience/sentiment_trainings`, Korean first.
        scores: rows of `audience/sentiment_scores`, the most accurate first.
    """

    day: dt.date
    trainings: list[dict[str, Any]]
    scores: list[dict[str, Any]]


def newest_day_of_voices(reader: LakeReader) -> dt.date:
    """The newest day with voices.

    Raises:
        VoicesError: there is none.
    """
    day = reader.newest_day(VOICES) if reader.exists(VOICES) else None
    if day is None:
        raise VoicesError(
            "there are no voices to train on", "`kpop import reviews FILE`, then run its days"
        )
    return day


def read_sentiment(reader: LakeReader, day: dt.date) -> SentimentStanding:
    """The training of a day; without rows where there was none."""
    return SentimentStanding(
        day,
        sorted(_rows(reader, SENTIMENT_TRAININGS, day), key=lambda row: row["lang"] != "ko"),
        sorted(_rows(reader, SENTIMENT_SCORES, day), key=lambda row: -row["end_accuracy"]),
    )


def _rows(reader: LakeReader, table: Table, day: dt.date) -> list[dict[str, Any]]:
    return reader.rows(table, day, day_end(day)).to_dicts() if reader.exists(table) else []
