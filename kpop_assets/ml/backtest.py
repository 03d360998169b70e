"""What a candidate would have forecast: fit on what was known on a cut day, test on those after.

Belongs here: candidates, who is fitted on what, and the forecasts made so. Does not belong here:
the cut days (folds.py), scores of the forecasts (metrics.py), or which candidates a domain has.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kpop_assets.ml.calibration import Calibrated
from kpop_assets.ml.folds import Fold
from kpop_assets.ml.kept import KeptForecasts
from kpop_assets.ml.target import OUTCOME_DAY, Target, known_by, refusal, take_census

MAX_ROWS = 20_000


@dataclass(frozen=True)
class ModelCandidate:
    """One model that competes.

    Attributes:
        name: "<family>/<subset of features>", unique.
        family: kind of model.
        features: columns it reads.
        build: makes a new, unfitted estimator; column k of its `predict_proba` is class k + 1.
        is_baseline: whether it is there to be beaten; a baseline is not calibrated.
        is_portable: whether its model can be stored and forecasts in any process.
        description: one sentence for people.
    """

    name: str
    family: str
    features: tuple[str, ...]
    build: Callable[[], Any]
    is_baseline: bool = False
    is_portable: bool = True
    description: str = ""


@dataclass
class Fitter:
    """Estimators fitted on what was known on a day, and what each says of the days after.

    A cut is fitted once, as long as the same fitter or `kept` lasts. An estimator is let go when
    its forecasts are made: those of a year would fill the memory.

    Attributes:
        labelled: rows of `target.label`, with the features.
        target: what is forecast.
        history_days: forecast days before a cut that are learned from.
        max_rows: of more rows, every second, third, ... day is learned from.
        kept: forecasts of earlier processes, and for later ones.
    """

    labelled: pd.DataFrame
    target: Target
    history_days: int
    max_rows: int = MAX_ROWS
    kept: KeptForecasts | None = None
    _fitted: dict[tuple[str, dt.date], Any] = field(default_factory=dict, init=False)
    _forecasts: dict[tuple[str, dt.date], pd.DataFrame] = field(default_factory=dict, init=False)

    def rows(self, cut: dt.date) -> pd.DataFrame:
        """The rows that a fit on `cut` learns from: outcome known by then.

        Days are thinned out where there are too many: a subject's rows of successive days say
        nearly the same.
        """
        known = known_by(self.labelled, self.target, cut)
        days = known[self.target.day]
        known = known[days >= pd.Timestamp(cut - dt.timedelta(days=self.history_days))]
        step = math.ceil(len(known) / self.max_rows)
        # Each weekday must come in turn.
        step += step % 7 == 0
        age = (pd.Timestamp(cut) - known[self.target.day]).dt.days
        return known[(age - self.target.horizon_days) % step == 0] if step > 1 else known

    def refusal(self, cut: dt.date) -> str | None:
        """Why nothing can be fitted on `cut`, or None."""
        return refusal(take_census(self.rows(cut), self.target), self.target)

    def fit(self, candidate: ModelCandidate, cut: dt.date) -> Any:
        """The candidate's estimator, fitted on what was known on `cut`."""
        key = (candidate.name, cut)
        if key not in self._fitted:
            self._fitted[key] = self._fit(candidate, self.rows(cut))
        return self._fitted[key]

    def forecasts(self, candidate: ModelCandidate, cut: dt.date) -> pd.DataFrame:
        """What the fit on `cut` says of that day and those up to the next cut.

        These are all rows of a whole step, whichever outcomes are known yet: the trainings of the
        following weeks ask for more and more of them.
        """
        key = (candidate.name, cut)
        if key not in self._forecasts:
            last = cut + dt.timedelta(days=self.target.step_days - 1)
            days = self.labelled[self.target.day]
            asked = self.labelled[days.between(pd.Timestamp(cut), pd.Timestamp(last))]
            self._forecasts[key] = self._forecast(candidate, cut, asked)
            self._fitted.pop(key, None)
        return self._forecasts[key]

    def _forecast(
        self, candidate: ModelCandidate, cut: dt.date, asked: pd.DataFrame
    ) -> pd.DataFrame:
        if self.kept is None:
            return forecast(self.fit(candidate, cut), candidate, self.target, asked)
        target, features = self.target, list(candidate.features)
        learned = self.rows(cut)[[target.day, target.outcome, *features]]
        settings = (candidate, candidate.build(), target)
        name = self.kept.name(settings, learned, asked[features])
        found = self.kept.read(name, (len(asked), len(target.classes)))
        if found is not None:
            return pd.DataFrame(found, columns=target.probabilities, index=asked.index)
        made = forecast(self.fit(candidate, cut), candidate, target, asked)
        self.kept.write(name, made.to_numpy())
        return made

    def _fit(self, candidate: ModelCandidate, rows: pd.DataFrame) -> Any:
        columns = rows[list(candidate.features)]
        came = rows[self.target.outcome].to_numpy(dtype=np.int64)
        if candidate.is_baseline:
            return candidate.build().fit(columns, came)
        target = self.target
        calibrated = Calibrated(
            candidate.build(), target.horizon_days, target.earlier_share, target.later_days
        )
        return calibrated.fit(columns, came, rows[self.target.day].to_numpy())


def forecast(
    estimator: Any, candidate: ModelCandidate, target: Target, rows: pd.DataFrame
) -> pd.DataFrame:
    """Probabilities of each class for `rows`: columns `target.probabilities`, same index."""
    probabilities = estimator.predict_proba(rows[list(candidate.features)])
    return pd.DataFrame(probabilities, columns=target.probabilities, index=rows.index)


def backtest(candidate: ModelCandidate, fitter: Fitter, origins: Sequence[Fold]) -> pd.DataFrame:
    """The candidate's forecasts at each origin, with the outcomes.

    Args:
        candidate: what is tested.
        fitter: rows and fits.
        origins: folds; those on whose cut too little was known must be left out before.

    Returns:
        `kept_columns`, cut_date and the probabilities, one row a subject and forecast day with a
        known outcome.
    """
    target = fitter.target
    kept = kept_columns(target)
    parts = []
    for fold in origins:
        tested = rows_of(fold, fitter)
        if len(tested):
            found = fitter.forecasts(candidate, fold.cut).loc[tested.index]
            cut = pd.Series(pd.Timestamp(fold.cut), index=tested.index, name="cut_date")
            parts.append(pd.concat([tested[kept], cut, found], axis=1))
    columns = [*kept, "cut_date", *target.probabilities]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def rows_of(fold: Fold, fitter: Fitter) -> pd.DataFrame:
    """The rows that a fold is tested on: of its days, with a known outcome."""
    rows, target = fitter.labelled, fitter.target
    is_tested = rows[target.day].between(pd.Timestamp(fold.first), pd.Timestamp(fold.last))
    return rows[is_tested & rows[target.outcome].notna()]


def kept_columns(target: Target) -> list[str]:
    """What a backtest keeps of a labelled row."""
    return [target.day, target.subject, target.label, OUTCOME_DAY, target.outcome]
