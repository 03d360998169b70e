"""A hybrid as it learns from a moment: its trees are taught by what came in the week before.

Belongs here: lessons by time, and quotas that fit how many works there are. Does not belong here:
candidates (candidate_stage.py), their order (ranking_stage.py, mixing.py), parts (play_parts.py).

Parts as they were a week ago propose candidates, and what listeners then first heard is what the
trees learn to put first. So nothing is taught with what it is asked for later, and facts are those
of the day on which they counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.learners.candidate_stage import gather
from kpop_assets.recommend.learners.hybrid import FittedHybrid
from kpop_assets.recommend.learners.moments import Moment, MomentRecommender
from kpop_assets.recommend.learners.ranking_stage import LearntOrder, RankingInputs, learn_order
from kpop_assets.recommend.matrices.interactions import Codes

_SEED = 42


@dataclass(frozen=True)
class MomentHybrid:
    """Parts that propose and score, and how their candidates are ordered.

    Attributes:
        parts: recommenders by name, in the order in which trees see them.
        by: `trees` learns the order, `mix` takes the weights.
        quotas: candidates by part; a part without a quota only scores.
        weights: of the mix.
    """

    parts: tuple[tuple[str, MomentRecommender], ...]
    by: Literal["trees", "mix"]
    quotas: tuple[tuple[str, int], ...]
    weights: tuple[tuple[str, float], ...] = tuple(rules.MIX_WEIGHTS.items())

    def fit(self, moment: Moment) -> FittedHybrid:
        """All parts at the moment, and the order that the week before it teaches.

        Raises:
            ValueError: an order is to be learnt where there is no earlier moment, or where nobody
                heard anything new in the week.
        """
        order = self._order(moment) if self.by == "trees" else None
        parts = {name: moment.fitted(part) for name, part in self.parts}
        quotas = quotas_for(dict(self.quotas), int(moment.is_known.sum()))
        known = (moment.plays, quotas, dict(self.weights), order, moment.is_known)
        return FittedHybrid(parts, *known)

    def _order(self, moment: Moment) -> LearntOrder:
        earlier = moment.earlier
        if earlier is None:
            raise ValueError(f"no week before {moment.day} teaches an order")
        heard = earlier.foreseeable(earlier.first_heard(moment.day))
        if not len(heard):
            raise ValueError(f"nobody heard anything new in the week to {moment.day}")
        taught = _some(np.unique(heard.users))
        parts = {name: earlier.fitted(part) for name, part in self.parts}
        quotas = quotas_for(dict(self.quotas), int(earlier.is_known.sum()))
        candidates = gather(parts, earlier.plays, taught, quotas, earlier.is_known)
        order = learn_order(candidates, heard.presence(), earlier.facts, _SEED)
        # What it learnt of facts holds for those of today.
        return replace(order, inputs=RankingInputs(dict(moment.facts)))


def quotas_for(most: Mapping[str, int], work_count: int) -> dict[str, int]:
    """At most so many of each part, and no more than a share of all works: else all are candidates.

    A page's worth is always allowed.
    """
    allowed = max(rules.PAGE_ITEMS * 2, int(rules.CANDIDATE_SHARE * work_count))
    return {name: min(count, allowed) for name, count in most.items()}


def _some(users: Codes) -> Codes:
    """So many that trees learn what there is to learn: more cost time alone."""
    if len(users) <= rules.LESSON_LISTENERS:
        return users.astype(np.int32)
    drawn = np.random.default_rng(_SEED).choice(users, rules.LESSON_LISTENERS, replace=False)
    return np.sort(drawn).astype(np.int32)
