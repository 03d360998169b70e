"""Two variants against each other: how far apart, how sure, with less noise where a past is known.

Belongs here: differences of means with their intervals, and what a unit's past takes away. Does not
belong here: looking every day (always_valid.py), several metrics, or words (verdicts.py).

A unit's values are one number each: what it did in the experiment, and before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Values of the units of one variant, summed up.

    Attributes:
        count: units.
        mean: of their values; NaN of none.
        variance: of their values, over count - 1; NaN of fewer than two.
    """

    count: int
    mean: float
    variance: float

    @classmethod
    def of(cls, values: Values) -> Sample:
        """Of one value a unit."""
        count = len(values)
        mean = float(np.mean(values)) if count else math.nan
        return cls(count, mean, float(np.var(values, ddof=1)) if count > 1 else math.nan)

    @property
    def standard_error(self) -> float:
        """Of the mean; NaN of fewer than two units."""
        return math.sqrt(self.variance / self.count) if self.count > 1 else math.nan

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Of the mean, by Student's t; NaN of fewer than two units."""
        if self.count < 2:
            return math.nan, math.nan
        width = float(stats.t.ppf((1 + level) / 2, self.count - 1)) * self.standard_error
        return self.mean - width, self.mean + width


@dataclass(frozen=True)
class Difference:
    """A treatment against control.

    Attributes:
        effect: mean of the treatment less mean of control.
        low: of the 95 % interval of the effect.
        high: of the same.
        variance: of the effect.
        p_value: by Welch's t-test, two-sided: how often chance alone is as far apart.
        relative_effect: the effect as a share of control's mean; NaN where that is 0.
        least_count: units of the side that has fewer.
    """

    effect: float
    low: float
    high: float
    variance: float
    p_value: float
    relative_effect: float
    least_count: int

    def reach_of(self, low: float, high: float) -> float:
        """Standard errors from the middle of an interval of the effect to its end."""
        return (high - low) / 2 / math.sqrt(self.variance) if self.variance > 0 else math.nan


NOTHING_KNOWN = Difference(math.nan, math.nan, math.nan, math.nan, math.nan, math.nan, 0)


def difference(control: Sample, treatment: Sample, level: float = 0.95) -> Difference:
    """Welch's t-test (1947): variances may differ, degrees of freedom by Satterthwaite.

    All is NaN where a variant has fewer than two units. Where neither varies, nothing tells how far
    apart chance alone brings them: p is 1, and there is no interval.
    """
    least_count = min(control.count, treatment.count)
    if least_count < 2:
        return NOTHING_KNOWN
    effect = treatment.mean - control.mean
    shares = [one.variance / one.count for one in (control, treatment)]
    variance = sum(shares)
    relative = effect / control.mean if control.mean else math.nan
    if variance == 0:
        return Difference(effect, math.nan, math.nan, 0.0, 1.0, relative, least_count)
    counts = (control.count, treatment.count)
    freedom = variance**2 / sum(
        share**2 / (count - 1) for share, count in zip(shares, counts, strict=True)
    )
    error = math.sqrt(variance)
    width = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    p_value = float(2 * stats.t.sf(abs(effect) / error, freedom))
    ends = (effect - width, effect + width)
    return Difference(effect, *ends, variance, p_value, relative, least_count)


def relative_interval(control: Sample, treatment: Sample, reach: float) -> tuple[float, float]:
    """Where the effect lies as a share of control's mean, which is an estimate itself.

    Fieller (1954): the ratios that a difference of so many standard errors does not rule out. It
    holds 0 where the interval of the difference does. NaN where control may be 0 or below.

    Args:
        control: its values.
        treatment: the same.
        reach: standard errors from the middle of an interval to its end.
    """
    if not min(control.count, treatment.count) > 1 or math.isnan(reach):
        return math.nan, math.nan
    wide = [(reach * one.standard_error) ** 2 for one in (control, treatment)]
    square = control.mean**2 - wide[0]
    if not (control.mean > 0 and square > 0):
        return math.nan, math.nan
    middle = control.mean * treatment.mean
    root = math.sqrt(middle**2 - square * (treatment.mean**2 - wide[1]))
    return (middle - root) / square - 1, (middle + root) / square - 1


def without_the_past(values: Values, past: Values, is_known: NDArray[np.bool_]) -> Values:
    """Values less what each unit's own past foretells of them; the mean over all units stays.

    CUPED (Deng, Xu, Kohavi and Walker 2013): the past cannot know the variant, so an effect stays
    and noise goes. Units without a past keep a mean of their own. All units of all variants go in
    together: slopes that differ by variant would take a part of the effect away.

    Args:
        values: of each unit, in the experiment.
        past: of each unit, before it; anything where not known.
        is_known: whether a unit was there before.
    """
    told = np.where(is_known, past, 0.0)
    known = is_known.astype(float)
    columns = np.column_stack([told - told.mean(), known - known.mean()])
    varying = columns[:, columns.std(axis=0) > 0]
    if not varying.shape[1]:
        return values
    slopes, *_ = np.linalg.lstsq(varying, values - values.mean(), rcond=None)
    return values - varying @ slopes
