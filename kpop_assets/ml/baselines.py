"""Forecasts that any model has to beat: they know a subject's past classes and nothing else.

Belongs here: what every forecaster of classes has in common, and estimators over past classes.
Does not belong here: models over features (estimators.py), or which of them compete.

Each is a scikit-learn estimator: `X` is a DataFrame whose columns are found by name, `y` holds the
classes that came, and column k of `predict_proba` is the k-th of `classes`, also for one that `y`
lacks.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

Array = NDArray[Any]


class ClassForecaster(ClassifierMixin, BaseEstimator):
    """What forecasters have in common: all classes are known, and the likeliest is predicted.

    Args:
        classes: every class in order, the best first.

    Attributes:
        classes_: the same, in the order of the columns of `predict_proba`.
    """

    def __init__(self, classes: tuple[int, ...]) -> None:
        self.classes = classes

    def fit(self, X: pd.DataFrame, y: Array) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn from rows `X` and the classes `y` that came."""
        self.classes_ = np.array(self.classes)
        self._learn(X, np.asarray(y).astype(int))
        return self

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """P(class) of each row, shape (n, K)."""
        raise NotImplementedError

    def predict(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """The most probable class of each row, the better one of a tie."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def _learn(self, rows: pd.DataFrame, came: Array) -> None:
        """What `fit` learns beyond the classes; nothing unless a forecaster says so."""


class Persistence(ClassForecaster):
    """Every subject stays where it is.

    Args:
        classes: every class in order.
        today: column with the class of today, which is always known.
    """

    def __init__(self, classes: tuple[int, ...], today: str) -> None:
        super().__init__(classes)
        self.today = today

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """1 for the class of today, 0 for the others."""
        return known_classes(X[self.today], self.classes_)


class Markov(ClassForecaster):
    """How often subjects of each class were found in each class later.

    P(j | i) = (n_ij + smoothing) / (n_i + smoothing · K), after Laplace: a transition that was
    never seen is rare, not impossible, and a class that was never seen can lead anywhere.

    Args:
        classes: every class in order.
        today: column with the class of today, which is always known.
        smoothing: how often each transition counts as seen beforehand.

    Attributes:
        transitions_: P(later class | class), shape (K, K).
    """

    def __init__(self, classes: tuple[int, ...], today: str, smoothing: float = 1.0) -> None:
        super().__init__(classes)
        self.today = today
        self.smoothing = smoothing

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """The learned transitions out of each row's class of today."""
        return known_classes(X[self.today], self.classes_) @ self.transitions_

    def _learn(self, rows: pd.DataFrame, came: Array) -> None:
        current = known_classes(rows[self.today], self.classes_)
        counts = current.T @ one_hot(pd.Series(came), self.classes_) + self.smoothing
        self.transitions_ = counts / counts.sum(axis=1, keepdims=True)


class Rates(ClassForecaster):
    """How often each class came to rows of one value of a column.

    P(j | v) = (n_vj + n_j / n) / (n_v + 1): a value that was never seen has the rates of all rows.

    Args:
        classes: every class in order.
        by: the column; null is no value.

    Attributes:
        values_: values seen, shape (v,).
        rates_: P(class) of each, shape (v, K).
        overall_: P(class) of all rows, shape (K,).
    """

    def __init__(self, classes: tuple[int, ...], by: str) -> None:
        super().__init__(classes)
        self.by = by

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """The learned rates of each row's value."""
        known = dict(zip(self.values_, self.rates_, strict=True))
        values = X[self.by].to_numpy(dtype=float, na_value=np.nan)
        return np.array([known.get(value, self.overall_) for value in values]).reshape(
            len(X), len(self.classes_)
        )

    def _learn(self, rows: pd.DataFrame, came: Array) -> None:
        hits = one_hot(pd.Series(came), self.classes_)
        values = rows[self.by].to_numpy(dtype=float, na_value=np.nan)
        self.overall_ = hits.mean(axis=0)
        self.values_ = np.unique(values[~np.isnan(values)])
        counts = [hits[values == value] for value in self.values_]
        rates = [(of.sum(axis=0) + self.overall_) / (len(of) + 1) for of in counts]
        self.rates_ = np.array(rates).reshape(len(self.values_), len(self.classes_))


class Seasonal(ClassForecaster):
    """How often the subject itself was in each class at this point of the periods before.

    Each class that is known counts the same; that of today always is.

    Args:
        classes: every class in order.
        today: column with the class of today.
        earlier: columns with its classes one, two, ... periods ago, null where unknown.
    """

    def __init__(self, classes: tuple[int, ...], today: str, earlier: tuple[str, ...]) -> None:
        super().__init__(classes)
        self.today = today
        self.earlier = earlier

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """Share of each class among the row's known ones."""
        past = [one_hot(X[name], self.classes_) for name in self.earlier]
        counts = known_classes(X[self.today], self.classes_) + sum(past)
        return counts / counts.sum(axis=1, keepdims=True)


def known_classes(column: pd.Series, classes: Array) -> Array:
    """`one_hot` of a column without nulls.

    Raises:
        ValueError: a value is null or none of the classes.
    """
    if column.isna().any():
        raise ValueError(f"column {column.name} has nulls: the class of today is always known")
    return one_hot(column, classes)


def one_hot(column: pd.Series, classes: Array) -> Array:
    """1 in the place of each row's class, all 0 where it is null; shape (n, K).

    Raises:
        ValueError: a value that is neither null nor one of the classes.
    """
    values = column.to_numpy(dtype=float, na_value=np.nan)[:, None]
    is_class = values == classes
    if not (is_class.any(axis=1) | np.isnan(values[:, 0])).all():
        raise ValueError(f"column {column.name} has values outside {classes[0]} to {classes[-1]}")
    return is_class.astype(float)
