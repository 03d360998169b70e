"""Which setting of a family suits the data at hand.

Belongs here: the choice, by a part of the training that is held back. Does not belong here: the
test, which no choice may see.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kpop_assets.recommend.matrices.interactions import Interactions, Mask
from kpop_assets.recommend.matrices.splits import HOLD_BACK_SEED, stratified
from kpop_assets.recommend.matrices.top_items import Recommender, top_items
from kpop_assets.recommend.training.ranking_metrics import ranking_scores
from kpop_assets.recommend.training.recommender_families import Family


def held_back_by_item(interactions: Interactions) -> Mask:
    """Mask of what is learnt from while settings are chosen: three quarters of each item."""
    return stratified(interactions.items, HOLD_BACK_SEED)


def chosen_setting(
    family: Family,
    interactions: Interactions,
    split: Callable[[Interactions], Mask] = held_back_by_item,
) -> Recommender:
    """The setting with the best nDCG@10 on what is held back; of equals the first."""
    if len(family.grid) == 1:
        return family.grid[0]
    mask = split(interactions)
    learnt, held_back = interactions.where(mask), interactions.where(~mask)
    users = np.unique(held_back.users).astype(np.int32)
    relevant = held_back.presence()[users]

    def gain(setting: Recommender) -> float:
        shown = top_items(setting.fit(learnt), learnt, users, 20)
        return ranking_scores(shown, relevant).means()["ndcg_10"]

    return max(family.grid, key=gain)
