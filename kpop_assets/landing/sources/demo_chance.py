"""Chance of the simulated listeners, without a sequence: each draw is a function of its keys.

Belongs here: numbers drawn for combinations of keys, however many at once and in any order. Does
not belong here: what is drawn (`demo_works.py`, `demo_listeners.py`).

A key is a whole number or an array of such; keys of several shapes are broadcast. Whoever asks
for the pair (listener 7, work 9) gets the same, whichever others are asked for beside it, so no
day needs the days before it. Keys are mixed as SplitMix64 mixes its states.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_UNIT = 2.0**-53

Keys = NDArray[np.uint64]


def keyed(*keys: Any) -> Keys:
    """Mix keys to one state each; states may be keys again."""
    state = np.zeros(1, dtype=np.uint64)
    for key in keys:
        state = _mixed(state + (np.atleast_1d(key).astype(np.uint64) + np.uint64(1)) * _GOLDEN)
    return state


def uniform(*keys: Any) -> NDArray[np.float64]:
    """Draws above 0 and below 1, one for each combination of keys."""
    return ((keyed(*keys) >> np.uint64(11)).astype(np.float64) + 0.5) * _UNIT


def normal(*keys: Any) -> NDArray[np.float64]:
    """Draws from the standard normal distribution (Box and Muller), one for each combination."""
    state = keyed(*keys)
    return np.sqrt(-2 * np.log(uniform(state, 0))) * np.cos(2 * np.pi * uniform(state, 1))


def whole(limit: int, *keys: Any) -> NDArray[np.int64]:
    """Whole numbers from 0 to below `limit`, one for each combination of keys."""
    return (uniform(*keys) * limit).astype(np.int64)


def _mixed(state: Keys) -> Keys:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))
