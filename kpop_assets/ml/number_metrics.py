"""How good forecasts of numbers were: one value against what came.

Belongs here: scores of forecasts of numbers, and of intervals around them. Does not belong here:
classes (metrics.py), or making forecasts.

The same names mean the same things throughout, one entry per forecast: `came` is what came,
`forecast` what was said, `step` how much the value changed over a step before it was said.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def median_relative_error(came: Array, forecast: Array) -> float:
    """Median of |forecast - came| / came; what came counts as 1 or more."""
    return float(np.median(np.abs(forecast - came) / np.maximum(came, 1)))


def mean_absolute_scaled_error(came: Array, forecast: Array, step: Array) -> float:
    """MASE: mean absolute error over that of "nothing changes" a step ahead before the forecast.

    Hyndman and Koehler (2006), Another look at measures of forecast accuracy; errors and steps are
    summed over all subjects, as most have few steps of their own. The scale is that of one step
    whatever the horizon, so a forecast of several is above 1 sooner. NaN where nothing changed.
    """
    naive = float(np.mean(np.abs(step)))
    return float(np.mean(np.abs(forecast - came))) / naive if naive else float("nan")


def coverage(came: Array, low: Array, high: Array) -> float:
    """Share of what came within the intervals, of those that are known; NaN where none is."""
    is_known = ~(np.isnan(low) | np.isnan(high))
    if not is_known.any():
        return float("nan")
    return float(np.mean((low <= came)[is_known] & (came <= high)[is_known]))
