"""Forecasts that any model has to beat: they know an artist's past tiers and nothing else.

Belongs here: the tiers that can be forecast, and estimators over past tiers. Does not belong here:
models over features (candidates.py).

Each is a scikit-learn estimator: `X` is a DataFrame whose columns are found by name, `y` holds the
tiers that came true, and column k of `predict_proba` is tier k + 1, also for a tier that `y` lacks.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from kpop_assets.models.dataset import TIERS

Array = NDArray[Any]

TODAY = "tier"
EARLIER = ("tier_7d_ago", "tier_14d_ago", "tier_21d_ago")


class TierForecaster(ClassifierMixin, BaseEstimator):
    """What forecasters of tiers have in common: all tiers are classes, the likeliest is predicted.

    Attributes:
        classes_: the tiers, in the order of the columns of `predict_proba`.
    """

    def fit(self, X: pd.DataFrame, y: Array) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn from rows `X` and the tiers `y` that came true."""
        self.classes_ = np.array(TIERS)
        self._learn(X, np.asarray(y).astype(int))
        return self

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """P(tier) of each row, shape (n, K)."""
        raise NotImplementedError

    def predict(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """The most probable tier of each row, the better one of a tie."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def _learn(self, rows: pd.DataFrame, tiers: Array) -> None:
        """What `fit` learns beyond the classes; nothing unless a forecaster says so."""


class Persistence(TierForecaster):
    """Every artist stays where it is. Reads column `tier`."""

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """1 for the current tier, 0 for the others."""
        return current_tiers(X)


class Markov(TierForecaster):
    """How often artists of each tier were found in each tier later. Reads column `tier`.

    P(j | i) = (n_ij + smoothing) / (n_i + smoothing · K), after Laplace: a transition that was
    never seen is rare, not impossible, and a tier that was never seen can lead anywhere.

    Attributes:
        transitions_: P(later tier | tier), shape (K, K).
    """

    def __init__(self, smoothing: float = 1.0) -> None:
        self.smoothing = smoothing

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """The learned transitions out of each row's current tier."""
        return current_tiers(X) @ self.transitions_

    def _learn(self, rows: pd.DataFrame, tiers: Array) -> None:
        counts = current_tiers(rows).T @ one_hot(pd.Series(tiers)) + self.smoothing
        self.transitions_ = counts / counts.sum(axis=1, keepdims=True)


class Seasonal(TierForecaster):
    """How often the artist itself was in each tier on this weekday of the last four weeks.

    Seven days ahead is the same weekday as today, so it reads `tier` and the tiers of 7, 14 and
    21 days ago. Each that is known counts the same; `tier` always is.
    """

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """Share of each tier among the row's known ones."""
        counts = current_tiers(X) + sum(one_hot(X[name]) for name in EARLIER)
        return counts / counts.sum(axis=1, keepdims=True)


def current_tiers(rows: pd.DataFrame) -> Array:
    """1 in the column of each row's current tier, shape (n, K).

    Raises:
        ValueError: a current tier is null or not one of `TIERS`.
    """
    if rows[TODAY].isna().any():
        raise ValueError(f"column {TODAY} has nulls: the current tier is always known")
    return one_hot(rows[TODAY])


def one_hot(tiers: pd.Series) -> Array:
    """1 in the column of each row's tier, all 0 where it is null; shape (n, K).

    Raises:
        ValueError: a tier that is neither null nor one of `TIERS`.
    """
    values = tiers.to_numpy(dtype=float, na_value=np.nan)[:, None]
    is_tier = values == np.array(TIERS)
    if not (is_tier.any(axis=1) | np.isnan(values[:, 0])).all():
        raise ValueError(f"column {tiers.name} has tiers outside {TIERS[0]} to {TIERS[-1]}")
    return is_tier.astype(float)
