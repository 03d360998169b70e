"""Whether what a model is given today is what it was given before: the population stability index.

Belongs here: the index of two sets of counts, and how much of it is chance. Does not belong here:
which inputs there are (recommend/outcomes/input_drift.py).

With shares p before and q now over the same values, the index is the sum of (q - p) ln(q / p). It
is not 0 where nothing changed: counts of n and m rows drawn alike give about
(1/n + 1/m) times a chi-square of one degree less than there are values. So a fixed limit (0.1 and
0.25 are in common use) calls small days changed; here the limit is the larger of both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Half a row for each value: one that was never met before would be infinitely new.
_PRIOR = 0.5


def stability_terms(before: Sequence[int], now: Sequence[int]) -> NDArray[np.float64]:
    """What each value adds to the index; its sum is the index, no term is below 0.

    Args:
        before: rows of each value before.
        now: rows of the same values now.
    """
    past, present = _shares(before), _shares(now)
    return (present - past) * np.log(present / past)


def chance_limit(before: Sequence[int], now: Sequence[int], alpha: float) -> float:
    """The index that counts drawn alike are above once in 1 / `alpha` times."""
    from scipy.stats import chi2

    values = len(before)
    if values < 2:
        return 0.0
    return float(chi2.isf(alpha, values - 1) * (1 / sum(before) + 1 / sum(now)))


def _shares(counts: Sequence[int]) -> NDArray[np.float64]:
    held = np.asarray(counts, dtype=np.float64) + _PRIOR
    return held / held.sum()
