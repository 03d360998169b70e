"""What each method would have said of days whose outcome is known, and how far off it was.

Belongs here: trials of methods on one origin, their scores, and the errors that intervals are made
of. Does not belong here: the methods (forecast_methods.py), the origins or the choice
(forecast_choice.py).

Where a method says nothing of a video, the last rate stands in: so all are judged by the same
videos. An error is ln((came + 1) / (said + 1)) of views an hour, alike for any horizon.

Videos of one day err together: a weekend, or what the trees had not seen. So thousands of errors
are as few draws as there are stretches of days, m, that do not overlap; and as a new value lies
about the mean of m others by sqrt(1 + 1 / m) of their deviation, errors are widened by that much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import FORECAST_METHODS
from kpop_assets.lens.forecast_cases import LEAST_RATE, near_horizon
from kpop_assets.lens.forecast_methods import FittedMethods, numbers
from kpop_assets.ml.conformal import ErrorQuantiles, error_quantiles
from kpop_assets.ml.folds import Fold
from kpop_assets.ml.number_metrics import (
    coverage,
    mean_absolute_scaled_error,
    median_relative_error,
)

Array = NDArray[np.float64]

FALLBACK = "last_rate"
# A band with fewer errors of its own has those of all bands.
_LEAST_ERRORS = 100
# Fewer outcomes of a horizon choose nothing.
_LEAST_OUTCOMES = 30
# What a video gained a day up to the forecast scales its error.
_STEP_HOURS = 24


@dataclass(frozen=True)
class Tried:
    """What each method said of the videos of one origin and horizon, and what came.

    Attributes:
        hours: the horizon.
        days: on how many days they were said.
        views: counter on the day of the forecast.
        came: views gained, an hour.
        band: age band.
        said: the same by method, the last rate where it says nothing.
        own_count: of how many videos a method said something itself.
    """

    hours: int
    days: int
    views: Array
    came: Array
    band: NDArray[np.object_]
    said: dict[str, Array]
    own_count: dict[str, int]


def try_methods(cases: pl.DataFrame, fold: Fold, methods: FittedMethods, hours: int) -> Tried:
    """What methods that were fitted on a fold's cut say of its days."""
    of_fold = cases.filter(pl.col("ingest_date").is_between(fold.first, fold.last))
    rows = near_horizon(of_fold, hours)
    said = methods.gains(rows, hours)
    return Tried(
        hours,
        rows.get_column("ingest_date").n_unique(),
        numbers(rows, "view_count"),
        numbers(rows, "mean_rate"),
        rows.get_column("age_band").to_numpy(),
        {name: filled(said, name) / hours for name in FORECAST_METHODS},
        {name: int((~np.isnan(said[name])).sum()) for name in FORECAST_METHODS},
    )


def filled(gains: dict[str, Array], method: str) -> Array:
    """What a method says, and the last rate where it says nothing."""
    return np.where(np.isnan(gains[method]), gains[FALLBACK], gains[method])


def score_methods(parts: Sequence[Tried]) -> list[dict[str, Any]]:
    """Scores of each method that said something; none with too few outcomes."""
    if sum(len(part.came) for part in parts) < _LEAST_OUTCOMES:
        return []
    now = np.concatenate([part.views for part in parts])
    came = now + np.concatenate([part.came * part.hours for part in parts])
    step = np.concatenate([part.said[FALLBACK] * _STEP_HOURS for part in parts])
    rows = []
    for method in FORECAST_METHODS:
        own_count = sum(part.own_count[method] for part in parts)
        if not own_count:
            continue
        said = now + np.concatenate([part.said[method] * part.hours for part in parts])
        rows.append(
            {
                "method": method,
                "outcome_count": len(came),
                "own_count": own_count,
                "median_relative_error": median_relative_error(came, said),
                "mase": mean_absolute_scaled_error(came, said, step),
                **{
                    f"coverage_{level}": _coverage(parts, method, level)
                    for level in rules.INTERVAL_LEVELS_PCT
                },
            }
        )
    return rows


def trial_quantiles(parts: Sequence[Tried], method: str, level: int) -> ErrorQuantiles:
    """Quantiles of a method's errors, by age band, at a level in percent."""
    errors = np.concatenate([_errors(part, method) for part in parts])
    kinds = np.concatenate([part.band for part in parts])
    stretches = 1 + sum(part.days * 24 / part.hours for part in parts)
    found = error_quantiles(errors, kinds, level / 100, _LEAST_ERRORS)
    return found.scaled(math.sqrt(1 + 1 / stretches))


def _errors(part: Tried, method: str) -> Array:
    return np.log((part.came + LEAST_RATE) / (part.said[method] + LEAST_RATE))


def _coverage(parts: Sequence[Tried], method: str, level: int) -> float | None:
    """Share of what came within intervals from the errors of the origins before alone."""
    hits, count = 0.0, 0
    for place in range(1, len(parts)):
        part, before = parts[place], [p for p in parts[:place] if len(p.came)]
        if not before or not len(part.came):
            continue
        low, high = bounds_of(part.said[method], part.band, trial_quantiles(before, method, level))
        share = coverage(part.came, low, high)
        if not np.isnan(share):
            hits, count = hits + share * len(part.came), count + len(part.came)
    return hits / count if count else None


def bounds_of(
    said: Array, band: NDArray[np.object_], quantiles: ErrorQuantiles
) -> tuple[Array, Array]:
    """Least and most views an hour, around what is said and never below 0; NaN where not known."""
    low, high = quantiles.bounds(band)
    least = np.maximum((said + LEAST_RATE) * np.exp(low) - LEAST_RATE, 0)
    most = np.maximum((said + LEAST_RATE) * np.exp(high) - LEAST_RATE, 0)
    # A method that says too little in general stays at the edge of its interval, not outside.
    return np.minimum(least, said), np.maximum(most, said)
