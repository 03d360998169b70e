"""EASE: every item foretold from all others by one ridge regression, in closed form.

Belongs here: the regression. Does not belong here: similarities that are counted
(neighbours.py), or its penalty's choice (training/family_choice.py).

Steck (2019), Embarrassingly shallow autoencoders for sparse data, arXiv 1905.03375.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from kpop_assets.recommend.learners.fitted import ItemWeights
from kpop_assets.recommend.matrices.interactions import Interactions


@dataclass(frozen=True)
class Ease:
    """Ridge regression over what is there, an item never foretelling itself.

    Memory and time go with the square and the cube of the items: 8,000 take 512 MB for the
    inverse, half of which is kept. Items beyond `most_items` (the least played) have no weights
    and score 0.

    Attributes:
        penalty: added to the diagonal; the more listeners, the more it bears.
        most_items: how many items at most take part.
    """

    penalty: float = 300.0
    most_items: int = 10_000

    def fit(self, interactions: Interactions) -> ItemWeights:
        """Invert the penalised co-occurrence, zero the diagonal."""
        history = interactions.presence()
        counts = interactions.users_per_item()
        kept = np.sort(np.argsort(-counts, kind="stable")[: self.most_items])
        part = history[:, kept]
        together = (part.T @ part).toarray()
        together[np.diag_indices_from(together)] += self.penalty
        inverse = cho_solve(
            cho_factor(together, overwrite_a=True), np.eye(len(kept)), overwrite_b=True
        )
        # Row by row in memory, and of the history's type: a product with few rows would else copy
        # all of it first.
        history = history.astype(np.float32)
        weights = np.ascontiguousarray(inverse / -np.diag(inverse), dtype=np.float32)
        np.fill_diagonal(weights, 0.0)
        if len(kept) == interactions.item_count:
            return ItemWeights(history, weights)
        whole = np.zeros((interactions.item_count, interactions.item_count), np.float32)
        whole[np.ix_(kept, kept)] = weights
        return ItemWeights(history, whole)
