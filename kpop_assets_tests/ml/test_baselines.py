"""Baselines: literal transitions and weekdays, nulls, and tiers that were never seen."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from kpop_assets.ml.baselines import Markov, Persistence, Rates, Seasonal

TIERS = (1, 2, 3, 4)
EARLIER = ("tier_7d_ago", "tier_14d_ago", "tier_21d_ago")
PERSISTENCE, MARKOV = Persistence(TIERS, "tier"), Markov(TIERS, "tier")
SEASONAL = Seasonal(TIERS, "tier", EARLIER)
ALL = [PERSISTENCE, MARKOV, SEASONAL]


def table(tier: list[int], *earlier: list[int | None]) -> pd.DataFrame:
    """Tiers of today and of 7, 14 and 21 days ago; what is not given is unknown."""
    columns = {"tier": pd.array(tier, dtype="Int64")}
    for weeks in (1, 2, 3):
        values = earlier[weeks - 1] if weeks <= len(earlier) else [None] * len(tier)
        columns[f"tier_{7 * weeks}d_ago"] = pd.array(values, dtype="Int64")
    return pd.DataFrame(columns)


def test_persistence_stays():
    rows = table([2, 4])
    model = clone(PERSISTENCE).fit(rows, np.array([1, 1]))
    assert model.predict_proba(rows).tolist() == [[0, 1, 0, 0], [0, 0, 0, 1]]
    assert model.predict(rows).tolist() == [2, 4]


def test_markov_counts_transitions_with_one_of_each_added():
    model = clone(MARKOV).fit(table([1, 1, 1, 2]), np.array([1, 1, 2, 3]))
    expected = [[3 / 7, 2 / 7, 1 / 7, 1 / 7], [1 / 5, 1 / 5, 2 / 5, 1 / 5], [1 / 4] * 4]
    assert model.predict_proba(table([1, 2, 3])) == pytest.approx(np.array(expected))


def test_rates_are_those_of_a_value_and_a_little_of_all_rows():
    """Of tier 1 two of three came to class 1, of tier 4 none; over all it is half."""
    model = clone(Rates((1, 2), "tier")).fit(table([1, 1, 1, 4]), np.array([1, 1, 2, 2]))
    assert model.predict_proba(table([1, 4])) == pytest.approx(
        np.array([[2.5 / 4, 1.5 / 4], [0.5 / 2, 1.5 / 2]])
    )
    unknown = pd.DataFrame({"tier": pd.array([3, None], dtype="Int64")})
    assert model.predict_proba(unknown).tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_seasonal_weighs_the_weekdays_that_are_known():
    rows = table([2, 2, 4], [2, None, None], [1, 3, None], [4, None, None])
    expected = [[1 / 4, 1 / 2, 0, 1 / 4], [0, 1 / 2, 1 / 2, 0], [0, 0, 0, 1]]
    assert clone(SEASONAL).fit(rows, np.array([1, 1, 1])).predict_proba(rows).tolist() == expected


def test_nulls_may_be_nan_in_a_column_of_floats():
    rows = table([2]).astype({"tier_7d_ago": float})
    rows["tier_14d_ago"] = np.array([3.0])
    model = clone(SEASONAL).fit(rows, np.array([1]))
    assert model.predict_proba(rows).tolist() == [[0, 0.5, 0.5, 0]]


@pytest.mark.parametrize("model", ALL, ids=repr)
def test_an_unknown_current_tier_is_refused(model):
    with pytest.raises(ValueError, match="tier"):
        clone(model).fit(table([1]), np.array([1])).predict_proba(table([5]))
    with pytest.raises(ValueError, match="always known"):
        model = clone(model).fit(table([1]), np.array([1]))
        model.predict_proba(table([1]).assign(tier=pd.array([None], dtype="Int64")))


tier_lists = st.lists(st.integers(1, 4), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(tiers=tier_lists, seed=st.integers(0, 99))
def test_markov_equals_counting_and_all_are_distributions(tiers, seed):
    rng = np.random.default_rng(seed)
    later = rng.integers(1, 5, len(tiers))
    rows = table(tiers, rng.integers(1, 5, len(tiers)).tolist())
    pairs = list(zip(tiers, later.tolist(), strict=True))
    for model in ALL:
        fitted = clone(model).fit(rows, later)
        probabilities = fitted.predict_proba(rows)
        assert probabilities.shape == (len(tiers), 4)
        assert fitted.classes_.tolist() == list(TIERS)
        assert probabilities.sum(axis=1) == pytest.approx(1)
        assert (probabilities >= 0).all()
        same = pickle.loads(pickle.dumps(fitted))
        assert same.predict_proba(rows).tobytes() == probabilities.tobytes()
        if isinstance(model, Markov):
            expected = [
                [(pairs.count((i, j)) + 1) / (tiers.count(i) + 4) for j in TIERS] for i in tiers
            ]
            assert probabilities == pytest.approx(np.array(expected))
