"""What is played most, lately more than long ago: the bar that every recommender must clear.

Belongs here: popularity with decay. Does not belong here: whose popularity rises (hybrid stages
read the core product's forecast), or what is new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.learners.fitted import EqualForAll
from kpop_assets.recommend.matrices.interactions import Interactions


@dataclass(frozen=True)
class Popularity:
    """How many have an item; with a half-life, how often it was played, lately above all.

    Attributes:
        half_life_days: days after which a play counts half; None: when does not matter.
        is_by_listener: a thousand plays of one fan make nothing popular: an entry counts once,
            however often it was played, and without a half-life a listener does.
    """

    half_life_days: float | None = None
    is_by_listener: bool = True

    def fit(self, interactions: Interactions) -> EqualForAll:
        """Sum by item, seen from the last interaction that there is."""
        if self.is_by_listener and self.half_life_days is None:
            return EqualForAll(interactions.users_per_item().astype(np.float64))
        worth = np.ones(len(interactions)) if self.is_by_listener else interactions.values
        if self.half_life_days is not None and len(interactions):
            ages = (interactions.times.max() - interactions.times) / DAY_SECONDS
            worth = worth * 0.5 ** (ages / self.half_life_days)
        totals = np.bincount(interactions.items, worth, minlength=interactions.item_count)
        return EqualForAll(totals.astype(np.float64))
