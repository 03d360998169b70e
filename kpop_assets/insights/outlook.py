"""The outlook of a day: the likeliest risers, and the front that their model stands on.

Belongs here: reading the newest forecast for a person to look at. Does not belong here: how it is
printed (cli/printing.py) or made (pareto/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kpop_assets.contracts.models import CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import FRONT, NEXT_VIRAL
from kpop_assets.days import day_end
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader


@dataclass(frozen=True)
class Outlook:
    """Forecasts of one day by p_rise, and the scores of a training.

    Attributes:
        day: the forecast day.
        risers: rows of `pareto/next_viral` that can rise, likeliest first.
        trained_day: day of the training.
        scores: rows of `models/candidate_scores` of that day with is_on_front, best rps first.
    """

    day: dt.date
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
    risers = [row for row in forecasts if row["tier"] > 1]
    return Outlook(
        day=forecasts[0]["ingest_date"],
        risers=sorted(risers, key=lambda row: (-row["p_rise"], row["artist"])),
        trained_day=trained_day,
        scores=sorted(rows, key=lambda row: (row["rps"], row["candidate"])),
    )


def _missing(lake: LakeReader) -> str:
    refusal = read_refusal(lake)
    if refusal:
        return f"the last training was refused, {refusal}"
    return "train with `kpop train`, or run `kpop demo` for simulated data"
