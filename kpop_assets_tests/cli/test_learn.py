"""`kpop update`: what was learnt, and what other policies would have earned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.contracts.rising_slot import POLICY_ESTIMATES
from kpop_assets.days import SEOUL
from kpop_assets.rising_slot.rising_state import read_state, state_path
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.operate.checkup.kit import write
from kpop_assets_tests.rising_slot.test_shown_acts import an_answer


def test_an_update_says_what_was_learnt_and_the_newest_day_of_what_others_would_have_earned(
    tmp_path: Path, kpop: Kpop
):
    now = dt.datetime.now(tz=SEOUL)
    ago = [dt.timedelta(days=3, hours=hours) for hours in range(3)]
    answers = [
        an_answer(f"r{hours}", answered_at=now - one, ingest_date=(now - one).date())
        for hours, one in enumerate(ago)
    ]
    lake = tmp_path / "data" / "lake"
    write(lake, RECOMMENDATIONS, *answers)
    newest = {"ingest_date": dt.date(2026, 11, 20), "policy": "linucb", "dr_reward": 0.1}
    newest |= {"dr_low": None, "dr_high": None}
    newest |= {"shown_reward": 0.15, "estimate_verdict": "too few"}
    better = {"policy": "thompson", "dr_reward": 0.2, "dr_low": 0.1, "dr_high": 0.3}
    better |= {"estimate_verdict": "better"}
    older = {"ingest_date": dt.date(2026, 11, 19), "policy": "by_lot"}
    write(lake, POLICY_ESTIMATES, older, newest, newest | better)
    done = kpop("update", "rising-slot")
    assert done.code == 0, done.err
    first, *lines = done.out.splitlines()
    assert first.startswith("rising slot: 3 shows of 1 acts, up to ")
    assert first.endswith(": learnt anew")
    told = "would have earned"
    assert lines == [
        "of what was shown in the week before 2026-11-20:",
        f"  thompson        {told} 0.2000 (0.1000 to 0.3000) a show, in truth 0.1500: better",
        f"  linucb          {told} 0.1000 a show, in truth 0.1500: too few",
    ]
    assert read_state(tmp_path / "data").shown_count > 0


def test_an_empty_home_knows_nothing(kpop: Kpop):
    done = kpop("update", "rising-slot")
    assert done.out.startswith("rising slot: 0 shows of 0 acts, up to ")
    assert done.out.count("\n") == 1


def test_where_nothing_can_be_written_it_says_so_in_a_line(tmp_path: Path, kpop: Kpop):
    state_path(tmp_path / "data").mkdir(parents=True)
    assert_one_line(kpop("update", "rising-slot"), "state.json", "cannot be written")
