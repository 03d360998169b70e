"""Who is new, light or heavy: means over all listeners are means over the heavy ones' tastes.

Belongs here: groups, and scores by group. Does not belong here: a score (ranking_metrics.py).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from kpop_assets.contracts.recommend_rules import HEAVY_LISTENER_ITEMS, NEW_LISTENER_ITEMS
from kpop_assets.recommend.interactions import Wholes
from kpop_assets.recommend.ranking_metrics import RankingScores

Group = Literal["new", "light", "heavy"]
GROUPS: tuple[Group, ...] = get_args(Group)


def groups_of(items_per_user: Wholes) -> np.ndarray:
    """The group of each listener by how many different items they had before the test."""
    edges = [NEW_LISTENER_ITEMS + 1, HEAVY_LISTENER_ITEMS]
    return np.array(GROUPS)[np.digitize(items_per_user, edges)]


def means_by_group(scores: RankingScores, groups: np.ndarray) -> dict[str, dict[str, float]]:
    """Means of every score by group, and how many listeners it has; a group of nobody is left out.

    Args:
        scores: of some listeners.
        groups: one for each row of the lists that were scored.
    """
    own = groups[scores.listeners]
    return {
        group: {"listeners": float((own == group).sum())}
        | {name: float(values[own == group].mean()) for name, values in scores.by_name().items()}
        for group in GROUPS
        if (own == group).any()
    }
