"""Parts of models that scikit-learn lacks: each an estimator or transform of its own.

Belongs here: estimators over columns found by name, and what linear models need. Does not belong
here: their settings and which of them compete (candidates.py).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from kpop_assets.ml.baselines import TierForecaster
from kpop_assets.models.dataset import TIERS

Array = NDArray[Any]

# The first eight numbers of `gold/artist_features`, with volatility in place of growth_rate_30d,
# which momentum = growth_rate_7d - growth_rate_30d already holds.
GOLD_8 = (
    "total_engagement",
    "avg_engagement",
    "max_engagement",
    "total_videos",
    "unique_viewers_est",
    "growth_rate_7d",
    "momentum",
    "volatility",
)
# Features with a heavy tail; every other one has a short scale of its own.
HEAVY_TAILED = (*GOLD_8, "video_count", "days_absent", "days_since_new")
# Tiers begin at these percentiles (gold/features.py), so there a small step forward means most.
STEPS_AT = (0.90, 0.75, 0.40)
STEPPED = ("nowcast_1d", "nowcast_3d")
STEP_WIDTH = 0.1


class OnColumns(TierForecaster):
    """A classifier that reads its own columns of a wider table and knows all tiers.

    Args:
        estimator: the classifier; it is given a DataFrame of floats, NaN where null.
        features: names of the columns it reads, in its order.
    """

    def __init__(self, estimator: Any, features: tuple[str, ...]) -> None:
        self.estimator = estimator
        self.features = features

    def predict_proba(self, X: pd.DataFrame) -> Array:  # noqa: N803 - scikit-learn's name
        """P(tier) of each row, 0 for a tier that was never seen; shape (n, K)."""
        probabilities = np.zeros((len(X), len(TIERS)))
        columns = np.searchsorted(TIERS, self.estimator_.classes_)
        probabilities[:, columns] = self.estimator_.predict_proba(self._floats(X))
        return probabilities

    def _learn(self, rows: pd.DataFrame, tiers: Array) -> None:
        # Several classifiers refuse to learn from one class.
        is_varied = len(np.unique(tiers)) > 1
        classifier = clone(self.estimator) if is_varied else DummyClassifier(strategy="prior")
        self.estimator_ = classifier.fit(self._floats(rows), tiers)

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
    """One `RidgeLogistic` of P(tier <= k) per border, so that the order of tiers counts.

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


def shape_for_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """What a straight line needs: sign(x) · log(1 + |x|) of heavy tails, and steps at the borders.

    A step is tanh((x - border) / 0.1) of each column in `STEPPED` at each of `STEPS_AT`.
    """
    heavy = rows[[name for name in rows if name in HEAVY_TAILED]]
    steps = {
        f"{name}_step_{border}": np.tanh((rows[name] - border) / STEP_WIDTH)
        for name in STEPPED
        if name in rows
        for border in STEPS_AT
    }
    return rows.assign(**np.sign(heavy) * np.log1p(heavy.abs()), **steps)


def after_scaling(estimator: Any) -> Pipeline:
    """A linear model after what it needs: short tails, steps, no nulls, one scale.

    A null becomes the median, with a further column that says it was null.
    """
    impute = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(FunctionTransformer(shape_for_lines), impute, StandardScaler(), estimator)
