"""The two-step rule for every listener: near what they played last, then foretold to be popular.

Belongs here: the rule, with the last plays as seeds, as scores. Does not belong here: how
popularity is foretold (two_step.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.learners.moments import Moment
from kpop_assets.recommend.learners.two_step import learn_popularity
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions, Mask
from kpop_assets.recommend.matrices.top_items import best_of


@dataclass(frozen=True)
class NearSeeds:
    """Works near each listener's seeds, by how popular they are foretold to be.

    Attributes:
        seeds: last items of each listener, -1 where there were fewer.
        units: vectors of length 1 by item.
        popularity: foretold, by item.
        is_open: items that may be shown.
        first: how many are near.
    """

    seeds: Codes
    units: Floats
    popularity: Floats
    is_open: Mask
    first: int = rules.NEAR_FIRST

    def score(self, users: Codes) -> Floats:
        """Popularity of what is near and no seed; -inf of all else."""
        scores = np.full((len(users), len(self.popularity)), -np.inf)
        for row, user in enumerate(users):
            seeds = self.seeds[user][self.seeds[user] >= 0]
            if not len(seeds):
                continue
            nearness = self.units @ self.units[seeds].mean(axis=0)
            nearness[~self.is_open] = -np.inf
            nearness[seeds] = -np.inf
            near = best_of(nearness, self.first)
            scores[row, near] = self.popularity[near]
        return scores


@dataclass(frozen=True)
class NearThenPopular:
    """The seed system's rule, on sound and words, popularity learnt from sound, age and cluster."""

    seeds: int = rules.SEED_PLAYS

    def fit(self, moment: Moment) -> NearSeeds:
        """Learn popularity from the plays of the last weeks of works that were known."""
        features = np.column_stack(
            [moment.works.features(), moment.age_days, moment.works.clusters()]
        )
        known = np.flatnonzero(moment.is_known)
        trees = learn_popularity(features[known], moment.facts["month_plays"][known])
        vectors = moment.works.vectors
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return NearSeeds(
            last_items(moment.plays, self.seeds),
            vectors / np.where(lengths > 0, lengths, 1),
            trees.foretell(features),
            moment.is_known,
        )


def last_items(plays: Interactions, count: int) -> Codes:
    """Different items that each listener played last, the last first; -1 where there are fewer."""
    pairs, places = np.unique(plays.pairs(), return_inverse=True)
    last = np.full(len(pairs), np.iinfo(np.int64).min)
    np.maximum.at(last, places, plays.times)
    users, items = np.divmod(pairs, max(plays.item_count, 1))
    order = np.lexsort((items, -last, users))
    users, items = users[order], items[order]
    rank = np.arange(len(users)) - np.searchsorted(users, users)
    found = np.full((plays.user_count, count), -1, dtype=np.int32)
    within = rank < count
    found[users[within], rank[within]] = items[within]
    return found
