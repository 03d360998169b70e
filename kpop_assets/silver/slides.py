"""Windows put together of the slides that lie in them: arrays in, arrays out.

Belongs here: which windows there are, and their sums. Does not belong here: what a cell is, or how
an engine's rows become arrays (windows.py).

A cell at slide s counts in the windows that begin at s - 11 to s; so it is added where the first of
them begins and taken away behind the last, and each window is the sum of all that was added before
it. An id is counted in those of a cell's windows that begin after its cell before: the others hold
that one too, and count it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kpop_assets.contracts import rules

_LENGTH = rules.WINDOWS_PER_EVENT

Numbers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """What happened in slides, a row each, in any order: arrays of one length.

    Attributes:
        group: a number from 0 on; windows of different groups have nothing to do with each other.
        slide: a number that slides are counted by.
        sums: by name, what is summed in each window that holds the slide.
        windows_of: by name, in how many of the slide's windows, the last ones, an id is counted: 0
            to `rules.WINDOWS_PER_EVENT`.
    """

    group: Numbers
    slide: Numbers
    sums: dict[str, Numbers]
    windows_of: dict[str, Numbers]


@dataclass(frozen=True)
class Windows:
    """The windows that hold a cell, in the order of group and time: their first slide, and sums."""

    group: Numbers
    slide: Numbers
    sums: dict[str, Numbers]


def put_together(cells: Cells) -> Windows:
    """Each window that holds a cell, with the sums of its cells and the counts of their ids."""
    if not len(cells.slide):
        return Windows(cells.group, cells.slide, {**cells.sums, **cells.windows_of})
    # One number for group and slide: windows of one group end before those of the next begin.
    origin = cells.slide.min() - _LENGTH
    span = cells.slide.max() - origin + 2
    place = cells.group * span + (cells.slide - origin)
    places, cell = np.unique(place, return_inverse=True)
    # Windows whose first place it is; all that hold a place stand side by side.
    own = np.minimum(np.diff(places, prepend=places[0] - _LENGTH), _LENGTH)
    behind = np.cumsum(own)[cell]
    begin = np.repeat(places - np.cumsum(own) + 1, own) + np.arange(own.sum())
    sums = {}
    for name, values in cells.sums.items():
        sums[name] = _running(behind - _LENGTH, behind, values, len(begin))
    for name, count in cells.windows_of.items():
        is_new = np.minimum(count, 1)
        sums[name] = _running(behind - count, behind, is_new, len(begin))
    return Windows(begin // span, begin % span + origin, sums)


def _running(first: Numbers, behind: Numbers, values: Numbers, length: int) -> Numbers:
    """At each of so many windows the sum of values from `first` on, up to before `behind`."""
    change = np.zeros(length + 1, np.int64)
    np.add.at(change, first, values)
    np.subtract.at(change, behind, values)
    return np.cumsum(change[:-1])
