"""Are experiments right as often as they promise: under no effect, and under one that is planted?

Belongs here: simulated listeners, and how often each verdict is true of them. Does not belong here:
any formula (kpop_assets/experiments/).

Each run draws its listeners anew: each has a usual number of plays a day, of which some days are
known before the experiment, and comes to it on one of its first days. All goes the whole way from
exposures and days of listeners to rows of `experiments/results`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from kpop_assets.contracts.experiment_rules import ALPHA, POWER
from kpop_assets.days import day_end
from kpop_assets.experiments.assignment import variant_of
from kpop_assets.experiments.day_results import measure_experiment
from kpop_assets.experiments.plans import Experiment

FIRST = dt.date(2026, 11, 1)
DAYS, PAST_DAYS, JOIN_DAYS = 14, 14, 4
PLAN = Experiment(
    name="drill",
    question="Is a verdict true as often as it says?",
    unit="listener",
    starts_on=FIRST,
    ends_on=FIRST + dt.timedelta(days=DAYS - 1),
    primary_metric="plays",
    guardrail_metrics=(),
    least_effect=0.05,
    pre_period_days=PAST_DAYS,
    shares={"control": 0.5, "treatment": 0.5},
    salt="drill",
    decides="end",
    settings={},
)
_DAYS = pl.Series([FIRST + dt.timedelta(days=n - PAST_DAYS) for n in range(PAST_DAYS + DAYS)])


@dataclass(frozen=True)
class Rate:
    """How often something came about.

    Attributes:
        count: times that it did.
        runs: times that it could.
    """

    count: int
    runs: int

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, after Wilson."""
        found = stats.binomtest(self.count, self.runs).proportion_ci(0.95, "wilson")
        return found.low, found.high

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.count / self.runs:.1%} of {self.runs:,} [{low:.1%}, {high:.1%}]"


def main() -> None:
    """Print all figures; exit code 1 where one is not what was promised."""
    parser = argparse.ArgumentParser(prog="python -m drills.experiments", description=__doc__)
    parser.add_argument("--aa", type=int, default=1000, help="runs without an effect")
    parser.add_argument("--ab", type=int, default=500, help="runs with one")
    parser.add_argument("--units", type=int, default=400, help="listeners of a run without one")
    parser.add_argument("--lift", type=float, default=0.05, help="that is planted")
    parser.add_argument("--ids", type=int, default=1_000_000, help="that are assigned")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random = np.random.default_rng(args.seed)
    passed = [
        _even(args.ids),
        _without_effect(random, args.aa, args.units),
        _with_effect(random, args.ab, args.lift),
    ]
    sys.exit(0 if all(passed) else 1)


def _even(count: int) -> bool:
    """Shares of assigned ids against the plan, and two experiments against one another."""
    one = replace(PLAN, name="one", salt="one", shares={"control": 0.2, "a": 0.3, "b": 0.5})
    other = replace(PLAN, name="two", salt="two")
    cells = np.zeros((3, 2), dtype=np.int64)
    places = {name: place for place, name in enumerate(one.shares)}
    columns = {name: place for place, name in enumerate(other.shares)}
    for number in range(count):
        unit = f"u{number:x}"
        cells[places[variant_of(one, unit)], columns[variant_of(other, unit)]] += 1
    expected = [share * count for share in one.shares.values()]
    even = float(stats.chisquare(cells.sum(axis=1), expected).pvalue)
    apart = float(stats.chi2_contingency(cells).pvalue)
    print(f"{count:,} ids: shares as planned, chi-square p = {even:.3f}")
    print(f"{count:,} ids: two experiments independent, chi-square p = {apart:.3f}", flush=True)
    return min(even, apart) > 0.001


def _without_effect(random: np.random.Generator, runs: int, units: int) -> bool:
    fixed = looked = always = broken = 0
    for number in range(runs):
        plan = replace(PLAN, name=f"aa{number}", salt=f"aa{number}")
        row = _result(plan, random, units, 0.0)
        fixed += row["verdict"] == "significant"
        broken += row["verdict"] == "broken"
        # Whoever looks every day stops at the first finding: the p-value never rises again.
        always += (row["any_day_p_value"] or 1.0) < ALPHA
        looked += row["is_ever_below"]
    of_end, of_always = Rate(fixed, runs), Rate(always, runs)
    margin = 1.96 * math.sqrt(ALPHA * (1 - ALPHA) / runs)
    print(f"without an effect, one look at the end: significant {of_end}")
    print(f"  promised 5 %, by chance ± {margin:.1%}")
    print(f"without an effect, always-valid over {DAYS} looks: significant {of_always}")
    print(f"  one look's p-value, looked at {DAYS} times, would be: {Rate(looked, runs)}")
    print(f"without an effect: broken {Rate(broken, runs)}, promised 0.1 %", flush=True)
    return abs(fixed / runs - ALPHA) <= 1.5 * margin and of_always.interval[0] <= ALPHA


def _with_effect(random: np.random.Generator, runs: int, lift: float) -> bool:
    """With as many listeners as a pilot says are needed for the promised power."""
    pilot = replace(PLAN, name="pilot", salt="pilot", least_effect=lift)
    units = int(_result(pilot, random, 20_000, 0.0)["needed_unit_count"])
    found = covered = sooner = 0
    cuts = []
    for number in range(runs):
        plan = replace(PLAN, name=f"ab{number}", salt=f"ab{number}", least_effect=lift)
        row = _result(plan, random, units, lift)
        found += row["verdict"] == "significant" and row["direction"] == "better"
        covered += row["effect_low"] <= lift * row["true_mean"] <= row["effect_high"]
        sooner += row["any_day_p_value"] < ALPHA
        cuts.append(row["noise_cut_pct"])
    print(f"lift of {lift:.0%}, {units:,} listeners (as a pilot says): found {Rate(found, runs)}")
    print(f"  promised {POWER:.0%}; always-valid by the last day {Rate(sooner, runs)}")
    print(f"  95 % intervals hold the lift in {Rate(covered, runs)}")
    print(f"  noise that the past takes away: {np.mean(cuts):.0f} %", flush=True)
    low, high = Rate(found, runs).interval
    return low - 0.02 <= POWER <= high + 0.02


def _result(
    plan: Experiment, random: np.random.Generator, units: int, lift: float
) -> dict[str, Any]:
    """The row of the treatment on the last day, and whether one look was ever below 5 %."""
    met, did, true_mean = _world(plan, random, units, lift)
    row = _treatment_row(plan, met, did, day_end(plan.ends_on))
    below = lift == 0 and any(
        (_treatment_row(plan, met, did, day)["p_value"] or 1.0) < ALPHA for day in _some_days(plan)
    )
    return row | {"is_ever_below": below, "true_mean": true_mean}


def _some_days(plan: Experiment) -> Iterator[dt.date]:
    yield from (plan.starts_on + dt.timedelta(days=n) for n in range(DAYS))


def _treatment_row(
    plan: Experiment, met: pl.DataFrame, did: pl.DataFrame, day: dt.date
) -> dict[str, Any]:
    until = did.filter(pl.col("ingest_date") <= day)
    return measure_experiment(plan, met, until, day)[1]


def _world(
    plan: Experiment, random: np.random.Generator, units: int, lift: float
) -> tuple[pl.DataFrame, pl.DataFrame, float]:
    """Exposures and days of so many listeners, and what one of control does on average."""
    ids = [f"u{number}" for number in range(units)]
    variants = np.array([variant_of(plan, unit) for unit in ids])
    joined = random.integers(0, JOIN_DAYS, units)
    met = pl.DataFrame(
        {
            "ingest_date": _DAYS[(joined + PAST_DAYS).tolist()],
            "experiment": plan.name,
            "unit_id": ids,
            "variant": variants,
            "exposed_at": joined,
            "source": "drill",
        }
    )
    rates = random.gamma(2.0, 1.0, units)
    plays, true_mean = _plays(random, rates, joined, variants == "treatment", lift)
    there = np.nonzero(plays)
    did = pl.DataFrame(
        {
            "ingest_date": _DAYS[there[1].tolist()],
            "user_id": pl.Series(ids)[there[0].tolist()],
            "play_count": plays[there],
        }
    )
    return met, did, true_mean


def _plays(
    random: np.random.Generator,
    rates: NDArray[np.float64],
    joined: NDArray[np.int64],
    is_treated: NDArray[np.bool_],
    lift: float,
) -> tuple[NDArray[np.int64], float]:
    """Plays of each listener and day; the effect begins with the exposure."""
    days = np.arange(PAST_DAYS + DAYS)
    is_met = days >= (joined + PAST_DAYS)[:, None]
    # Moods last for days: a listener's plays of two days are not independent.
    moods = random.gamma(4.0, 0.25, (len(rates), 4)).repeat(math.ceil(len(days) / 4), axis=1)
    usual = rates[:, None] * moods[:, : len(days)]
    plays = random.poisson(usual * (1 + lift * (is_met & is_treated[:, None])))
    days_there = DAYS - (JOIN_DAYS - 1) / 2
    return plays, 2.0 * days_there


if __name__ == "__main__":
    main()
