"""What a policy would have earned, from the log of another one: IPS, SNIPS, doubly robust.

Belongs here: the three estimates with their intervals. Does not belong here: which chance a policy
gives an arm (arm_chances.py), or where a log is kept.

One entry for each row of the log throughout:

- `rewards`: what came of what was shown,
- `logged`: with which chance it was shown, above 0,
- `target`: with which chance the other policy would have shown the same,
- `groups`: number of what the row belongs to, say its listener; None is that each stands alone.

Each estimate is right on average as long as the chances that were logged are those by which was
drawn, and everything that the other policy may show had some chance. A reward of a seldom shown arm
counts many times, so rows are skewed, and the truth lies above a symmetric interval more often than
below it: the intervals' ends are moved by Hall (1992), On the removal of skewness by
transformation, and are those of Student's distribution by as many rows as the spread comes from.
Rows of one group are alike (who likes much comes again), so the spread is that of sums by group:
Liang and Zeger (1986), Longitudinal data analysis using generalized linear models. Where these
are few the intervals are still too narrow, and `effective_count` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from kpop_assets.ml.linear_arms import Floats64, LinearArms, Places

# 95 in 100 of a normal distribution lie within so many standard deviations.
HALF_TO_95, NORMAL_95 = 0.975, 1.959964
# From here on Student's distribution is the normal one.
_MUCH_FREEDOM = 1e6
# Below it the cube root has no digits left to tell the difference.
_NO_SKEWNESS = 1e-6


@dataclass(frozen=True)
class PolicyValue:
    """Mean reward of a policy for each row.

    Attributes:
        value: the estimate.
        low: lower end of its 95 % interval.
        high: upper end.
        row_count: rows of the log.
        effective_count: from as many groups comes what is known of the spread; of a few that outdo
            all others, from those few.
        most_weight: how often the row counts that counts most: the other policy would show it so
            many times as often. Of rows that count often most logs have too few, and what those
            few that are there say misleads without a sign of it in the spread.
    """

    value: float
    low: float
    high: float
    row_count: int
    effective_count: float
    most_weight: float


def inverse_propensity(
    rewards: Floats64, logged: Floats64, target: Floats64, groups: Places | None = None
) -> PolicyValue:
    """IPS: each reward counts as often as the other policy would have shown the same.

    Horvitz and Thompson (1952), A generalization of sampling without replacement. Right on
    average, and of large variance where chances differ.
    """
    weights = _weights(logged, target)
    return _of_terms(weights * rewards, groups, weights)


def self_normalised(
    rewards: Floats64, logged: Floats64, target: Floats64, groups: Places | None = None
) -> PolicyValue:
    """SNIPS: the same over the sum of weights; less variance for a bias that vanishes with rows.

    Swaminathan and Joachims (2015), The self-normalized estimator for counterfactual learning. The
    interval is that of a ratio of two means (delta method). Where no row has any weight nothing is
    known: the value is NaN.
    """
    weights = _weights(logged, target)
    total = weights.sum()
    if total == 0:
        return PolicyValue(np.nan, np.nan, np.nan, len(rewards), 0.0, 0.0)
    value = float((weights * rewards).sum() / total)
    terms = value + weights * (rewards - value) * len(weights) / total
    return _of_terms(terms, groups, weights)


def doubly_robust(
    rewards: Floats64,
    logged: Floats64,
    target: Floats64,
    expected: Floats64,
    expected_of_target: Floats64,
    groups: Places | None = None,
) -> PolicyValue:
    """DR: what a model expects of the other policy, put right by what the log says of the model.

    Dudík, Langford and Li (2011), Doubly robust policy evaluation and learning. Right on average if
    either the chances or the model are; the better the model, the narrower.

    Args:
        rewards: as above.
        logged: as above.
        target: as above.
        expected: reward that a model, which did not learn from the row, expects of what was shown.
        expected_of_target: the same of all that could be shown, by the other policy's chances.
        groups: as above.
    """
    weights = _weights(logged, target)
    return _of_terms(expected_of_target + weights * (rewards - expected), groups, weights)


def expected_across_folds(
    arms: Places, contexts: Floats64, rewards: Floats64, arm_count: int, folds: Places
) -> Floats64:
    """Reward expected of each arm in each row, by regressions that did not learn from its fold.

    Args:
        arms: which arm was shown in each row.
        contexts: shape (n, features).
        rewards: what came of it.
        arm_count: how many arms there are.
        folds: fold of each row; two at least, and a group in one of them.

    Returns:
        Shape (n, arms).
    """
    untaught = LinearArms.untaught(arm_count, contexts.shape[1])
    everything = untaught.learnt(arms, contexts, rewards)
    found = np.zeros((len(arms), arm_count))
    for fold in np.unique(folds):
        own = folds == fold
        part = untaught.learnt(arms[own], contexts[own], rewards[own])
        found[own] = everything.without(part).expected(contexts[own])
    return found


def _weights(logged: Floats64, target: Floats64) -> Floats64:
    if len(logged) == 0 or not (logged > 0).all():
        raise ValueError("a log needs rows, and each the chance above 0 with which it was drawn")
    return target / logged


def _of_terms(terms: Floats64, groups: Places | None, weights: Floats64) -> PolicyValue:
    value, rows, apart = float(terms.mean()), len(terms), terms - terms.mean()
    if groups is not None:
        apart = np.bincount(np.unique(groups, return_inverse=True)[1], weights=apart)
    count = len(apart)
    squares, fourths = float((apart**2).sum()), float((apart**4).sum())
    effective = squares**2 / fourths if fourths else 0.0
    error = np.sqrt(squares * count / (count - 1)) / rows if count > 1 else np.inf
    # Satterthwaite: what is known of a spread that comes from few groups.
    freedom = 2 * effective / (1 - effective / count) if effective < count else np.inf
    place = float(stdtrit(freedom, HALF_TO_95)) if 0 < freedom < _MUCH_FREEDOM else NORMAL_95
    skewness = _skewness(apart) / np.sqrt(count)
    low = value - error * _unskewed(place, skewness)
    high = value - error * _unskewed(-place, skewness)
    return PolicyValue(value, float(low), float(high), rows, effective, float(weights.max()))


def _skewness(apart: Floats64) -> float:
    spread = float((apart**2).mean())
    return float((apart**3).mean()) / spread**1.5 if spread > 0 else 0.0


def _unskewed(place: float, skewness: float) -> float:
    """Where a mean of skewed rows, in its standard errors, has what a normal one has at `place`.

    Args:
        place: of the normal distribution.
        skewness: of the rows, over the root of their number.
    """
    if abs(skewness) < _NO_SKEWNESS:
        return place
    return 3 / skewness * float(np.cbrt(1 + skewness * (place - skewness / 6)) - 1)
