"""What the simulated acts release: works with a sound, a draw, and versions; of the seed alone.

Belongs here: the works of all acts over all days, as arrays. Does not belong here: attention of
acts (`demo_world.py`), lines about tracks (`demo_tracks.py`), or who plays what (`demo_plays.py`).
Nothing here is a statement about the real acts.

An act has eight works from before the world begins, and at each of its comebacks, the same as
those of its videos, one to three: a title track and sometimes others. They come out with the day.
An act leans to two or three of eight styles; a work is of one of the act's styles and differs from
its centre. A work's draw is log-normal (spread 0.9), greater for title tracks; its hold is how many
hear it to the end, whoever they are. Beside the sound each work has six hidden traits, mostly its
act's: what makes people like it that no table of tracks tells.

Versions: instrumental (of 20 % of title tracks), Japanese (of 12 %, three months later), remaster
(of 10 %, three years later), and the same recording once more on an album (of 15 %).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kpop_assets.landing.sources.demo_acts import OTHER
from kpop_assets.landing.sources.demo_chance import normal, uniform, whole
from kpop_assets.landing.sources.demo_sounds import (
    SOUND_LIMITS,
    SOUND_NAMES,
    SOUND_SPREAD,
    STYLES,
    TASTE_NAMES,
    TITLES,
)
from kpop_assets.landing.sources.demo_world import WORLD_DAYS, simulate_world

TRAITS = 6
BACK_CATALOGUE = 8
# By version: suffix of the title, days after the work, share of works that have it.
VERSIONS = (
    ("", 0, 1.0),
    (" (Inst.)", 0, 0.2),
    (" -Japanese ver.-", 90, 0.12),
    (" (Remastered)", 1_095, 0.1),
    ("", 240, 0.15),
)
ALBUM_VERSION = 4
# Draws of different things never share a key.
(_STYLE, _WORK_STYLE, _SOUND, _DRAW, _HOLD, _ACT_TRAIT, _TRAIT) = range(50, 57)
(_MORE, _PAST, _VERSION, _LENGTH, _TITLE, _ACT_TITLES) = range(57, 63)


@dataclass(frozen=True)
class Works:
    """All works, in order of release; each attribute has one entry or row a work.

    Attributes:
        act: its act.
        number: which of its act's works it is, from 0; act and number name a work.
        day: the day of the world on which it came out; below 0 before the world.
        is_title: whether it is what a comeback is about.
        title: its name.
        length_ms: of the plain recording.
        sound: what it sounds like, by feature.
        taste: how far it is from the mean of all, by what tastes go by, in standard deviations.
        trait: what is hidden.
        draw: logarithm of how much it draws.
        hold: how far it is heard, on the scale of a logit.
        version_day: by version, the day on which that came out; beyond the world where none.
    """

    act: NDArray[np.int64]
    number: NDArray[np.int64]
    day: NDArray[np.int64]
    is_title: NDArray[np.bool_]
    title: NDArray[np.object_]
    length_ms: NDArray[np.int64]
    sound: NDArray[np.float64]
    taste: NDArray[np.float64]
    trait: NDArray[np.float64]
    draw: NDArray[np.float64]
    hold: NDArray[np.float64]
    version_day: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.act)

    def count_out(self, day: int) -> int:
        """How many are out on a day of the world; those are the first ones."""
        return int(np.searchsorted(self.day, day, side="right"))


@lru_cache(maxsize=4)
def simulate_works(seed: int) -> Works:
    """Draw all works of a seed."""
    act, number, day, is_title = _releases(seed)
    order = np.lexsort((number, act, day))
    act, number, day, is_title = act[order], number[order], day[order], is_title[order]
    sound = _sounds(seed, act, number)
    measured = sound[:, [SOUND_NAMES.index(name) for name in TASTE_NAMES]]
    traits = np.arange(TRAITS)
    own = normal(seed, _TRAIT, act[:, None], number[:, None], traits)
    return Works(
        act,
        number,
        day,
        is_title,
        _titles(seed, act, number),
        150_000 + whole(90_000, seed, _LENGTH, act, number),
        sound,
        (measured - measured.mean(axis=0)) / measured.std(axis=0),
        0.8 * act_traits(seed)[act] + 0.6 * own,
        0.9 * normal(seed, _DRAW, act, number) + np.where(is_title, 0.7, 0.0),
        0.5 * normal(seed, _HOLD, act, number),
        _version_days(seed, act, number, day, is_title),
    )


def act_traits(seed: int) -> NDArray[np.float64]:
    """The hidden traits of each act."""
    return normal(seed, _ACT_TRAIT, np.arange(OTHER)[:, None], np.arange(TRAITS))


def act_styles(seed: int) -> NDArray[np.float64]:
    """The share of each style in an act's works: two or three of them have most."""
    leaning = 2.2 * normal(seed, _STYLE, np.arange(OTHER)[:, None], np.arange(len(STYLES)))
    share = np.exp(leaning)
    return share / share.sum(axis=1, keepdims=True)


def _releases(seed: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Act, number, day and whether it is a title track, of all works, act by act."""
    found = []
    for act, comebacks in enumerate(simulate_world(seed).comebacks):
        more = uniform(seed, _MORE, act, np.arange(len(comebacks)))
        sizes = 1 + (more < 0.16) + (more < 0.06)
        past = -30 - whole(3_600, seed, _PAST, act, np.arange(BACK_CATALOGUE))
        days = np.concatenate([np.sort(past), np.repeat(comebacks, sizes)])
        is_first = np.concatenate([[True], np.diff(days) > 0])
        found.append((np.full(len(days), act), np.arange(len(days)), days, is_first))
    parts = [np.concatenate(part) for part in zip(*found, strict=True)]
    return parts[0], parts[1], parts[2], parts[3]


def _sounds(seed: int, act: NDArray, number: NDArray) -> NDArray[np.float64]:
    edges = act_styles(seed).cumsum(axis=1)
    place = uniform(seed, _WORK_STYLE, act, number)
    style = np.minimum((edges[act] < place[:, None]).sum(axis=1), len(STYLES) - 1)
    features = np.arange(len(SOUND_NAMES))
    own = normal(seed, _SOUND, act[:, None], number[:, None], features) * SOUND_SPREAD
    return np.clip(STYLES[style] + own, *SOUND_LIMITS.T)


def _titles(seed: int, act: NDArray, number: NDArray) -> NDArray[np.object_]:
    """No act names two works alike."""
    found = np.empty(len(act), dtype=object)
    for one in range(OTHER):
        order = np.argsort(uniform(seed, _ACT_TITLES, one, np.arange(len(TITLES))))
        mine = act == one
        found[mine] = [TITLES[place] for place in order[number[mine] % len(TITLES)]]
    return found


def _version_days(
    seed: int, act: NDArray, number: NDArray, day: NDArray, is_title: NDArray
) -> NDArray[np.int64]:
    found = np.empty((len(act), len(VERSIONS)), dtype=np.int64)
    for version, (_, later, share) in enumerate(VERSIONS):
        has = uniform(seed, _VERSION, act, number, version) < share
        out = day + later
        found[:, version] = np.where(has & (is_title | (version == 0)), out, WORLD_DAYS + out)
    return found
