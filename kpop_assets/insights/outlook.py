"""The outlook of a day: who is next viral, who is near a tier, and the front of their model.

Belongs here: reading the newest forecast for a person to look at. Does not belong here: how it is
printed (cli/printing.py) or made (pareto/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kpop_assets.contracts.models import ARTIST_INPUTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import FRONT, NEXT_VIRAL
from kpop_assets.days import day_end
from kpop_assets.insights.trend import Trend, trend_of
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader


@dataclass(frozen=True)
class Outlook:
    """Forecasts of one day, and the scores of a training.

    Attributes:
        day: the forecast day.
        virals: rows of `pareto/next_viral` by p_viral, the likeliest first, with trend_class; none
            where nothing could be learned of it.
        viral_refusal: why not, by the training of the model; None where it was learned or nobody
            knows.
        risers: rows of `pareto/next_viral` that can rise, likeliest first.
        trained_day: day of the training.
        scores: rows of `models/candidate_scores` of that day with is_on_front, best rps first.
    """

    day: dt.date
    virals: list[dict[str, Any]]
    viral_refusal: str | None
    risers: list[dict[str, Any]]
    trained_day: dt.date
    scores: list[dict[str, Any]]


def read_outlook(
    lake: LakeReader, day: dt.date | None = None, trained_day: dt.date | None = None
) -> Outlook:
    """The forecast of a day, and the scores of a training.

    Args:
        lake: the tables.
        day: the forecast day; None is the newest that has one.
        trained_day: the training; None is the one that the forecast's model is from.

    Raises:
        MissingTableError: there is no forecast; the message says what the last training lacked.
    """
    if lake.exists(NEXT_VIRAL):
        if day is None:
            forecasts = lake.newest_rows(NEXT_VIRAL)
        else:
            forecasts = lake.arrow(NEXT_VIRAL, day, day_end(day)).to_pylist()
        if forecasts:
            return _outlook(lake, forecasts, trained_day or forecasts[0]["trained_date"])
    asked = f"of {day}" if day else "yet"
    raise MissingTableError(f"table {NEXT_VIRAL.path} has no forecast {asked}", _missing(lake))


def read_refusal(lake: LakeReader, day: dt.date | None = None) -> str | None:
    """Why the training of `day`, or else the newest, was refused; None where it was not."""
    if not lake.exists(TRAININGS):
        return None
    rows = lake.arrow(TRAININGS, day, day_end(day)).to_pylist() if day else []
    rows = rows or ([] if day else lake.newest_rows(TRAININGS))
    return rows[0]["refusal"] if rows else None


def _outlook(lake: LakeReader, forecasts: list[dict[str, Any]], trained_day: dt.date) -> Outlook:
    scores = lake.arrow(CANDIDATE_SCORES, trained_day, day_end(trained_day)).to_pylist()
    verdicts = lake.arrow(FRONT, trained_day, day_end(trained_day)).to_pylist()
    on_front = {row["candidate"] for row in verdicts if row["is_on_front"]}
    rows = [{**row, "is_on_front": row["candidate"] in on_front} for row in scores]
    day = forecasts[0]["ingest_date"]
    classes = _trend_classes(lake, day)
    virals = [
        {**row, "trend_class": classes.get(row["artist"])}
        for row in forecasts
        if row["p_viral"] is not None
    ]
    risers = [row for row in forecasts if row["tier"] > 1]
    return Outlook(
        day=day,
        virals=sorted(virals, key=lambda row: (row["viral_rank"], row["artist"])),
        viral_refusal=_viral_refusal(lake, trained_day),
        risers=sorted(risers, key=lambda row: (-row["p_rise"], row["artist"])),
        trained_day=trained_day,
        scores=sorted(rows, key=lambda row: (row["rps"], row["candidate"])),
    )


def _trend_classes(lake: LakeReader, day: dt.date) -> dict[str, Trend | None]:
    """The class of each artist's trend on a day."""
    if not lake.exists(ARTIST_INPUTS):
        return {}
    rows = lake.arrow(ARTIST_INPUTS, day, day_end(day)).to_pylist()
    return {row["artist"]: trend_of(row["trend"], row["trend_change"]) for row in rows}


def _viral_refusal(lake: LakeReader, day: dt.date) -> str | None:
    if not lake.exists(TRAININGS):
        return None
    rows = lake.arrow(TRAININGS, day, day_end(day)).to_pylist()
    return rows[0]["viral_refusal"] if rows else None


def _missing(lake: LakeReader) -> str:
    refusal = read_refusal(lake)
    if refusal:
        return f"the last training was refused, {refusal}"
    return "train with `kpop train`, or run `kpop demo` for simulated data"
