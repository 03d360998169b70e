"""Intervals: against the binomial written out, against draws, and where there is too little."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from kpop_assets.contracts import rules
from kpop_assets.insights.intervals import median_interval, ratio_interval


def test_the_fewest_values_that_say_anything_are_those_of_the_rules():
    fewest = rules.FEWEST_TIMED_RELEASES
    assert median_interval([float(n) for n in range(fewest - 1)]) is None
    assert median_interval([float(n) for n in range(fewest)]) == (0, fewest - 1)
    assert median_interval([]) is None


@pytest.mark.parametrize("count", [8, 9, 10, 11, 12, 25, 100, 1001])
def test_the_ends_are_the_closest_that_hold_the_median_often_enough(count: int):
    low, high = median_interval(list(range(count)))
    place = int(low)
    assert high == count - 1 - place

    def confidence(cut: int) -> float:
        return 1 - 2 * binom.cdf(cut, count, 0.5)

    assert confidence(place) >= rules.INTERVAL_CONFIDENCE > confidence(place + 1)


def test_the_order_of_values_does_not_matter():
    values = [5.0, 1.0, 9.0, 2.0, 8.0, 3.0, 7.0, 4.0, 6.0]
    assert median_interval(values) == median_interval(sorted(values))


def test_the_median_of_skewed_draws_lies_within_as_often_as_said():
    draw = np.random.default_rng(1)
    found = [median_interval(list(draw.lognormal(0, 2, 20))) for _ in range(2000)]
    hits = sum(low <= 1 <= high for low, high in found)
    assert hits / len(found) > rules.INTERVAL_CONFIDENCE - 0.01


def test_groups_that_differ_by_a_factor_are_told_apart_and_equal_ones_are_not():
    draw = np.random.default_rng(2)
    usual, other = draw.normal(0, 0.3, 40), draw.normal(0, 0.3, 40)
    low, high = ratio_interval(list(usual + math.log(3)), list(other))
    assert 1 < low < 3 < high
    low, high = ratio_interval(list(usual), list(other))
    assert low < 1 < high


def test_the_same_values_give_the_same_interval():
    values = [0.1 * n for n in range(20)]
    assert ratio_interval(values, values[:12]) == ratio_interval(values, values[:12])
