"""The two-step rule for one listener, as plainly as it can be said: what the product is held to.

Belongs here: the rule a listener at a time. Does not belong here: the rule of all listeners at once
(kpop_assets/recommend/learners/seed_neighbours.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kpop_assets.contracts.recommend_rules import NEAR_FIRST, PAGE_ITEMS, SEED_PLAYS
from kpop_assets.recommend.learners.two_step import ForetoldPopularity
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions

# Items near the seeds, nearest first, as many as are asked for; seeds themselves may be among them.
Near = Callable[[Codes, int], Codes]


def near_then_popular(
    near: Near,
    popularity: ForetoldPopularity,
    features: Floats,
    seeds: Codes,
    count: int = PAGE_ITEMS,
    first: int = NEAR_FIRST,
) -> Codes:
    """The `first` items nearest to the seeds, of those the `count` most popular, never a seed."""
    found = near(seeds, first + len(seeds))
    found = found[~np.isin(found, seeds)][:first]
    if not len(found):
        return found
    order = np.argsort(-popularity.foretell(features[found]), kind="stable")
    return found[order][:count]


def last_played(interactions: Interactions, user: int, count: int = SEED_PLAYS) -> Codes:
    """The different items that a listener played last, the last first: seeds if none are named."""
    own = interactions.where(interactions.users == user)
    newest = own.items[np.lexsort((own.items, -own.times))]
    _, places = np.unique(newest, return_index=True)
    return newest[np.sort(places)][:count]
