"""What an experiment says, and when it may not be believed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kpop_assets.experiments.always_valid import always_valid_interval
from kpop_assets.experiments.comparisons import Difference, Sample
from kpop_assets.experiments.plans import Decides
from kpop_assets.experiments.verdicts import (
    days_needed,
    holm,
    power_of,
    share_mismatch,
    units_needed,
    verdict,
)

HALVES = {"control": 0.5, "a": 0.5}


def test_shares_that_chance_does_not_bring():
    assert share_mismatch({"control": 5000, "a": 5000}, HALVES) == 1
    # The example of Kohavi, Tang and Xu: 821,588 to 815,482 of an even split.
    assert share_mismatch({"control": 821_588, "a": 815_482}, HALVES) < 2e-6
    assert share_mismatch({"control": 10}, HALVES) < 0.01
    assert share_mismatch({}, HALVES) == 1
    with pytest.raises(ValueError, match="b was not planned"):
        share_mismatch({"b": 1}, HALVES)


def test_several_metrics_are_allowed_for():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.9]) == pytest.approx([1.0, 1.0])
    with_none = holm([0.01, math.nan])
    assert with_none[0] == 0.01 and math.isnan(with_none[1])


def test_units_needed_are_those_of_the_books():
    # Two even groups, a tenth of a standard deviation, 80 % at 5 %: 1,570 each, were both to
    # spread alike; what is a tenth larger spreads by 1.21.
    control = Sample(500, 1.0, 1.0)
    assert units_needed(control, 0.1, 0.5, 0.5) == pytest.approx(1570 * 2.21, rel=0.001)
    assert units_needed(control, 0.1, 0.25, 0.25) == units_needed(control, 0.1, 0.5, 0.5)
    assert units_needed(control, 0.1, 0.9, 0.1) > units_needed(control, 0.1, 0.5, 0.5)
    assert math.isnan(units_needed(Sample(1, 1.0, math.nan), 0.1, 0.5, 0.5))
    assert (days_needed(-3, 10), days_needed(25, 10), days_needed(1, 0)) == (0, 3, math.inf)


def test_power_is_that_of_the_units_needed_and_grows_with_them():
    needed = units_needed(Sample(500, 1.0, 1.0), 0.1, 0.5, 0.5)
    half, larger = (Sample(round(needed / 2), 1.0, spread) for spread in (1.0, 1.21))
    assert power_of(half, larger, 0.1) == pytest.approx(0.8, abs=0.001)
    assert power_of(half, half, 0.0) == pytest.approx(0.05)
    assert math.isnan(power_of(Sample(1, 1.0, math.nan), half, 0.1))
    more = units_needed(Sample(500, 1.0, 1.0), 0.1, 0.5, 0.5, test_count=3)
    third, wider = (Sample(round(more / 2), 1.0, spread) for spread in (1.0, 1.21))
    assert power_of(third, wider, 0.1, test_count=3) == pytest.approx(0.8, abs=0.001)
    assert power_of(third, wider, 0.1) > 0.85


@pytest.mark.parametrize("test_count", [1, 4])
def test_any_day_needs_more_units_and_finds_as_many_with_them(test_count: int):
    control = Sample(500, 1.0, 1.0)
    rules = test_count, "any_day"
    needed = units_needed(control, 0.1, 0.5, 0.5, *rules)
    assert needed > 1.5 * units_needed(control, 0.1, 0.5, 0.5, test_count)
    half, larger = (Sample(round(needed / 2), 1.0, spread) for spread in (1.0, 1.21))
    assert power_of(half, larger, 0.1, *rules) == pytest.approx(0.8, abs=0.001)
    # Looked at once, with what was drawn so often: it is the chance that the interval leaves 0.
    variance = 2.21 / (needed / 2)
    drawn = np.random.default_rng(5).normal(0.1, math.sqrt(variance), 20_000)
    looks = (Difference(each, 0, 0, variance, 0, each, half.count) for each in drawn)
    ends = [always_valid_interval(look, 0.1, 0.05 / test_count) for look in looks]
    assert np.mean([low > 0 for low, _ in ends]) == pytest.approx(0.8, abs=0.01)


def test_the_word():
    def said(fixed: float, sequential: float, decides: Decides, over: bool, broken=False) -> str:
        return verdict(fixed, sequential, is_broken=broken, decides=decides, is_over=over)

    assert said(0.01, 0.01, "end", False) == "not yet"
    assert said(0.01, 0.2, "end", True) == "significant"
    assert said(0.2, 0.01, "end", True) == "not yet"
    assert said(0.9, 0.01, "any_day", False) == "significant"
    assert said(0.01, 0.2, "any_day", True) == "not yet"
    assert said(0.001, 0.001, "any_day", True, broken=True) == "broken"
    assert said(math.nan, math.nan, "end", True) == "not yet"
