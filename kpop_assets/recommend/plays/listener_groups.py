"""Who is new, light or heavy: means over all listeners are means over the heavy ones' tastes.

Belongs here: groups. Does not belong here: a score (training/ranking_metrics.py), or its means by
group (training/week_scores.py).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from kpop_assets.contracts.recommend_rules import HEAVY_LISTENER_ITEMS, NEW_LISTENER_ITEMS
from kpop_assets.recommend.matrices.interactions import Wholes

Group = Literal["new", "light", "heavy"]
GROUPS: tuple[Group, ...] = get_args(Group)


def groups_of(items_per_user: Wholes) -> np.ndarray:
    """The group of each listener by how many different items they had before the test."""
    edges = [NEW_LISTENER_ITEMS + 1, HEAVY_LISTENER_ITEMS]
    return np.array(GROUPS)[np.digitize(items_per_user, edges)]
