"""Invariants over every candidate of the registry."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.rules import TIER_PERCENTILES
from kpop_assets.ml.backtest import ModelCandidate
from kpop_assets.ml.ranked import rps
from kpop_assets.models.candidates import FAMILIES, FEATURE_SUBSETS, candidates
from kpop_assets.models.shaping import HEAVY_TAILED, STEPPED, STEPS_AT

REGISTRY = candidates()
every_candidate = pytest.mark.parametrize("candidate", REGISTRY, ids=lambda c: c.name)
WEEKS_AGO = ("tier_7d_ago", "tier_14d_ago", "tier_21d_ago")


def world(count: int = 240, seed: int = 1) -> tuple[pd.DataFrame, Any]:
    """Features that say something about the later tier, a tenth of them null, and that tier."""
    rng = np.random.default_rng(seed)
    level = rng.normal(size=count)
    rows = pd.DataFrame(index=np.arange(count) * 3)
    for name in {name for names in FEATURE_SUBSETS.values() for name in names}:
        values = np.exp(3 * level + rng.normal(size=count))
        rows[name] = np.where(rng.random(count) < 0.1, np.nan, values)
    rows["percentile"] = pd.Series(level, rows.index).rank(pct=True)
    rows["tier"] = tiers_of(level)
    for name in WEEKS_AGO:
        rows[name] = pd.array(tiers_of(level + rng.normal(size=count)), dtype="Int64")
    rows.loc[::5, "tier_21d_ago"] = pd.NA
    rows["artist"] = "text that no model reads"
    return rows.sort_index(axis=1), tiers_of(level + 0.5 * rng.normal(size=count))


def tiers_of(level: Any) -> Any:
    return 4 - np.digitize(level, [-0.3, 0.6, 1.3])


@pytest.fixture(scope="module")
def fitted() -> dict[str, Any]:
    """Every candidate after one fit to the same rows."""
    rows, tiers = world()
    return {c.name: c.build().fit(rows, tiers) for c in REGISTRY}


def test_names_are_unique_and_cover_families_and_subsets():
    names = [c.name for c in REGISTRY]
    models = [c.name for c in REGISTRY if not c.is_baseline]
    assert len(set(names)) == len(names)
    assert sorted(models) == sorted(f"{f}/{s}" for f in FAMILIES for s in FEATURE_SUBSETS)
    assert set(FEATURE_SUBSETS) == {"three", "gold8", "all"}
    assert len(FEATURE_SUBSETS["gold8"]) == 8
    for candidate in REGISTRY:
        assert candidate.name.startswith(f"{candidate.family}/")
        assert len(set(candidate.features)) == len(candidate.features) > 0
        assert candidate.description


def test_every_feature_is_a_column_of_the_inputs():
    numbers = {c.name for c in ARTIST_INPUTS.columns if c.type in ("int", "long", "double")}
    for candidate in REGISTRY:
        assert set(candidate.features) <= numbers, candidate.name
    assert set(HEAVY_TAILED) | set(STEPPED) <= numbers


def test_steps_stand_where_tiers_begin():
    assert TIER_PERCENTILES == STEPS_AT


@every_candidate
def test_probabilities_are_distributions_over_all_tiers(candidate: ModelCandidate, fitted):
    rows, _ = world(seed=2)
    probabilities = fitted[candidate.name].predict_proba(rows)
    assert probabilities.shape == (len(rows), 4)
    assert (probabilities >= 0).all()
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert set(fitted[candidate.name].predict(rows)) <= {1, 2, 3, 4}


@every_candidate
def test_a_second_fit_and_a_pickle_forecast_the_same_bytes(candidate: ModelCandidate, fitted):
    rows, tiers = world()
    first = fitted[candidate.name]
    expected = first.predict_proba(rows).tobytes()
    assert pickle.loads(pickle.dumps(first)).predict_proba(rows).tobytes() == expected
    assert clone(first).fit(rows, tiers).predict_proba(rows).tobytes() == expected


@every_candidate
def test_only_the_named_features_are_read_in_whatever_order_they_come(
    candidate: ModelCandidate, fitted
):
    rows, _ = world(seed=3)
    own = rows[list(candidate.features)[::-1]]
    model = fitted[candidate.name]
    assert model.predict_proba(own).tobytes() == model.predict_proba(rows).tobytes()
    with pytest.raises(KeyError, match=candidate.features[0]):
        model.predict_proba(own.drop(columns=candidate.features[0]))


@every_candidate
def test_a_forecast_does_not_depend_on_the_other_rows(candidate: ModelCandidate, fitted):
    rows, _ = world(seed=3)
    model = fitted[candidate.name]
    alone = [model.predict_proba(rows.iloc[[i]])[0] for i in range(3)]
    assert model.predict_proba(rows)[:3] == pytest.approx(np.array(alone))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_beats_the_frequencies_of_tiers(family: str, fitted):
    rows, tiers = world(seed=4)
    _, known = world()
    shares = np.tile(np.bincount(known, minlength=5)[1:] / len(known), (len(tiers), 1))
    assert rps(tiers, fitted[f"{family}/all"].predict_proba(rows)) < 0.7 * rps(tiers, shares)


@pytest.mark.parametrize("seen", [(2,), (2, 4), (1, 3, 4)], ids=str)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_tier_that_was_never_seen_gets_probability_0(family: str, seen: tuple[int, ...]):
    rows, _ = world(60)
    model = FAMILIES[family][0](FEATURE_SUBSETS["three"])
    probabilities = model.fit(rows, np.resize(seen, 60)).predict_proba(rows)
    assert probabilities.shape == (60, 4)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    absent = [tier - 1 for tier in (1, 2, 3, 4) if tier not in seen]
    assert (probabilities[:, absent] == 0).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_nulls_that_training_did_not_have_and_columns_of_nulls_are_fine(family: str):
    rows, tiers = world(60)
    model = FAMILIES[family][0](("percentile", "momentum", "volatility"))
    model.fit(rows.fillna({"momentum": 0.0}).assign(volatility=np.nan), tiers)
    for name in ("percentile", "momentum", "volatility"):
        assert np.isfinite(model.predict_proba(rows.assign(**{name: np.nan}))).all()
