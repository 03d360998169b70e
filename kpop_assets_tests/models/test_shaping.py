"""What straight lines see of the inputs: short tails, steps at the borders, one scale, no nulls."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpop_assets.ml.estimators import RidgeLogistic
from kpop_assets.models.shaping import STEPS_AT, after_scaling, shape_for_lines


def test_tails_are_shortened_on_both_sides_and_bounded_features_left_alone():
    rows = pd.DataFrame({"momentum": [-99.0, 0.0, np.nan], "percentile": [0.5, 1.0, 0.0]})
    short = shape_for_lines(rows)
    assert short["momentum"].tolist()[:2] == pytest.approx([-np.log(100), 0])
    assert short["momentum"].isna().tolist() == [False, False, True]
    assert short["percentile"].tolist() == [0.5, 1.0, 0.0]
    assert list(short.columns) == list(rows.columns)


def test_nowcasts_gain_a_step_at_each_border_and_keep_themselves():
    rows = pd.DataFrame({"nowcast_1d": [0.9, 0.65, np.nan], "nowcast_7d": [0.1, 0.2, 0.3]})
    shaped = shape_for_lines(rows)
    assert list(shaped) == [*rows, *(f"nowcast_1d_step_{border}" for border in STEPS_AT)]
    assert shaped["nowcast_1d"].equals(rows["nowcast_1d"])
    assert shaped["nowcast_1d_step_0.9"].tolist()[0] == pytest.approx(0)
    assert shaped["nowcast_1d_step_0.75"].tolist()[:2] == pytest.approx(np.tanh([1.5, -1]))
    assert shaped["nowcast_1d_step_0.4"].isna().tolist() == [False, False, True]


def test_linear_models_see_one_scale_and_what_was_null():
    rows = pd.DataFrame({"momentum": [0.0, np.nan, np.e - 1], "percentile": [0.0, 0.5, 1.0]})
    seen = after_scaling(RidgeLogistic())[:-1].fit_transform(rows)
    wide, high = np.sqrt(3 / 2), np.sqrt(2)
    expected = [[-wide, -wide, -1 / high], [0, 0, high], [wide, wide, -1 / high]]
    assert seen == pytest.approx(np.array(expected))
