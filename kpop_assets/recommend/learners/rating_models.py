"""Ratings foretold by biases and by SVD: Surprise's, in Cython.

Belongs here: how a rating is foretold by sums and products that gradient descent learnt. Does not
belong here: rankings, or vectors that are drawn (bayesian_factors.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from surprise import SVD, BaselineOnly, Dataset, Reader, Trainset

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions


@dataclass(frozen=True)
class RatingFactors:
    """A rating is the mean, what the listener and the item add to it, and the vectors' product."""

    mean: float
    user_biases: Floats
    item_biases: Floats
    user_factors: Floats
    item_factors: Floats
    lowest: float
    highest: float

    def foretell(self, users: Codes, items: Codes) -> Floats:
        """The rating of each pair, within the scale."""
        ratings = self.mean + self.user_biases[users] + self.item_biases[items]
        ratings += (self.user_factors[users] * self.item_factors[items]).sum(axis=1)
        return np.clip(ratings, self.lowest, self.highest)

    def score(self, users: Codes) -> Floats:
        """What each listener would rate every item, unclipped: equals would be in any order."""
        ratings = self.user_factors[users] @ self.item_factors.T
        return ratings + self.mean + self.user_biases[users][:, None] + self.item_biases


@dataclass(frozen=True)
class Biases:
    """What the listener adds to the mean, and what the item does."""

    def fit(self, interactions: Interactions) -> RatingFactors:
        """Alternate between the two, shrunk (Koren 2010; Surprise's defaults)."""
        trainset = _trainset(interactions)
        model = BaselineOnly(verbose=False).fit(trainset)
        no_users, no_items = np.zeros((trainset.n_users, 1)), np.zeros((trainset.n_items, 1))
        return _fitted(interactions, trainset, bu=model.bu, bi=model.bi, pu=no_users, qi=no_items)


@dataclass(frozen=True)
class GradientFactors:
    """Biases and vectors by stochastic gradient descent.

    Attributes:
        factors: length of the vectors.
        epochs: rounds over all ratings.
        learning_rate: step of a rating.
        penalty: shrinks biases and vectors at each step.
        seed: of the first vectors.
    """

    factors: int = 100
    epochs: int = 20
    learning_rate: float = 0.005
    penalty: float = 0.4
    seed: int = 42

    def fit(self, interactions: Interactions) -> RatingFactors:
        """Descend over the ratings in the order in which they stand, listener by listener."""
        trainset = _trainset(interactions)
        model = SVD(
            n_factors=self.factors,
            n_epochs=self.epochs,
            lr_all=self.learning_rate,
            reg_all=self.penalty,
            random_state=self.seed,
        ).fit(trainset)
        return _fitted(interactions, trainset, bu=model.bu, bi=model.bi, pu=model.pu, qi=model.qi)


# As the seed system sets it: worse than biases alone (docs/decisions/0026-recommenders.md).
SPECIFIED_FACTORS = GradientFactors()
TUNED_FACTORS = GradientFactors(epochs=40, learning_rate=0.01, penalty=0.1)


def _trainset(interactions: Interactions) -> Trainset:
    rows = pd.DataFrame(
        {"user": interactions.users, "item": interactions.items, "rating": interactions.values}
    )
    scale = Reader(rating_scale=(interactions.values.min(), interactions.values.max()))
    return Dataset.load_from_df(rows, scale).build_full_trainset()


def _fitted(interactions: Interactions, trainset: Trainset, **learnt: Floats) -> RatingFactors:
    """In our codes; who has no rating, and what has none, adds nothing to the mean."""
    users = [trainset.to_raw_uid(inner) for inner in trainset.all_users()]
    items = [trainset.to_raw_iid(inner) for inner in trainset.all_items()]

    def placed(values: Floats, codes: list[int], count: int) -> Floats:
        whole = np.zeros((count, *values.shape[1:]))
        whole[codes] = values
        return whole

    return RatingFactors(
        float(trainset.global_mean),
        placed(learnt["bu"], users, interactions.user_count),
        placed(learnt["bi"], items, interactions.item_count),
        placed(learnt["pu"], users, interactions.user_count),
        placed(learnt["qi"], items, interactions.item_count),
        *map(float, trainset.rating_scale),
    )
