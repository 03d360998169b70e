"""How good recommenders were in a training, and which one answers: read from the tables.

Belongs here: reading, and rows in the order in which they are told. Does not belong here: printing
(cli/), or a training (recommend/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_CHAMPION,
    RECOMMENDER_FRONT,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.errors import KpopError
from kpop_assets.lake.reader import LakeReader


class PlaysError(KpopError):
    """There are no plays to train on."""


@dataclass(frozen=True)
class RecommenderStanding:
    """One training of recommenders.

    Attributes:
        day: the training day.
        refusal: why nothing was trained; None where it was.
        scores: rows of `recommend/model_scores` with `is_on_front` (null where held to ratings
            alone), the best by nDCG first.
        training: the row of `recommend/trainings`.
        champion: the row of `recommend/champion`; None where nothing was trained.
    """

    day: dt.date
    refusal: str | None
    training: dict[str, Any]
    scores: list[dict[str, Any]] = field(default_factory=list)
    champion: dict[str, Any] | None = None


def newest_day_of_plays(reader: LakeReader) -> dt.date:
    """The newest day with counted plays.

    Raises:
        PlaysError: there is none.
    """
    day = reader.newest_day(LISTENER_TRACKS) if reader.exists(LISTENER_TRACKS) else None
    if day is None:
        raise PlaysError(
            "there are no plays to train on", "`kpop import plays FILE`, then run its days"
        )
    return day


def read_recommender_standing(reader: LakeReader, day: dt.date) -> RecommenderStanding | None:
    """The training of a day; None where there was none."""
    told = _rows(reader, RECOMMENDER_TRAININGS, day)
    if not told:
        return None
    front = {row["model"]: row["is_on_front"] for row in _rows(reader, RECOMMENDER_FRONT, day)}
    scores = [
        row | {"is_on_front": front.get(row["model"])}
        for row in _rows(reader, RECOMMENDER_SCORES, day)
    ]
    scores.sort(key=lambda row: (row["ndcg_10"] is None, -(row["ndcg_10"] or 0), row["model"]))
    champion = _rows(reader, RECOMMENDER_CHAMPION, day)
    return RecommenderStanding(
        day, told[0]["refusal"], told[0], scores, champion[0] if champion else None
    )


def _rows(reader: LakeReader, table: Table, day: dt.date) -> list[dict[str, Any]]:
    if not reader.exists(table):
        return []
    return reader.rows(table, day, day_end(day)).to_dicts()
