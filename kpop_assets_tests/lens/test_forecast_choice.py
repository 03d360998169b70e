"""The choice and its intervals: who did best is chosen, and nothing looks ahead."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from kpop_assets.contracts import rules
from kpop_assets.lens.forecast_choice import fit_forecaster
from kpop_assets.lens.forecast_trials import Tried, bounds_of, score_methods, trial_quantiles
from kpop_assets_tests.lens.forecast_kit import DAY, history


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def even(number: int, age: float) -> float:
    return (100 + number) * age


def test_where_views_rise_evenly_the_last_rate_is_chosen_and_sure():
    forecaster = fit_forecaster(history(even), day(11))
    assert {rule.method for rule in forecaster.horizons.values()} <= {"last_rate", "decay"}
    best = forecaster.scores.filter("is_chosen")
    assert best["horizon_hours"].to_list() == list(rules.FORECAST_HORIZONS_HOURS)
    assert best["median_relative_error"].max() < 0.001
    said = np.array([5000.0])
    low, high = bounds_of(said, np.array(["1-3d"]), forecaster.horizons[24].quantiles[80])
    assert said - low < 10 and high - said < 10


def test_where_paces_halve_every_day_it_is_not():
    def fading(number: int, age: float) -> float:
        return (50 + number) * 1000 * (1 - 0.5 ** (age / 24))

    forecaster = fit_forecaster(history(fading), day(11))
    assert {rule.method for rule in forecaster.horizons.values()} <= {"cohort", "boosted"}


def test_without_an_outcome_the_last_rate_speaks_and_has_no_interval():
    forecaster = fit_forecaster(history(even, days=1), day(0))
    for rule in forecaster.horizons.values():
        assert (rule.method, rule.measured_hours, rule.quantiles) == ("last_rate", None, {})
    assert forecaster.scores.height == 0
    assert fit_forecaster(history(even, days=0), day(0)).scores.height == 0


def test_a_horizon_without_outcomes_takes_those_of_a_shorter_one_and_is_less_sure():
    forecaster = fit_forecaster(history(even, days=6), day(5))
    assert {hours: rule.measured_hours for hours, rule in forecaster.horizons.items()} == {
        24: 24,
        72: 72,
        168: 72,
    }
    shorter, longer = (forecaster.horizons[h].quantiles[80].overall for h in (72, 168))
    # The mean of 7 / 3 steps of a walk varies 34 / 25 as much as its first.
    steps = 168 / 72
    factor = ((steps + 1) * (2 * steps + 1) / (6 * steps)) ** 0.5
    assert longer == pytest.approx((shorter[0] * factor, shorter[1] * factor))


def test_nothing_that_is_fitted_on_a_day_knows_a_later_one():
    rows = history(even)
    later = rows.filter(pl.col("ingest_date") > day(8)).with_columns(pl.col("view_count") * 100)
    known = rows.filter(pl.col("ingest_date") <= day(8))
    one = fit_forecaster(known, day(8))
    two = fit_forecaster(pl.concat([known, later]).filter(pl.col("ingest_date") <= day(8)), day(8))
    assert one.scores.equals(two.scores)
    # And at an origin nothing is known of what came after its cut: a jump that nobody could
    # foresee is not foreseen.
    jump = rows.filter(pl.col("ingest_date") == day(11)).with_columns(pl.col("view_count") * 2)
    jumped = pl.concat([rows.filter(pl.col("ingest_date") < day(11)), jump])
    calm, shaken = (fit_forecaster(r, day(11)).scores for r in (rows, jumped))
    of_day = (pl.col("horizon_hours") == 24) & (pl.col("method") == "boosted")
    assert shaken.filter(of_day)["mase"].item() > 10 * calm.filter(of_day)["mase"].item()


def tried(came: np.ndarray, said: np.ndarray, days: int = 1000) -> Tried:
    count = len(came)
    everything = dict.fromkeys(("last_rate", "linear", "cohort", "log_linear", "decay"), said)
    return Tried(
        24,
        days,
        np.full(count, 1000.0),
        came,
        np.array(["0-1d"] * count, dtype=object),
        everything | {"boosted": said},
        dict.fromkeys(everything, count) | {"boosted": 0},
    )


def test_scores_are_of_views_and_leave_out_who_said_nothing():
    part = tried(np.full(40, 10.0), np.full(40, 20.0))
    rows = score_methods([part])
    assert [row["method"] for row in rows] == [
        *("linear", "last_rate", "cohort", "log_linear", "decay")
    ]
    # 1,240 came and 1,480 were said.
    assert rows[0]["median_relative_error"] == pytest.approx(240 / 1240)
    # 240 too much, where the last rate says 480 a day.
    assert rows[0]["mase"] == pytest.approx(0.5)
    assert score_methods([tried(np.ones(29), np.ones(29))]) == []


def test_intervals_hold_as_much_as_they_say_of_days_that_are_like_those_before():
    random = np.random.default_rng(3)

    def part() -> Tried:
        said = np.exp(random.normal(5, 2, 3000))
        return tried((said + 1) * np.exp(random.standard_t(3, 3000)) - 1, said)

    before, after = [part(), part()], part()
    for level in rules.INTERVAL_LEVELS_PCT:
        quantiles = trial_quantiles(before, "cohort", level)
        low, high = bounds_of(after.said["cohort"], after.band, quantiles)
        came = np.maximum(after.came, 0)
        assert np.mean((low <= came) & (came <= high)) == pytest.approx(level / 100, abs=0.025)
    row = next(r for r in score_methods([*before, after]) if r["method"] == "cohort")
    assert row["coverage_80"] == pytest.approx(0.8, abs=0.025)


def test_errors_of_few_days_are_as_few_draws_and_widen_the_interval():
    said = np.full(200, 100.0)
    came = (said + 1) * np.exp(np.linspace(-1, 1, 200)) - 1
    many = trial_quantiles([tried(came, said, days=10**9)], "cohort", 80).overall
    # Three days, and one more for the end of a stretch.
    few = trial_quantiles([tried(came, said, days=2), tried(came, said, days=1)], "cohort", 80)
    assert few.overall == pytest.approx((many[0] * 1.25**0.5, many[1] * 1.25**0.5), rel=0.02)
