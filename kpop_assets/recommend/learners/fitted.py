"""What recommenders are once they are fitted: a few shapes that all of them share.

Belongs here: scoring with what was learnt. Does not belong here: learning it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Singles


@dataclass(frozen=True)
class EqualForAll:
    """The same scores for every listener."""

    item_scores: Floats

    def score(self, users: Codes) -> Floats:
        """One row of scores, as often as there are listeners."""
        return np.broadcast_to(self.item_scores, (len(users), len(self.item_scores)))


@dataclass(frozen=True)
class Factors:
    """A vector for each listener and each item; a score is their product.

    Attributes:
        user_factors: a row a listener.
        item_factors: a row an item.
        alpha: weight of what was played over what was not, as the vectors were learnt.
        penalty: of the vectors' squares. With both the vector of any history follows from the
            items'; None where that is not how vectors were learnt.
    """

    user_factors: Floats
    item_factors: Floats
    alpha: float = 1.0
    penalty: float | None = None

    def score(self, users: Codes) -> Floats:
        """Products of the listeners' vectors and all items'."""
        return self.user_factors[users] @ self.item_factors.T


@dataclass(frozen=True)
class ItemWeights:
    """How much each item speaks for each other one; a score sums over what a listener has.

    Attributes:
        history: what each listener has.
        weights: row: the item that one has; column: the item that it speaks for.
    """

    history: sp.csr_matrix
    weights: Floats | Singles | sp.csr_matrix

    def score(self, users: Codes) -> Floats:
        """Sums over the listeners' items."""
        return self.score_history(self.history[users])

    def score_history(self, history: sp.csr_matrix) -> Floats:
        """The same of listeners whom nothing was learnt of, by what they have."""
        scores = history @ self.weights
        return scores.toarray() if sp.issparse(scores) else np.asarray(scores)


@dataclass(frozen=True)
class OfTheSameActs:
    """Which share of what a listener has is by the act of an item.

    Attributes:
        history: what each listener has.
        acts: code of the act of each item.
        days: the history is what was played within so many days of the listener's last play; None
            is all of it.
    """

    history: sp.csr_matrix
    acts: Codes
    days: int | None = None

    def score(self, users: Codes) -> Floats:
        """0 to 1; what nobody has yet is scored as all else of its act."""
        whose = sp.csr_matrix((np.ones(len(self.acts)), (np.arange(len(self.acts)), self.acts)))
        had = self.history[users]
        counts = np.maximum(np.asarray(had.sum(axis=1)), 1)
        return ((had @ whose).toarray() / counts)[:, self.acts]


@dataclass(frozen=True)
class ListenerWeights:
    """How alike listeners are; a score sums over what those who are alike have."""

    likeness: sp.csr_matrix
    history: sp.csr_matrix

    def score(self, users: Codes) -> Floats:
        """Sums over the listeners who are alike."""
        return (self.likeness[users] @ self.history).toarray()
