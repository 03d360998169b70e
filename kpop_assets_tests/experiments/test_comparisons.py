"""Differences are those of SciPy; a known past takes noise away and leaves the effect."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from kpop_assets.experiments.always_valid import (
    always_valid_interval,
    always_valid_p_value,
    evidence,
)
from kpop_assets.experiments.comparisons import (
    Sample,
    difference,
    relative_interval,
    without_the_past,
)

RANDOM = np.random.default_rng(3)


def test_a_difference_is_that_of_scipys_welch_test():
    control, treatment = RANDOM.gamma(2, 1, 90), RANDOM.gamma(2, 1.3, 70)
    found = difference(Sample.of(control), Sample.of(treatment))
    oracle = stats.ttest_ind(treatment, control, equal_var=False)
    interval = oracle.confidence_interval(0.95)
    assert found.p_value == pytest.approx(oracle.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.effect == pytest.approx(treatment.mean() - control.mean())
    assert found.relative_effect == pytest.approx(treatment.mean() / control.mean() - 1)


def test_one_unit_says_nothing_and_no_variance_tells_of_no_chance():
    one, some = Sample.of(np.array([1.0])), Sample.of(np.array([1.0, 1.0]))
    assert math.isnan(difference(one, some).p_value)
    assert difference(some, some).p_value == 1
    apart = difference(some, Sample.of(np.array([2.0, 2.0])))
    assert (apart.effect, apart.p_value) == (1, 1) and math.isnan(apart.low + apart.high)
    assert evidence(apart, 0.2) == 1 and math.isnan(always_valid_interval(apart, 0.2)[0])
    assert math.isnan(Sample.of(np.array([])).mean)


@pytest.mark.parametrize("lift", [0.0, 1.0])
def test_a_share_of_a_control_that_is_an_estimate_lies_in_its_interval_as_often_as_said(lift):
    random = np.random.default_rng(8)
    held = inside = 0
    for _ in range(1_000):
        control, treatment = (Sample.of(random.gamma(1, 1 + up, 200)) for up in (0.0, lift))
        found = difference(control, treatment)
        low, high = relative_interval(control, treatment, found.reach_of(found.low, found.high))
        held += low <= lift <= high
        inside += found.low / control.mean <= lift <= found.high / control.mean
        assert (low > 0 or high < 0) == (found.low > 0 or found.high < 0)
    assert held / 1_000 == pytest.approx(0.95, abs=0.02)
    # With control's mean taken as known it would not be, once the effect is large.
    assert (inside / 1_000 < 0.9) == (lift == 1.0)


def test_a_control_that_may_be_nought_has_no_share():
    near = Sample(50, 0.1, 1.0)
    assert math.isnan(relative_interval(near, Sample(50, 1.0, 1.0), 1.96)[0])
    assert math.isnan(relative_interval(Sample(1, 1.0, math.nan), near, 1.96)[0])


def test_the_past_takes_noise_away_and_leaves_the_effect():
    count = 4_000
    past = RANDOM.gamma(2, 3, count)
    is_known = RANDOM.random(count) < 0.8
    is_treated = RANDOM.random(count) < 0.5
    values = np.where(is_known, past, 1.0) + RANDOM.normal(0, 1, count) + 0.5 * is_treated
    clean = without_the_past(values, np.where(is_known, past, np.nan), is_known)
    raw = difference(Sample.of(values[~is_treated]), Sample.of(values[is_treated]))
    adjusted = difference(Sample.of(clean[~is_treated]), Sample.of(clean[is_treated]))
    assert clean.mean() == pytest.approx(values.mean())
    assert adjusted.variance < 0.1 * raw.variance
    assert adjusted.low < 0.5 < adjusted.high


def test_a_past_that_nobody_has_changes_nothing():
    values = np.array([1.0, 2.0, 4.0])
    nobody = np.zeros(3, dtype=bool)
    assert without_the_past(values, np.full(3, np.nan), nobody).tolist() == [1.0, 2.0, 4.0]


def looks_at(effect: float, days: int = 10):
    daily = [RANDOM.normal(effect * is_treated, 1, (2, days, 50)) for is_treated in (0, 1)]
    return [
        difference(*(Sample.of(part[0][: day + 1].ravel()) for part in daily))
        for day in range(days)
    ]


def test_evidence_is_the_likelihood_mixed_over_effects():
    (found,) = looks_at(0.3, days=1)
    grid = np.linspace(-2, 2, 4001)
    prior = stats.norm.pdf(grid, 0, 0.2)
    likelihood = stats.norm.pdf(found.effect, grid, math.sqrt(found.variance))
    mixed = np.trapezoid(prior * likelihood, grid)
    none = stats.norm.pdf(found.effect, 0, math.sqrt(found.variance))
    assert evidence(found, 0.2) == pytest.approx(mixed / none, rel=1e-4)


def test_few_units_are_no_evidence_whatever_their_variance():
    sides = [RANDOM.normal(effect, 0.01, 50) for effect in (0, 9)]
    few = difference(*(Sample.of(side[:49]) for side in sides))
    assert evidence(few, 0.2) == 1 and math.isnan(always_valid_interval(few, 0.2)[0])
    assert evidence(difference(*(Sample.of(side) for side in sides)), 0.2) > 1e9


def test_a_p_value_never_rises_and_interval_and_p_say_the_same():
    for effect in (0.0, 0.2, 1.0):
        looks = looks_at(effect)
        p_values = [always_valid_p_value(looks[: n + 1], 0.2) for n in range(len(looks))]
        assert p_values == sorted(p_values, reverse=True)
        for look in looks:
            low, high = always_valid_interval(look, 0.2)
            assert (low > 0 or high < 0) == (evidence(look, 0.2) > 20)
    assert always_valid_p_value([], 0.2) == 1
    with pytest.raises(ValueError, match="above 0"):
        evidence(looks[0], 0)


def test_looking_every_day_fools_the_test_of_one_look_and_not_this_one():
    false_fixed = false_always = 0
    for _ in range(300):
        looks = looks_at(0.0, days=14)
        false_fixed += any(look.p_value < 0.05 for look in looks)
        false_always += always_valid_p_value(looks, 0.2) < 0.05
    assert false_fixed > 0.1 * 300
    assert false_always < 0.05 * 300
