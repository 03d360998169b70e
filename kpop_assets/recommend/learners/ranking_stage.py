"""Second stage: the order of a listener's candidates, learnt from what listeners went on to.

Belongs here: LightGBM's lambdarank over the parts' scores and facts of items. Does not belong here:
candidates (candidate_stage.py), or what is shown (service/page.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from lightgbm import LGBMRanker

from kpop_assets.contracts.recommend_rules import RANKING_LEAVES, RANKING_TREES
from kpop_assets.ml.trees import REPEATABLE
from kpop_assets.recommend.learners.candidate_stage import Candidates
from kpop_assets.recommend.learners.mixing import shares_below, shares_of_some
from kpop_assets.recommend.matrices.interactions import Codes, Floats


@dataclass(frozen=True)
class RankingInputs:
    """What is known of items beside the parts' scores, a value for each item; NaN is unknown."""

    facts: Mapping[str, Floats]

    def table(self, candidates: Candidates) -> Floats:
        """A row for each candidate: each part's score and place, who proposed it, the facts."""
        columns = []
        for name, scores in candidates.scores.items():
            columns += [
                scores,
                shares_below(candidates.users, scores),
                candidates.proposed[name].astype(float),
            ]
        columns += [values[candidates.items] for values in self.facts.values()]
        return np.column_stack(columns)


def table_of_some(candidates: Candidates, rows: Codes, facts: Mapping[str, Floats]) -> Floats:
    """The same of some candidates of one listener.

    Args:
        candidates: all of the listener.
        rows: places of those that the table has.
        facts: a value for each of them.
    """
    scores = np.stack([*candidates.scores.values()])
    proposed = np.stack([candidates.proposed[name] for name in candidates.scores])
    table = np.empty((len(rows), 3 * len(scores) + len(facts)))
    of_parts = table[:, : 3 * len(scores)].reshape(len(rows), len(scores), 3)
    of_parts[:, :, 0] = scores[:, rows].T
    of_parts[:, :, 1] = shares_of_some(scores, rows).T
    of_parts[:, :, 2] = proposed[:, rows].T
    for place, values in enumerate(facts.values(), 3 * len(scores)):
        table[:, place] = values
    return table


@dataclass(frozen=True)
class LearntOrder:
    """The fitted trees and what they look at."""

    trees: LGBMRanker
    inputs: RankingInputs

    def score(self, candidates: Candidates) -> Floats:
        """The higher, the earlier; comparable within a listener alone."""
        table = self.inputs.table(candidates)
        return np.asarray(self.trees.booster_.predict(table, num_threads=1))


def learn_order(
    candidates: Candidates, relevant: sp.csr_matrix, facts: Mapping[str, Floats], seed: int = 42
) -> LearntOrder:
    """Fit on candidates of parts that did not see `relevant` (listeners by items).

    Listeners of whom no candidate or every candidate is relevant teach no order; they are left out
    by lambdarank itself.
    """
    labels = np.asarray(relevant[candidates.users, candidates.items]).ravel() > 0
    inputs = RankingInputs(dict(facts))
    trees = LGBMRanker(
        objective="lambdarank",
        n_estimators=RANKING_TREES,
        num_leaves=RANKING_LEAVES,
        learning_rate=0.05,
        min_child_samples=50,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.8,
        lambdarank_truncation_level=20,
        random_state=seed,
        **REPEATABLE,
    )
    trees.fit(inputs.table(candidates), labels.astype(int), group=candidates.group_sizes())
    return LearntOrder(trees, inputs)
