"""How good ratings were foretold. Rating and ranking are different things: show both.

Belongs here: errors of ratings. Does not belong here: rankings (ranking_metrics.py).
"""

from __future__ import annotations

import numpy as np

from kpop_assets.recommend.matrices.interactions import Floats


def root_mean_squared_error(came: Floats, foretold: Floats) -> float:
    """Square root of the mean squared error: one large error counts more than two of half."""
    return float(np.sqrt(np.mean((came - foretold) ** 2)))


def mean_absolute_error_of_ratings(came: Floats, foretold: Floats) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(came - foretold)))
