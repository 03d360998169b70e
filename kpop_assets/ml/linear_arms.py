"""Which of many arms pays in which context: a ridge regression for each arm.

Belongs here: what was learnt of arms and what it says in a context. Does not belong here: which
arm is shown (arm_chances.py), or what a policy would have earned (policy_values.py).

An arm is anything that can be shown, a context a vector of features, a reward a number that came
of showing. The arms are disjoint: each has its own regression (Li, Chu, Langford and Schapire 2010,
A contextual-bandit approach to personalized news article recommendation, algorithm 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats64 = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class LinearArms:
    """What was learnt of arms, as sums: the order of what was shown does not matter.

    Attributes:
        gram: per arm the sum of weight x context x context', shape (arms, features, features).
        moment: per arm the sum of context x reward, shape (arms, features).
        shown: per arm the sum of weights.
        rewarded: per arm the sum of rewards.
        ridge: by how much the gram matrix is larger on its diagonal.
    """

    gram: Floats64
    moment: Floats64
    shown: Floats64
    rewarded: Floats64
    ridge: float = 1.0

    @classmethod
    def untaught(cls, arm_count: int, feature_count: int, ridge: float = 1.0) -> LinearArms:
        """Arms of which nothing is known."""
        return cls(
            np.zeros((arm_count, feature_count, feature_count)),
            np.zeros((arm_count, feature_count)),
            np.zeros(arm_count),
            np.zeros(arm_count),
            ridge,
        )

    def learnt(
        self, arms: Places, contexts: Floats64, rewards: Floats64, weights: Floats64 | None = None
    ) -> LinearArms:
        """These arms and what came of showing some of them.

        Args:
            arms: which arm was shown, one entry each.
            contexts: in which context, shape (n, features).
            rewards: what came of it; of a row that stands for several, their sum.
            weights: for how many a row stands, 1 where not given. A row whose reward is not all
                there yet stands for the part that is due.
        """
        weights = np.ones(len(arms)) if weights is None else weights
        gram, moment = self.gram.copy(), self.moment.copy()
        shown, rewarded = self.shown.copy(), self.rewarded.copy()
        # Row by row a thousand arms take seconds; all rows at once take features² numbers each.
        order = np.argsort(arms, kind="stable")
        borders = np.flatnonzero(np.diff(arms[order])) + 1
        for rows in np.split(order, borders) if len(order) else []:
            arm, own = arms[rows[0]], contexts[rows]
            gram[arm] += (own * weights[rows, None]).T @ own
            moment[arm] += rewards[rows] @ own
            shown[arm] += weights[rows].sum()
            rewarded[arm] += rewards[rows].sum()
        return LinearArms(gram, moment, shown, rewarded, self.ridge)

    def without(self, other: LinearArms) -> LinearArms:
        """These arms as if the rows of `other`, a part of what they learnt, had never been."""
        return LinearArms(
            self.gram - other.gram,
            self.moment - other.moment,
            self.shown - other.shown,
            self.rewarded - other.rewarded,
            self.ridge,
        )

    @cached_property
    def inverses(self) -> Floats64:
        """Per arm the inverse of its gram matrix with the ridge."""
        return np.asarray(np.linalg.inv(self.gram + self.ridge * np.eye(self.gram.shape[1])), float)

    @cached_property
    def weights(self) -> Floats64:
        """Per arm the coefficients of its regression."""
        return np.einsum("kij,kj->ki", self.inverses, self.moment)

    def expected(self, contexts: Floats64) -> Floats64:
        """Expected reward of each arm: shape (n, arms) for contexts of shape (n, features)."""
        return contexts @ self.weights.T

    def expected_at(self, context: Floats64, arms: Places) -> Floats64:
        """Expected reward of some arms in one context."""
        return self.weights[arms] @ context

    def widths_at(self, context: Floats64, arms: Places) -> Floats64:
        """How little is known of some arms in one context: sqrt(x' A^-1 x)."""
        inverses: Floats64 = self.inverses[arms]
        return np.sqrt(inverses @ context @ context)

    @property
    def mean_rewards(self) -> Floats64:
        """Mean reward of each arm whatever the context; 0 of one never shown."""
        return self.rewarded / np.where(self.shown > 0, self.shown, 1.0)
