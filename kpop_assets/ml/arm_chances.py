"""With which chance each arm is shown: epsilon-greedy, LinUCB, linear Thompson sampling.

Belongs here: policies as chances, which are what a log needs to say what another policy would have
earned. Does not belong here: what is known of arms (linear_arms.py).

Every policy gives each arm some chance, or nothing could ever be said of an arm that it avoids.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from kpop_assets.ml.linear_arms import Floats64

# Places at which the distribution of each arm is looked at, in its standard deviations.
_PLACES = np.linspace(-5.0, 5.0, 25)
# Where nothing is known at all two arms are equal but for the last digits.
_EQUAL = 1e-12


def greedy_chances(worth: Floats64) -> Floats64:
    """All for the best arm; arms that are equally good share."""
    best = worth >= worth.max() - _EQUAL * max(1.0, abs(float(worth.max())))
    return best / best.sum()


def with_floor(chances: Floats64, share: float) -> Floats64:
    """A share of what is shown goes to any arm by lot, the rest as before."""
    return (1 - share) * chances + share / len(chances)


def shrinking_share(shown: float, most: float, scale: float) -> float:
    """Share shown by lot after so many shows: it falls with the root of their number.

    What showing by lot costs in all grows with the root then, and never in proportion to the
    shows as a share that stays would.
    """
    return min(most, scale / np.sqrt(1.0 + shown))


def optimistic(expected: Floats64, widths: Floats64, alpha: float) -> Floats64:
    """LinUCB: what an arm is worth at best, so far as is known."""
    return expected + alpha * widths


def best_chances(expected: Floats64, deviations: Floats64) -> Floats64:
    """Thompson sampling without the sampling: the chance of each arm to be the best.

    Worths are independent and normal. The chance of arm a is the integral over its density of
    the chance that all others are below; it is summed over intervals between places of all arms'
    distributions, so a narrow one is seen beside a wide one.

    Args:
        expected: mean of each arm.
        deviations: standard deviation of each, above 0.
    """
    places = np.unique((expected[:, None] + deviations[:, None] * _PLACES).ravel())
    below = ndtr((places[None, :] - expected[:, None]) / deviations[:, None])
    logs = np.log(np.maximum(below, 1e-300))
    others = np.exp(logs.sum(axis=0)[None, :] - logs)
    steps = np.diff(below, axis=1)
    chances = (steps * (others[:, 1:] + others[:, :-1]) / 2).sum(axis=1)
    return chances / chances.sum()
