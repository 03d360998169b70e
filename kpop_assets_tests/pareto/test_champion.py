"""The contest between a champion and its challenger: who wins, and on which days they meet."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.models.dataset import PROBABILITIES
from kpop_assets.pareto.champion import (
    Contest,
    contest_days,
    decide,
    rows_of_contest,
    unopposed,
)

DAY = dt.date(2025, 11, 8)
SURE_1 = [1.0, 0.0, 0.0, 0.0]
SURE_2 = [0.0, 1.0, 0.0, 0.0]
EVEN = [0.25, 0.25, 0.25, 0.25]


def challenger(*rows: tuple[int, list[float]], days: int = 7) -> pd.DataFrame:
    """The same rows of (target tier, probabilities) on each of the days of a contest."""
    frame = pd.DataFrame([p for _, p in rows] * days, columns=PROBABILITIES)
    dates = np.repeat(pd.date_range(DAY, periods=days), len(rows))
    return frame.assign(target_tier=[tier for tier, _ in rows] * days, ingest_date=dates)


def incumbent(*probabilities: list[float], days: int = 7) -> np.ndarray:
    """The incumbent's probabilities of those rows."""
    return np.array([*probabilities] * days)


def test_a_better_challenger_wins_and_the_reason_has_both_scores():
    # rps of an even forecast of tier 1: (0.75² + 0.5² + 0.25²) / 3 = 0.875 / 3.
    contest = decide(challenger((1, SURE_1), (1, SURE_1)), incumbent(EVEN, SURE_1))
    assert contest.is_won
    assert contest.challenger_rps == 0
    assert contest.incumbent_rps == pytest.approx(0.875 / 3 / 2)
    assert contest.contest_count == 14
    assert contest.reason == "rps 0.0000, no worse than the incumbent's 0.1458 on 14 forecasts"


def test_a_worse_challenger_loses():
    contest = decide(challenger((1, EVEN), (1, SURE_1)), incumbent(SURE_1, SURE_1))
    assert not contest.is_won
    assert (contest.challenger_rps, contest.incumbent_rps) == (pytest.approx(0.875 / 6), 0)
    assert contest.reason == "rps 0.1458, worse than the incumbent's 0.0000 on 14 forecasts"


def test_a_tie_goes_to_the_challenger():
    contest = decide(challenger((1, EVEN), (2, SURE_1)), incumbent(EVEN, SURE_1))
    assert contest.is_won
    assert contest.challenger_rps == contest.incumbent_rps


def test_a_forecast_two_tiers_off_costs_more_than_one_off():
    assert not decide(challenger((4, SURE_1)), incumbent(SURE_2)).is_won
    assert decide(challenger((4, SURE_2)), incumbent(SURE_1)).is_won


@pytest.mark.parametrize("days", [0, 1, 6])
def test_within_a_week_the_incumbent_stays(days: int):
    contest = decide(challenger((1, SURE_1), days=days), np.ones((days, 4)) / 4)
    reason = f"{days} days are known that neither learned from: a contest needs 7"
    assert contest == Contest(False, None, None, 0, reason)


def test_without_an_opponent_the_challenger_wins_with_a_reason():
    assert unopposed("no one") == Contest(True, None, None, 0, "no one")


def test_nullable_tiers_of_the_lake_are_scored():
    rows = challenger((1, SURE_1)).astype({"target_tier": "Int64"})
    assert decide(rows, incumbent(EVEN)).is_won


def test_the_contest_of_two_weeks_later_has_eight_days():
    first, last = contest_days(DAY, DAY - dt.timedelta(days=14))
    assert (first, last) == (dt.date(2025, 10, 25), dt.date(2025, 11, 1))


@given(age=st.integers(0, 120))
def test_the_days_are_known_by_now_and_none_lies_before_the_training(age: int):
    trained = DAY - dt.timedelta(days=age)
    horizon = dt.timedelta(days=7)
    candidates = [DAY + dt.timedelta(days=n) for n in range(-200, 20)]
    expected = [d for d in candidates if trained <= d and d + horizon <= DAY]
    first, last = contest_days(DAY, trained)
    assert [d for d in candidates if first <= d <= last] == expected


def test_rows_of_the_contest_are_those_of_its_days_with_both_ends():
    days = pd.date_range("2025-10-20", "2025-11-08")
    backtests = pd.DataFrame({"forecast_date": days, "artist": "IVE"})
    rows = rows_of_contest(backtests, DAY, dt.date(2025, 10, 26))
    assert list(rows["forecast_date"].dt.date) == [
        dt.date(2025, 10, 26) + dt.timedelta(days=n) for n in range(7)
    ]


def test_an_incumbent_trained_today_leaves_no_day():
    days = pd.date_range("2025-10-20", "2025-11-08")
    backtests = pd.DataFrame({"forecast_date": days, "artist": "IVE"})
    assert not len(rows_of_contest(backtests, DAY, DAY))
