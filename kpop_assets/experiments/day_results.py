"""What an experiment says by the end of a day: rows of `experiments/results`.

Belongs here: how differences, shares, days and power become the rows of one experiment. Does not
belong here: each of these formulas, or which experiments there are.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from kpop_assets.contracts.experiment_rules import MISMATCH_ALPHA, MOST_STRAY_PCT
from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS
from kpop_assets.experiments.always_valid import always_valid_interval, always_valid_p_value
from kpop_assets.experiments.compared_variants import Comparison, compare_variants
from kpop_assets.experiments.comparisons import (
    NOTHING_KNOWN,
    Difference,
    Sample,
    difference,
    relative_interval,
)
from kpop_assets.experiments.exposed_units import (
    ExposedUnits,
    UnitSums,
    find_exposed,
    sum_metric,
)
from kpop_assets.experiments.plan_faults import CONTROL
from kpop_assets.experiments.plans import Experiment
from kpop_assets.experiments.unit_metrics import METRICS
from kpop_assets.experiments.verdicts import (
    days_needed,
    holm,
    power_of,
    share_mismatch,
    units_needed,
    verdict,
)

# What a row of control leaves empty.
_NOTHING = dict.fromkeys(column.name for column in EXPERIMENT_RESULTS.columns if column.nullable)


def measure_experiment(
    experiment: Experiment, exposures: pl.DataFrame, listener_days: pl.DataFrame, day: dt.date
) -> list[dict[str, Any]]:
    """Rows of an experiment on a day that it is measured on, a row a metric and variant.

    Args:
        experiment: its plan.
        exposures: as for `find_exposed`.
        listener_days: as for `sum_metric`.
        day: the day.
    """
    units = find_exposed(experiment, exposures, day)
    sums = {
        metric: sum_metric(experiment, units, listener_days, METRICS[metric])
        for metric in experiment.metrics
    }
    compared = {
        (metric, treatment): compare_variants(units, of_metric, treatment)
        for metric, of_metric in sums.items()
        for treatment in experiment.treatments
    }
    shares = _judge_shares(experiment, units)
    rows = _judge(experiment, compared, shares, is_over=experiment.is_known_by(day), units=units)
    return [
        {
            **_NOTHING,
            "broken_reason": shares[1],
            **_plan_facts(experiment, metric, variant),
            "is_simulated": units.is_simulated,
            **_means(units, of_metric, variant),
            **rows.get((metric, variant), {}),
        }
        for metric, of_metric in sums.items()
        for variant in experiment.shares
    ]


def _plan_facts(experiment: Experiment, metric: str, variant: str) -> dict[str, Any]:
    return {
        "experiment": experiment.name,
        "variant": variant,
        "metric": metric,
        "question": experiment.question,
        "start_date": experiment.starts_on,
        "end_date": experiment.ends_on,
        "is_primary": metric == experiment.primary_metric,
        "better": METRICS[metric].better,
        "decides": experiment.decides,
        "planned_pct": 100 * experiment.shares[variant],
        "least_effect_pct": 100 * experiment.least_effect,
    }


def _means(units: ExposedUnits, of_metric: UnitSums, variant: str) -> dict[str, Any]:
    is_own = of_metric.there(units) & (units.variants == variant)
    sample = Sample.of(of_metric.last()[is_own])
    low, high = sample.interval()
    known = {"mean": sample.mean, "mean_low": low, "mean_high": high}
    return {"unit_count": sample.count, **_numbers(known)}


def _judge_shares(experiment: Experiment, units: ExposedUnits) -> tuple[float, str | None]:
    """Chance of the shares, and why no result counts; None where nothing is wrong."""
    chance = share_mismatch(units.counts(), experiment.shares)
    most = MOST_STRAY_PCT / 100 * len(units.variants)
    # First, because whoever met another variant is missing in the shares.
    if units.stray_count > most:
        return chance, "unplanned_variant"
    if chance < MISMATCH_ALPHA:
        return chance, "shares"
    return chance, "two_variants" if units.twice_count > most else None


def _judge(
    experiment: Experiment,
    compared: dict[tuple[str, str], Comparison],
    shares: tuple[float, str | None],
    *,
    is_over: bool,
    units: ExposedUnits,
) -> dict[tuple[str, str], dict[str, Any]]:
    """What is said of each metric of each treatment, all of them allowed for."""
    found = {key: one.found for key, one in compared.items()}
    fixed = [one.p_value for one in found.values()]
    always = [always_valid_p_value(c.looks, experiment.least_effect) for c in compared.values()]
    p_values = zip(fixed, holm(fixed), always, holm(always), strict=True)
    rows = {}
    for (key, one), (p, p_holm, any_day, any_day_holm) in zip(
        compared.items(), p_values, strict=True
    ):
        word = verdict(
            p_holm,
            any_day_holm,
            is_broken=shares[1] is not None,
            decides=experiment.decides,
            is_over=is_over,
        )
        rows[key] = {
            **_numbers(
                {
                    **_effects(one, experiment.least_effect),
                    "p_value": p,
                    "p_value_holm": p_holm,
                    "any_day_p_value": any_day,
                    "any_day_p_value_holm": any_day_holm,
                    "mismatch_p_value": shares[0],
                    **_needs(experiment, one, key[1], len(compared), units),
                }
            ),
            "verdict": word,
            "direction": _direction(key[0], found[key]) if word == "significant" else None,
        }
    return rows


def _direction(metric: str, found: Difference) -> str:
    is_better = (found.effect > 0) == (METRICS[metric].better == "more")
    return "better" if is_better else "worse"


def _effects(one: Comparison, least_effect: float) -> dict[str, float]:
    found, raw = one.found, difference(one.control, one.treatment)
    low, high = _last_interval(one.looks, least_effect)
    mean, last = one.control.mean, one.looks[-1] if one.looks else NOTHING_KNOWN
    sides = one.clean_control, one.clean_treatment
    shares = relative_interval(*sides, found.reach_of(found.low, found.high))
    any_day = relative_interval(*sides, last.reach_of(low, high))
    return {
        "effect": found.effect,
        "effect_low": found.low,
        "effect_high": found.high,
        "effect_pct": 100 * found.relative_effect,
        "effect_low_pct": 100 * shares[0],
        "effect_high_pct": 100 * shares[1],
        "any_day_low": low * mean,
        "any_day_high": high * mean,
        "any_day_low_pct": 100 * any_day[0],
        "any_day_high_pct": 100 * any_day[1],
        "noise_cut_pct": 100 * (1 - found.variance / raw.variance) if raw.variance else math.nan,
    }


def _last_interval(looks: Sequence[Difference], least_effect: float) -> tuple[float, float]:
    return always_valid_interval(looks[-1], least_effect) if looks else (math.nan, math.nan)


def _needs(
    experiment: Experiment, one: Comparison, treatment: str, test_count: int, units: ExposedUnits
) -> dict[str, float]:
    """Power now, and what is still needed; by the variance that is left without the past."""
    mean, least = one.control.mean, experiment.least_effect
    usual = replace(one.clean_control, mean=mean)
    rules = test_count, experiment.decides
    shares = experiment.shares[CONTROL], experiment.shares[treatment]
    needed = units_needed(usual, least, *shares, *rules)
    there = one.control.count + one.treatment.count
    per_day = there / max(1, len(one.looks))
    return {
        "power_pct": 100 * power_of(usual, one.clean_treatment, least, *rules),
        "needed_unit_count": math.ceil(needed) if math.isfinite(needed) else math.nan,
        "needed_days": days_needed(needed - there, per_day),
    }


def _numbers(found: dict[str, float]) -> dict[str, float | None]:
    """The same, null where nothing is known."""
    return {name: value if math.isfinite(value) else None for name, value in found.items()}
