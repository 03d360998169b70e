"""The estimators that scikit-learn lacks: a penalty per row, an order of classes, own columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.base import clone

from kpop_assets.ml.estimators import CumulativeLogit, OnColumns, RidgeLogistic
from kpop_assets_tests.models.test_candidates import world


def test_the_penalty_is_that_of_mllib():
    """Mean log loss + reg / 2 · |w|², minimised here by a general solver."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(80, 2))
    outcome = features[:, 0] + rng.normal(size=80) > 0.3

    def objective(weights: Any) -> float:
        margin = (features @ weights[:2] + weights[2]) * np.where(outcome, 1, -1)
        return np.logaddexp(0, -margin).mean() + 0.1 / 2 * (weights[:2] ** 2).sum()

    best = minimize(objective, np.zeros(3)).x
    model = RidgeLogistic(reg=0.1).fit(features, outcome)
    assert [*model.coef_[0], model.intercept_[0]] == pytest.approx(best, abs=1e-3)
    twice = RidgeLogistic(reg=0.1).fit(np.tile(features, (2, 1)), np.tile(outcome, 2))
    assert twice.coef_ == pytest.approx(model.coef_, abs=1e-3)
    assert clone(model).get_params() == {"reg": 0.1, "max_iter": 120}


def test_contradicting_borders_are_sorted():
    class Says:
        def __init__(self, chance: float) -> None:
            self.chance = chance

        def predict_proba(self, rows: Any) -> Any:
            return np.tile([1 - self.chance, self.chance], (len(rows), 1))

    model = CumulativeLogit()
    model.models_ = [Says(0.5), Says(0.2), Says(0.9)]
    assert model.predict_proba(np.zeros((1, 1)))[0] == pytest.approx([0.2, 0.3, 0.4, 0.1])


def test_nullable_columns_are_read_as_floats():
    rows, tiers = world(60)
    nullable = rows.convert_dtypes()
    model = OnColumns(RidgeLogistic(), ("percentile", "tier"), (1, 2, 3, 4))
    expected = clone(model).fit(rows, tiers).predict_proba(rows)
    assert clone(model).fit(nullable, tiers).predict_proba(nullable).tobytes() == expected.tobytes()
