"""Rolling origin: fit on what was known on a day, forecast the week after it, move on a week.

Belongs here: the cut days, who is fitted on what, and the forecasts made so. Does not belong
here: scores of the forecasts (metrics.py) or where estimators come from (candidates.py).

Method: Tashman, Out-of-sample tests of forecasting accuracy, 2000. Between the last forecast day
that an estimator learns from and the first it is tested on lie `horizon_days` days, because the
outcome of a day is known only that much later.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kpop_assets.ml.calibration import Calibrated
from kpop_assets.models.candidates import Candidate
from kpop_assets.models.dataset import HORIZON_DAYS, TIERS, known_by, take_census

STEP_DAYS = 7
MAX_ROWS = 20_000
PROBABILITIES = [f"p_tier_{tier}" for tier in TIERS]
KEPT = ["ingest_date", "artist", "tier", "target_date", "target_tier"]


@dataclass(frozen=True)
class Fold:
    """One origin: fitted on what was known on `cut`, tested on the days from `first` to `last`."""

    cut: dt.date
    first: dt.date
    last: dt.date


def folds(day: dt.date, evaluation_days: int, horizon_days: int = HORIZON_DAYS) -> list[Fold]:
    """The origins whose forecasts cover the last days with an outcome known on `day`.

    Args:
        day: the day on which it is judged.
        evaluation_days: forecast days to cover.
        horizon_days: days from a forecast to its outcome.

    Returns:
        Oldest first; cuts lie whole weeks before `day`, so the trainings of successive weeks
        share them.
    """
    newest = day - dt.timedelta(days=horizon_days)
    oldest = newest - dt.timedelta(days=evaluation_days - 1)
    found = []
    cut = day - dt.timedelta(days=STEP_DAYS)
    while cut + dt.timedelta(days=STEP_DAYS) > oldest:
        first, last = max(cut, oldest), min(cut + dt.timedelta(days=STEP_DAYS - 1), newest)
        if first <= last:
            found.append(Fold(cut, first, last))
        cut -= dt.timedelta(days=STEP_DAYS)
    return found[::-1]


@dataclass
class Fitter:
    """Estimators fitted on what was known on a day, each fitted once.

    Attributes:
        labelled: rows of `dataset.label`.
        history_days: forecast days before a cut that are learned from.
    """

    labelled: pd.DataFrame
    history_days: int
    _fitted: dict[tuple[str, dt.date], Any] = field(default_factory=dict)

    def rows(self, cut: dt.date) -> pd.DataFrame:
        """The rows that a fit on `cut` learns from: outcome known by then.

        Of more than `MAX_ROWS` every second, third, ... day is taken: an artist's rows of
        successive days say nearly the same.
        """
        oldest = pd.Timestamp(cut - dt.timedelta(days=self.history_days))
        known = known_by(self.labelled, cut)
        known = known[known["ingest_date"] >= oldest]
        step = math.ceil(len(known) / MAX_ROWS)
        # Each weekday must come in turn.
        step += step % 7 == 0
        age = (pd.Timestamp(cut) - known["ingest_date"]).dt.days
        return known[(age - HORIZON_DAYS) % step == 0] if step > 1 else known

    def refusal(self, cut: dt.date) -> str | None:
        """Why nothing can be fitted on `cut`, or None."""
        return take_census(self.rows(cut)).refusal()

    def fit(self, candidate: Candidate, cut: dt.date) -> Any:
        """The candidate's estimator, fitted on what was known on `cut`."""
        key = (candidate.name, cut)
        if key not in self._fitted:
            rows = self.rows(cut)
            columns = rows[list(candidate.features)]
            tiers = rows["target_tier"].to_numpy(dtype=np.int64)
            self._fitted[key] = (
                candidate.build().fit(columns, tiers)
                if candidate.is_baseline
                else Calibrated(candidate.build(), HORIZON_DAYS).fit(
                    columns, tiers, rows["ingest_date"].to_numpy()
                )
            )
        return self._fitted[key]


def forecast(estimator: Any, candidate: Candidate, rows: pd.DataFrame) -> pd.DataFrame:
    """Probabilities of each tier for `rows`: columns `PROBABILITIES`, same index."""
    probabilities = estimator.predict_proba(rows[list(candidate.features)])
    return pd.DataFrame(probabilities, columns=PROBABILITIES, index=rows.index)


def backtest(candidate: Candidate, fitter: Fitter, origins: list[Fold]) -> pd.DataFrame:
    """The candidate's forecasts at each origin, with the outcomes.

    Args:
        candidate: what is tested.
        fitter: rows and fits.
        origins: folds; those on whose cut too little was known must be left out before.

    Returns:
        `KEPT`, cut_date and `PROBABILITIES`, one row an artist and forecast day with a known
        outcome.
    """
    parts = []
    for fold in origins:
        days = fitter.labelled["ingest_date"]
        is_tested = days.between(pd.Timestamp(fold.first), pd.Timestamp(fold.last))
        tested = fitter.labelled[is_tested & fitter.labelled["target_tier"].notna()]
        if len(tested):
            probabilities = forecast(fitter.fit(candidate, fold.cut), candidate, tested)
            cut = pd.Series(pd.Timestamp(fold.cut), index=tested.index, name="cut_date")
            parts.append(pd.concat([tested[KEPT], cut, probabilities], axis=1))
    columns = [*KEPT, "cut_date", *PROBABILITIES]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
