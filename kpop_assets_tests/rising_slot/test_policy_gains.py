"""What other policies would have earned: the better one is found, and none learns of itself."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from drills.clicked import START, chances_of, make_world, regret_of, show
from kpop_assets.contracts import rising_rules as rules
from kpop_assets.ml.policy_values import PolicyValue
from kpop_assets.rising_slot.policy_gains import (
    estimate_policies,
    gain,
    slot_log,
    target_chances,
    verdict_of,
)
from kpop_assets.rising_slot.rising_lessons import learn_state
from kpop_assets.rising_slot.rising_state import RisingState
from kpop_assets_tests.rising_slot.shows import a_show, shows_of

WORLD = make_world(np.random.default_rng(5), act_count=4)
BY_LOT = np.full(WORLD.rates.shape, 1 / 4)
LAST_DAY = dt.date(2026, 10, 15)


def a_log() -> pl.DataFrame:
    """Two weeks by lot: one to learn from, one to look at."""
    rng = np.random.default_rng(6)
    days = [START + dt.timedelta(days=day) for day in range(1, 15)]
    return pl.concat([show(WORLD, BY_LOT, 400, day, rng)[0] for day in days])


def worth(chances: np.ndarray) -> float:
    return float((WORLD.rates * chances).sum(axis=1).mean())


def test_each_policy_gets_its_worth_and_the_learners_are_better_than_lot():
    log = a_log()
    rows = {row["policy"]: row for row in estimate_policies(log, LAST_DAY)}
    assert [*rows] == ["by_lot", *rules.SHOWING_POLICIES]
    start = dt.datetime(2026, 10, 8, 15, tzinfo=dt.UTC)
    state = learn_state(log, start)
    for policy in rules.SHOWING_POLICIES:
        row = rows[policy]
        truth = worth(chances_of(WORLD, policy, state))
        for name in ("ips", "snips", "dr"):
            assert row[f"{name}_low"] < truth < row[f"{name}_high"], (policy, name)
    assert rows["thompson"]["estimate_verdict"] == "better"
    assert rows["thompson"]["gain_low"] > 0
    assert rows["by_lot"]["gain_reward"] == pytest.approx(0, abs=0.02)
    assert rows["by_lot"]["estimate_verdict"] == "not yet"


def test_rewards_of_the_days_that_are_looked_at_teach_the_policy_nothing():
    """Else each policy would be praised for what it found in the same clicks."""
    log = a_log()
    start = dt.datetime(2026, 10, 8, 15, tzinfo=dt.UTC)
    is_looked_at = pl.col("answered_at") >= start
    turned = log.with_columns(pl.when(is_looked_at).then(1 - pl.col("reward")).otherwise("reward"))
    state, other = learn_state(log, start), learn_state(turned, start)
    assert state.text() == other.text()
    before = {row["policy"]: row["effective_count"] for row in estimate_policies(log, LAST_DAY)}
    after = {row["policy"]: row["effective_count"] for row in estimate_policies(turned, LAST_DAY)}
    assert before == after


def test_a_policy_that_would_show_what_pays_least_is_worse():
    log = slot_log(a_log())
    worst = np.zeros(BY_LOT.shape)
    worst[np.arange(len(worst)), WORLD.rates.argmin(axis=1)] = 1
    kinds = [context for context, _ in log.kinds]
    own = worst[[WORLD.contexts.index(context) for context in kinds]][log.offers]
    more, _ = gain(log, own)
    assert verdict_of(more) == "worse"


def test_what_is_shown_by_its_own_chances_gains_nothing():
    log = slot_log(a_log())
    more, found = gain(log, target_chances(rules.BY_LOT, RisingState(), log))
    assert found["ips"].value == found["snips"].value == pytest.approx(log.rewards.mean())
    assert more.low < 0 < more.high


def test_shows_of_a_listener_count_together_and_those_of_nobody_alone():
    """Else who comes again and again would make a policy certain."""
    log = a_log()
    rows = {row["policy"]: row for row in estimate_policies(log, LAST_DAY)}
    of_twenty = log.with_columns(user_id=pl.Series([f"u{n % 20}" for n in range(len(log))]))
    few = {row["policy"]: row for row in estimate_policies(of_twenty, LAST_DAY)}
    assert rows["thompson"]["effective_count"] > 100
    assert few["thompson"]["effective_count"] <= 20
    assert few["thompson"]["estimate_verdict"] == "too few"
    assert few["thompson"]["ips_reward"] == pytest.approx(rows["thompson"]["ips_reward"])
    seen = slot_log(of_twenty)
    assert len({*zip(seen.listeners.tolist(), of_twenty["user_id"], strict=True)}) == 20


def test_few_shows_decide_nothing():
    assert verdict_of(PolicyValue(0.5, 0.4, 0.6, 5_000, 39.0, 2.0)) == "too few"
    assert verdict_of(PolicyValue(0.5, 0.4, 0.6, 5_000, 40.0, 20.0)) == "better"
    assert verdict_of(PolicyValue(0.5, 0.4, 0.6, 5_000, 40.0, 20.1)) == "too few"
    assert verdict_of(PolicyValue(0.5, -0.4, 0.6, 5_000, 40.0, 2.0)) == "not yet"


def test_a_day_without_shows_has_no_estimate():
    assert estimate_policies(shows_of(), LAST_DAY) == []
    assert estimate_policies(shows_of(a_show()), dt.date(2026, 12, 30)) == []


def test_one_show_gives_rows_without_intervals():
    rows = estimate_policies(shows_of(a_show()), dt.date(2026, 11, 20))
    assert {row["estimate_verdict"] for row in rows} == {"too few"}
    assert all(row["dr_low"] is None for row in rows)


def test_of_too_many_rows_some_are_looked_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "MOST_ESTIMATED_SHOWS", 1_000)
    row = estimate_policies(a_log(), LAST_DAY)[0]
    assert row["show_count"] == 2_800
    assert row["estimated_count"] == 934


@pytest.mark.parametrize("policy", ["linucb", "thompson"])
def test_a_learner_loses_less_and_less(policy: str):
    """Sixty hours of 100 shows: the last third costs less than half of the first."""
    world = make_world(np.random.default_rng(9), act_count=6)
    lost = regret_of(world, policy, 60, 100, seed=1)
    assert lost[-1] - lost[39] < 0.5 * lost[19]
    assert lost[-1] < regret_of(world, "epsilon_greedy", 60, 100, seed=1)[-1]
