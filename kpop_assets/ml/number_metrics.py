"""How good forecasts of numbers were: one value against what came.

Belongs here: scores of forecasts of numbers, and of intervals around them. Does not belong here:
classes (metrics.py), or making forecasts.

The same names mean the same things throughout, one entry per forecast: `came` is what came,
`forecast` what was said, `now` the value on the day on which it was said.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def median_relative_error(came: Array, forecast: Array) -> float:
    """Median of |forecast - came| / came; what came counts as 1 or more."""
    return float(np.median(np.abs(forecast - came) / np.maximum(came, 1)))


def mean_absolute_scaled_error(came: Array, forecast: Array, now: Array) -> float:
    """Mean absolute error over that of "nothing changes"; NaN where nothing changed.

    Hyndman and Koehler (2006), Another look at measures of forecast accuracy, with the naive
    forecast over the same horizon, of all subjects together: 1 is as good as no forecast.
    """
    naive = float(np.mean(np.abs(now - came)))
    return float(np.mean(np.abs(forecast - came))) / naive if naive else float("nan")


def coverage(came: Array, low: Array, high: Array) -> float:
    """Share of what came within the intervals, of those that are known; NaN where none is."""
    is_known = ~(np.isnan(low) | np.isnan(high))
    if not is_known.any():
        return float("nan")
    return float(np.mean((low <= came)[is_known] & (came <= high)[is_known]))
