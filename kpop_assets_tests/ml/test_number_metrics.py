"""Scores of forecasts of numbers: by hand, and what must hold whatever is forecast."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kpop_assets.ml.number_metrics import (
    coverage,
    mean_absolute_scaled_error,
    median_relative_error,
)

CAME = np.array([100.0, 200.0, 400.0])
STEP = np.array([50.0, -10.0, 0.0])


def test_the_relative_error_is_the_median_of_what_came():
    assert median_relative_error(CAME, np.array([90.0, 200.0, 500.0])) == pytest.approx(0.1)
    assert median_relative_error(np.array([0.0]), np.array([3.0])) == 3


def test_the_scaled_error_is_in_steps_before_the_forecast_whatever_their_sign():
    assert mean_absolute_scaled_error(CAME, CAME, STEP) == 0
    assert mean_absolute_scaled_error(CAME, np.array([70.0, 200.0, 400.0]), STEP) == 0.5
    assert mean_absolute_scaled_error(CAME, np.array([40.0, 200.0, 400.0]), STEP) == 1
    assert mean_absolute_scaled_error(CAME * 9, CAME, STEP * 8) == pytest.approx(
        mean_absolute_scaled_error(CAME * 9, CAME, STEP) / 8
    )
    assert math.isnan(mean_absolute_scaled_error(CAME, CAME, np.zeros(3)))


def test_coverage_counts_the_ends_and_leaves_out_what_has_no_interval():
    low, high = np.array([100.0, 201.0, math.nan]), np.array([150.0, 300.0, math.nan])
    assert coverage(CAME, low, high) == 0.5
    assert math.isnan(coverage(CAME[2:], low[2:], high[2:]))
