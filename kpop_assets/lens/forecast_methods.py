"""What a video will have gained some hours on: six ways to say so.

Belongs here: the methods, and what each learns. Does not belong here: which of them is chosen and
how sure it is (forecast_choice.py), or the boosted trees' features (boosted_rates.py).

V views at age a (hours), r views an hour of late, h hours ahead. All say what is gained; none says
less than 0.

    last_rate    r h
    linear       the week's line (trends.py) at h, less V
    cohort       r goes on as that of videos of the same age did: each day it changes by the median
                 ratio that theirs changed by, day after day up to h
    log_linear   V grows by the factor that videos of the same age grew by, day after day: medians
                 of ln V(a + 24) - ln V(a) (Szabo and Huberman, Predicting the popularity of online
                 content, 2010)
    decay        views an hour fall as a power of age, so V grows as one: with p = r a / V, where
                 the video stands on such a curve now, V ((a + h) / a)^p - V. Where p > 1 the video
                 speeds up, which does not last: p is 1 then
    boosted      trees over what is known of a video, see boosted_rates.py

Where a method has nothing to go by, a video without three observations or an age, or no cases to
learn from, it says nothing: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.lens.boosted_rates import BoostedRates, fit_boosted
from kpop_assets.lens.forecast_cases import LEAST_RATE, near_horizon

Array = NDArray[np.float64]

STEP_HOURS = 24
# Edges of what counts as the same age, in hours; a video without an age is a kind of its own.
_AGE_EDGES = (0, 6, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720, 2160, 4320, 8760)
# Fewer cases of an age say less than all ages together.
_LEAST_CASES = 15


@dataclass(frozen=True)
class AgeSteps:
    """By how much a quantity's logarithm changes in a day, by age.

    Attributes:
        by_age: median of the cases of an age, by its place among the edges.
        overall: median of all; NaN where there is none.
    """

    by_age: Mapping[int, float]
    overall: float

    def at(self, age_hours: Array) -> Array:
        """The change of each row's next day."""
        places = _age_places(age_hours)
        steps = np.full(len(_AGE_EDGES) + 2, self.overall)
        for place, step in self.by_age.items():
            steps[place] = step
        return steps[places]


def learn_steps(age_hours: Array, changes: Array) -> AgeSteps:
    """The median change of each age with enough cases, and of all."""
    if not len(changes):
        return AgeSteps({}, float("nan"))
    places = _age_places(age_hours)
    numbers, counts = np.unique(places, return_counts=True)
    enough = numbers[counts >= _LEAST_CASES]
    by_age = {int(place): float(np.median(changes[places == place])) for place in enough}
    return AgeSteps(by_age, float(np.median(changes)))


@dataclass(frozen=True)
class FittedMethods:
    """All methods, with what they have learned.

    Attributes:
        rate_steps: change of the views an hour of a day.
        view_steps: change of the views of a day.
        boosted: the trees; None with too few cases.
    """

    rate_steps: AgeSteps
    view_steps: AgeSteps
    boosted: BoostedRates | None

    def gains(self, rows: pl.DataFrame, hours: int) -> dict[str, Array]:
        """Views gained `hours` on, by method; NaN where it says nothing."""
        views, rate, age = (numbers(rows, name) for name in _READ)
        rate = np.maximum(rate, 0)
        return {
            "linear": np.maximum(_line_ahead(rows, hours) - views, 0),
            "last_rate": rate * hours,
            "cohort": self._cohort(rate, age, hours),
            "log_linear": views * np.maximum(np.expm1(_summed(self.view_steps, age, hours)), 0),
            "decay": _decay(views, rate, age, hours),
            "boosted": hours * self.boosted.rates(rows, hours)
            if self.boosted
            else np.full(len(views), np.nan),
        }

    def _cohort(self, rate: Array, age: Array, hours: int) -> Array:
        gained, log_rate = np.zeros_like(rate), np.log(rate + LEAST_RATE)
        for day in range(hours // STEP_HOURS):
            log_rate = log_rate + self.rate_steps.at(age + day * STEP_HOURS)
            gained += STEP_HOURS * np.maximum(np.exp(log_rate) - LEAST_RATE, 0)
        return gained


_READ = ("view_count", "views_per_hour", "age_hours")


def fit_methods(cases: pl.DataFrame) -> FittedMethods:
    """Learn from rows of `pair_cases` whose outcome is known."""
    day = near_horizon(cases, STEP_HOURS)
    views, rate, age = (numbers(day, name) for name in _READ)
    came = numbers(day, "mean_rate")
    ratios = np.log((came + LEAST_RATE) / (np.maximum(rate, 0) + LEAST_RATE))
    rises = np.log1p(came * STEP_HOURS / np.maximum(views, 1))
    return FittedMethods(learn_steps(age, ratios), learn_steps(age, rises), fit_boosted(cases))


def numbers(rows: pl.DataFrame, name: str) -> Array:
    """A column as floats, NaN for null."""
    return rows.get_column(name).cast(pl.Float64).to_numpy().astype(np.float64)


def _age_places(age_hours: Array) -> NDArray[np.int64]:
    """Between which edges each age lies; NaN behind the last."""
    places = np.searchsorted(_AGE_EDGES, np.nan_to_num(age_hours), side="right")
    return np.where(np.isnan(age_hours), len(_AGE_EDGES) + 1, places)


def _summed(steps: AgeSteps, age: Array, hours: int) -> Array:
    days = range(hours // STEP_HOURS)
    return np.sum([steps.at(age + day * STEP_HOURS) for day in days], axis=0)


def _line_ahead(rows: pl.DataFrame, hours: int) -> Array:
    return numbers(rows, "trend_views") + numbers(rows, "slope_per_hour") * hours


def _decay(views: Array, rate: Array, age: Array, hours: int) -> Array:
    now = np.where(age > 0, np.maximum(age, 1), np.nan)
    power = np.minimum(rate * now / np.maximum(views, 1), 1)
    return views * (((now + hours) / now) ** power - 1)
