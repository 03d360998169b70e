"""Regressions of arms and the chances that follow, against mabwiser and against sampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mabwiser.mab import MAB, LearningPolicy

from kpop_assets.ml.arm_chances import (
    best_chances,
    greedy_chances,
    optimistic,
    shrinking_share,
    with_floor,
)
from kpop_assets.ml.linear_arms import LinearArms

ARMS, FEATURES, ROWS = 4, 5, 300


def a_log(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    arms = rng.integers(0, ARMS, ROWS)
    contexts = rng.normal(size=(ROWS, FEATURES))
    rewards = contexts @ rng.normal(size=FEATURES) + arms + rng.normal(size=ROWS)
    return arms, contexts, rewards


def taught(seed: int, ridge: float = 1.0) -> LinearArms:
    return LinearArms.untaught(ARMS, FEATURES, ridge).learnt(*a_log(seed))


@pytest.mark.parametrize("ridge", [0.5, 1.0, 7.0])
def test_linucb_puts_arms_in_mabwisers_order_with_its_worths(ridge: float):
    arms, contexts, rewards = a_log(1)
    theirs = MAB([*range(ARMS)], LearningPolicy.LinUCB(alpha=0.8, l2_lambda=ridge))
    theirs.fit(arms, rewards, contexts)
    ours = taught(1, ridge)
    for context in np.random.default_rng(2).normal(size=(20, FEATURES)):
        told = theirs.predict_expectations(context[None])
        every = np.arange(ARMS)
        worth = optimistic(ours.expected_at(context, every), ours.widths_at(context, every), 0.8)
        np.testing.assert_allclose(worth, [told[arm] for arm in range(ARMS)], rtol=1e-9)


def test_thompsons_worths_lie_as_mabwisers_samples_do():
    """Arm by arm: in one row mabwiser draws all arms by the same numbers, so its best is another.

    That independent worths make an arm the best as often as is said is held below.
    """
    arms, contexts, rewards = a_log(3)
    theirs = MAB([*range(ARMS)], LearningPolicy.LinTS(alpha=3.0), seed=5)
    theirs.fit(arms, rewards, contexts)
    context, every = 0.2 * np.random.default_rng(4).normal(size=FEATURES), np.arange(ARMS)
    told = theirs.predict_expectations(np.tile(context, (4_000, 1)))
    drawn = np.array([[row[arm] for arm in range(ARMS)] for row in told])
    ours = taught(3)
    deviations = 3.0 * ours.widths_at(context, every)
    # Five standard errors of 4,000 draws.
    np.testing.assert_allclose(drawn.mean(axis=0), ours.expected_at(context, every), atol=0.02)
    np.testing.assert_allclose(drawn.std(axis=0), deviations, rtol=5 / np.sqrt(8_000))


def test_mean_rewards_are_mabwisers_of_epsilon_greedy():
    arms, _, rewards = a_log(6)
    theirs = MAB([*range(ARMS)], LearningPolicy.EpsilonGreedy(epsilon=0.0))
    theirs.fit(arms, rewards)
    told = theirs.predict_expectations()
    np.testing.assert_allclose(taught(6).mean_rewards, [told[arm] for arm in range(ARMS)])


def test_what_was_shown_may_come_in_any_order_in_parts_and_as_sums():
    arms, contexts, rewards = a_log(7)
    whole = taught(7)
    other = np.random.default_rng(8).permutation(ROWS)
    parts = LinearArms.untaught(ARMS, FEATURES)
    for rows in (other[:100], other[100:]):
        parts = parts.learnt(arms[rows], contexts[rows], rewards[rows])
    # Two rows of one arm and context are one row that stands for two.
    twice = LinearArms.untaught(ARMS, FEATURES).learnt(
        arms, contexts, 2 * rewards, np.full(ROWS, 2.0)
    )
    for name in ("gram", "moment", "shown", "rewarded"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), atol=1e-9)
        np.testing.assert_allclose(getattr(twice, name), 2 * getattr(whole, name), atol=1e-9)


def test_without_a_part_is_as_if_it_had_never_been():
    arms, contexts, rewards = a_log(9)
    first = LinearArms.untaught(ARMS, FEATURES).learnt(arms[:90], contexts[:90], rewards[:90])
    rest = LinearArms.untaught(ARMS, FEATURES).learnt(arms[90:], contexts[90:], rewards[90:])
    np.testing.assert_allclose(taught(9).without(first).weights, rest.weights)


def test_of_an_arm_never_shown_nothing_is_expected_and_least_is_known():
    ours = LinearArms.untaught(2, 2, 4.0).learnt(
        np.array([0]), np.array([[1.0, 0.0]]), np.array([1.0])
    )
    context = np.array([1.0, 0.0])
    np.testing.assert_allclose(ours.expected_at(context, np.array([0, 1])), [0.2, 0.0])
    np.testing.assert_allclose(ours.widths_at(context, np.array([0, 1])), [5**-0.5, 4**-0.5])
    assert ours.mean_rewards.tolist() == [1.0, 0.0]


WORTHS = st.lists(st.tuples(st.floats(-2, 2), st.floats(1e-3, 3)), min_size=1, max_size=8)


@given(WORTHS)
def test_chances_to_be_the_best_are_those_of_many_draws(told: list[tuple[float, float]]):
    expected, deviations = np.array(told).T
    chances = best_chances(expected, deviations)
    draws = np.random.default_rng(11).normal(expected, deviations, (20_000, len(told)))
    counted = np.bincount(draws.argmax(axis=1), minlength=len(told)) / len(draws)
    assert chances.sum() == pytest.approx(1)
    np.testing.assert_allclose(chances, counted, atol=5 * 0.5 / np.sqrt(len(draws)))


def test_the_chance_of_two_is_that_of_their_difference():
    # P(N(0.5, 1) > N(0, 2)) = Phi(0.5 / sqrt(5)), by a table of the normal distribution.
    assert best_chances(np.array([0.5, 0.0]), np.array([1.0, 2.0]))[0] == pytest.approx(
        0.5885, abs=5e-4
    )


def test_equal_arms_share_and_the_floor_leaves_none_out():
    assert greedy_chances(np.array([0.1, 0.3, 0.3])).tolist() == [0.0, 0.5, 0.5]
    np.testing.assert_allclose(with_floor(np.array([0.0, 1.0]), 0.1), [0.05, 0.95])


def test_showing_by_lot_costs_the_root_of_the_shows():
    assert shrinking_share(0, 0.1, 3) == 0.1
    cost = [sum(shrinking_share(n, 0.1, 3) for n in range(shows)) for shows in (10_000, 40_000)]
    assert cost[1] / cost[0] == pytest.approx(2, rel=0.1)
