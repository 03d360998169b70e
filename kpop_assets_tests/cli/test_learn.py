"""`kpop update`: what was learnt, and what other policies would have earned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kpop_assets.cli.learn import print_policies
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.days import SEOUL
from kpop_assets.rising_slot.rising_state import read_state, state_path
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.operate.checkup.kit import write
from kpop_assets_tests.rising_slot.test_shown_acts import an_answer


def test_an_update_says_what_was_learnt_and_what_others_would_have_earned(
    tmp_path: Path, kpop: Kpop
):
    now = dt.datetime.now(tz=SEOUL)
    ago = [dt.timedelta(days=3, hours=hours) for hours in range(3)]
    answers = [
        an_answer(f"r{hours}", answered_at=now - one, ingest_date=(now - one).date())
        for hours, one in enumerate(ago)
    ]
    write(tmp_path / "data" / "lake", RECOMMENDATIONS, *answers)
    done = kpop("update", "rising-slot")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].startswith("rising slot: 3 shows of 1 acts, up to ")
    assert lines[0].endswith(": learnt anew")
    assert sorted(line.split()[0] for line in lines[1:]) == [
        *("by_lot", "epsilon_greedy", "linucb", "thompson"),
    ]
    assert all(line.endswith("in truth 0.0000: too few") for line in lines[1:])
    assert read_state(tmp_path / "data").shown_count > 0


def test_policies_stand_by_what_they_would_have_earned(capsys: pytest.CaptureFixture[str]):
    row = {"policy": "linucb", "dr_reward": 0.1, "dr_low": None, "dr_high": None}
    row |= {"shown_reward": 0.15, "estimate_verdict": "too few"}
    better = row | {"policy": "thompson", "dr_reward": 0.2, "dr_low": 0.1, "dr_high": 0.3}
    print_policies([row, better | {"estimate_verdict": "better"}])
    told = "would have earned"
    assert capsys.readouterr().out.splitlines() == [
        f"  thompson        {told} 0.2000 (0.1000 to 0.3000) a show, in truth 0.1500: better",
        f"  linucb          {told} 0.1000 a show, in truth 0.1500: too few",
    ]


def test_an_empty_home_knows_nothing(kpop: Kpop):
    done = kpop("update", "rising-slot")
    assert done.out.startswith("rising slot: 0 shows of 0 acts, up to ")
    assert done.out.count("\n") == 1


def test_where_nothing_can_be_written_it_says_so_in_a_line(tmp_path: Path, kpop: Kpop):
    state_path(tmp_path / "data").mkdir(parents=True)
    assert_one_line(kpop("update", "rising-slot"), "state.json", "cannot be written")
