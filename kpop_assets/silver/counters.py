"""A counter's earlier observations, and which of them is believed: what a day's gain is taken from.

Belongs here: the previous observations of a counter, falls that are not believed, zeros; arrays in,
arrays out. Does not belong here: how an engine's rows become arrays (gains.py).

Counters do not fall but for small corrections; some are written as 0, or far lower, for a day or
two and then go on as before. With c the day's counter and p1, p2, p3 the positive ones before it
within `rules.COUNTERS_LOOK_BACK_DAYS`, newest first, a fall a -> b is one by half or more and of
some weight (`fell`). What is believed after the day is its level

    L(c; p1, p2) = p2   where p2 -> p1 and p2 -> c fell: the second low one
                   p1   else, where p1 -> c fell: the first low one
                   c    else

and c gains L(c; p1, p2) - L(p1; p2, p3). So a dip of a day or two leaves nothing: its days are
held, their rows marked, and what comes back is taken against what stood before. A fall that lasts
is counted once, on its third day, when two later observations agree with the first. Of levels

    0 is held        as long as it lasts, where a positive one stands before it
    c gains c        where no positive one does, but the row before had a 0 that is believed: a
                     premiere that was seen while it waited, a video that hardly began

A dip whose height lies further back than is looked cannot be told from a rise, and counts as one.
As gains are differences of levels, whatever a fall takes away a rise gives back. A day's row rests
on its own day and those before it, on no more days than without the rule, and is the same in
whatever order days are filled; nothing that was written has to be written anew because a later day
settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kpop_assets.contracts import rules

COUNTERS = {
    "view_count": rules.VIEW_WEIGHT,
    "like_count": rules.LIKE_WEIGHT,
    "comment_count": rules.COMMENT_WEIGHT,
}
# Stands for null among counters, which are 0 or more, and among days and ages.
UNKNOWN = np.iinfo(np.int64).min
_DAY_SECONDS = 86_400

Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class History:
    """Observations in the order of video and day, one of each day: arrays of one length.

    Attributes:
        video: a number that tells the videos apart.
        day: a number that days are counted by.
        age: seconds since the video could first be watched, negative of what is announced.
        counters: the values by name. What is not known, an age or a value, is `UNKNOWN`.
    """

    video: Numbers
    day: Numbers
    age: Numbers
    counters: Mapping[str, Numbers]


@dataclass(frozen=True)
class Gain:
    """What a counter gained on each row.

    Attributes:
        gained: rise of what is believed; 0 of an unknown counter and of one that is held.
        is_held: whether the day's value is not believed.
        days: days since what it was taken against; `UNKNOWN` where nothing was, or it is not
            believed.
    """

    gained: Numbers
    is_held: Flags
    days: Numbers


def measure_gains(rows: History) -> dict[str, Gain]:
    """What each counter gained, by its name."""
    return {name: _measure(rows, name) for name in COUNTERS}


def _measure(rows: History, name: str) -> Gain:
    counter = rows.counters[name]
    is_positive = counter > 0
    # Only positive values are put beside one another; the others keep what is said here.
    base, base_day = np.full((2, len(counter)), UNKNOWN)
    level, is_held = counter.copy(), (counter == 0) & _was_positive(rows, is_positive)
    found = _of_positive(rows, is_positive, name)
    level[is_positive], base[is_positive], base_day[is_positive] = found[:3]
    is_held[is_positive] = found[3]

    begins = _begins_at_zero(rows, name) & (base == UNKNOWN)
    base[begins] = 0
    base_day[begins] = _before(rows.day)[begins]
    first = np.where(_is_younger(rows, rules.FIRST_SEEN_DAYS), counter, 0)
    rise = np.where(base != UNKNOWN, level - base, first)
    is_known = counter != UNKNOWN
    has_days = is_known & ~is_held & (base_day != UNKNOWN)
    days = np.where(has_days, rows.day - base_day, UNKNOWN)
    return Gain(np.where(is_known, rise, 0), is_held, days)


def _of_positive(
    rows: History, is_positive: Flags, name: str
) -> tuple[Numbers, Numbers, Numbers, Flags]:
    """Level, base, day of the base and whether it is held, of the rows with a positive value."""
    video, day, now = (a[is_positive] for a in (rows.video, rows.day, rows.counters[name]))
    (one, one_day), (two, two_day), (three, three_day) = (
        _earlier(video, day, now, places) for places in (1, 2, 3)
    )
    weight = COUNTERS[name]
    is_first_low = _fell(one, now, weight)
    is_second_low = _fell(two, one, weight) & _fell(two, now, weight)
    was_first_low = _fell(two, one, weight)
    was_second_low = _fell(three, two, weight) & _fell(three, one, weight)
    return (
        np.select([is_second_low, is_first_low], [two, one], now),
        np.select([was_second_low, was_first_low], [three, two], one),
        np.select([was_second_low, was_first_low], [three_day, two_day], one_day),
        is_first_low | is_second_low,
    )


def _earlier(video: Numbers, day: Numbers, value: Numbers, places: int) -> tuple[Numbers, Numbers]:
    """The value so many rows before, and its day, where it is near and the same video's."""
    earlier = _before(day, places)
    is_known = (_before(video, places) == video) & _is_near(earlier, day)
    return np.where(is_known, _before(value, places), UNKNOWN), np.where(is_known, earlier, UNKNOWN)


def _fell(before: Numbers, after: Numbers, weight: int) -> Flags:
    """Whether a counter fell so far that it is not believed; where `before` is known."""
    is_deep = after <= before * (1 - rules.GLITCH_SHARE)
    is_heavy = (before - after) * weight >= rules.GLITCH_LEAST_POINTS
    return (before != UNKNOWN) & is_deep & is_heavy


def _was_positive(rows: History, is_positive: Flags) -> Flags:
    """Whether the video had a positive value before, as near as is looked back; of a 0."""
    last = np.maximum.accumulate(np.where(is_positive, np.arange(len(is_positive)), -1))
    same = rows.video[last] == rows.video
    return (last >= 0) & same & _is_near(rows.day[last], rows.day)


def _begins_at_zero(rows: History, name: str) -> Flags:
    """Whether the row before had a 0 that is believed: a beginning."""
    is_same = _before(rows.video) == rows.video
    was_zero = is_same & _is_near(_before(rows.day), rows.day) & (_before(rows.counters[name]) == 0)
    is_announced = _is_younger(rows, rules.ANNOUNCED_DAYS)
    if name == "view_count":
        return was_zero & is_announced
    views = _before(rows.counters["view_count"])
    # Views that are 0 as well say nothing of how many watched.
    return was_zero & (views <= rules.FEW_VIEWS) & (is_announced | (views > 0))


def _is_younger(rows: History, days: int) -> Flags:
    """Whether a video is at most so old, or still to come; not where its age is not known."""
    return (rows.age != UNKNOWN) & (rows.age <= days * _DAY_SECONDS)


def _before(values: Numbers, places: int = 1) -> Numbers:
    """The values so many rows before, of whatever video; `UNKNOWN` where there is no row."""
    return np.concatenate([np.full(min(places, len(values)), UNKNOWN), values[:-places]])


def _is_near(earlier: Numbers, day: Numbers) -> Flags:
    """Whether a day that is known is as near as is looked back."""
    return earlier >= day - rules.COUNTERS_LOOK_BACK_DAYS
