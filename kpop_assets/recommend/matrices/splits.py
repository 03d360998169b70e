"""What a recommender learns from and what it is judged by.

Belongs here: which entries go where, by rule and seed. Does not belong here: scores.

Every split is a mask over entries in the order in which they stand: the same entries in another
order are split otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from kpop_assets.recommend.matrices.interactions import Interactions, Mask

TRAINING_SHARE = 0.75
# Of what is held back within a training: another seed than any test's, so that no draw is repeated.
HOLD_BACK_SEED = 7


def rating_folds(count: int, seed: int, folds: int = 5) -> Iterator[tuple[Mask, Mask]]:
    """Masks of training and test: every entry is tested once, none is left out."""
    for _, tested in KFold(folds, shuffle=True, random_state=seed).split(np.empty(count)):
        test = np.zeros(count, dtype=bool)
        test[tested] = True
        yield ~test, test


def stratified(groups: NDArray, seed: int, share: float = TRAINING_SHARE) -> Mask:
    """Mask of training: of each group (a listener, an item) the same share, drawn at random.

    Entry for entry the rule of `python_stratified_split` of the `recommenders` repository, whose
    published figures are by item (`filter_by="item"`) with seed 42: numbers drawn by the legacy
    generator order a group, and the first round(share x size) are trained on, .5 to even.
    """
    drawn = np.random.RandomState(seed).rand(len(groups))
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.lexsort((drawn, codes))
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    place = np.empty(len(groups), dtype=np.int64)
    place[order] = np.arange(len(groups)) - starts[codes[order]]
    return place < np.round(share * sizes)[codes]


def before(interactions: Interactions, cut: int) -> tuple[Interactions, Interactions]:
    """What lies before an instant (epoch seconds) for training, what follows for the test.

    One instant for everybody: a cut by listener would let a recommender learn from what others
    did later. Of the test go what the listener had before (it is no news), and listeners and
    items that training does not know: collaborative filtering can say nothing of them.
    """
    known = interactions.where(interactions.times < cut)
    later = interactions.where(interactions.times >= cut)
    had = known.has(later)
    is_known = (known.items_per_user()[later.users] > 0) & (known.users_per_item()[later.items] > 0)
    return known, later.where(is_known & ~had)
