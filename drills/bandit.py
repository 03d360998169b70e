"""`python -m drills.bandit`: does the slot for rising acts learn, and do its estimates tell true?

Belongs here: regret of each policy over many simulated worlds, and how often the intervals of what
another policy would have earned hold the truth. Does not belong here: the worlds (clicked.py).

Regret is what was lost against who knows every rate. A policy's grows like shows^exponent; below 1
it learns for good. Its exponent is that of the last three quarters.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys

import numpy as np
import polars as pl
from scipy.special import bdtr

from drills.clicked import START, ClickWorld, chances_of, make_world, regret_of, show
from kpop_assets.contracts import rising_rules as rules
from kpop_assets.ml.linear_arms import Floats64
from kpop_assets.ml.policy_values import NORMAL_95, PolicyValue
from kpop_assets.rising_slot.policy_gains import gain, may_decide, slot_log, target_chances
from kpop_assets.rising_slot.rising_lessons import SHOW_SCHEMA, learn_state

# Shows of a listener in a log: who comes again makes rows that are alike.
SHOWS_OF_A_LISTENER = 20
BASE = "epsilon_greedy"
# By which the logs are drawn that others are estimated from.
LOGGED = "thompson"
LEARNERS = ("linucb", "thompson")


def main() -> None:
    """Run both; exit code 1 where a policy does not learn or an interval holds too seldom."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--hours", type=int, default=160)
    parser.add_argument("--hourly", type=int, default=200)
    parser.add_argument("--runs", type=int, default=400, help="logs, for the coverage")
    parser.add_argument("--shows", type=int, default=4_000, help="shows a log")
    asked = parser.parse_args()
    is_well = told_regret(asked.worlds, asked.hours, asked.hourly)
    is_well &= told_coverage(asked.runs, asked.shows)
    print("the slot learns and its estimates tell true" if is_well else "NOT as promised")
    sys.exit(0 if is_well else 1)


def told_regret(worlds: int, hours: int, hourly: int) -> bool:
    """Print regret by policy; whether the learners' is sublinear and below epsilon-greedy's."""
    curves: dict[str, Floats64] = {}
    for policy in (BASE, *LEARNERS):
        runs = []
        for seed in range(worlds):
            world = make_world(np.random.default_rng(1_000 + seed))
            runs.append(regret_of(world, policy, hours, hourly, seed))
        curves[policy] = np.array(runs)
    print(f"{worlds} worlds, {hours} hours of {hourly} shows: regret in clicks, 95 % of the mean")
    print(f"{'policy':<16}{'quarter':>16}{'half':>16}{'all':>16}{'exponent':>16}{'to base':>18}")
    is_well = True
    for policy, runs_of in curves.items():
        quarter, half, last = (runs_of[:, hours // part - 1] for part in (4, 2, 1))
        exponents = np.log(last / quarter) / np.log(4)
        apart = last - curves[BASE][:, -1]
        told = [*map(_interval, (quarter, half, last)), _interval(exponents, 3), _interval(apart)]
        print(f"{policy:<16}{''.join(f'{one:>16}' for one in told[:4])}{told[4]:>18}", flush=True)
        if policy in LEARNERS:
            is_well &= _high(exponents) < 1 and _high(apart) < 0
    return is_well


def told_coverage(runs: int, shows: int) -> bool:
    """Print how often each interval holds the truth; whether those that may decide do so.

    Of each estimate at least half of the logs must decide on a policy other than the one that drew
    them: where none decides nothing is proven.
    """
    told: dict[tuple[str, str], list[tuple[bool, bool, float, float]]] = {}
    for seed in range(runs):
        for policy, truth, found in _estimates(seed, shows):
            for name, one in found.items():
                held, width = one.low <= truth[name] <= one.high, one.high - one.low
                row = (held, may_decide(one), width, one.effective_count)
                told.setdefault((policy, name), []).append(row)
    listeners = shows // SHOWS_OF_A_LISTENER
    print(f"\n{runs} logs of {shows} shows to {listeners} listeners by {LOGGED}: 95 % intervals")
    is_well, proven = True, dict.fromkeys((name for _, name in told), False)
    for (policy, name), rows in told.items():
        held, may, widths, effective = np.array(rows, dtype=float).T
        decides = may > 0
        share = f"{100 * held[decides].mean():.1f} %" if decides.any() else "-"
        print(
            f"{policy:<16}{name:<7}all {100 * held.mean():.1f} %   of {decides.sum()} that may "
            f"decide {share}"
            f"   width {widths.mean():.4f}   {effective.mean():.0f} effective"
        )
        # Chance alone would let 95 % hold as seldom as that once in a thousand times at most.
        is_well &= float(bdtr(held[decides].sum(), decides.sum(), 0.95)) >= 0.001
        proven[name] |= policy != LOGGED and bool(decides.mean() >= 0.5)
    lacking = [name for name, is_proven in proven.items() if not is_proven]
    if lacking:
        print(f"too few logs decide on another policy by {', '.join(lacking)}: take --shows larger")
    return is_well and not lacking


def _estimates(seed: int, shows: int) -> list[tuple[str, dict[str, float], dict[str, PolicyValue]]]:
    """A log of a week after a day of learning, and what is said of each policy, with the truth."""
    rng = np.random.default_rng(seed)
    world = make_world(rng)
    chances = np.full((len(world.contexts), len(world.acts)), 1 / len(world.acts))
    before, _ = show(world, chances, 1_000, START, rng)
    now = START + dt.timedelta(days=1)
    state = learn_state(before, now)
    logged = chances_of(world, LOGGED, state)
    rows, _ = show(world, logged, shows, now, rng, shows // SHOWS_OF_A_LISTENER)
    log = slot_log(pl.concat([pl.DataFrame(schema=SHOW_SCHEMA), rows]))
    found = []
    for policy in (rules.BY_LOT, *rules.SHOWING_POLICIES):
        more, values = gain(log, target_chances(policy, state, log))
        target = chances if policy == rules.BY_LOT else chances_of(world, policy, state)
        earned, base = _worth(world, target), _worth(world, logged)
        truth = {**dict.fromkeys(values, earned), "gain": earned - base}
        found.append((policy, truth, {**values, "gain": more}))
    return found


def _worth(world: ClickWorld, chances: Floats64) -> float:
    return float((world.rates * chances).sum(axis=1).mean())


def _half(values: Floats64) -> float:
    return float(NORMAL_95 * values.std(ddof=1) / np.sqrt(len(values)))


def _high(values: Floats64) -> float:
    return float(values.mean()) + _half(values)


def _interval(values: Floats64, digits: int = 0) -> str:
    return f"{values.mean():.{digits}f} ± {_half(values):.{digits}f}"


if __name__ == "__main__":
    main()
