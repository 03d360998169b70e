r"""How glad the simulated audience is of each act on each day: a function of the seed only.

Belongs here: mood over time, and what people speak of. Does not belong here: how many speak, which
follows attention (`demo_world.py`), or their words (`demo_phrases.py`).

Mood of act `a` on day `d`, from -1 to 1:

    mood[a, d] = usual[a] + sum over comebacks c of w_c * exp(-(d - c) / 20 days)
                          + sum over scandals s of -1.1 * exp(-(d - s) / 9 days) + noise[a, week]

    usual   0.05 to 0.45, by lot
    w_c     0.35, but for one comeback of six, which disappoints: -0.55
    s       200 to 500 days apart; people then speak of the agency
    noise   sd 0.08, a draw a week

Each aspect of an act lies off its mood by a draw (sd 0.35) that stays: who sings well always does.
What the story says is in comebacks of the same world as videos and plays show.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kpop_assets.landing.sources.demo_acts import OTHER
from kpop_assets.landing.sources.demo_chance import normal, uniform, whole
from kpop_assets.landing.sources.demo_phrases import CLAUSES
from kpop_assets.landing.sources.demo_world import WORLD_DAYS, WORLD_START, simulate_world

ASPECTS = tuple(CLAUSES)
_MOOD, _FLOP, _SCANDAL, _NOISE, _BIAS = range(200, 205)
_COMEBACK_FADES_DAYS, _SCANDAL_FADES_DAYS = 20.0, 9.0
_LIFT, _DISAPPOINTS, _SCANDAL_SINKS = 0.35, -0.55, -1.1
_FLOP_SHARE = 1 / 6


@dataclass(frozen=True)
class Mood:
    """An act's audience on a day.

    Attributes:
        level: from -1 to 1.
        of_aspects: the same of each of `ASPECTS`, from -1 to 1.
        spoken_of: how often each is spoken of; sums to 1.
    """

    level: float
    of_aspects: NDArray[np.float64]
    spoken_of: NDArray[np.float64]


def mood_of(seed: int, act: int, day: dt.date) -> Mood:
    """The mood of an act's audience on a day; no day needs another."""
    today = (day - WORLD_START).days
    comebacks = simulate_world(seed).comebacks[act]
    since, scandal = today - comebacks, today - scandal_days(seed, act)
    is_flop = uniform(seed, _FLOP, act, comebacks) < _FLOP_SHARE
    lifts = np.where(is_flop, _DISAPPOINTS, _LIFT) * _faded(since, _COMEBACK_FADES_DAYS)
    sinks = _SCANDAL_SINKS * _faded(scandal, _SCANDAL_FADES_DAYS)
    usual = 0.05 + 0.4 * uniform(seed, _MOOD, act)[0]
    noise = 0.08 * normal(seed, _NOISE, act, today // 7)[0]
    level = float(np.clip(usual + lifts.sum() + sinks.sum() + noise, -1, 1))
    bias = 0.35 * normal(seed, _BIAS, act, np.arange(len(ASPECTS)))
    weights = np.ones(len(ASPECTS))
    weights[ASPECTS.index("song")] = 2.5
    if _faded(since, _COMEBACK_FADES_DAYS).max(initial=0) > 0.3:
        weights[[ASPECTS.index(name) for name in ("video", "dance", "concept")]] = 2.0
    if sinks.sum() < -0.3:
        weights[ASPECTS.index("promotion")] = 8.0
    return Mood(level, np.clip(level + bias, -1, 1), weights / weights.sum())


@lru_cache(maxsize=256)
def scandal_days(seed: int, act: int) -> NDArray[np.int64]:
    """Days, counted as the world counts them, on which something about an act comes out."""
    gaps = 200 + whole(301, seed, _SCANDAL, act, np.arange(WORLD_DAYS // 200 + 1))
    days = gaps.cumsum() - 200 + whole(200, seed, _SCANDAL, act)
    return days[days < WORLD_DAYS]


def _faded(days_since: NDArray[np.int64], fades: float) -> NDArray[np.float64]:
    """What is left of something so many days later; nothing of it before."""
    return np.where(days_since >= 0, np.exp(-np.maximum(days_since, 0) / fades), 0.0)


def acts_spoken_of(seed: int, day: dt.date) -> NDArray[np.float64]:
    """The share of each act in what is said on a day: by the root of its attention; sums to 1."""
    world = simulate_world(seed)
    today = (day - WORLD_START).days
    weight = np.sqrt(world.base[:OTHER] * world.rel[:OTHER, today])
    return weight / weight.sum()
