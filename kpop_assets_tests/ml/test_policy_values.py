"""What another policy would have earned: literal cases, and the truth where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from kpop_assets.ml.policy_values import (
    PolicyValue,
    doubly_robust,
    expected_across_folds,
    inverse_propensity,
    self_normalised,
)

REWARDS = np.array([1.0, 0.0, 1.0, 0.0])
LOGGED = np.array([0.5, 0.5, 0.25, 0.25])
TARGET = np.array([1.0, 0.0, 0.5, 0.5])


def test_three_estimates_by_hand():
    # Weights 2, 0, 2, 2.
    assert inverse_propensity(REWARDS, LOGGED, TARGET).value == 1.0
    assert self_normalised(REWARDS, LOGGED, TARGET).value == pytest.approx(4 / 6)
    expected, of_target = np.full(4, 0.5), np.full(4, 0.25)
    found = doubly_robust(REWARDS, LOGGED, TARGET, expected, of_target)
    assert found.value == pytest.approx(0.25 + (2 * 0.5 + 2 * 0.5 - 2 * 0.5) / 4)
    # Apart from their mean, .5: .75, -.25, .75, -1.25.
    assert found.effective_count == pytest.approx(2.75**2 / (2 * 0.75**4 + 0.25**4 + 1.25**4))
    assert found.row_count == 4
    assert found.most_weight == 2


def test_the_interval_is_that_of_a_mean_where_the_policies_are_the_same():
    found = inverse_propensity(REWARDS, LOGGED, LOGGED)
    assert found.value == 0.5
    assert found.high - found.value == pytest.approx(1.959964 * np.std(REWARDS, ddof=1) / 2)
    assert found.low == pytest.approx(2 * found.value - found.high)
    assert self_normalised(REWARDS, LOGGED, LOGGED) == found


def test_a_log_without_chances_is_refused():
    with pytest.raises(ValueError, match="chance above 0"):
        inverse_propensity(REWARDS, np.array([0.5, 0.0, 0.5, 0.5]), TARGET)
    with pytest.raises(ValueError, match="needs rows"):
        inverse_propensity(REWARDS[:0], LOGGED[:0], TARGET[:0])


def test_where_the_other_policy_shows_nothing_that_was_shown_nothing_is_known():
    found = self_normalised(REWARDS, LOGGED, np.zeros(4))
    assert np.isnan(found.value)
    assert found.effective_count == 0


def test_one_row_says_nothing_certain():
    found = inverse_propensity(REWARDS[:1], LOGGED[:1], TARGET[:1])
    assert found.low == -np.inf
    assert found.high == np.inf


RATES = np.array([[0.1, 0.3, 0.2], [0.4, 0.1, 0.2]])
LOG_CHANCES = np.array([[0.6, 0.2, 0.2], [0.2, 0.2, 0.6]])
TARGET_CHANCES = np.array([[0.1, 0.8, 0.1], [0.7, 0.2, 0.1]])
TRUTH = float((RATES * TARGET_CHANCES).sum(axis=1).mean())


def estimates(seed: int, rows: int = 600, is_model_wrong: bool = False) -> dict[str, PolicyValue]:
    """Of clicks whose rates are known: three arms, two contexts, drawn by known chances."""
    rng = np.random.default_rng(seed)
    contexts = rng.integers(0, 2, rows)
    arms = (rng.random(rows)[:, None] > LOG_CHANCES.cumsum(axis=1)[contexts]).sum(axis=1)
    rewards = (rng.random(rows) < RATES[contexts, arms]).astype(float)
    folds = np.arange(rows) % 5
    expected = expected_across_folds(arms, np.eye(2)[contexts], rewards, 3, folds)
    if is_model_wrong:
        expected = expected[:, ::-1] + 0.3
    told = (rewards, LOG_CHANCES[contexts, arms], TARGET_CHANCES[contexts, arms])
    of_target = (expected * TARGET_CHANCES[contexts]).sum(axis=1)
    return {
        "ips": inverse_propensity(*told),
        "snips": self_normalised(*told),
        "dr": doubly_robust(*told, expected[np.arange(rows), arms], of_target),
    }


@pytest.mark.parametrize("is_model_wrong", [False, True])
def test_intervals_hold_the_truth_nineteen_times_in_twenty(is_model_wrong: bool):
    """A defect of the weights, of the variance or of the correction would leave this band."""
    runs = [estimates(seed, is_model_wrong=is_model_wrong) for seed in range(400)]
    for name in ("ips", "snips", "dr"):
        held = np.mean([run[name].low <= TRUTH <= run[name].high for run in runs])
        # 95 % +- 3.3 standard errors of 400 runs, and a little more for seldom rewards.
        assert 0.91 <= held <= 0.987, name


def test_rows_of_a_group_are_one_where_they_say_the_same():
    """Three times the same rows of the same listeners tell no more than the rows once."""
    once = (REWARDS, LOGGED, TARGET)
    thrice = [np.tile(one, 3) for one in once]
    groups = np.tile(np.array([7, 1, 4, 9]), 3)
    for estimate in (inverse_propensity, self_normalised):
        alone, together = estimate(*once), estimate(*thrice, groups)
        ends = [(one.value, one.low, one.high, one.effective_count) for one in (alone, together)]
        assert ends[1] == pytest.approx(ends[0])
        assert estimate(*once, np.arange(4)) == pytest.approx(alone)
    assert together.row_count == 12
    assert inverse_propensity(*once, np.zeros(4, dtype=np.intp)).low == -np.inf


def test_intervals_hold_the_truth_where_listeners_come_again():
    """Each of 150 listeners sees 20 shows and clicks up to twice as often as the mean, or never.

    By rows alone they hold it 86 times in 100.
    """
    held = {"ips": 0, "snips": 0, "dr": 0}
    for seed in range(300):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(150), 20)
        arms = rng.choice(3, len(groups), p=LOG_CHANCES[0])
        rates = RATES[0][arms] * 2 * rng.beta(0.5, 0.5, 150)[groups]
        rewards = (rng.random(len(groups)) < rates).astype(float)
        told = (rewards, LOG_CHANCES[0][arms], TARGET_CHANCES[0][arms])
        flat = np.full(len(groups), 0.2)
        truth = float(RATES[0] @ TARGET_CHANCES[0])
        for name, one in {
            "ips": inverse_propensity(*told, groups),
            "snips": self_normalised(*told, groups),
            "dr": doubly_robust(*told, flat, flat, groups),
        }.items():
            held[name] += one.low <= truth <= one.high
    assert all(0.91 <= times / 300 <= 0.985 for times in held.values()), held


def test_the_better_estimate_is_the_narrower_one():
    found = estimates(1, 4_000)
    widths = {name: one.high - one.low for name, one in found.items()}
    assert widths["dr"] < 0.97 * widths["ips"]
    assert widths["snips"] < 0.97 * widths["ips"]


def test_a_fold_learns_nothing_of_its_own_rows():
    """The one row with a reward expects nothing of itself, and its fold's others neither."""
    arms, features = np.zeros(4, dtype=np.intp), np.ones((4, 1))
    rewards = np.array([1.0, 0.0, 0.0, 0.0])
    found = expected_across_folds(arms, features, rewards, 1, np.array([0, 0, 1, 1]))
    np.testing.assert_allclose(found[:, 0], [0.0, 0.0, 1 / 3, 1 / 3])
