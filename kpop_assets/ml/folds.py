"""Rolling origin: the cut days of a backtest and the forecast days that each is tested on.

Belongs here: days alone. Does not belong here: who is fitted on what (backtest.py).

Method: Tashman, Out-of-sample tests of forecasting accuracy, 2000. Between the last forecast day
that an estimator learns from and the first it is tested on lie `horizon_days` days, because the
outcome of a day is known only that much later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Fold:
    """One origin: fitted on what was known on `cut`, tested on the days from `first` to `last`."""

    cut: dt.date
    first: dt.date
    last: dt.date


def folds(day: dt.date, evaluation_days: int, horizon_days: int, step_days: int) -> list[Fold]:
    """The origins whose forecasts cover the last days with an outcome known on `day`.

    Args:
        day: the day on which it is judged.
        evaluation_days: forecast days to cover.
        horizon_days: days from a forecast to its outcome.
        step_days: days from one origin to the next.

    Returns:
        Oldest first; cuts lie whole steps before `day`, so trainings a step apart share them.
    """
    step = dt.timedelta(days=step_days)
    newest = day - dt.timedelta(days=horizon_days)
    oldest = newest - dt.timedelta(days=evaluation_days - 1)
    found = []
    cut = day - step
    while cut + step > oldest:
        first, last = max(cut, oldest), min(cut + step - dt.timedelta(days=1), newest)
        if first <= last:
            found.append(Fold(cut, first, last))
        cut -= step
    return found[::-1]
