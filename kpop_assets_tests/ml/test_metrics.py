"""Scores of forecasts: cases worked by hand, plain loops as second implementation, properties."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.ml.metrics import (
    brier,
    ece,
    f1,
    log_loss,
    predicted,
    score,
    top_hit_rate,
)
from kpop_assets.ml.ranked import p_rise, rps, rps_skill

DAY = dt.date(2025, 11, 1)
# Tier 1 came true as forecast; tier 3 came true where 2 was likelier.
TIERS = np.array([1, 3])
PROBABILITIES = np.array([[0.7, 0.2, 0.1, 0.0], [0.1, 0.4, 0.3, 0.2]])


def days(*numbers: int) -> Any:
    return np.array([DAY + dt.timedelta(days=number) for number in numbers])


def test_every_score_of_two_rows_worked_by_hand():
    result = score(TIERS, PROBABILITIES, np.array([2, 4]), days(0, 0))
    assert result.accuracy == 0.5
    # Tier 1: F1 1; tiers 2 and 3: 0; tier 4 is in neither.
    assert result.f1 == pytest.approx(1 / 3)
    # (0.3² + 0.1² + 0²) / 3 and (0.1² + 0.5² + 0.2²) / 3
    assert result.rps == pytest.approx((0.10 / 3 + 0.30 / 3) / 2)
    # 0.3² + 0.2² + 0.1² and 0.1² + 0.4² + 0.7² + 0.2²
    assert result.brier == pytest.approx((0.14 + 0.70) / 2)
    # P(rise) 0.7 and 0.8, both rose, in two bins.
    assert result.ece == pytest.approx((0.3 + 0.2) / 2)
    assert (result.rise_auc, result.rise_average_precision) == (None, None)
    assert (result.rise_base_rate, result.top_hit_rate, result.test_count) == (1.0, 1.0, 2)


def test_scores_of_rises_leave_out_artists_that_cannot_rise():
    tiers, current = np.array([1, 1, 2, 3]), np.array([1, 2, 2, 3])
    likely = np.array([[1, 0, 0, 0], [0.6, 0.4, 0, 0], [0.7, 0.3, 0, 0], [0, 0.1, 0.9, 0]])
    result = score(tiers, likely, current, days(0, 0, 0, 0))
    # P(rise) 0.6 (rose), 0.7 and 0.1: the riser beats one of the two others, in second place.
    assert result.rise_auc == 0.5
    assert result.rise_average_precision == 0.5
    assert result.rise_base_rate == pytest.approx(1 / 3)
    assert result.top_hit_rate == pytest.approx(1 / 3)
    assert result.ece == pytest.approx((0.4 + 0.7 + 0.1) / 3)


def test_where_nobody_can_rise_what_measures_rises_is_undefined():
    result = score(np.array([1, 2]), np.eye(4)[[0, 1]], np.array([1, 1]), days(0, 1))
    undefined = {name for name, value in dataclasses.asdict(result).items() if value is None}
    rises = {"ece", "rise_auc", "rise_average_precision", "rise_base_rate", "top_hit_rate"}
    assert undefined == rises


def test_p_rise_adds_the_better_tiers():
    chance = p_rise(np.tile([0.4, 0.3, 0.2, 0.1], (4, 1)), np.array([1, 2, 3, 4]))
    assert chance == pytest.approx([0, 0.4, 0.7, 0.9])


def test_chances_that_add_up_to_the_same_tie():
    rows = np.array([[0.0, 0.0, 0.6, 0.4], [0.0, 0.05, 0.55, 0.4]])
    assert len(set(p_rise(rows, np.array([4, 4])))) == 1


def test_a_tie_predicts_the_better_tier():
    assert predicted(np.array([[0.1, 0.4, 0.4, 0.1]])).tolist() == [2]


def test_rps_punishes_the_farther_miss_more_and_brier_does_not():
    truth, near, far = np.array([1]), np.eye(4)[[1]], np.eye(4)[[3]]
    assert (rps(truth, near), rps(truth, far)) == (pytest.approx(1 / 3), 1.0)
    assert brier(truth, near) == brier(truth, far) == 2


def test_rps_skill():
    assert rps_skill(0.1, 0.4) == pytest.approx(0.75)
    assert rps_skill(0.5, 0.4) == pytest.approx(-0.25)
    assert rps_skill(0.0, 0.0) is None


def test_log_loss_is_of_what_came_and_never_infinite():
    rows = np.array([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])
    assert log_loss(np.array([1, 2, 1]), rows) == pytest.approx(
        -(math.log(0.5) + math.log(0.75)) / 3
    )
    assert log_loss(np.array([2]), rows[2:]) == pytest.approx(15 * math.log(10))


def test_ece_weighs_bins_by_their_rows_and_puts_1_into_the_last():
    probability = np.array([0.0, 0.05, 0.1, 0.95, 1.0])
    outcome = np.array([0, 1, 0, 1, 0])
    # [0, 0.1): 1 of 2, mean 0.025; [0.1, 0.2): 0, 0.1; [0.9, 1]: 1 of 2, mean 0.975.
    assert ece(probability, outcome) == pytest.approx(2 / 5 * 0.475 + 1 / 5 * 0.1 + 2 / 5 * 0.475)


def test_top_hits_take_ten_of_each_day_and_ties_in_the_order_given():
    of_day = days(*[0] * 40, 1)
    hoped = np.array([0.5, 0.4] * 20 + [0.1])
    rose = np.array([True] * 20 + [False] * 21)
    assert top_hit_rate(hoped, rose, of_day) == pytest.approx(10 / 11)
    assert top_hit_rate(hoped, ~rose, of_day) == pytest.approx(1 / 11)
    assert top_hit_rate(hoped, rose, of_day, top=1) == 0.5
    assert top_hit_rate(hoped[:0], rose[:0], of_day[:0]) is None


@pytest.mark.parametrize(
    ("tiers", "probabilities", "current", "message"),
    [
        ([], np.zeros((0, 4)), [], "no rows"),
        ([1], np.full((1, 1), 1.0), [1], "shape"),
        ([1, 2], np.full((1, 4), 0.25), [1], "came has shape"),
        ([0], np.full((1, 4), 0.25), [1], "came has values outside 1 to 4"),
        ([1], np.full((1, 4), 0.25), [5], "current has values outside 1 to 4"),
        ([1], np.full((1, 4), 0.3), [1], "sum to 1"),
        ([1], np.array([[np.nan, 0, 0, 1]]), [1], "sum to 1"),
        ([1], np.array([[-0.5, 0.5, 0.5, 0.5]]), [1], "at least 0"),
    ],
)
def test_what_cannot_be_scored_is_refused(tiers, probabilities, current, message):
    with pytest.raises(ValueError, match=message):
        score(np.array(tiers), probabilities, np.array(current), days(*[0] * len(current)))


def test_probabilities_of_single_precision_are_scored():
    single = np.array([[1, 1, 1, 4], [3, 1, 1, 2]], dtype=np.float32) / np.float32(7)
    assert score(TIERS, single, TIERS, days(0, 0)).test_count == 2


@st.composite
def forecasts(draw: st.DrawFn) -> tuple[Any, Any, Any, Any]:
    """Tiers, probabilities in twentieths, current tiers and days of 1 to 30 rows."""
    count = draw(st.integers(1, 30))
    tier = st.lists(st.integers(1, 4), min_size=count, max_size=count)
    cuts = st.lists(st.integers(0, 20), min_size=3, max_size=3).map(sorted)
    rows = draw(st.lists(cuts, min_size=count, max_size=count))
    shares = np.array([np.diff([0, *row, 20]) for row in rows]) / 20
    numbers = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    return np.array(draw(tier)), shares, np.array(draw(tier)), days(*numbers)


@settings(max_examples=60, deadline=None)
@given(rows=forecasts())
def test_scores_equal_plain_loops(rows):
    result = dataclasses.asdict(score(*rows))
    for name, value in reference(*rows).items():
        if value is None:
            assert result[name] is None, name
        else:
            assert result[name] == pytest.approx(value, abs=1e-9), name


@settings(max_examples=60, deadline=None)
@given(rows=forecasts())
def test_bounds_and_the_perfect_forecast(rows):
    tiers, _, current, of_day = rows
    result = score(*rows)
    assert 0 <= result.rps <= 1
    assert 0 <= result.brier <= 2
    assert 0 <= result.accuracy <= 1
    perfect = score(tiers, np.eye(4)[tiers - 1], current, of_day)
    assert (perfect.accuracy, perfect.f1, perfect.rps, perfect.brier) == (1, 1, 0, 0)
    assert perfect.ece in (0, None)
    assert perfect.rise_auc in (1, None)


@settings(max_examples=30, deadline=None)
@given(rows=forecasts())
def test_f1_is_the_mean_over_tiers_that_occur(rows):
    tiers, probabilities, _, _ = rows
    guesses = [max(range(4), key=lambda k: row[k]) + 1 for row in probabilities]
    values = []
    for tier in set(tiers.tolist()) | set(guesses):
        hits = sum(t == g == tier for t, g in zip(tiers, guesses, strict=True))
        values.append(2 * hits / (tiers.tolist().count(tier) + guesses.count(tier)))
    assert f1(tiers, probabilities) == pytest.approx(sum(values) / len(values))


def reference(tiers: Any, probabilities: Any, current: Any, of_day: Any) -> dict[str, Any]:
    """The definitions, one row at a time."""
    count = len(tiers)
    ranked = squares = 0.0
    risers: list[tuple[float, bool, dt.date]] = []
    for tier, row, now, day in zip(tiers, probabilities, current, of_day, strict=True):
        ranked += sum((sum(row[:k]) - (tier <= k)) ** 2 for k in (1, 2, 3)) / 3
        squares += sum((p - (tier == k)) ** 2 for k, p in enumerate(row, start=1))
        if now > 1:
            risers.append((round(sum(row[: now - 1]) * 20) / 20, bool(tier < now), day))
    rose = [p for p, did, _ in risers if did]
    stayed = [p for p, did, _ in risers if not did]
    auc = None
    if rose and stayed:
        wins = sum((a > b) + (a == b) / 2 for a in rose for b in stayed)
        auc = wins / (len(rose) * len(stayed))
    return {
        "rps": ranked / count,
        "brier": squares / count,
        "rise_auc": auc,
        "rise_base_rate": len(rose) / len(risers) if risers else None,
        "test_count": count,
    }
