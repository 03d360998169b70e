"""Units are drawn evenly, always alike, and apart from any other experiment."""

from __future__ import annotations

import datetime as dt

import numpy as np
from scipy import stats

from kpop_assets.experiments.assignment import place_of, variant_of
from kpop_assets.experiments.plans import Experiment

UNITS = [f"u{number:x}" for number in range(100_000)]


def planned(shares: dict[str, float], salt: str = "one") -> Experiment:
    day = dt.date(2026, 12, 1)
    return Experiment(
        name="one",
        question="Does it?",
        unit="listener",
        starts_on=day,
        ends_on=day,
        primary_metric="plays",
        guardrail_metrics=(),
        least_effect=0.05,
        pre_period_days=28,
        shares=shares,
        salt=salt,
        decides="end",
        settings={},
    )


def test_places_are_even_and_two_salts_know_nothing_of_each_other():
    first = np.array([place_of("one", unit) for unit in UNITS])
    second = np.array([place_of("two", unit) for unit in UNITS])
    cells, *_ = np.histogram2d(first, second, bins=20, range=[[0, 1], [0, 1]])
    # 400 cells of 250 units each: both even and independent, or one cell has more.
    assert stats.chisquare(cells.ravel()).pvalue > 0.001
    assert first.min() >= 0 and first.max() < 1


def test_a_unit_keeps_its_variant_and_shares_are_as_planned():
    experiment = planned({"control": 0.2, "a": 0.3, "b": 0.5})
    found = [variant_of(experiment, unit) for unit in UNITS]
    assert found == [variant_of(experiment, unit) for unit in UNITS]
    counts = [found.count(name) for name in experiment.shares]
    expected = [share * len(UNITS) for share in experiment.shares.values()]
    assert stats.chisquare(counts, expected).pvalue > 0.001


def test_the_draw_is_that_of_sha_256():
    # sha256("one\0u1") begins with these eight bytes.
    import hashlib

    digits = hashlib.sha256(b"one\0u1").hexdigest()[:16]
    assert place_of("one", "u1") == int(digits, 16) / 2**64


def test_thirds_leave_no_unit_without_a_variant():
    experiment = planned(dict.fromkeys(("control", "a", "b"), 1 / 3))
    assert {variant_of(experiment, unit) for unit in UNITS[:1000]} == {"control", "a", "b"}
