"""Probabilities of ordered classes, row by row: the chance of a better class, the ranked score.

Belongs here: formulas over arrays that a day's forecasts need too, with NumPy alone. Does not
belong here: the scores of a model (metrics.py, whose names mean the same here).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

DECIMALS = 12


def rps(came: Array, probabilities: Array) -> float:
    """Ranked probability score: mean over rows of sum over k < K of (F_k - O_k)² / (K - 1).

    F_k is the forecast probability of class k or better, O_k is 1 if that came, else 0: a
    forecast two classes off costs more than one a single class off. Epstein (1969), A scoring
    system for probability forecasts of ranked categories, J. Appl. Meteor. 8, 985-987, as a loss.
    """
    return float(rps_of_rows(came, probabilities).mean())


def rps_of_rows(came: Array, probabilities: Array) -> Array:
    """The ranked probability score of each row, shape (n,)."""
    borders = np.arange(1, probabilities.shape[1])
    forecast = np.cumsum(probabilities, axis=1)[:, :-1]
    outcome = np.asarray(came)[:, None] <= borders
    return ((forecast - outcome) ** 2).mean(axis=1)


def rps_skill(score: float, reference: float) -> float | None:
    """1 - score / reference: share of the reference's loss saved; None if it lost nothing."""
    return None if reference == 0 else 1 - score / reference


def p_rise(probabilities: Array, current: Array) -> Array:
    """Probability of a class better than the current one, shape (n,)."""
    numbers = np.arange(1, probabilities.shape[1] + 1)
    better = numbers < np.asarray(current)[:, None]
    # 0.05 + 0.55 is not 0.6 in floats: rounded, equal chances tie and none ends above 1.
    return np.round((probabilities * better).sum(axis=1), DECIMALS)
