"""How sure a figure of few values is: intervals that take no shape of them for granted.

Belongs here: an interval of a median, and one of the ratio of two medians. Does not belong here:
what the values are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kpop_assets.contracts import rules

Interval = tuple[float, float]
_RESAMPLES = 2000
_SEED = 15


def median_interval(values: Sequence[float]) -> Interval | None:
    """Two of the values between which the median lies at `rules.INTERVAL_CONFIDENCE`.

    Of n values as many lie below the median as heads come of n coins (Conover, Practical
    Nonparametric Statistics, on quantiles), so no spread has to be estimated.

    Returns:
        None where even the lowest and the highest are too close together to say.
    """
    count = len(values)
    tail = (1 - rules.INTERVAL_CONFIDENCE) / 2
    place, below = -1, 0.0
    while place < count and (below := below + _heads(place + 1, count)) <= tail:
        place += 1
    if place < 0:
        return None
    ordered = sorted(values)
    return ordered[place], ordered[-1 - place]


def ratio_interval(above: Sequence[float], below: Sequence[float]) -> Interval:
    """The interval of exp(median of `above` - median of `below`), by resampling both.

    Args:
        above: logarithms of one group.
        below: logarithms of the other.
    """
    draw = np.random.default_rng(_SEED)
    medians = [
        np.median(draw.choice(np.asarray(group), (_RESAMPLES, len(group))), axis=1)
        for group in (above, below)
    ]
    tail = (1 - rules.INTERVAL_CONFIDENCE) / 2
    low, high = np.quantile(medians[0] - medians[1], [tail, 1 - tail])
    return math.exp(low), math.exp(high)


def _heads(heads: int, coins: int) -> float:
    """Probability of so many heads; by logarithms, because of 2^coins."""
    ways = math.lgamma(coins + 1) - math.lgamma(heads + 1) - math.lgamma(coins - heads + 1)
    return math.exp(ways - coins * math.log(2))
