"""Intervals around any forecast of a number, from how far off it was before: split conformal.

Belongs here: the quantiles of past errors that a new one stays within. Does not belong here: what
an error is (its domain), or classes (calibration.py).

Of n errors that were made on days the forecaster had not seen, a new one of the same kind lies
below the ceil((n + 1) p)-th smallest with chance p or more, whatever they are distributed like
(Lei et al., Distribution-free predictive inference for regression, 2018). An interval leaves half
of what it misses on each side. Errors of different kinds have quantiles of their own where there
are enough of them (Vovk's Mondrian conformal prediction), else those of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ErrorQuantiles:
    """Lowest and highest error that an interval holds, by kind; NaN where too few are known.

    Attributes:
        overall: of all kinds together.
        by_kind: of those with enough errors of their own.
    """

    overall: tuple[float, float]
    by_kind: Mapping[Any, tuple[float, float]]

    def scaled(self, factor: float) -> ErrorQuantiles:
        """The quantiles of errors that are so many times as large."""

        def times(ends: tuple[float, float]) -> tuple[float, float]:
            return ends[0] * factor, ends[1] * factor

        return ErrorQuantiles(
            times(self.overall), {kind: times(ends) for kind, ends in self.by_kind.items()}
        )

    def bounds(self, kinds: NDArray[Any]) -> tuple[Array, Array]:
        """Lowest and highest error of each row, by its kind."""
        found = {kind: self.by_kind.get(kind, self.overall) for kind in np.unique(kinds)}
        pairs = np.array([found[kind] for kind in kinds], dtype=float).reshape(len(kinds), 2)
        return pairs[:, 0], pairs[:, 1]


def error_quantiles(
    errors: Array, kinds: NDArray[Any], level: float, least_count: int
) -> ErrorQuantiles:
    """Quantiles of past errors, so that a new one lies between with chance `level`.

    Args:
        errors: past errors, what came against what was forecast.
        kinds: the kind of each.
        level: chance to lie within, 0 to 1.
        least_count: fewest errors of a kind that it is judged by alone.
    """
    groups = {kind: errors[kinds == kind] for kind in np.unique(kinds)}
    by_kind = {k: _two_sided(e, level) for k, e in groups.items() if len(e) >= least_count}
    return ErrorQuantiles(_two_sided(errors, level), by_kind)


def _two_sided(errors: Array, level: float) -> tuple[float, float]:
    """The lowest and highest error between which a new one lies; NaN with too few to say so."""
    count = len(errors)
    # Places from either end, counted from 1; the 0th would be an error nobody has seen.
    place = int(np.floor((count + 1) * (1 - level) / 2 + 1e-9))
    if place < 1:
        return float("nan"), float("nan")
    ordered = np.sort(errors)
    return float(ordered[place - 1]), float(ordered[count - place])
