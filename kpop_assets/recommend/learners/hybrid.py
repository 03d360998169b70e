"""Several recommenders as one: their candidates, ordered by trees or by the fixed mix.

Belongs here: fitting the stages so that none sees what the next is taught with. Does not belong
here: a stage itself, or the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from kpop_assets.contracts.recommend_rules import CANDIDATE_QUOTAS, MIX_WEIGHTS
from kpop_assets.recommend.learners.candidate_stage import Candidates, gather
from kpop_assets.recommend.learners.mixing import mixed
from kpop_assets.recommend.learners.ranking_stage import LearntOrder, learn_order
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions, Mask
from kpop_assets.recommend.matrices.splits import HOLD_BACK_SEED, stratified
from kpop_assets.recommend.matrices.top_items import Recommender, Scorer


@dataclass(frozen=True)
class FittedHybrid:
    """All parts fitted on everything that is known, and the order of their candidates.

    Attributes:
        parts: what was fitted, by name.
        known: what listeners have.
        quotas: candidates by part.
        weights: of the mix.
        order: trees; None is the mix.
        is_open: items that may be shown; None are all.
    """

    parts: Mapping[str, Scorer]
    known: Interactions
    quotas: Mapping[str, int]
    weights: Mapping[str, float]
    order: LearntOrder | None
    is_open: Mask | None = None

    def candidates(self, users: Codes) -> Candidates:
        """Of each listener, with every part's score."""
        return gather(self.parts, self.known, users, self.quotas, self.is_open)

    def ordered(self, candidates: Candidates) -> Floats:
        """Scores of candidates by the trees, else by the mix."""
        if self.order is None:
            return mixed(candidates, self.weights)
        return self.order.score(candidates)

    def score(self, users: Codes) -> Floats:
        """Scores of all items; what is no candidate is -inf."""
        candidates = self.candidates(users)
        scores = np.full((len(users), self.known.item_count), -np.inf)
        rows = np.repeat(np.arange(len(users)), _sizes(users, candidates))
        scores[rows, candidates.items] = self.ordered(candidates)
        return scores


@dataclass(frozen=True)
class Hybrid:
    """Parts that propose and score, and how their candidates are ordered.

    Attributes:
        parts: recommenders by name.
        by: `trees` learns the order, `mix` takes the weights.
        quotas: candidates by part; a part without a quota only scores.
        weights: of the mix.
        seed: of what is held back for the trees, and of the trees.
    """

    parts: Mapping[str, Recommender]
    by: Literal["trees", "mix"] = "trees"
    quotas: Mapping[str, int] = field(default_factory=lambda: dict(CANDIDATE_QUOTAS))
    weights: Mapping[str, float] = field(default_factory=lambda: dict(MIX_WEIGHTS))
    seed: int = HOLD_BACK_SEED

    def fit(self, interactions: Interactions) -> FittedHybrid:
        """Teach the trees with what parts fitted on the rest did not see; then fit parts on all."""
        order = self._order(interactions) if self.by == "trees" else None
        parts = {name: part.fit(interactions) for name, part in self.parts.items()}
        return FittedHybrid(parts, interactions, self.quotas, self.weights, order)

    def _order(self, interactions: Interactions) -> LearntOrder:
        mask = stratified(interactions.items, self.seed)
        learnt, held_back = interactions.where(mask), interactions.where(~mask)
        parts = {name: part.fit(learnt) for name, part in self.parts.items()}
        users = np.unique(held_back.users).astype(np.int32)
        candidates = gather(parts, learnt, users, self.quotas)
        return learn_order(candidates, held_back.presence(), {}, self.seed)


def _sizes(users: Codes, candidates: Candidates) -> Codes:
    counts = np.bincount(candidates.users, minlength=int(users.max(initial=0)) + 1)
    return counts[users].astype(np.int32)
