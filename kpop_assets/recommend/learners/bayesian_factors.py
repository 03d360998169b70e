"""Ratings foretold by many draws of vectors in place of one best: Bayesian matrix factorisation.

Belongs here: the Gibbs sampler. Does not belong here: vectors from gradient descent
(rating_models.py).

Salakhutdinov and Mnih (2008), Bayesian probabilistic matrix factorization using Markov chain Monte
Carlo, with biases as one more coordinate of each vector and the noise drawn too. No penalty has to
be chosen, which is why it is better than any one of SVD's settings (Rendle, Zhang, Koren 2019,
arXiv 1905.01395). Own code, because the library that has it does not import with today's
setuptools (docs/decisions/0026-recommenders.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions, Singles

# The prior of a side's mean and spread: as much as two more listeners or items say.
PRIOR_ROWS = 2.0


@dataclass(frozen=True)
class DrawnRatings:
    """Draws of vectors; a rating is the mean over draws.

    The last coordinate of a vector is its bias, and the other side has 1 there.
    """

    mean: float
    draws: tuple[tuple[Singles, Singles], ...]
    lowest: float
    highest: float

    def foretell(self, users: Codes, items: Codes) -> Floats:
        """The rating of each pair, within the scale."""
        total = np.zeros(len(users))
        for of_users, of_items in self.draws:
            mine, its = of_users[users], of_items[items]
            total += (mine[:, :-1] * its[:, :-1]).sum(axis=1) + mine[:, -1] + its[:, -1]
        return np.clip(self.mean + total / len(self.draws), self.lowest, self.highest)

    def score(self, users: Codes) -> Floats:
        """What each listener would rate every item, unclipped: equals would be in any order."""
        total = np.zeros((len(users), len(self.draws[0][1])))
        for of_users, of_items in self.draws:
            mine = of_users[users]
            total += mine[:, :-1] @ of_items[:, :-1].T + mine[:, -1:] + of_items[:, -1]
        return self.mean + total / len(self.draws)


@dataclass(frozen=True)
class DrawnFactors:
    """Gibbs sampling of both sides, their priors and the noise.

    Attributes:
        factors: length of the vectors without the bias.
        warm_up: draws that are thrown away.
        kept: draws that are kept.
        seed: of all draws.
    """

    factors: int = 8
    warm_up: int = 30
    kept: int = 120
    seed: int = 42

    def fit(self, interactions: Interactions) -> DrawnRatings:
        """Draw listeners given items, items given listeners, noise given both, again and again."""
        generator = np.random.default_rng(self.seed)
        mean = float(interactions.values.mean())
        ratings = interactions.values - mean
        users = _Side.of(interactions.users, interactions.user_count)
        items = _Side.of(interactions.items, interactions.item_count)
        length = self.factors + 1
        of_users = generator.normal(0, 0.1, (interactions.user_count, length))
        of_items = generator.normal(0, 0.1, (interactions.item_count, length))
        of_users[:, -1] = of_items[:, -1] = 0.0
        certainty, draws = 1 / max(float(ratings.var()), 1e-9), []
        for number in range(self.warm_up + self.kept):
            of_users = _drawn(
                users, interactions.items, of_users, of_items, ratings, certainty, generator
            )
            of_items = _drawn(
                items, interactions.users, of_items, of_users, ratings, certainty, generator
            )
            mine, its = of_users[interactions.users], of_items[interactions.items]
            told = (mine[:, :-1] * its[:, :-1]).sum(axis=1) + mine[:, -1] + its[:, -1]
            squares = float(((ratings - told) ** 2).sum())
            certainty = generator.gamma(1 + len(ratings) / 2, 1 / (1 + squares / 2))
            if number >= self.warm_up:
                draws.append((of_users.astype(np.float32), of_items.astype(np.float32)))
        low, high = float(interactions.values.min()), float(interactions.values.max())
        return DrawnRatings(mean, tuple(draws), low, high)


@dataclass(frozen=True)
class _Side:
    """Where the entries of each listener (or item) stand.

    Attributes:
        order: the entries, sorted by code.
        starts: where each code's entries begin in that order, and the end of the last.
    """

    order: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, codes: Codes, count: int) -> _Side:
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(count + 1))
        return cls(order, starts)


def _drawn(
    side: _Side,
    others: Codes,
    vectors: Floats,
    of_others: Floats,
    ratings: Floats,
    certainty: float,
    generator: np.random.Generator,
) -> Floats:
    """New vectors of one side, given the other's and the ratings."""
    spread, centre = _prior(vectors, generator)
    seen = of_others[others[side.order]]
    left = ratings[side.order] - seen[:, -1]
    design = seen.copy()
    design[:, -1] = 1.0
    length = vectors.shape[1]
    precision = np.empty((len(vectors), length, length))
    pull = np.empty((len(vectors), length))
    for code, (start, end) in enumerate(zip(side.starts[:-1], side.starts[1:], strict=True)):
        rows = design[start:end]
        precision[code] = spread + certainty * (rows.T @ rows)
        pull[code] = spread @ centre + certainty * (left[start:end] @ rows)
    noise = generator.normal(size=pull.shape)
    roots = np.linalg.cholesky(precision)
    inner = np.linalg.solve(roots, pull[..., None])
    return np.linalg.solve(roots.transpose(0, 2, 1), inner + noise[..., None])[..., 0]


def _prior(vectors: Floats, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """A draw of the side's precision matrix and mean, given its vectors (normal and Wishart)."""
    count, length = vectors.shape
    mean = vectors.mean(axis=0)
    weight = PRIOR_ROWS * count / (PRIOR_ROWS + count)
    scale = np.eye(length) + (vectors - mean).T @ (vectors - mean) + weight * np.outer(mean, mean)
    root = np.linalg.cholesky(np.linalg.inv(scale))
    lower = np.tril(generator.normal(size=(length, length)), -1)
    lower[np.diag_indices(length)] = np.sqrt(
        generator.chisquare(length + count - np.arange(length))
    )
    half = root @ lower
    spread = half @ half.T
    root_of_mean = np.linalg.cholesky((PRIOR_ROWS + count) * spread)
    drift = np.linalg.solve(root_of_mean.T, generator.normal(size=length))
    return spread, count * mean / (PRIOR_ROWS + count) + drift
