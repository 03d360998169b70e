"""Making forecasts as sure as they deserve: temperature scaling, learned on later days.

Belongs here: splitting the training rows by time, and the temperature. Does not belong here: the
estimators (estimators.py) or measuring calibration (metrics.py). Why it is not scikit-learn's
`CalibratedClassifierCV`: docs/decisions/0015-learning.md.
"""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator, ClassifierMixin, clone

Array = NDArray[Any]

LOWEST_PROBABILITY = 1e-6
TEMPERATURES = (0.1, 10.0)


class Calibrated(ClassifierMixin, BaseEstimator):
    """A forecaster whose probabilities are sharpened or flattened by one temperature.

    The estimator learns from all rows. The temperature comes from a clone that learned from the
    first part of the days only and is tried on the days after; between the two lie
    `horizon_days` days, whose rows share their outcomes' days with neither side.

    Args:
        estimator: a forecaster that knows every class, whatever it has seen.
        horizon_days: days between a forecast and its outcome.
        earlier_share: of the days, learned from by the clone.
        later_days: fewest days to try it on.

    Attributes:
        estimator_: the forecaster fitted on all rows.
        temperature_: above 1 flattens, below 1 sharpens; 1 where too few days are left to
            try on, or where they cannot tell: one class came alone, or one that the clone had
            never seen.
        classes_: those of the estimator.
    """

    def __init__(
        self,
        estimator: Any,
        horizon_days: int,
        earlier_share: float = 0.75,
        later_days: int = 7,
    ) -> None:
        self.estimator = estimator
        self.horizon_days = horizon_days
        self.earlier_share = earlier_share
        self.later_days = later_days

    def fit(self, X: pd.DataFrame, y: Array, days: Array) -> Self:  # noqa: N803 - scikit-learn's
        """Learn from rows `X` and the classes `y` that came.

        Args:
            X: features, one row per forecast.
            y: class that came for each row, shape (n,).
            days: day of each forecast, shape (n,).
        """
        y = np.asarray(y).astype(int)
        days = np.asarray(days, dtype="datetime64[D]")
        earlier, later = split_days(days, self.horizon_days, self.earlier_share, self.later_days)
        self.temperature_ = 1.0
        if later.any() and can_tell(y[earlier], y[later]):
            trial = clone(self.estimator).fit(X[earlier], y[earlier])
            came = np.searchsorted(trial.classes_, y[later])
            self.temperature_ = best_temperature(trial.predict_proba(X[later]), came)
        self.estimator_ = clone(self.estimator).fit(X, y)
        self.classes_ = self.estimator_.classes_
        return self

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """P(class) of each row after the temperature, shape (n, K)."""
        return at_temperature(self.estimator_.predict_proba(X), self.temperature_)

    def predict(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """The most probable class of each row; the temperature does not change it."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def split_days(
    days: Array, horizon_days: int, earlier_share: float = 0.75, later_days: int = 7
) -> tuple[Array, Array]:
    """Which rows the clone learns from, and which it is tried on.

    Args:
        days: day of each row, datetime64[D], shape (n,).
        horizon_days: days to leave out between the two.
        earlier_share: of the days, learned from.
        later_days: fewest days to try on.

    Returns:
        Two boolean arrays of shape (n,); both all False where too few days are left to try on.
    """
    distinct = np.unique(days)
    if not len(distinct):
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    last = distinct[math.ceil(earlier_share * len(distinct)) - 1]
    first = last + np.timedelta64(horizon_days + 1, "D")
    if (distinct >= first).sum() < later_days:
        return np.zeros(len(days), dtype=bool), np.zeros(len(days), dtype=bool)
    return days <= last, days >= first


def can_tell(learned: Array, came: Array) -> bool:
    """Whether a trial on later days says how sure to be, rather than how rare an event is.

    Where one class came alone, surer is always better; where one came that the trial had never
    seen, and so held for impossible, nothing is flat enough.

    Args:
        learned: classes that the trial learned from.
        came: classes that came on the days that it is tried on.
    """
    return len(np.unique(came)) > 1 and bool(np.isin(came, learned).all())


def best_temperature(probabilities: Array, came: Array) -> float:
    """The temperature in `TEMPERATURES` of least mean log loss.

    The loss is convex in 1 / temperature, so it has one valley and the bounded search finds it.

    Args:
        probabilities: P(class) of each row, shape (n, K).
        came: column of the class that came for each row, 0 to K - 1, shape (n,).
    """
    rows = np.arange(len(came))

    def loss(log_temperature: float) -> float:
        scaled = at_temperature(probabilities, math.exp(log_temperature))
        return float(-np.log(np.maximum(scaled[rows, came], np.finfo(float).tiny)).mean())

    bounds = tuple(map(math.log, TEMPERATURES))
    return math.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x)


def at_temperature(probabilities: Array, temperature: float) -> Array:
    """softmax(log p / temperature) of each row, p no lower than `LOWEST_PROBABILITY`.

    Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural networks, ICML.
    """
    logits = np.log(np.maximum(probabilities, LOWEST_PROBABILITY)) / temperature
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
