"""The best items of a listener out of all: the full ranking, never a sample.

Belongs here: what any recommender that scores items is, and its first items. Does not belong here:
how items are scored, or whether they were right (training/ranking_metrics.py).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions, Mask

# No item: a listener has fewer than were asked for.
NOTHING = -1
# Listeners whose scores are held at once: of 8,000 items 33 MB.
BLOCK = 512
# Every so many scores are looked at first, and so many more of them than a share would be.
_SAMPLE_STEP, _SAMPLE_SPARE = 16, 8


class Scorer(Protocol):
    """What is fitted: how well each item suits a listener; only the order counts."""

    def score(self, users: Codes) -> Floats:
        """Scores of all items, shape (len(users), item_count)."""
        ...


class Recommender(Protocol):
    """What is still to be fitted: settings alone."""

    def fit(self, interactions: Interactions) -> Scorer:
        """Learn from the interactions of all listeners."""
        ...


def top_items(
    scorer: Scorer,
    known: Interactions,
    users: Codes,
    count: int,
    is_open: Mask | None = None,
) -> Codes:
    """The best `count` items of each listener, best first; of equals the lower code.

    Left out are items that the listener has already, and those that are not `is_open`: by default
    items that nobody has, of which a recommender of interactions learnt nothing. Where fewer are
    left the row ends with -1.
    """
    presence = known.presence()
    is_closed = known.users_per_item() == 0 if is_open is None else ~is_open
    found = np.full((len(users), count), NOTHING, dtype=np.int32)
    for start in range(0, len(users), BLOCK):
        block = users[start : start + BLOCK]
        scores = np.array(scorer.score(block), dtype=np.float64)
        scores[:, is_closed] = -np.inf
        scores[presence[block].nonzero()] = -np.inf
        for row, line in enumerate(scores):
            best = best_of(line, count)
            found[start + row, : len(best)] = best
    return found


def best_of(scores: Floats, count: int) -> Codes:
    """Places of the highest scores, highest first, of equals the first; none that is -inf."""
    floor = _floor(scores, count)
    above = np.flatnonzero(scores > floor)
    if len(above) > count:
        told = scores[above]
        floor = np.partition(told, len(told) - count)[len(told) - count]
        equals, above = above[told == floor], above[told > floor]
    else:
        equals = np.flatnonzero(scores == floor) if floor > -np.inf else above[:0]
    order = np.argsort(-scores[above], kind="stable")
    return np.concatenate([above[order], equals])[:count].astype(np.int32)


def _floor(scores: Floats, count: int) -> float:
    """A score that at least `count` reach: a sample tells it. -inf where it misled.

    A partition of all costs several times as much, and most where many are equal.
    """
    sample = scores[::_SAMPLE_STEP]
    reached = 2 * count // _SAMPLE_STEP + _SAMPLE_SPARE
    if not 0 < reached < len(sample) // 2:
        return -np.inf
    floor = float(np.partition(sample, len(sample) - reached)[len(sample) - reached])
    return floor if np.count_nonzero(scores >= floor) >= count else -np.inf
