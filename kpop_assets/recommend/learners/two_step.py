"""How popular an item would be, by trees: the second step of the two-step rule.

Belongs here: that popularity. Does not belong here: what is near the seeds, and the rule itself
(seed_neighbours.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lightgbm import LGBMRegressor

from kpop_assets.ml.trees import REPEATABLE
from kpop_assets.recommend.matrices.interactions import Floats


@dataclass(frozen=True)
class ForetoldPopularity:
    """How much an item would be played, by its features; unknown features may be NaN."""

    trees: LGBMRegressor

    def foretell(self, features: Floats) -> Floats:
        """log(1 + plays) of each row."""
        return np.asarray(self.trees.booster_.predict(features, num_threads=1))


def learn_popularity(features: Floats, plays: Floats, seed: int = 42) -> ForetoldPopularity:
    """Fit log(1 + plays) on features of the same items."""
    trees = LGBMRegressor(
        n_estimators=100,
        num_leaves=15,
        learning_rate=0.05,
        min_child_samples=20,
        random_state=seed,
        **REPEATABLE,
    )
    trees.fit(features, np.log1p(plays))
    return ForetoldPopularity(trees)
