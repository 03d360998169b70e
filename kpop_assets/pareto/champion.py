"""Which model forecasts from now on: the front's best, or the one before it.

Belongs here: the contest between the two and its decision. Does not belong here: the front
(objectives.py) or loading models (assets.py).

Both are judged on the same forecast days, from whose outcomes neither had learned: those from the
incumbent's training on whose outcome is known by now. There the challenger is represented by the
fits of its backtest, which were made before each of these days; its own fit has learned from them.
With fewer than a week of such days chance would decide, and the incumbent stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kpop_assets.contracts.rules import MIN_DAYS
from kpop_assets.ml.ranked import rps
from kpop_assets.models.dataset import HORIZON_DAYS, PROBABILITIES


@dataclass(frozen=True)
class Contest:
    """What the decision rests on.

    Attributes:
        is_won: whether the challenger forecasts from now on.
        challenger_rps: its ranked probability score; None where nothing could be compared.
        incumbent_rps: the same of the champion before.
        contest_count: forecasts that both were scored on.
        reason: the decision as a sentence.
    """

    is_won: bool
    challenger_rps: float | None
    incumbent_rps: float | None
    contest_count: int
    reason: str


def contest_days(day: dt.date, trained_date: dt.date) -> tuple[dt.date, dt.date]:
    """First and last forecast day known by `day` that a fit of `trained_date` may be tested on.

    As at every origin of a backtest, what it learned from was known on the first of them.
    """
    return trained_date, day - dt.timedelta(days=HORIZON_DAYS)


def rows_of_contest(backtests: pd.DataFrame, day: dt.date, trained_date: dt.date) -> pd.DataFrame:
    """The challenger's backtest rows on the days of the contest."""
    first, last = contest_days(day, trained_date)
    days = backtests["forecast_date"]
    return backtests[days.between(pd.Timestamp(first), pd.Timestamp(last))]


def decide(challenger: pd.DataFrame, incumbent: np.ndarray[Any, Any]) -> Contest:
    """Compare the challenger's backtest rows with the incumbent's probabilities of the same rows.

    Args:
        challenger: rows of `rows_of_contest`; ingest_date is their forecast day.
        incumbent: P(tier) of the same rows, shape (n, K).
    """
    day_count = challenger["ingest_date"].nunique()
    if day_count < MIN_DAYS:
        reason = f"{day_count} days are known that neither learned from: a contest needs {MIN_DAYS}"
        return Contest(False, None, None, 0, reason)
    tiers = challenger["target_tier"].to_numpy(dtype=np.int64)
    ours, theirs = rps(tiers, challenger[PROBABILITIES].to_numpy()), rps(tiers, incumbent)
    is_won = ours <= theirs
    verdict = "no worse than" if is_won else "worse than"
    reason = f"rps {ours:.4f}, {verdict} the incumbent's {theirs:.4f} on {len(tiers)} forecasts"
    return Contest(is_won, ours, theirs, len(tiers), reason)


def unopposed(reason: str) -> Contest:
    """The decision where nobody stands against the challenger, for `reason`."""
    return Contest(True, None, None, 0, reason)
