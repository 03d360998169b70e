"""Looking at an experiment every day without being fooled by the best of the days.

Belongs here: p-values and intervals that hold whenever one looks. Does not belong here: those of
one look at the end (comparisons.py).

The mixture sequential probability ratio test (Robbins 1970; Johari, Pekelis and Walsh 2015, arXiv
1512.04922): under no effect the likelihood ratio, mixed over effects that were expected, exceeds
1/alpha at any time with a chance of at most alpha. The difference of two means counts as normal,
its variance as known, which holds from some hundred units on. Of fewer than some dozens it says
nothing: a variance of few is often far too small, and what is believed once stays believed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from kpop_assets.experiments.comparisons import Difference

# Units of a side without which nothing is said.
LEAST_UNITS = 50


def evidence(found: Difference, expected_effect: float) -> float:
    """Likelihood of the difference over effects around 0 as wide as the expected, over that of 0.

    1 where nothing is known yet.

    Args:
        found: the difference by now.
        expected_effect: standard deviation of effects, in the metric's unit; said beforehand.

    Raises:
        ValueError: the expected effect is not above 0.
    """
    if not expected_effect > 0:
        raise ValueError(f"the expected effect must be above 0: {expected_effect}")
    if not _says_something(found):
        return 1.0
    prior = expected_effect**2
    both = found.variance + prior
    exponent = prior * found.effect**2 / (2 * found.variance * both)
    # Beyond what a double holds it is beyond any threshold.
    return math.inf if exponent > 700 else math.sqrt(found.variance / both) * math.exp(exponent)


def _says_something(found: Difference) -> bool:
    return found.variance > 0 and found.least_count >= LEAST_UNITS


def always_valid_p_value(looks: Iterable[Difference], expected_effect: float) -> float:
    """P-value after several looks, oldest first: it never rises, and holds whenever one stops."""
    strongest = max((evidence(look, expected_effect) for look in looks), default=1.0)
    return min(1.0, 1 / strongest) if strongest > 0 else 1.0


def always_valid_interval(
    found: Difference, expected_effect: float, alpha: float = 0.05
) -> tuple[float, float]:
    """Effects that this look does not rule out: of all looks together they hold the true one.

    With a chance of 1 - alpha the intervals of all looks hold it at once. NaN where nothing is
    known yet.
    """
    if not _says_something(found):
        return math.nan, math.nan
    width = half_width(found.variance, expected_effect, alpha)
    return found.effect - width, found.effect + width


def half_width(variance: float, expected_effect: float, alpha: float) -> float:
    """How far a difference must be from an effect for one look to rule that effect out.

    Args:
        variance: of the difference; above 0.
        expected_effect: as for `evidence`.
        alpha: as for `always_valid_interval`.
    """
    prior = expected_effect**2
    both = variance + prior
    return math.sqrt(2 * variance * both / prior * math.log(math.sqrt(both / variance) / alpha))
