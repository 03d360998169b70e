"""The slot: chances, draws, contexts, what is offered."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.rising_slot.rising_choice import (
    act_chances,
    choose_act,
    logged_choice,
    rising_offers,
)
from kpop_assets.rising_slot.rising_context import (
    RisingContext,
    context_told,
    hour_band_of,
    most_played_cluster,
)
from kpop_assets.rising_slot.rising_state import CELL_SCHEMA, RisingState

PHONE = RisingContext("evening", "phone", "slow, calm")
DESKTOP = RisingContext("morning", "desktop", "slow, calm")
ACTS = ("IU", "AKMU", "QWER")


def a_state(*cells: tuple[str, RisingContext, float, float]) -> RisingState:
    rows = [(act, *context.told().values(), shown, came) for act, context, shown, came in cells]
    return RisingState("2026-11-28T12:00:00+00:00", pl.DataFrame(rows, CELL_SCHEMA, orient="row"))


KNOWN = a_state(
    *[("IU", context, 2_000, rate) for context, rate in ((PHONE, 400), (DESKTOP, 20))],
    *[("AKMU", context, 2_000, rate) for context, rate in ((PHONE, 20), (DESKTOP, 400))],
    *[("QWER", context, 2_000, rate) for context, rate in ((PHONE, 150), (DESKTOP, 150))],
)


@pytest.mark.parametrize("policy", ["linucb", "thompson"])
def test_a_contextual_policy_shows_each_context_what_pays_there(policy: str):
    # 3 / sqrt(12,001) of what is shown goes by lot.
    least = 1 - 2 / 3 * 3 / np.sqrt(12_001) - 0.01
    assert act_chances(policy, KNOWN, ACTS, PHONE)[0] > least
    assert act_chances(policy, KNOWN, ACTS, DESKTOP)[1] > least


def test_epsilon_greedy_knows_no_context_and_shows_a_tenth_by_lot():
    for context in (PHONE, DESKTOP):
        # 420 of 4,000 for either of the first two, 300 for the third.
        found = act_chances("epsilon_greedy", KNOWN, ACTS, context)
        np.testing.assert_allclose(found, [0.45 + 0.1 / 3, 0.45 + 0.1 / 3, 0.1 / 3])


@pytest.mark.parametrize("policy", rules.SHOWING_POLICIES)
def test_an_untaught_slot_shows_all_alike(policy: str):
    np.testing.assert_allclose(act_chances(policy, RisingState(), ACTS, PHONE), 1 / 3)


@pytest.mark.parametrize("policy", ["linucb", "thompson"])
def test_a_new_act_is_tried(policy: str):
    """Nothing is known of it, so it may be better than all that are known."""
    assert act_chances(policy, KNOWN, ("IU", "NEW"), DESKTOP)[1] > 0.4


@given(
    st.sampled_from(rules.SHOWING_POLICIES),
    st.lists(st.sampled_from([*ACTS, "A", "B"]), min_size=1, max_size=30),
    st.sampled_from([PHONE, DESKTOP, RisingContext()]),
    st.integers(0, 2**64 - 1),
)
def test_what_is_told_is_the_chance_by_which_was_drawn(policy, acts, context, seed):
    chosen = choose_act(policy, KNOWN, acts, context, seed)
    assert chosen is not None
    assert chosen == choose_act(policy, KNOWN, acts, context, seed)
    chances = act_chances(policy, KNOWN, chosen.offered, context)
    assert chances.sum() == pytest.approx(1)
    assert chances.min() > 0
    assert chosen.propensity == chances[chosen.offered.index(chosen.act)]
    assert list(chosen.offered) == list(dict.fromkeys(acts))


def test_acts_are_drawn_as_often_as_is_told():
    drawn = [choose_act("epsilon_greedy", KNOWN, ACTS, PHONE, seed) for seed in range(3_000)]
    counted = np.array([sum(one.act == act for one in drawn if one) for act in ACTS]) / 3_000
    told = act_chances("epsilon_greedy", KNOWN, ACTS, PHONE)
    np.testing.assert_allclose(counted, told, atol=4 * 0.5 / np.sqrt(3_000))


def test_a_log_says_what_was_drawn_from_what():
    chosen = choose_act("thompson", KNOWN, ("아이유", *ACTS), PHONE, 4)
    assert chosen is not None
    told = logged_choice(chosen, PHONE)
    context = json.loads(str(told.pop("context")))
    assert told == {
        "rising_act": chosen.act,
        "rising_propensity": chosen.propensity,
        "rising_policy": "thompson",
    }
    assert context["offered_acts"] == ["아이유", *ACTS]
    assert context_told(context) == PHONE


def test_no_policy_no_act_and_no_offer_no_act():
    assert choose_act("none", KNOWN, ACTS, PHONE, 1) is None
    assert choose_act("thompson", KNOWN, (), PHONE, 1) is None


def test_of_many_offers_the_first_count():
    chosen = choose_act("linucb", KNOWN, [f"act {n}" for n in range(100)], PHONE, 1)
    assert chosen is not None
    assert len(chosen.offered) == rules.MOST_OFFERED_ACTS
    assert chosen.offered[0] == "act 0"


def test_a_context_is_what_a_request_says():
    assert RisingContext.of(19, "Phone", "slow, calm") == PHONE
    assert RisingContext.of(None, None, None) == RisingContext("unknown", "unknown", "unknown")
    assert RisingContext.of(25, "fridge 3000").told() == {
        "hour_band": "unknown",
        "device": "other",
        "cluster": "unknown",
    }
    assert context_told(PHONE.told()) == PHONE
    assert context_told({"device": None}) == RisingContext()


def test_hours_of_the_day_are_four_bands():
    bands = [hour_band_of(hour) for hour in range(24)]
    assert bands == ["night"] * 6 + ["morning"] * 6 + ["afternoon"] * 6 + ["evening"] * 6


def test_the_cluster_is_what_is_played_most():
    assert most_played_cluster(["a", "b", None, "b"], [3, 1, 9, 1.5]) == "a"
    assert most_played_cluster(["b", "a"], [2, 2]) == "a"
    assert most_played_cluster([None], [2]) is None


def test_each_act_is_offered_with_what_of_it_suits_best():
    items, acts = np.array([10, 11, 12, 13, 14, 15]), np.array([1, 1, 2, 3, 4, 2])
    fit = np.array([0.2, 0.5, 0.9, 0.7, -np.inf, 0.1])
    is_rising = np.array([True, True, True, False, True, True])
    # Act 3 does not rise, of act 4 nothing may be shown.
    assert list(rising_offers(items, acts, fit, is_rising).items()) == [(2, 12), (1, 11)]
