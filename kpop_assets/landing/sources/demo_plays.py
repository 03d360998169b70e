"""What the simulated listeners play on a day, and when.

Belongs here: choosing works and laying plays out over the day. Does not belong here: who listens
(`demo_listeners.py`), or lines, repeats and late ones (`demo_play_lines.py`).

The chance of listener l to play work w on day d is in proportion to

    exp(liking[l, w] + draw[w] + 0.5 * log base[act] + log rel[act, d] + log(fresh(age) + 0.03))
    fresh(age) = (1 + age / 10 days) ** -0.8

so plays follow the attention that acts get, the same as that of their videos. Of 12 plays in 100
nobody's liking is asked: they are of what is most played, as charts are. A play is heard to the
end by how much the listener likes the work beside others, and by the work's hold. One listener's
plays never overlap; a work can be played from the midnight on with which it comes out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.days import day_start_ms
from kpop_assets.landing.sources.demo_listeners import (
    Listeners,
    activity,
    hour_edges,
    liking,
    listeners_on,
    session_lengths,
)
from kpop_assets.landing.sources.demo_works import VERSIONS, Works, simulate_works
from kpop_assets.landing.sources.demo_world import WORLD_START, simulate_world

DAY_MS = 86_400_000
# Listeners looked at together: bounds memory, and is part of what the seed means.
LISTENERS_AT_ONCE = 256
_CHARTED = 0.12
_OTHER_VERSION = 0.14
_RATED = 0.03
_SATURDAY = 5
# What listeners like of all works, on the scale of `liking`.
_USUAL_LIKING, _LIKING_SPREAD = 0.8, 1.6


@dataclass(frozen=True)
class Played:
    """Plays of some listeners on a day, in order of listener and time; one entry a play."""

    place: NDArray[np.int64]
    turn: NDArray[np.int64]
    work: NDArray[np.int64]
    version: NDArray[np.int64]
    played_at: NDArray[np.int64]
    played_ms: NDArray[np.int64]
    is_charted: NDArray[np.bool_]
    rating: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.place)


def play_day(
    seed: int, day: dt.date, play_count: int, listener_count: int, rng: np.random.Generator
) -> Iterator[Played]:
    """Yield exactly so many plays of a day, by groups of listeners."""
    works, today = simulate_works(seed), (day - WORLD_START).days
    is_weekend = day.weekday() >= _SATURDAY
    there = listeners_on(seed, listener_count, today)
    share = activity(seed, there, today, is_weekend)
    if not share.any():
        share = np.ones(len(share))
    counts = rng.multinomial(play_count, share / share.sum())
    heat = draws_of_day(seed, works, today)
    for start in range(0, listener_count, LISTENERS_AT_ONCE):
        rows = start + np.flatnonzero(counts[start : start + LISTENERS_AT_ONCE])
        if len(rows):
            group = there.take(rows)
            chosen = _choose(seed, group, counts[rows], heat, today, rng)
            yield _lay_out(seed, group, counts[rows], chosen, day, is_weekend, rng)


def draws_of_day(seed: int, works: Works, day: int) -> NDArray[np.float64]:
    """How much each work that is out draws on a day, whoever listens: log of a chance."""
    world, count = simulate_world(seed), works.count_out(day)
    act, age = works.act[:count], day - works.day[:count]
    fresh = (1 + age / 10) ** -0.8
    attention = 0.5 * np.log(world.base[act]) + np.log(world.rel[act, day])
    return works.draw[:count] + attention + np.log(fresh + 0.03)


@dataclass(frozen=True)
class _Chosen:
    """Works of plays, listener by listener; `liked` is 0 for what one thinks of most works."""

    listener: NDArray[np.int64]
    work: NDArray[np.int64]
    is_charted: NDArray[np.bool_]
    liked: NDArray[np.float64]


def _choose(
    seed: int, group: Listeners, counts: NDArray, heat: NDArray, day: int, rng: np.random.Generator
) -> _Chosen:
    listener = np.repeat(np.arange(len(group)), counts)
    likes = liking(seed, group, simulate_works(seed), len(heat), day)
    # One ascending line for all, of which each listener has a stretch.
    line = np.exp(likes + heat).cumsum()
    ends = line[len(heat) - 1 :: len(heat)]
    begins = np.append(0.0, ends[:-1])
    at = begins[listener] + rng.random(len(listener)) * (ends - begins)[listener]
    found = np.searchsorted(line, at, side="right")
    work = np.clip(found - listener * len(heat), 0, len(heat) - 1)
    is_charted = rng.random(len(listener)) < _CHARTED
    chart = np.exp(heat).cumsum()
    top = np.searchsorted(chart / chart[-1], rng.random(len(listener)), side="right")
    work = np.where(is_charted, np.minimum(top, len(heat) - 1), work)
    liked = (likes[listener, work] - _USUAL_LIKING) / _LIKING_SPREAD
    return _Chosen(listener, work, is_charted, liked)


def _lay_out(
    seed: int,
    group: Listeners,
    counts: NDArray,
    chosen: _Chosen,
    day: dt.date,
    is_weekend: bool,
    rng: np.random.Generator,
) -> Played:
    works, size = simulate_works(seed), len(chosen.work)
    version = _versions(works, chosen.work, (day - WORLD_START).days, rng)
    ends = 1 / (1 + np.exp(-(0.2 + 0.55 * chosen.liked + works.hold[chosen.work])))
    is_whole = rng.random(size) < ends
    heard = np.where(is_whole, 1.0, rng.uniform(0.04, 0.78, size))
    length = (works.length_ms[chosen.work] * heard).astype(np.int64)
    place = np.arange(size) - np.repeat(counts.cumsum() - counts, counts)
    session = place // session_lengths(seed, group)[chosen.listener]
    begin = _begins(hour_edges(seed, group, is_weekend), chosen.listener, session, rng)
    gap = rng.integers(1_000, 20_000, size)
    stars = 3.0 + 0.7 * chosen.liked + rng.normal(0, 0.5, size)
    rating = np.clip((2 * stars).round() / 2, 0.5, 5.0)
    return Played(
        group.place[chosen.listener],
        group.turn[chosen.listener],
        chosen.work,
        version,
        day_start_ms(day) + _one_after_another(chosen.listener, begin, length + gap),
        length,
        chosen.is_charted,
        np.where(rng.random(size) < _RATED, rating, np.nan),
    )


def _versions(works: Works, work: NDArray, day: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Mostly the plain recording; else another version, where there is one by then."""
    other = rng.integers(1, len(VERSIONS), len(work))
    is_other = rng.random(len(work)) < _OTHER_VERSION
    return np.where(is_other & (works.version_day[work, other] <= day), other, 0)


def _begins(
    edges: NDArray, listener: NDArray, session: NDArray, rng: np.random.Generator
) -> NDArray[np.int64]:
    """When each play's session begins, in milliseconds of the day, never earlier than the last."""
    is_first = np.append(True, (np.diff(listener) != 0) | (np.diff(session) != 0))
    who = listener[is_first]
    hour = (edges[who] < rng.random(len(who))[:, None]).sum(axis=1)
    at = np.minimum(hour, 23) * 3_600_000 + rng.integers(0, 3_600_000, len(who))
    ordered = at[np.lexsort((at, who))]
    return ordered[is_first.cumsum() - 1]


def _one_after_another(listener: NDArray, begin: NDArray, lasting: NDArray) -> NDArray[np.int64]:
    """Starts of plays: as soon as the session has begun and the play before is over.

    Where a listener's day would not be long enough, plays begin earlier, so that all end with it.
    """
    before = lasting.cumsum() - lasting
    # Days of their own, so that one listener's plays never wait for another's.
    own_day = listener * (40 * DAY_MS)
    start = np.maximum.accumulate(own_day + begin - before) + before - own_day
    last = np.append(np.flatnonzero(np.diff(listener)), len(listener) - 1)
    total = lasting.cumsum()[last]
    until_end = total[np.searchsorted(last, np.arange(len(listener)))] - before
    return np.minimum(start, DAY_MS - until_end)
