"""What is played most, lately more than long ago: the bar that every recommender must clear.

Belongs here: popularity with decay. Does not belong here: whose popularity rises (hybrid stages
read the core product's forecast), or what is new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.fitted import EqualForAll
from kpop_assets.recommend.interactions import Interactions


@dataclass(frozen=True)
class Popularity:
    """How often an item was played, each play worth half as much after each half-life.

    Attributes:
        half_life_days: days after which a play counts half; None: all count the same.
        is_by_listener: an entry counts once, however often it was played: a thousand plays of one
            fan make nothing popular.
    """

    half_life_days: float | None = None
    is_by_listener: bool = True

    def fit(self, interactions: Interactions) -> EqualForAll:
        """Sum by item, seen from the last interaction that there is."""
        worth = np.ones(len(interactions)) if self.is_by_listener else interactions.values
        if self.half_life_days is not None and len(interactions):
            ages = (interactions.times.max() - interactions.times) / DAY_SECONDS
            worth = worth * 0.5 ** (ages / self.half_life_days)
        totals = np.bincount(interactions.items, worth, minlength=interactions.item_count)
        return EqualForAll(totals.astype(np.float64))
