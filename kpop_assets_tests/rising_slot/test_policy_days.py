"""Day by day what policies would have earned, from what came of answers, through the graph."""

from __future__ import annotations

import datetime as dt
from typing import Any

import dagster as dg
import numpy as np

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.contracts.rising_slot import POLICY_ESTIMATES
from kpop_assets.days import day_start_ms
from kpop_assets.operate.runner import materialize
from kpop_assets.rising_slot.rising_choice import ChosenAct, logged_choice
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import DAY
from kpop_assets_tests.graph.kit import instance as instance
from kpop_assets_tests.operate.checkup.kit import write
from kpop_assets_tests.rising_slot.shows import PHONE

ONE = dt.timedelta(days=1)
# Answers of nine days; what came of them is known a day later.
FIRST = DAY - 9 * ONE
ACTS = ("IU", "AKMU")
SAID = ("is_clicked", "is_played", "is_completed", "is_skipped", "is_liked", "is_disliked")


def outcome(day: dt.date, minute: int, act: str, **more: Any) -> dict[str, Any]:
    """What came of the place of an act that was drawn by lot on a day."""
    told = logged_choice(ChosenAct(act, 0.5, "thompson", ACTS), PHONE)
    name = f"{day} {minute}"
    at = dt.datetime.fromtimestamp(day_start_ms(day) / 1000 + 60 * minute, tz=dt.UTC)
    plain = {
        "ingest_date": day + ONE,
        **{"request_id": name, "drawn_by": name, "user_id": name, "answered_at": at},
        **{"position": 4, "is_rising_slot": True, "context_features": told.pop("context")},
        **dict.fromkeys(SAID, False),
    }
    return plain | told | more


def fill_outcomes(settings: Settings) -> None:
    """60 answers a day; one act's are clicked half the time, the other's never."""
    rng = np.random.default_rng(8)
    rows = []
    for day in (FIRST + n * ONE for n in range(9)):
        for number in range(60):
            act = ACTS[rng.integers(2)]
            is_clicked = act == "IU" and bool(rng.random() < 0.5)
            rows.append(outcome(day, 10 * number, act, is_clicked=is_clicked))
            # Another place of the page.
            rows.append(outcome(day, 10 * number, act, position=1, is_rising_slot=False))
    # Drawn before midnight, and clicked where it was shown again after it.
    late = outcome(DAY - 2 * ONE, 1_439, "IU")
    again = outcome(DAY - ONE, 0, "IU", drawn_by=late["request_id"], is_clicked=True)
    write(settings.lake, OUTCOMES, *rows, late, again | {"request_id": "again"})


def test_the_table_says_of_each_day_what_policies_would_have_earned_in_the_week_before(
    settings: Settings, instance: dg.DagsterInstance
):
    fill_outcomes(settings)
    materialize(settings, FIRST, DAY, ("rising_slot",), {}, {"days": []})
    lake = build_lake(settings)
    found = lake.rows(POLICY_ESTIMATES).sort("ingest_date", "policy")
    # On the first day nothing is known of any answer.
    assert found["ingest_date"].unique().sort().to_list() == [FIRST + n * ONE for n in range(1, 10)]
    last = {row["policy"]: row for row in found.filter(ingest_date=DAY).iter_rows(named=True)}
    assert {*last} == {rules.BY_LOT, *rules.SHOWING_POLICIES}
    assert {row["show_count"] for row in last.values()} == {7 * 60 + 1}
    by_lot, learner = last[rules.BY_LOT], last["thompson"]
    assert by_lot["ips_reward"] == by_lot["shown_reward"] == by_lot["snips_reward"]
    assert by_lot["gain_low"] < 0 < by_lot["gain_high"]
    assert learner["estimate_verdict"] == "better"
    assert learner["dr_low"] < 0.5 < learner["dr_high"]
    # A day alone, later, and made again: the same rows.
    materialize(settings, DAY - ONE, DAY - ONE, ("rising_slot",), {}, {"days": []})
    assert lake.rows(POLICY_ESTIMATES).sort("ingest_date", "policy").equals(found)


def test_a_home_where_nobody_was_answered_has_no_estimates(
    settings: Settings, instance: dg.DagsterInstance
):
    materialize(settings, DAY, DAY, ("rising_slot",), {}, {"days": []})
    assert build_lake(settings).rows(POLICY_ESTIMATES).is_empty()
