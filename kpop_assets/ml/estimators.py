"""Estimators that scikit-learn lacks.

Belongs here: classifiers over columns found by name, and linear ones. Does not belong here: what a
domain does to its features, settings, or which models compete.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from kpop_assets.ml.baselines import ClassForecaster

Array = NDArray[Any]


class OnColumns(ClassForecaster):
    """A classifier that reads its own columns of a wider table and knows all classes.

    Args:
        estimator: the classifier; it is given a DataFrame of floats, NaN where null.
        features: names of the columns it reads, in its order.
        classes: every class in order.
    """

    def __init__(self, estimator: Any, features: tuple[str, ...], classes: tuple[int, ...]) -> None:
        super().__init__(classes)
        self.estimator = estimator
        self.features = features

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803 - scikit-learn's name
        """P(class) of each row, 0 for a class that was never seen; shape (n, K)."""
        probabilities = np.zeros((len(X), len(self.classes_)))
        columns = np.searchsorted(self.classes_, self.estimator_.classes_)
        probabilities[:, columns] = self.estimator_.predict_proba(self._floats(X))
        return probabilities

    def _learn(self, rows: pd.DataFrame, came: Array) -> None:
        # Several classifiers refuse to learn from one class.
        is_varied = len(np.unique(came)) > 1
        classifier = clone(self.estimator) if is_varied else DummyClassifier(strategy="prior")
        self.estimator_ = classifier.fit(self._floats(rows), came)

    def _floats(self, rows: pd.DataFrame) -> pd.DataFrame:
        names = list(self.features)
        values = rows[names].to_numpy(dtype=float, na_value=np.nan)
        return pd.DataFrame(values, columns=names, index=rows.index)


class RidgeLogistic(LogisticRegression):
    """Logistic regression whose penalty `reg` means the same for any number of rows.

    Minimises mean log loss + reg / 2 · |w|², as Spark MLlib does with regParam. scikit-learn
    minimises C · summed log loss + |w|² / 2: the same for C = 1 / (reg · n), so `fit` sets C.
    """

    def __init__(self, reg: float = 0.01, max_iter: int = 120) -> None:
        super().__init__(max_iter=max_iter)
        self.reg = reg

    def fit(self, X: Any, y: Array) -> Self:  # noqa: N803
        """Learn from scaled features without nulls."""
        self.C = 1 / (self.reg * len(y))
        return super().fit(X, y)


class CumulativeLogit(ClassifierMixin, BaseEstimator):
    """One `RidgeLogistic` of P(class <= k) per border, so that the order of classes counts.

    Frank and Hall (2001), A simple approach to ordinal classification, ECML. Models fitted apart
    can contradict each other; sorting a row's cumulative probabilities makes them rise with k.
    """

    def __init__(self, reg: float = 0.01, max_iter: int = 120) -> None:
        self.reg = reg
        self.max_iter = max_iter

    def fit(self, X: Any, y: Array) -> Self:  # noqa: N803
        """Learn a border after each class seen but the last."""
        self.classes_ = np.unique(y)
        borders = self.classes_[:-1]
        self.models_ = [RidgeLogistic(self.reg, self.max_iter).fit(X, y <= k) for k in borders]
        return self

    def predict_proba(self, X: Any) -> Array:  # noqa: N803
        """Differences of the sorted cumulative probabilities, one column per class seen."""
        cumulative = [model.predict_proba(X)[:, 1] for model in self.models_]
        return np.diff(np.sort(cumulative, axis=0), axis=0, prepend=0, append=1).T
