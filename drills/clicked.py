"""Simulated clicks on a slot for rising acts, where the truth is known: for `drills.bandit`.

Belongs here: a world of acts and contexts with click rates, and what a policy shows in it. Does not
belong here: what is made of many worlds (bandit.py).

A click comes with a chance that is a sum over act, hour band, device and cluster and of all three
together, the last of which no regression of the product can tell: it must be good enough without.
Where listeners come again some of them click up to twice as often as the mean, and some hardly
ever. A click comes after half an hour in the mean, and what is known is learnt anew each hour, as
by the product's own schedule.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from kpop_assets.ml.linear_arms import Floats64
from kpop_assets.rising_slot.rising_choice import act_chances
from kpop_assets.rising_slot.rising_context import CONTEXT_COLUMNS, RisingContext
from kpop_assets.rising_slot.rising_lessons import SHOW_SCHEMA, learn_state
from kpop_assets.rising_slot.rising_state import RisingState

BANDS, DEVICES = ("morning", "afternoon", "evening"), ("phone", "desktop", "speaker")
CLUSTERS = ("slow, calm", "danceable", "fast, bright", "dark")
START = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
DELAY_SECONDS = 1_800.0


@dataclass(frozen=True)
class ClickWorld:
    """Acts, contexts and the chance of a click.

    Attributes:
        acts: what may be shown.
        contexts: where; each as often.
        rates: chance of a click, shape (contexts, acts).
    """

    acts: tuple[str, ...]
    contexts: tuple[RisingContext, ...]
    rates: Floats64

    @property
    def best(self) -> Floats64:
        """The best that could be shown in each context."""
        return self.rates.max(axis=1)


def make_world(rng: np.random.Generator, act_count: int = 10) -> ClickWorld:
    """A world whose rates lie about .12: between .01 and .5."""
    contexts = tuple(RisingContext(*words) for words in product(BANDS, DEVICES, CLUSTERS))
    worth = rng.normal(0.12, 0.03, act_count)
    parts = [
        rng.normal(0, spread, (len(words), act_count))
        for words, spread in ((BANDS, 0.03), (DEVICES, 0.03), (CLUSTERS, 0.06))
    ]
    places = np.array([[*place] for place in product(*(range(len(part)) for part in parts))])
    rates = worth + sum(part[places[:, row]] for row, part in enumerate(parts))
    rates = rates + rng.normal(0, 0.01, rates.shape)
    return ClickWorld(
        tuple(f"act {number}" for number in range(act_count)), contexts, rates.clip(0.01, 0.5)
    )


def chances_of(world: ClickWorld, policy: str, state: RisingState) -> Floats64:
    """With which chance a policy shows each act in each context."""
    return np.array([act_chances(policy, state, world.acts, one) for one in world.contexts])


def show(
    world: ClickWorld,
    chances: Floats64,
    count: int,
    start: dt.datetime,
    rng: np.random.Generator,
    listener_count: int = 0,
) -> tuple[pl.DataFrame, Floats64]:
    """So many shows of one hour, and what each lost against the best act there.

    Args:
        world: whose acts and contexts.
        chances: by which is drawn, shape (contexts, acts).
        count: shows.
        start: of the hour.
        rng: of all that is left to chance.
        listener_count: who sees them; 0 is that nobody says who, and nobody comes again.
    """
    contexts = rng.integers(0, len(world.contexts), count)
    drawn = rng.random(count)[:, None] > chances.cumsum(axis=1)[contexts]
    acts = np.minimum(drawn.sum(axis=1), len(world.acts) - 1)
    rates = world.rates[contexts, acts]
    user_ids, eagerness = _seen_by(count, listener_count, start, rng)
    is_clicked = rng.random(count) < rates * eagerness
    words = [world.contexts[place].told() for place in contexts]
    rows = pl.DataFrame(
        {
            "request_id": [f"{start:%m%d%H}-{number:05d}" for number in range(count)],
            "user_id": user_ids,
            "answered_at": [
                start + dt.timedelta(seconds=3_600 * (number + 0.5) / count)
                for number in range(count)
            ],
            "act": [world.acts[place] for place in acts],
            **{name: [word[name] for word in words] for name in CONTEXT_COLUMNS},
            "offered_acts": [list(world.acts)] * count,
            "propensity": chances[contexts, acts],
            "reward": is_clicked.astype(float),
            "delay_seconds": [
                delay if clicked else None
                for delay, clicked in zip(
                    rng.exponential(DELAY_SECONDS, count), is_clicked, strict=True
                )
            ],
        },
        SHOW_SCHEMA,
    )
    return rows, world.best[contexts] - rates


def _seen_by(
    count: int, listener_count: int, start: dt.datetime, rng: np.random.Generator
) -> tuple[list[str | None], Floats64]:
    """Who sees each show, and how much more often they click than the mean: 1 in the mean."""
    if not listener_count:
        return [None] * count, np.ones(count)
    who = rng.integers(0, listener_count, count)
    return [f"{start:%m%d%H}-{one}" for one in who], 2 * rng.beta(0.5, 0.5, listener_count)[who]


def regret_of(world: ClickWorld, policy: str, hours: int, hourly: int, seed: int) -> Floats64:
    """What a policy lost in all by the end of each hour, learning once an hour."""
    rng = np.random.default_rng(seed)
    log, lost = pl.DataFrame(schema=SHOW_SCHEMA), []
    for hour in range(hours):
        start = START + dt.timedelta(hours=hour)
        chances = chances_of(world, policy, learn_state(log, start))
        rows, losses = show(world, chances, hourly, start, rng)
        log = pl.concat([log, rows])
        lost.append(losses.sum())
    return np.cumsum(lost)
