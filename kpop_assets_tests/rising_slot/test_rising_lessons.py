"""Counts of what was shown and what came of it: late rewards, reruns, what is forgotten."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.rising_slot.rising_choice import act_chances
from kpop_assets.rising_slot.rising_lessons import due_shares, learn_state
from kpop_assets.rising_slot.rising_state import RisingState
from kpop_assets_tests.rising_slot.shows import DESKTOP, NOON, PHONE, a_show, shows_of


def cell(state: RisingState, act: str = "IU") -> tuple[float, float]:
    own = state.cells.filter(pl.col("act") == act)
    return own["shown"].sum(), own["rewarded"].sum()


def test_whole_shows_are_counted_by_act_and_context():
    state = learn_state(
        shows_of(
            a_show(delay_seconds=60),
            a_show(),
            a_show(context=DESKTOP),
            a_show("AKMU", delay_seconds=7_200),
        ),
        NOON,
    )
    assert state.learnt_until == "2026-11-20T03:00:00+00:00"
    assert state.cells.rows() == [
        ("AKMU", *PHONE.told().values(), 1.0, 1.0),
        ("IU", *PHONE.told().values(), 2.0, 1.0),
        ("IU", *DESKTOP.told().values(), 1.0, 0.0),
    ]


def test_a_show_whose_reward_is_not_due_counts_in_part():
    # Of 60 rewards of whole shows 45 came within the hour; 20 more are supposed over the day.
    early = [a_show("AKMU", 48, 600.0) for _ in range(45)]
    late = [a_show("AKMU", 48, 20_000.0) for _ in range(15)]
    state = learn_state(shows_of(*early, *late, a_show(hours_ago=1)), NOON)
    assert cell(state) == (pytest.approx((45 + 20 / 24) / 80, abs=1e-6), 0)
    assert cell(state, "AKMU") == (60, 60)


def test_rewards_over_shows_are_right_at_any_age():
    """Counted as whole, shows of the last hour would halve what is known of a new act."""
    rng = np.random.default_rng(1)
    rows = []
    for number in range(6_000):
        delay = float(rng.exponential(3_600)) if rng.random() < 0.3 else None
        act, hours = ("AKMU", 30) if number % 2 else ("IU", float(rng.uniform(0, 2)))
        rows.append(a_show(act, hours, delay))
    shown, rewarded = cell(learn_state(shows_of(*rows), NOON))
    assert shown < 2_000
    assert rewarded / shown == pytest.approx(0.3, abs=0.04)
    assert rewarded / 3_000 < 0.2


def test_the_same_moment_gives_the_same_whatever_came_after_it():
    """A run that is made again, or an hour late, says what it would have said in time."""
    known = [a_show(hours_ago=3, delay_seconds=60), a_show("AKMU", 30)]
    # A show of later, and a reward that had not come yet.
    later = [a_show(hours_ago=-1, delay_seconds=5), a_show("AKMU", 1, 3_700)]
    text = learn_state(shows_of(*known, later[1]), NOON).text()
    assert learn_state(shows_of(*later, *known), NOON).text() == text
    without = shows_of(*known, a_show("AKMU", 1))
    assert learn_state(without, NOON).text() == text


def test_the_order_of_the_log_does_not_matter():
    rng = np.random.default_rng(2)
    rows = [
        a_show(act, float(rng.uniform(0, 30)), float(rng.uniform(0, 9_000)))
        for act in ("IU", "AKMU")
        for _ in range(200)
    ]
    log = shows_of(*rows)
    assert learn_state(log.sample(fraction=1, shuffle=True, seed=3), NOON).text() == (
        learn_state(log, NOON).text()
    )


def test_what_was_shown_long_ago_is_forgotten():
    old = 24 * rules.LEARN_DAYS
    assert cell(learn_state(shows_of(a_show(hours_ago=old + 1)), NOON)) == (0, 0)
    assert cell(learn_state(shows_of(a_show(hours_ago=old - 1)), NOON)) == (1, 0)


def test_the_share_by_lot_stays_in_steady_traffic_once_the_first_shows_are_forgotten():
    def chances(days: int) -> list[float]:
        shown = [a_show("AB"[n % 2], hours_ago=(n + 0.5) / 4) for n in range(4 * 24 * days)]
        state = learn_state(shows_of(*shown), NOON)
        return act_chances("linucb", state, ["A", "B"], PHONE).tolist()

    whole = rules.LEARN_DAYS
    least = [min(chances(days)) for days in (whole // 2, whole, 2 * whole)]
    assert least[0] > least[1] == least[2] > 0


def test_a_reward_of_which_nobody_says_when_counts_and_tells_nothing_of_delays():
    rewarded = a_show(hours_ago=1) | {"reward": 1.0}
    assert cell(learn_state(shows_of(rewarded), NOON)) == (pytest.approx(1 / 24, abs=1e-6), 1)


def test_nothing_shown_is_nothing_known():
    state = learn_state(shows_of(), NOON)
    assert state.shown_count == 0
    assert RisingState.from_text(state.text()).cells.is_empty()


def test_shares_rise_with_age_to_the_whole():
    ages = np.array([0.0, 1_800, 86_399, 86_400, 10**6])
    delays = np.array([np.nan, np.nan, np.nan, 1_000.0, np.nan])
    shares = due_shares(ages, delays).to_list()
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[3:] == [1, 1]


def test_a_day_is_a_day():
    assert dt.timedelta(seconds=rules.REWARD_SECONDS) == dt.timedelta(days=1)
