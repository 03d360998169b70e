"""One temperature: what it does to probabilities, how it is found, and which days it sees."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import log_loss

from kpop_assets.ml.baselines import ClassForecaster, Markov
from kpop_assets.ml.calibration import (
    LOWEST_PROBABILITY,
    TEMPERATURES,
    Calibrated,
    at_temperature,
    best_temperature,
    split_days,
)
from kpop_assets.ml.estimators import OnColumns, RidgeLogistic

DAY = np.datetime64("2025-11-01", "D")
LABELS = (1, 2, 3, 4)


class Recited(ClassForecaster):
    """Forecasts what columns p1 to p4 say, and keeps a list of the days that it was fitted on."""

    fits: list[list[int]] = []  # noqa: RUF012 - shared with the clones on purpose

    def predict_proba(self, X: pd.DataFrame) -> Any:  # noqa: N803
        """The columns as they are."""
        return X[["p1", "p2", "p3", "p4"]].to_numpy()

    def _learn(self, rows: pd.DataFrame, tiers: Any) -> None:
        Recited.fits.append(sorted(set(rows["day"])))


def overconfident(count: int, day_count: int, power: float, seed: int = 0) -> Any:
    """Rows, tiers drawn from a true distribution, days; the forecast is its `power`, rescaled."""
    rng = np.random.default_rng(seed)
    true = rng.dirichlet(np.ones(4), size=count)
    tiers = np.array([rng.choice(LABELS, p=row) for row in true])
    said = true**power / (true**power).sum(axis=1, keepdims=True)
    rows = pd.DataFrame(said, columns=["p1", "p2", "p3", "p4"])
    rows["day"] = np.arange(count) * day_count // count
    return rows, tiers, DAY + rows["day"].to_numpy()


@pytest.mark.parametrize(("power", "expected"), [(2.5, 2.5), (1.0, 1.0), (0.5, 0.5)])
def test_the_temperature_undoes_a_known_distortion(power, expected):
    rows, tiers, days = overconfident(6000, 120, power)
    model = Calibrated(Recited(LABELS), horizon_days=7).fit(rows, tiers, days)
    assert model.temperature_ == pytest.approx(expected, rel=0.1)
    assert model.predict_proba(rows).sum(axis=1) == pytest.approx(1)
    later = split_days(days, 7)[1]
    before = log_loss(tiers[later], rows[later][["p1", "p2", "p3", "p4"]], labels=LABELS)
    after = log_loss(tiers[later], model.predict_proba(rows[later]), labels=LABELS)
    assert after <= before + 1e-9


@pytest.mark.parametrize(("power", "seed"), [(2.5, 1), (0.5, 2), (1.0, 3)])
def test_the_temperature_is_the_one_that_scikit_learn_finds(power: float, seed: int):
    """A second implementation; it counts classes from 0 and must see each of them."""
    rows, tiers, _ = overconfident(400, 80, power, seed)
    names = ["p1", "p2", "p3", "p4"]
    # The two bound the logarithm of what is nearly impossible in different ways.
    said = rows[names] = 0.96 * rows[names] + 0.01
    recited = FrozenEstimator(Recited((0, 1, 2, 3)).fit(rows, tiers - 1))
    theirs = CalibratedClassifierCV(recited, method="temperature").fit(rows, tiers - 1)
    ours = best_temperature(said.to_numpy(), tiers - 1)
    assert at_temperature(said.to_numpy(), ours) == pytest.approx(
        theirs.predict_proba(rows), abs=1e-4
    )


def test_a_class_that_never_came_later_does_not_stand_in_the_way():
    rows, tiers, days = overconfident(400, 80, 2.0)
    without = np.where((rows["day"] >= 60) & (tiers == 1), 2, tiers)
    model = Calibrated(Recited(LABELS), horizon_days=7).fit(rows, without, days)
    assert TEMPERATURES[0] < model.temperature_ < TEMPERATURES[1]
    assert model.predict_proba(rows).shape == (len(rows), 4)


def events(days_of_events: list[int], day_count: int = 80) -> Any:
    """Twenty rows a day; on some days one of them, told by its column, ends in class 1."""
    day = np.repeat(np.arange(day_count), 20)
    cue = np.tile(np.arange(20) == 0, day_count) & np.isin(day, days_of_events)
    return pd.DataFrame({"cue": cue.astype(float)}), np.where(cue, 1, 2), DAY + day


@pytest.mark.parametrize(
    "days_of_events",
    [
        pytest.param([*range(61, 80, 2)], id="none to learn from"),
        pytest.param([*range(0, 60, 2)], id="none to try it on"),
    ],
)
def test_an_event_that_the_trial_could_not_see_leaves_the_chances_alone(days_of_events):
    rows, came, days = events(days_of_events)
    forecaster = OnColumns(RidgeLogistic(), ("cue",), (1, 2))
    model = Calibrated(forecaster, horizon_days=7).fit(rows, came, days)
    assert model.temperature_ == 1
    alone = clone(forecaster).fit(rows, came).predict_proba(rows)
    assert model.predict_proba(rows) == pytest.approx(alone, abs=1e-5)


def test_an_event_on_both_sides_of_the_trial_has_its_temperature():
    rows, came, days = events([*range(0, 80, 2)])
    forecaster = OnColumns(RidgeLogistic(), ("cue",), (1, 2))
    assert Calibrated(forecaster, horizon_days=7).fit(rows, came, days).temperature_ < 1


def test_a_clone_learns_from_the_earlier_days_and_the_model_from_all():
    rows, tiers, days = overconfident(400, 80, 1.0)
    Recited.fits.clear()
    Calibrated(Recited(LABELS), horizon_days=7).fit(rows, tiers, days)
    assert Recited.fits == [list(range(60)), list(range(80))]


def test_what_lies_in_the_gap_does_not_move_the_temperature():
    rows, tiers, days = overconfident(400, 80, 1.5)
    in_gap = rows["day"].between(60, 66).to_numpy()
    changed = np.where(in_gap, 5 - tiers, tiers)
    model = Calibrated(Recited(LABELS), horizon_days=7)
    first = clone(model).fit(rows, tiers, days).temperature_
    assert clone(model).fit(rows, changed, days).temperature_ == first
    after_gap = np.where(rows["day"] == 67, 5 - tiers, tiers)
    assert clone(model).fit(rows, after_gap, days).temperature_ != first


@pytest.mark.parametrize("day_count", [1, 2, 20, 55])
def test_too_few_days_leave_the_probabilities_alone(day_count):
    rows, tiers, days = overconfident(200, day_count, 2.0)
    model = Calibrated(Recited(LABELS), horizon_days=7).fit(rows, tiers, days)
    assert model.temperature_ == 1
    assert model.predict_proba(rows) == pytest.approx(Recited(LABELS).predict_proba(rows), abs=1e-5)


@pytest.mark.parametrize("as_given", [list, pd.Series, lambda d: pd.Series(pd.to_datetime(d))])
def test_days_may_be_dates_or_timestamps(as_given):
    rows, tiers, days = overconfident(400, 80, 1.5)
    model = Calibrated(Recited(LABELS), horizon_days=7)
    dates: list[dt.date] = days.tolist()
    expected = clone(model).fit(rows, tiers, days).temperature_
    assert clone(model).fit(rows, tiers, as_given(dates)).temperature_ == expected


def test_an_impossible_tier_that_comes_true_costs_much_but_not_infinitely():
    certain = np.tile([1.0, 0, 0, 0], (10, 1))
    came = np.array([0] * 9 + [1])
    temperature = best_temperature(certain, came)
    assert TEMPERATURES[0] < temperature < TEMPERATURES[1]
    grid = np.exp(np.linspace(*np.log(TEMPERATURES), 500))
    losses = [-np.log(at_temperature(certain, t)[np.arange(10), came]).mean() for t in grid]
    assert temperature == pytest.approx(grid[int(np.argmin(losses))], rel=0.01)


distributions = st.lists(
    st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any), min_size=1, max_size=8
).map(lambda rows: np.array([np.array(row) / sum(row) for row in rows]))


@settings(max_examples=60, deadline=None)
@given(probabilities=distributions, temperature=st.floats(*TEMPERATURES))
def test_a_temperature_keeps_order_and_distributions(probabilities, temperature):
    scaled = at_temperature(probabilities, temperature)
    assert scaled.sum(axis=1) == pytest.approx(1)
    assert (scaled >= 0).all()
    for before, after in zip(probabilities, scaled, strict=True):
        assert after[np.argsort(before, kind="stable")].tolist() == sorted(after)
    same = at_temperature(probabilities, 1.0)
    assert same == pytest.approx(probabilities, abs=4 * LOWEST_PROBABILITY)


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(st.integers(0, 120), max_size=150), horizon=st.integers(0, 14))
def test_the_two_sides_of_the_split_are_apart_by_the_horizon(numbers, horizon):
    days = DAY + np.array(numbers, dtype=int)
    earlier, later = split_days(days, horizon)
    assert earlier.shape == later.shape == (len(numbers),)
    assert earlier.any() == later.any()
    if later.any():
        assert (days[later].min() - days[earlier].max()).astype(int) > horizon
        assert len(set(days[later])) >= 7
        assert len(set(days[earlier])) >= 0.75 * len(set(numbers))


def test_two_fits_a_clone_and_a_pickle_forecast_the_same_bytes():
    rows, tiers, days = overconfident(400, 80, 1.5)
    rows["tier"] = tiers[::-1]
    model = Calibrated(Markov(LABELS, "tier"), horizon_days=7)
    first = clone(model).fit(rows, tiers, days)
    expected = first.predict_proba(rows).tobytes()
    assert clone(first).fit(rows, tiers, days).predict_proba(rows).tobytes() == expected
    assert pickle.loads(pickle.dumps(first)).predict_proba(rows).tobytes() == expected
    assert (first.predict(rows) == first.estimator_.predict(rows)).all()
