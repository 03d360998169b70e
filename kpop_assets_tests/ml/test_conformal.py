"""Conformal quantiles: places by hand, the promise on any distribution, too few errors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kpop_assets.ml.conformal import error_quantiles

ONE_KIND = np.array(["a"])


def quantiles(errors: list[float], level: float, kinds: list[str] | None = None, least: int = 10):
    of_kind = np.array(kinds or ["a"] * len(errors))
    return error_quantiles(np.array(errors, dtype=float), of_kind, level, least)


def test_of_nineteen_errors_the_outermost_hold_nine_of_ten():
    errors = [float(n) for n in range(19)]
    assert quantiles(errors[::-1], 0.9).overall == (0, 18)
    assert quantiles(errors, 0.8).overall == (1, 17)
    assert quantiles(errors, 0.5).overall == (4, 14)


def test_an_interval_that_would_need_an_unseen_error_is_unknown():
    low, high = quantiles([1.0] * 18, 0.9).overall
    assert math.isnan(low) and math.isnan(high)
    assert quantiles([1.0] * 39, 0.95).overall == (1, 1)


def test_a_kind_with_too_few_errors_has_those_of_all():
    found = quantiles([*range(20), *range(100, 105)], 0.8, ["a"] * 20 + ["b"] * 5)
    low, high = found.bounds(np.array(["b", "a", "never seen"]))
    assert set(found.by_kind) == {"a"}
    assert list(low) == [found.overall[0], found.by_kind["a"][0], found.overall[0]]
    assert list(high) == [found.overall[1], found.by_kind["a"][1], found.overall[1]]


def test_errors_that_are_twice_as_large_have_twice_the_quantiles():
    found = quantiles(list(range(20)), 0.8).scaled(2)
    assert found.overall == (2, 36) and found.by_kind["a"] == (2, 36)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_new_errors_lie_within_as_often_as_promised_whatever_they_are_like(level):
    random = np.random.default_rng(7)
    hits = []
    for _ in range(2000):
        errors = random.standard_cauchy(60) ** 3
        low, high = quantiles(list(errors[:-1]), level).overall
        hits.append(low <= errors[-1] <= high)
    # Of 59 errors the places are coarse: 60 steps of which so many lie within.
    promised = 1 - 2 * math.floor(60 * (1 - level) / 2 + 1e-9) / 60
    assert np.mean(hits) == pytest.approx(promised, abs=0.03)
    assert promised >= level
