r"""The simulated attention that acts get: one number per act and day, a function of the seed only.

Belongs here: popularity over time. Videos and their counters are `demo_videos.py`, lines are
`demo.py`. Nothing here is a statement about the real acts.

Relative attention of act `a` on day `d` (about 1 on an ordinary day, no unit):

    rel[a, d] = life[a, d] * (1 + sum over comebacks c of J_c * k(d - c)) * week[d]
                * exp(drift[a, d] + noise[a, d])

    k(x)   = (1 + x / 4 days) ** -1.3 from the comeback on, a ramp to 0.2 in the 7 days before it
    J_c    log-normal, median 2.2, at most 12; comebacks are 60 to 150 days apart
    week   0.92 from Monday to Thursday, 1.04 on Friday, 1.18 on Saturday and Sunday
    drift  Ornstein-Uhlenbeck, standard deviation 0.5, memory 45 days; noise: sd 0.12 per day
    life   1, but for rookies waves from 0.02 to 1 and back: a logistic rise (time constant 8 days)
           over some weeks, a stay of 2 to 5 months, a slower fall (16 days), a pause

`base[a]` (views a day of an ordinary video) is heavy-tailed: 1200 * rank ** -0.9, ranks by lot.
What can be forecast: drift and decay persist, rises go on for weeks, teasers precede a comeback.
What cannot: the sizes of jumps, noise, when a wave begins.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kpop_assets.landing.sources.demo_acts import DEMO_ACTS, OTHER

# The simulated days: before the first partition, so that its videos have a past, to 2099.
WORLD_START = dt.date(2016, 10, 1)
WORLD_DAYS = (dt.date(2100, 1, 1) - WORLD_START).days
_WEEK = np.array([0.92, 0.92, 0.92, 0.92, 1.04, 1.18, 1.18])
_TAIL_DAYS = 150


@dataclass(frozen=True)
class World:
    """All acts over all days.

    Attributes:
        base: Views a day of an ordinary video of each act, OTHER last.
        rel: Relative attention, acts (OTHER last) by days.
        clock: Attention summed up to the start of each day, so that a video's age can be counted
            in days of ordinary attention; acts by days + 1.
        comebacks: For each act the day numbers of its comebacks.
    """

    base: np.ndarray
    rel: np.ndarray
    clock: np.ndarray
    comebacks: tuple[np.ndarray, ...]


@lru_cache(maxsize=4)
def simulate_world(seed: int) -> World:
    """Draw the world of a seed; the same seed always gives the same world."""
    rng = np.random.default_rng([seed, 1])
    ranks = np.append(rng.permutation(len(DEMO_ACTS)), 12) + 1
    drift = _drift(np.random.default_rng([seed, 2]))
    comebacks = tuple(_comeback_days(np.random.default_rng([seed, 3, a])) for a in range(OTHER))
    rel = np.exp(drift + np.random.default_rng([seed, 4]).normal(0, 0.12, drift.shape))
    for a, act in enumerate(DEMO_ACTS):
        rel[a] *= 1 + _jumps(np.random.default_rng([seed, 5, a]), comebacks[a])
        if act.is_rookie:
            rel[a] *= _waves(np.random.default_rng([seed, 6, a]))
    rel *= _WEEK[(np.arange(WORLD_DAYS) + WORLD_START.weekday()) % 7]
    clock = np.concatenate([np.zeros((OTHER + 1, 1)), rel.cumsum(axis=1)], axis=1)
    return World(1200.0 * ranks**-0.9, rel, clock, comebacks)


def _drift(rng: np.random.Generator) -> np.ndarray:
    """Ornstein-Uhlenbeck paths of all acts; OTHER (many videos of all kinds) hardly drifts."""
    keep = np.exp(-1 / 45)
    steps = rng.normal(0, 0.5 * np.sqrt(1 - keep**2), (WORLD_DAYS, OTHER + 1))
    steps[:, OTHER] *= 0.2
    steps[0] /= np.sqrt(1 - keep**2)
    for d in range(1, WORLD_DAYS):
        steps[d] += keep * steps[d - 1]
    return steps.T.copy()


def _comeback_days(rng: np.random.Generator) -> np.ndarray:
    gaps = rng.integers(60, 151, WORLD_DAYS // 60 + 1)
    days = gaps.cumsum() - 60
    return days[days < WORLD_DAYS]


def _jumps(rng: np.random.Generator, comebacks: np.ndarray) -> np.ndarray:
    """Sum of the act's comeback curves, cut off after `_TAIL_DAYS`."""
    after = np.arange(_TAIL_DAYS)
    curve = np.concatenate([0.2 * np.arange(1, 8) / 8, (1 + after / 4) ** -1.3])
    sizes = np.minimum(rng.lognormal(np.log(2.2), 0.7, len(comebacks)), 12)
    total = np.zeros(WORLD_DAYS + len(curve) + 7)
    for day, size in zip(comebacks, sizes, strict=True):
        total[day : day + len(curve)] += size * curve
    return total[7 : 7 + WORLD_DAYS]


def _waves(rng: np.random.Generator) -> np.ndarray:
    """A rookie's rises from near nothing, each of which fades again."""
    days = np.arange(WORLD_DAYS)
    life = np.full(WORLD_DAYS, 0.02)
    start = int(rng.integers(0, 300))
    while start < WORLD_DAYS:
        rise, stay = int(rng.integers(60, 130)), int(rng.integers(60, 160))
        fall_at = start + rise + stay
        rising = 1 / (1 + np.exp(np.clip((start + rise / 2 - days) / 8, -50, 50)))
        falling = 1 / (1 + np.exp(np.clip((fall_at - days) / 16, -50, 50)))
        end = fall_at + 120
        life[start:end] = np.maximum(life[start:end], (rising * (1 - falling))[start:end])
        start = end + int(rng.integers(20, 200))
    return life
