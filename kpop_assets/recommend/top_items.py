"""The best items of a listener out of all: the full ranking, never a sample.

Belongs here: what any recommender that scores items is, and its first items. Does not belong here:
how items are scored, or whether they were right (ranking_metrics.py).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from kpop_assets.recommend.interactions import Codes, Floats, Interactions, Mask

# No item: a listener has fewer than were asked for.
NOTHING = -1
# Listeners whose scores are held at once: of 8,000 items 33 MB.
BLOCK = 512


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
    if count < len(scores):
        edge = np.partition(scores, len(scores) - count)[len(scores) - count]
        places = np.flatnonzero((scores >= edge) & (scores > -np.inf))
    else:
        places = np.flatnonzero(scores > -np.inf)
    order = np.argsort(-scores[places], kind="stable")
    return places[order][:count].astype(np.int32)
