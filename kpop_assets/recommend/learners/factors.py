"""Vectors of listeners and items learnt from what was played: implicit's ALS and BPR.

Belongs here: settings that carry from one data set to another. Does not belong here: the solvers
(the library's), or ratings (rating_models.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from threadpoolctl import threadpool_limits

from kpop_assets.recommend.learners.fitted import Factors
from kpop_assets.recommend.matrices.interactions import Floats, Interactions

Placing = Callable[[Floats, Floats], tuple[Floats, Floats]]
Worth = Literal["presence", "log_counts"]


@dataclass(frozen=True)
class AlternatingFactors:
    """Weighted matrix factorisation (Hu, Koren, Volinsky 2008) by implicit.

    Rendle et al. (2022, arXiv 2110.14037) found it as good as neural models once its penalty is
    searched on the scale of the problem. So the penalty of the library is `strength` x `alpha`
    x sqrt(share of pairs that are there) x (sqrt(listeners) + sqrt(items)), the largest singular
    value of plays without any pattern: a strength below .5 keeps chance, one above 1 loses tastes.
    What is best on a part of the plays is near the best on all of them.

    Attributes:
        factors: length of the vectors.
        alpha: weight of what was played over what was not.
        strength: penalty over what plays without any pattern would need.
        iterations: rounds over listeners and items.
        worth: what a play adds to alpha: nothing but that it is there, or 1 + log of the count.
        seed: of the first vectors.
    """

    factors: int = 64
    alpha: float = 3.0
    strength: float = 0.65
    iterations: int = 15
    worth: Worth = "presence"
    seed: int = 42

    def fit(self, interactions: Interactions) -> Factors:
        """Alternate with one thread: the same bits every time."""
        history, placed = _of_those_there(_worth(interactions, self.worth))
        listeners, items = history.shape
        chance = np.sqrt(history.nnz / (listeners * items)) * (listeners**0.5 + items**0.5)
        penalty = self.strength * self.alpha * float(chance)
        with threadpool_limits(1, "blas"):
            model = AlternatingLeastSquares(
                factors=self.factors,
                regularization=penalty,
                alpha=self.alpha,
                iterations=self.iterations,
                num_threads=1,
                random_state=self.seed,
            )
            model.fit(history, show_progress=False)
        vectors = placed(model.user_factors, model.item_factors)
        return Factors(*vectors, self.alpha, penalty)


@dataclass(frozen=True)
class PairwiseFactors:
    """Bayesian personalised ranking (Rendle et al. 2009) by implicit: played above unplayed.

    Attributes:
        factors: length of the vectors, one more with the item's bias.
        learning_rate: step of a pair.
        penalty: shrinks the vectors at each step.
        iterations: rounds, each as many pairs as there are entries.
        seed: of first vectors and pairs.
    """

    factors: int = 64
    learning_rate: float = 0.01
    penalty: float = 0.01
    iterations: int = 30
    seed: int = 42

    def fit(self, interactions: Interactions) -> Factors:
        """Draw pairs with one thread: the same bits every time."""
        history, placed = _of_those_there(interactions.presence())
        with threadpool_limits(1, "blas"):
            model = BayesianPersonalizedRanking(
                factors=self.factors,
                learning_rate=self.learning_rate,
                regularization=self.penalty,
                iterations=self.iterations,
                num_threads=1,
                random_state=self.seed,
            )
            model.fit(history, show_progress=False)
        return Factors(*placed(model.user_factors, model.item_factors))


def _of_those_there(history: sp.csr_matrix) -> tuple[sp.csr_matrix, Placing]:
    """The rows and columns that have any entry, and what puts their vectors back.

    Whoever comes later has a code already: their number would be told to the penalty and the first
    vectors. They, and items that nobody has, have vectors of zeros.
    """
    there = history.tocsr()
    listeners = np.flatnonzero(np.diff(there.indptr))
    items = np.unique(there.indices)

    def placed(of_listeners: Floats, of_items: Floats) -> tuple[Floats, Floats]:
        found = []
        for vectors, codes, count in zip(
            (of_listeners, of_items), (listeners, items), history.shape, strict=True
        ):
            whole = np.zeros((count, vectors.shape[1]), vectors.dtype)
            whole[codes] = vectors
            found.append(whole)
        return found[0], found[1]

    return there[listeners][:, items].astype(np.float32), placed


def _worth(interactions: Interactions, worth: Worth) -> sp.csr_matrix:
    if worth == "presence":
        return interactions.presence()
    counts = interactions.matrix()
    counts.data = 1 + np.log(np.maximum(counts.data, 1))
    return counts
