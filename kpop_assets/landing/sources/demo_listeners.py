"""The simulated listeners: who is there on a day, what they like, and when they listen.

Belongs here: listeners as arrays, functions of seed and day. Does not belong here: what acts
release (`demo_works.py`), or what is played on a day (`demo_plays.py`). Nobody here is a person.

At any time as many listeners are there as are asked for: each place is held for 200 to 1,500 days,
and then by somebody new, so that a few join every day. A listener has

- a taste: leaning to one or two styles of sound (by what each is like on average), and six hidden
  traits, which meet those of works;
- two to four acts, drawn by size of the act, by taste, and by lot, each less than the one before;
- a phase: for some weeks another act draws them as well;
- favourites, by lot for each listener and work;
- an activity (log-normal, spread 0.9, at most 8 times the usual), days without a play, more or
  less on weekends, and one of three rhythms of the day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from kpop_assets.landing.sources.demo_acts import OTHER
from kpop_assets.landing.sources.demo_chance import Keys, keyed, normal, uniform, whole
from kpop_assets.landing.sources.demo_sounds import SOUND_NAMES, STYLES, TASTE_NAMES
from kpop_assets.landing.sources.demo_works import TRAITS, Works, act_styles, act_traits
from kpop_assets.landing.sources.demo_world import simulate_world

_LEAST_STAY, _STAY_SPAN = 200, 1_300
# Plays of 0, 1, ... 23 o'clock by rhythm: commuters, students, people of the night.
_HOURS = np.array(
    [
        [2, 1, 0, 0, 0, 1, 3, 7, 9, 4, 3, 3, 5, 4, 3, 3, 4, 6, 9, 8, 6, 6, 7, 4],
        [5, 2, 1, 0, 0, 0, 1, 3, 2, 1, 1, 2, 4, 3, 2, 3, 6, 8, 7, 7, 8, 9, 10, 8],
        [10, 9, 7, 5, 3, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5, 6, 7, 8, 9],
    ],
    dtype=float,
)
# On weekends the morning comes two hours later.
_LATER = 2
_ACTIVITY_SPREAD, _MOST_ACTIVE = 0.9, 8.0
# How much each thing counts, on the scale of the logarithm of a chance.
_TASTE, _TRAITS, _PHASE, _FAVOURITE = 0.7, 0.3, 1.4, 0.6
_FAN = np.array([2.4, 1.7, 1.2, 0.9])
_PHASE_DAYS = 24
(_STAY, _START, _STYLES, _TASTE_OWN, _TRAIT_OWN, _FANDOM, _ACTS) = range(90, 97)
(_PHASE_ACT, _ACTIVE, _ON, _WEEKEND, _RHYTHM, _FAVOURITES, _SESSION) = range(97, 104)


@dataclass(frozen=True)
class Listeners:
    """Some listeners; each attribute has one entry a listener.

    Attributes:
        place: their place, from 0.
        turn: how many held it before; place and turn name a listener.
        joined: the day of the world on which they came.
    """

    place: NDArray[np.int64]
    turn: NDArray[np.int64]
    joined: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.place)

    def take(self, rows: NDArray | slice) -> Listeners:
        """The chosen ones."""
        return Listeners(*(getattr(self, f.name)[rows] for f in fields(self)))

    def draws(self, seed: int, subject: int) -> Keys:
        """Keys of their draws on a subject."""
        return keyed(seed, subject, self.place, self.turn)


def listeners_on(seed: int, count: int, day: int) -> Listeners:
    """Who is there on a day of the world."""
    place = np.arange(count)
    turn = np.zeros(count, dtype=np.int64)
    joined = -(uniform(seed, _START, place) * (_LEAST_STAY + _STAY_SPAN)).astype(np.int64)
    while True:
        leaves = joined + _LEAST_STAY + whole(_STAY_SPAN, seed, _STAY, place, turn)
        gone = leaves <= day
        if not gone.any():
            return Listeners(place, turn, joined)
        turn, joined = turn + gone, np.where(gone, leaves, joined)


def listener_name(place: int, turn: int) -> str:
    """What a listener is called before the door."""
    return f"demo-listener-{place}-{turn}"


def activity(seed: int, listeners: Listeners, day: int, is_weekend: bool) -> NDArray[np.float64]:
    """How much each listens on a day, 1 on average; 0 for those who do not."""
    usual = np.exp(_ACTIVITY_SPREAD * normal(listeners.draws(seed, _ACTIVE)))
    usual = np.minimum(usual / np.exp(_ACTIVITY_SPREAD**2 / 2), _MOST_ACTIVE)
    is_on = uniform(listeners.draws(seed, _ON), day) < np.minimum(0.2 + 0.25 * usual, 0.95)
    lean = np.exp(0.4 * normal(listeners.draws(seed, _WEEKEND)) + 0.1)
    return usual * is_on * (lean if is_weekend else 1 / lean)


def hour_edges(seed: int, listeners: Listeners, is_weekend: bool) -> NDArray[np.float64]:
    """Of each listener, the share of plays up to the end of each hour of the day."""
    hours = np.roll(_HOURS, _LATER, axis=1) if is_weekend else _HOURS
    edges = (hours / hours.sum(axis=1, keepdims=True)).cumsum(axis=1)
    return edges[whole(len(_HOURS), listeners.draws(seed, _RHYTHM))]


def session_lengths(seed: int, listeners: Listeners) -> NDArray[np.int64]:
    """How many plays each listener has in one go."""
    return 3 + whole(8, listeners.draws(seed, _SESSION))


def liking(seed: int, listeners: Listeners, works: Works, count: int, day: int) -> NDArray:
    """How much each listener likes each of the first `count` works on a day: log of a chance."""
    taste = _tastes(seed, listeners)
    trait = normal(listeners.draws(seed, _TRAIT_OWN)[:, None], np.arange(TRAITS))
    of_acts = _act_liking(seed, listeners, taste, trait, day)
    found = of_acts[:, works.act[:count]]
    # No matrix product: its last digit would depend on how many threads take part.
    likes = np.hstack([_TASTE * taste, _TRAITS * trait])
    found += np.einsum("lk,wk->lw", likes, np.hstack([works.taste[:count], works.trait[:count]]))
    lot = keyed(works.act[:count], works.number[:count])
    luck = uniform(listeners.draws(seed, _FAVOURITES)[:, None] ^ lot)
    return found - _FAVOURITE * np.log(luck)


def _tastes(seed: int, listeners: Listeners) -> NDArray[np.float64]:
    """What each listener leans to, by what tastes go by."""
    centres = STYLES[:, [SOUND_NAMES.index(name) for name in TASTE_NAMES]]
    centres = (centres - centres.mean(axis=0)) / centres.std(axis=0)
    keys = listeners.draws(seed, _STYLES)
    first, second = whole(len(STYLES), keys, 0), whole(len(STYLES), keys, 1)
    own = normal(listeners.draws(seed, _TASTE_OWN)[:, None], np.arange(len(TASTE_NAMES)))
    return (0.65 * centres[first] + 0.35 * centres[second] + 0.35 * own) * 0.8


def _act_liking(
    seed: int, listeners: Listeners, taste: NDArray, trait: NDArray, day: int
) -> NDArray[np.float64]:
    """How much more each listener likes each act than its sound and traits alone say."""
    world = simulate_world(seed)
    centres = STYLES[:, [SOUND_NAMES.index(name) for name in TASTE_NAMES]]
    centres = (centres - centres.mean(axis=0)) / centres.std(axis=0)
    sound = np.einsum("as,sk->ak", act_styles(seed), centres)
    fits = 0.5 * np.einsum("lk,ak->la", taste, sound)
    fits += 0.4 * np.einsum("lk,ak->la", trait, act_traits(seed))
    size = 0.5 * np.log(world.base[:OTHER])
    acts = np.arange(OTHER)
    lot = -np.log(-np.log(uniform(listeners.draws(seed, _FANDOM)[:, None], acts)))
    order = np.argsort(-(fits + size + lot), axis=1)
    wanted = 2 + whole(3, listeners.draws(seed, _ACTS))
    found = np.zeros_like(lot)
    rows = np.arange(len(listeners))
    for place, bonus in enumerate(_FAN):
        found[rows, order[:, place]] = np.where(wanted > place, bonus, 0)
    # Phases of a listener begin on days of their own; what is talked of draws more.
    phase = (day + whole(_PHASE_DAYS, listeners.draws(seed, _PHASE_ACT))) // _PHASE_DAYS
    begin = np.maximum(phase * _PHASE_DAYS - _PHASE_DAYS, 0)
    heat = size + np.log(world.rel[:OTHER, begin].T)
    lot = -np.log(
        -np.log(uniform(listeners.draws(seed, _PHASE_ACT)[:, None], phase[:, None], acts))
    )
    found[rows, np.argmax(fits + heat + lot, axis=1)] += _PHASE
    return found
