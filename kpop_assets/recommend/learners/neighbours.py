"""Nearest neighbours among items and among listeners.

Belongs here: similarities that are counted (implicit's, in C++). Does not belong here: weights that
are fitted (item_regression.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import scipy.sparse as sp
from implicit.nearest_neighbours import ItemItemRecommender, bm25_weight
from sklearn.preprocessing import normalize

from kpop_assets.recommend.learners.fitted import ItemWeights, ListenerWeights
from kpop_assets.recommend.matrices.interactions import Interactions


@dataclass(frozen=True)
class ItemNeighbours:
    """Items by how many listeners they share, weighed by BM25: what everybody has says little.

    Attributes:
        neighbours: the nearest items that are kept of each.
        saturation: BM25's k1.
        length_share: BM25's b: how much a listener who has everything counts less.
    """

    neighbours: int = 100
    saturation: float = 1.2
    length_share: float = 0.75

    def fit(self, interactions: Interactions) -> ItemWeights:
        """Count and keep the nearest."""
        history = interactions.presence()
        weighed = bm25_weight(history.T, K1=self.saturation, B=self.length_share).T
        return ItemWeights(history, _nearest(weighed, self.neighbours))


@dataclass(frozen=True)
class ListenerNeighbours:
    """Listeners by the cosine of what they have.

    Attributes:
        neighbours: the nearest listeners that are kept of each.
    """

    neighbours: int = 100

    def fit(self, interactions: Interactions) -> ListenerWeights:
        """The same count over the matrix turned: its rows are items, its columns listeners."""
        history = interactions.presence()
        likeness = _nearest(normalize(history).T, self.neighbours)
        likeness.setdiag(0)
        return ListenerWeights(likeness, history)


def _nearest(rows: sp.spmatrix, count: int) -> sp.csr_matrix:
    """Products of all pairs of columns, of each column the highest."""
    counted = ItemItemRecommender(K=count, num_threads=1)
    counted.fit(rows.tocsr(), show_progress=False)
    return sp.csr_matrix(counted.similarity)
