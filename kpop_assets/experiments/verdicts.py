"""What an experiment says: significant, not yet, or broken; never only a p-value.

Belongs here: the check of shares, several metrics at once, units and days still needed, and the
word. Does not belong here: a difference (comparisons.py), or looks day by day (always_valid.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from scipy import optimize, stats

from kpop_assets.contracts.experiment_rules import ALPHA, POWER
from kpop_assets.experiments.always_valid import half_width
from kpop_assets.experiments.comparisons import Sample
from kpop_assets.experiments.plans import Decides

Verdict = Literal["significant", "not yet", "broken"]


def share_mismatch(counts: Mapping[str, int], shares: Mapping[str, float]) -> float:
    """How often chance alone is as far from the planned shares: chi-square's p; 1 of no unit.

    Fabijan et al. (2019), Diagnosing sample ratio mismatch: below .001 no result can be believed
    (`MISMATCH_ALPHA`).

    Raises:
        ValueError: a variant that was not planned.
    """
    unplanned = sorted(counts.keys() - shares.keys())
    if unplanned:
        raise ValueError(f"variant {unplanned[0]} was not planned")
    total = sum(counts.values())
    if not total:
        return 1.0
    seen = [counts.get(name, 0) for name in shares]
    expected = [share * total for share in shares.values()]
    return float(stats.chisquare(seen, expected).pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values of several metrics, as large as Holm (1979) makes them; NaN counts as no test.

    One that is below alpha then is a finding with a chance of alpha over all of them together.
    """
    known = sorted((p, place) for place, p in enumerate(p_values) if not math.isnan(p))
    adjusted = [math.nan] * len(p_values)
    largest = 0.0
    for number, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - number)))
        adjusted[place] = largest
    return adjusted


def units_needed(
    control: Sample,
    relative_effect: float,
    control_share: float,
    treatment_share: float,
    test_count: int = 1,
    decides: Decides = "end",
) -> float:
    """Units of both variants in all, by which an effect is found with a chance of 80 %.

    The normal approximation: variance x (1/control_share + (1 + relative_effect)²/treatment_share)
    over the variance at which the difference is told from 0 four times in five, shares being those
    of these two alone. NaN where control says nothing yet. Of several tests each is held to its
    part of the 5 %.
    """
    effect = relative_effect * control.mean
    if not control.variance > 0 or not effect:
        return math.nan
    both = control_share + treatment_share
    # What is larger by a share spreads more by the same share.
    spread = both / control_share + both * (1 + relative_effect) ** 2 / treatment_share
    return control.variance * spread / (effect**2 * _enough(ALPHA / test_count, decides))


def power_of(
    control: Sample,
    treatment: Sample,
    relative_effect: float,
    test_count: int = 1,
    decides: Decides = "end",
) -> float:
    """Chance that an effect of this size is found with the units that are there now.

    Of an experiment that any day decides it is that of this day's look alone: those before add
    little.
    """
    variance = sum(one.variance / max(one.count, 1) for one in (control, treatment))
    effect = abs(relative_effect * control.mean)
    if not (variance > 0 and effect >= 0):
        return math.nan
    # Of no effect there is none to expect: only one look has a chance then.
    if not effect:
        return ALPHA / test_count if decides == "end" else math.nan
    least = _least_z(variance / effect**2, ALPHA / test_count, decides)
    z = effect / math.sqrt(variance)
    return float(stats.norm.sf(least - z) + stats.norm.cdf(-least - z))


def _least_z(variance: float, alpha: float, decides: Decides) -> float:
    """Standard errors that a finding is from 0, by the variance in squares of the effect."""
    if decides == "end":
        return float(stats.norm.ppf(1 - alpha / 2))
    return half_width(variance, 1.0, alpha) / math.sqrt(variance)


def _enough(alpha: float, decides: Decides) -> float:
    """The variance, in squares of the effect, at which it is found with the promised chance."""
    usual = float(stats.norm.ppf(POWER))
    if decides == "end":
        return 1 / (_least_z(1.0, alpha, decides) + usual) ** 2

    def missing(log_variance: float) -> float:
        variance = math.exp(log_variance)
        return (_least_z(variance, alpha, decides) + usual) * math.sqrt(variance) - 1

    return math.exp(float(optimize.brentq(missing, -20.0, 0.0)))


def days_needed(units_missing: float, units_per_day: float) -> float:
    """Days until so many units have come; 0 where none is missing, infinite where none comes."""
    if math.isnan(units_missing):
        return math.nan
    if units_missing <= 0:
        return 0.0
    return math.ceil(units_missing / units_per_day) if units_per_day > 0 else math.inf


def verdict(
    fixed_p: float,
    sequential_p: float,
    *,
    is_broken: bool,
    decides: Decides,
    is_over: bool,
    alpha: float = ALPHA,
) -> Verdict:
    """The word of one metric of one treatment.

    Args:
        fixed_p: of the one look at the end, several metrics allowed for.
        sequential_p: of looking every day, the same.
        is_broken: whether units are not those that were planned; then nothing else counts.
        decides: which of the two counts. Whichever is smaller would err more often than alpha.
        is_over: whether the last day of the experiment is there; before, one look says nothing.
        alpha: chance of a finding where there is none.
    """
    if is_broken:
        return "broken"
    is_found = sequential_p < alpha if decides == "any_day" else is_over and fixed_p < alpha
    return "significant" if is_found else "not yet"
