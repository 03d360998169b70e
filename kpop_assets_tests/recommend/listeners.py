"""Fifty listeners of two tastes, for whom it is known what they would like next."""

from __future__ import annotations

import numpy as np

from kpop_assets.recommend.matrices.interactions import Interactions

LISTENERS, ITEMS, TASTES = 50, 40, 2


def listeners_of_two_tastes(seed: int = 0, kept: float = 0.5) -> tuple[Interactions, Interactions]:
    """What they have, and what else they like: even codes like even items, odd ones odd items."""
    generator = np.random.default_rng(seed)
    users, items = np.divmod(np.arange(LISTENERS * ITEMS), ITEMS)
    likes = users % TASTES == items % TASTES
    users, items = users[likes].astype(np.int32), items[likes].astype(np.int32)
    told = Interactions(users, items, np.ones(len(users)), np.arange(len(users)), LISTENERS, ITEMS)
    known = generator.random(len(told)) < kept
    return told.where(known), told.where(~known)
