"""How good rankings were: the items shown to each listener against those that came.

Belongs here: scores by listener, and of the lists as a whole. Does not belong here: making lists
(matrices/top_items.py), or ratings (rating_metrics.py).

The same names mean the same things throughout:

- `shown`: items shown to each listener, best first, shape (listeners, k); -1 where none was left.
- `relevant`: what came, sparse, shape (listeners, items), a row for each of `shown`.

Relevance is yes or no, the discount is 1 / log2(1 + rank). No score samples items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Wholes


@dataclass(frozen=True)
class RankingScores:
    """Scores of each listener who has something relevant, in the order of `listeners`.

    Attributes:
        listeners: rows of `shown` with at least one relevant item.
        ndcg_10: discounted gain of the first ten over the best that was possible.
        recall_10: relevant items in the first ten over all relevant items.
        recall_20: the same of the first twenty.
        map_all: precision at each hit of the first ten, over all relevant items; this is what
            the `recommenders` repository calls MAP.
        map_10: the same over min(10, all relevant items), so that 1 can be reached.
        hit_10: 1 where any of the first ten is relevant.
    """

    listeners: Codes
    ndcg_10: Floats
    recall_10: Floats
    recall_20: Floats
    map_all: Floats
    map_10: Floats
    hit_10: Floats

    def means(self) -> dict[str, float]:
        """The mean over listeners of each score."""
        return {name: float(np.mean(values)) for name, values in self.by_name().items()}

    def by_name(self) -> dict[str, Floats]:
        """Each score's values by listener."""
        return {name: value for name, value in vars(self).items() if name != "listeners"}


def ranking_scores(shown: Codes, relevant: sp.csr_matrix) -> RankingScores:
    """Every score of lists of at least 20 items by listener.

    Raises:
        ValueError: lists shorter than 20, or another number of rows than listeners.
    """
    if shown.shape[1] < 20:
        raise ValueError(f"lists of 20 are needed for recall_20, these have {shown.shape[1]}")
    if shown.shape[0] != relevant.shape[0]:
        raise ValueError(f"{shown.shape[0]} lists for {relevant.shape[0]} listeners")
    possible = np.diff(relevant.indptr)
    listeners = np.flatnonzero(possible).astype(np.int32)
    hits, possible = _hits(shown, relevant)[listeners], possible[listeners]
    ten, places = hits[:, :10], np.arange(1, 11)
    discounts = 1 / np.log2(1 + places)
    best = np.cumsum(discounts)[np.minimum(possible, 10) - 1]
    precision_at_hits = (ten * np.cumsum(ten, axis=1) / places).sum(axis=1)
    return RankingScores(
        listeners=listeners,
        ndcg_10=(ten * discounts).sum(axis=1) / best,
        recall_10=ten.sum(axis=1) / possible,
        recall_20=hits[:, :20].sum(axis=1) / possible,
        map_all=precision_at_hits / possible,
        map_10=precision_at_hits / np.minimum(possible, 10),
        hit_10=ten.any(axis=1).astype(float),
    )


def _hits(shown: Codes, relevant: sp.csr_matrix) -> Floats:
    rows = np.arange(shown.shape[0])[:, None].repeat(shown.shape[1], axis=1)
    found = np.asarray(relevant[rows.ravel(), np.maximum(shown, 0).ravel()]).reshape(shown.shape)
    return np.where(shown < 0, 0.0, found > 0)


def catalogue_share(shown: Codes, item_count: int) -> float:
    """Share of all items that are shown to anybody."""
    return len(np.unique(shown[shown >= 0])) / item_count


def gini(shown: Codes, item_count: int) -> float:
    """How unequally items are shown: 0 all equally often, towards 1 all of it on one item."""
    counts = np.sort(np.bincount(shown[shown >= 0], minlength=item_count)).astype(float)
    if not counts.sum():
        return 0.0
    ranks = np.arange(1, item_count + 1)
    return float((2 * ranks - item_count - 1) @ counts / (item_count * counts.sum()))


def novelty(shown: Codes, users_per_item: Wholes, user_count: int) -> float:
    """Mean of -log2(share of listeners who have the item): one bit is what every second has.

    An item that nobody has counts as one that a single listener has.
    """
    shares = np.maximum(users_per_item, 1) / user_count
    return float(np.mean(-np.log2(shares[shown[shown >= 0]])))


def diversity_within(shown: Codes, vectors: Floats) -> float:
    """Mean over lists of 1 - cosine over all pairs of a list; NaN where no list has two items."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.where(lengths > 0, lengths, 1)
    found = []
    for row in shown:
        items = row[row >= 0]
        if len(items) < 2:
            continue
        alike = units[items] @ units[items].T
        pairs = len(items) * (len(items) - 1)
        found.append(1 - (alike.sum() - np.trace(alike)) / pairs)
    return float(np.mean(found)) if found else float("nan")


def interval_by_listener(
    values: Floats, seed: int = 0, resamples: int = 1000, level: float = 0.95
) -> tuple[float, float]:
    """Bootstrap interval of the mean of a score: listeners are drawn, not their plays."""
    generator = np.random.default_rng(seed)
    means = [
        values[generator.integers(0, len(values), len(values))].mean() for _ in range(resamples)
    ]
    tail = (1 - level) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return float(low), float(high)
