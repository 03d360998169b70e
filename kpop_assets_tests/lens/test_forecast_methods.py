"""Each method against its formula by hand, and what none of them may ever say."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.contracts.lens_forecasts import FORECAST_METHODS
from kpop_assets.lens.forecast_cases import pair_cases
from kpop_assets.lens.forecast_methods import AgeSteps, FittedMethods, fit_methods, learn_steps
from kpop_assets_tests.lens.forecast_kit import frame, history, video

NOTHING = AgeSteps({}, math.nan)
UNTAUGHT = FittedMethods(NOTHING, NOTHING, None)
NAN = pytest.approx(math.nan, nan_ok=True)


def said(method: str, hours: int = 24, methods: FittedMethods = UNTAUGHT, **row) -> float:
    return float(methods.gains(frame(video(**row)), hours)[method][0])


def test_the_last_rate_goes_on():
    assert said("last_rate", 72, views_per_hour=10.0) == 720


def test_the_line_goes_on_from_where_it_stands_and_not_below_what_is_seen():
    line = {"trend_views": 990.0, "slope_per_hour": 5.0}
    assert said("linear", 24, views=1000, **line) == 110
    assert said("linear", 24, views=2000, **line) == 0
    assert said("linear") == NAN


def test_a_cohort_changes_the_rate_day_after_day():
    halved = FittedMethods(AgeSteps({}, math.log(0.5)), NOTHING, None)
    days = [24 * (11 / 2**n - 1) for n in (1, 2, 3)]
    assert said("cohort", 72, halved, views_per_hour=10.0) == pytest.approx(sum(days))
    assert said("cohort") == NAN


def test_views_grow_by_the_factors_of_the_ages_that_they_pass_through():
    # 48, 72 and 96 hours are three ages.
    factors = np.log([2.0, 3.0, 5.0])
    steps = learn_steps(np.repeat([48.0, 72.0, 96.0], 20), np.repeat(factors, 20))
    methods = FittedMethods(NOTHING, steps, None)
    assert said("log_linear", 24, methods, views=100) == pytest.approx(100)
    assert said("log_linear", 72, methods, views=100) == pytest.approx(100 * (2 * 3 * 5) - 100)


def test_an_age_with_few_cases_changes_as_all_do():
    steps = learn_steps(np.array([48.0] * 15 + [500.0] * 14), np.array([1.0] * 15 + [3.0] * 14))
    assert list(steps.at(np.array([48.0, 500.0, math.nan]))) == [1, 1, 1]


def test_a_video_on_a_power_of_its_age_stays_on_it():
    # V = 100 sqrt(age): at 100 hours 1000 views, 5 of them an hour.
    now = {"views": 1000, "age_hours": 100.0, "views_per_hour": 5.0}
    assert said("decay", 168, **now) == pytest.approx(100 * math.sqrt(268) - 1000)
    # Who speeds up goes on as fast, not faster.
    assert said("decay", 24, **(now | {"views_per_hour": 50.0})) == pytest.approx(240)
    assert said("decay", 24, **(now | {"age_hours": None})) == NAN


def test_with_nothing_learned_only_what_needs_nothing_speaks():
    gains = UNTAUGHT.gains(frame(video()), 24)
    assert set(gains) == set(FORECAST_METHODS)
    assert {name for name, values in gains.items() if not np.isnan(values).any()} == {
        "last_rate",
        "decay",
    }


def fading(number: int, age: float) -> float:
    """Half of what a video gains a day it gains the day after."""
    return (50 + number) * 1000 * (1 - 0.5 ** (age / 24))


def test_what_was_learned_of_fading_videos_is_that_they_fade():
    methods = fit_methods(pair_cases(history(fading)))
    video_of = history(fading).filter(pl.col("video_id") == "v020")
    row = video_of.filter(pl.col("age_hours") == 24 * 4 + 32)
    came = fading(20, 24 * 4 + 32 + 24) - fading(20, 24 * 4 + 32)
    gains = {name: float(values[0]) for name, values in methods.gains(row, 24).items()}
    assert gains["last_rate"] == pytest.approx(2 * came, rel=0.01)
    assert gains["cohort"] == pytest.approx(came, rel=0.05)
    assert gains["boosted"] == pytest.approx(came, rel=0.15)


def test_a_fit_repeats_to_the_last_bit():
    cases = pair_cases(history(fading))
    row = frame(video())
    one, two = (fit_methods(cases).gains(row, 72) for _ in range(2))
    assert {n: v.tobytes() for n, v in one.items()} == {n: v.tobytes() for n, v in two.items()}


TAUGHT = fit_methods(pair_cases(history(fading, videos=20, days=6)))
maybe = st.none() | st.floats(-1e6, 1e6)


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**10),
    st.floats(-1e7, 1e7),
    st.none() | st.floats(-100, 1e5),
    maybe,
    st.sampled_from([24, 72, 168]),
)
def test_no_method_takes_views_away_or_says_something_endless(views, pace, age, slope, hours):
    line = {"slope_per_hour": slope, "trend_views": None if slope is None else float(views)}
    row = video(views=views, views_per_hour=pace, age_hours=age, **line)
    for name, values in TAUGHT.gains(frame(row), hours).items():
        assert math.isnan(values[0]) or 0 <= values[0] < math.inf, name
