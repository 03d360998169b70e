"""The works of a bundle that are most like a direction, whether all are looked at or an index is.

Belongs here: asking, and comparing exactly what an index found. Does not belong here: building an
index (works/near_index.py), or what a direction is of.
"""

from __future__ import annotations

import numpy as np

from kpop_assets.contracts.recommend_rules import UNLEARNT_CANDIDATES
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Singles
from kpop_assets.recommend.matrices.top_items import best_of


def nearest_works(
    bundle: Bundle, direction: Singles, count: int, first: int = 0
) -> tuple[Floats, Codes]:
    """Works whose vectors are most like a direction, most like first: cosines and items.

    Args:
        bundle: an open bundle.
        direction: of length 1.
        count: how many.
        first: the first item that is looked at; of an index so many more are asked for.
    """
    if bundle.near_index is None:
        found = np.arange(first, bundle.item_count, dtype=np.int32)
        vectors = bundle.arrays["vectors"][first:]
    else:
        asked = count + UNLEARNT_CANDIDATES if first else count
        rows = bundle.near_index.nearest(direction[None, :], asked)[1][0]
        found = rows[rows >= first].astype(np.int32)
        # The index knows eight bits of each number.
        vectors = bundle.units(found)
    cosines: Floats = (vectors @ direction).astype(np.float64)
    best = best_of(cosines, count)
    return cosines[best], found[best]
