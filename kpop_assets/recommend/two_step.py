"""The two-step rule: what is near the seeds, of that what is foretold to be popular.

Belongs here: the rule, its popularity by trees, and seeds where none were named. Does not belong
here: the index (whoever has one passes what it found), or the mix of several parts (mixing.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from lightgbm import LGBMRegressor

from kpop_assets.contracts.recommend_rules import NEAR_FIRST, PAGE_ITEMS, SEED_PLAYS
from kpop_assets.ml.trees import REPEATABLE
from kpop_assets.recommend.interactions import Codes, Floats, Interactions

# Items near the seeds, nearest first, as many as are asked for; seeds themselves may be among them.
Near = Callable[[Codes, int], Codes]


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
