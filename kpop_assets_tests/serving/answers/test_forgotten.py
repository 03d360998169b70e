"""Who was forgotten is answered as somebody new, whatever was kept for them before."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.bundle.bundle_forget import forget_listener
from kpop_assets.recommend.service.online_days import ListenedDays
from kpop_assets.recommend.service.online_plays import SqlitePlays, online_file
from kpop_assets_tests.cli.test_hear import played
from kpop_assets_tests.recommend.bundles import DAY
from kpop_assets_tests.scouting.kit import write_table
from kpop_assets_tests.serving.answers.conftest import KNOWN
from kpop_assets_tests.serving.answers.rooms import Room, make_room, works_of

NEW = "lee"


def id_of(home: Path, name: str) -> str:
    """The id of a listener."""
    return person_ids(home / "landing", PLAYS.name).id_of(name)


def forget(home: Path, name: str) -> None:
    """What `kpop forget` does to what answers."""
    forget_listener(home, id_of(home, name))
    SqlitePlays(online_file(home)).forget(id_of(home, name))
    ListenedDays(home).forget(id_of(home, name))


def play(room: Room, home: Path, name: str, work_id: str) -> None:
    """A listener plays a work now."""
    now = time.time_ns() // 1_000_000
    line = {"user_id": id_of(home, name), "track_id": work_id, "played_at": now}
    room.answers.take_plays([line])


def test_whom_the_bundle_knew_is_nobody_once_they_are_forgotten(home: Path):
    room = make_room(home)
    assert room.ask(user_id=KNOWN)["basis"] == "history"
    forget(home, KNOWN)
    room.answers.bundles.look()
    told = room.ask(user_id=KNOWN)
    assert (told["basis"], told["cache"]) == ("popular", "none")


def test_one_play_after_they_were_forgotten_is_not_the_one_of_before(home: Path):
    room = make_room(home)
    play(room, home, NEW, "work05")
    before = room.ask(user_id=NEW)
    forget(home, NEW)
    play(room, home, NEW, "work08")
    told = room.ask(user_id=NEW)
    assert (told["basis"], told["cache"]) == ("history", "none")
    assert "work08" not in works_of(told) != works_of(before)


def test_days_that_are_taken_count_in_the_next_answer_and_go_with_their_listener(home: Path):
    room = make_room(home)
    assert room.ask(user_id=NEW)["basis"] == "popular"
    rows = [played(id_of(home, NEW), "work05", DAY + dt.timedelta(days=1))]
    write_table(home / "lake", LISTENER_TRACKS, rows)
    room.answers.days.look()
    told = room.ask(user_id=NEW)
    assert (told["basis"], told["cache"]) == ("history", "none")
    assert room.ask(user_id=NEW)["cache"] == "process"
    # The table is as it was: nothing but the row is gone.
    forget(home, NEW)
    assert room.ask(user_id=NEW)["basis"] == "popular"
