"""Learning from the tables: reruns, what comes late, one at a time, and the command."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_tracks import WORKS
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.lake.errors import InUseError
from kpop_assets.lake.lock import locked
from kpop_assets.lake.reader import LakeReader
from kpop_assets.rising_slot import rising_update
from kpop_assets.rising_slot.rising_state import read_state, state_path
from kpop_assets.rising_slot.rising_update import update_rising_slot
from kpop_assets.settings import Settings
from kpop_assets.wiring.rising_hours import build_rising_schedule, rising_job
from kpop_assets_tests.operate.checkup.kit import write
from kpop_assets_tests.rising_slot.shows import NOON, PHONE
from kpop_assets_tests.rising_slot.test_shown_acts import an_answer


def at(hours_ago: float) -> dict[str, Any]:
    moment = NOON - dt.timedelta(hours=hours_ago)
    day = (moment + dt.timedelta(hours=9)).date()
    return {"answered_at": moment, "ingest_date": day}


@pytest.fixture
def lake(tmp_path: Path) -> LakeReader:
    root = tmp_path / "data" / "lake"
    write(
        root,
        RECOMMENDATIONS,
        *[an_answer(f"old{n}", **at(30 - n / 100)) for n in range(4)],
        an_answer("new", **at(0.5)),
        # A minute after the hour.
        an_answer("later", **at(-1 / 60)),
    )
    listened = [{"user_id": "u1", "track_id": "t2", "total_play_count": None}] * 4
    write(
        root,
        PLAYS,
        *[one | {"played_at": NOON - dt.timedelta(hours=29.5), **at(29.5)} for one in listened],
        # Of somebody to whom nothing was shown.
        listened[0] | {"user_id": "u9", "played_at": NOON, **at(0)},
    )
    versions = {"track_id": "t2", "ingest_date": dt.date(2026, 11, 14)}
    write(root, WORKS, versions | {"work_id": "w2"})
    return LakeReader(root)


def test_what_is_known_is_of_the_hour_and_a_rerun_changes_nothing(tmp_path: Path, lake: LakeReader):
    home = tmp_path / "data"
    done = update_rising_slot(home, lake, NOON + dt.timedelta(minutes=5))
    assert done.is_changed
    assert len(done.shows) == 6
    known = read_state(home)
    assert known.learnt_until == NOON.isoformat()
    assert known.cells["rewarded"].sum() == 1
    assert 4 < known.shown_count < 5
    before = state_path(home).stat()
    again = update_rising_slot(home, lake, NOON + dt.timedelta(minutes=55))
    assert not again.is_changed
    assert state_path(home).stat() == before


def test_nothing_is_learnt_of_hours_that_the_tables_do_not_know(tmp_path: Path, lake: LakeReader):
    """Where nothing lands for a day, what was shown last would all count as unrewarded."""
    home = tmp_path / "data"
    update_rising_slot(home, lake, NOON + dt.timedelta(hours=20))
    known = read_state(home)
    assert known.learnt_until == (NOON + dt.timedelta(minutes=1)).isoformat()
    assert known.shown_count < 5.1


def test_lines_without_a_slot_tell_how_far_the_log_reaches(tmp_path: Path, lake: LakeReader):
    """Else what was shown last would never be all due once no policy is on."""
    old = an_answer("old", **at(48))
    off = an_answer("off", **at(2)) | {"rising_act": None, "rising_propensity": None}
    write(lake.root, RECOMMENDATIONS, old, off)
    update_rising_slot(tmp_path / "data", lake, NOON + dt.timedelta(hours=20))
    known = read_state(tmp_path / "data")
    # The last play is of noon.
    assert known.learnt_until == NOON.isoformat()
    assert known.shown_count == 1


def test_a_play_of_a_work_that_another_answer_showed_last_is_not_the_slots(
    tmp_path: Path, lake: LakeReader
):
    shown = an_answer("old", **at(30))
    off = {"rising_act": None, "rising_propensity": None, "shown_work_ids": '["w9", "w2"]'}
    for others, reward in (([], 1.0), ([an_answer("off", **at(29.8)) | off], 0.0)):
        write(lake.root, RECOMMENDATIONS, shown, *others)
        done = update_rising_slot(tmp_path / "data", lake, NOON)
        assert done.shows["reward"].to_list() == [reward]


def test_a_home_without_answers_knows_nothing_and_answers(tmp_path: Path):
    done = update_rising_slot(tmp_path, LakeReader(tmp_path / "lake"), NOON)
    assert done.is_changed
    assert done.shows.is_empty()
    assert read_state(tmp_path).cells.is_empty()


def test_two_updates_do_not_meet(tmp_path: Path, lake: LakeReader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rising_update, "LOCK_SECONDS", 0.05)
    with (
        locked(tmp_path / "data" / ".locks", rising_update.LOCK, 1),
        pytest.raises(InUseError, match="rising_slot"),
    ):
        update_rising_slot(tmp_path / "data", lake, NOON)


def test_no_listener_is_named_in_the_file(tmp_path: Path, lake: LakeReader):
    update_rising_slot(tmp_path / "data", lake, NOON)
    told = json.loads(state_path(tmp_path / "data").read_text())
    assert [*told["cells"]] == ["act", *PHONE.told(), "shown", "rewarded"]


def test_the_job_learns_each_hour(tmp_path: Path, lake: LakeReader):
    schedule = build_rising_schedule()
    assert schedule.cron_schedule == "5 * * * *"
    settings = Settings(home=tmp_path / "data")
    assert rising_job.execute_in_process(resources={"settings": settings}).success
    assert read_state(settings.home).shown_count > 0
