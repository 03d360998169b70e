"""Nobody is stored as they came: every way in ends in keyed hashes, and the key is kept."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.contracts.record import AHEAD_MS
from kpop_assets.days import day_start_ms
from kpop_assets.landing.door import Door, names_persons
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import day_folder, inbox_folder, list_landed
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.inbox import left_in_inbox, sort_inbox
from kpop_assets.landing.persons import PersonIds, key_path, person_ids

DAY = dt.date(2026, 3, 2)
NOON = day_start_ms(DAY) + 12 * 3_600_000
IDS = PersonIds(b"k" * 32)
# Found nowhere by chance.
NAME = "kim.minji@mail.test"


def play(**changes: object) -> dict[str, object]:
    return {"user_id": NAME, "track_id": "t1", "played_at": NOON, "played_ms": 1000} | changes


def dump(*lines: object) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def everything_below(folder: Path) -> bytes:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.name.encode() + path.read_bytes() for path in files)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "home" / "landing"


def landed_lines(root: Path) -> list[dict]:
    paths = list_landed(root, DAY, "plays")
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


@given(name=st.text(min_size=1))
def test_an_id_is_one_of_ours_and_stays_itself(name: str):
    made = IDS.id_of(name)
    assert IDS.is_ours(made)
    assert IDS.id_of(made) == made
    assert PersonIds(b"k" * 32).id_of(name) == made


@given(name=st.text(min_size=1), digits=st.text("0123456789abcdef", min_size=32, max_size=32))
def test_what_only_looks_like_an_id_of_ours_is_hashed_like_any_other(name: str, digits: str):
    strange = PersonIds(b"x" * 32).id_of(name)
    assert IDS.id_of(strange) != strange
    assert IDS.id_of(f"u{digits}") != f"u{digits}"


def test_two_persons_never_become_one_and_one_never_two():
    made = {IDS.id_of(str(number)) for number in range(20_000)}
    assert len(made) == 20_000


def test_an_import_leaves_no_name_and_nothing_that_is_not_of_the_record(tmp_path: Path, root: Path):
    source = tmp_path / "plays.json"
    source.write_bytes(
        dump(play(), play(user_id=7), play(user_id={"name": NAME}), play(email=NAME, ip="10.0.0.1"))
        + f'{{"user_id": "{NAME}", "track'.encode()
        + f'\n["{NAME}"]\n'.encode()
    )
    summary = import_files("landing-plays", source, root)
    assert summary.lines_read == summary.lines_written == 6
    assert summary.repairs["line_without_object_withheld"] == 2
    assert summary.repairs["unknown_fields_left_out"] == 1
    stored = everything_below(root.parent)
    assert NAME.encode() not in stored
    assert b"10.0.0.1" not in stored
    ids = person_ids(root, "plays")
    (path,) = list_landed(root, DAY, "plays")
    users = [json.loads(line).get("user_id") for line in path.read_bytes().splitlines()[:4]]
    assert users == [ids.id_of(NAME), ids.id_of("7"), None, ids.id_of(NAME)]


def test_a_blank_text_that_is_not_needed_is_no_text_and_counted(tmp_path: Path, root: Path):
    source = tmp_path / "plays.json"
    source.write_bytes(dump(play(event_id="", context=" "), play(track_id=" ", event_id="e1")))
    repairs = import_files("landing-plays", source, root).repairs
    assert repairs["blank_texts_left_out"] == 2
    (path,) = list_landed(root, DAY, "plays")
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert {"event_id", "context"}.isdisjoint(lines[0])
    assert (lines[1]["track_id"], lines[1]["event_id"]) == (" ", "e1")


def test_landed_lines_can_be_imported_again_and_stay_as_they_are(tmp_path: Path, root: Path):
    (tmp_path / "plays.json").write_bytes(dump(play(), play(user_id="other")))
    import_files("landing-plays", tmp_path / "plays.json", root)
    again = import_files("landing-plays", root / "plays", root)
    assert (len(again.landed), len(again.already_landed)) == (0, 1)


def test_an_original_in_the_inbox_is_removed_once_it_is_landed(root: Path):
    inbox = inbox_folder(root, "plays")
    inbox.mkdir(parents=True)
    dropped = inbox / "plays.json"
    dropped.write_bytes(dump(play()))
    os.utime(dropped, (time.time() - 600, time.time() - 600))
    assert left_in_inbox(root) == {}
    assert not key_path(root).exists()
    report = sort_inbox(root)
    assert [summary.lines_written for summary in report.taken.values()] == [1]
    assert not dropped.exists()
    assert NAME.encode() not in everything_below(root.parent)


def test_the_key_is_the_owners_alone_and_never_made_twice(root: Path):
    first = person_ids(root, "plays").id_of(NAME)
    path = key_path(root)
    assert path.stat().st_mode & 0o777 == 0o600
    assert person_ids(root, "plays").id_of(NAME) == first
    path.chmod(0o640)
    with pytest.raises(LandingError, match="chmod 600"):
        person_ids(root, "plays")


def test_a_lost_key_is_not_replaced_where_listeners_are_landed(tmp_path: Path, root: Path):
    (tmp_path / "plays.json").write_bytes(dump(play()))
    import_files("landing-plays", tmp_path / "plays.json", root)
    key_path(root).unlink()
    with pytest.raises(LandingError, match="is gone"):
        import_files("landing-plays", tmp_path / "plays.json", root)
    assert not key_path(root).exists()
    key_path(root).write_bytes(b"short")
    key_path(root).chmod(0o600)
    with pytest.raises(LandingError, match="is no key"):
        person_ids(root, "plays")


def received(line: dict[str, object], at: int | None = None) -> tuple[object, Counter[str]]:
    repairs: Counter[str] = Counter()
    kept = json.loads(Door(PLAY_LINES, IDS).line(line, repairs, at))
    return kept.get("received_at"), repairs


def test_when_a_play_was_delivered_is_the_lines_own_word_else_the_deliverys():
    assert received(play()) == (None, {})
    assert received(play(received_at=NOON + 5), NOON + 9) == (NOON + 5, {})
    assert received(play(received_at=None), NOON + 9) == (NOON + 9, {})
    late, repairs = received(play(), NOON + AHEAD_MS + 1)
    assert (late, repairs) == (None, {"received_over_a_year_later_left_out": 1})


def test_a_play_of_tomorrow_says_when_it_was_told():
    now = time.time_ns() // 1_000_000
    told, repairs = received(play(played_at=now + 3_600_000))
    assert isinstance(told, int)
    assert now <= told <= now + 60_000
    assert repairs == {"clock_ahead_of_ours": 1}


def test_kinds_that_name_nobody_are_stored_as_they_came(root: Path):
    from kpop_assets.contracts.events import EVENT_LINES

    assert names_persons(PLAY_LINES)
    assert not names_persons(EVENT_LINES)
    assert not day_folder(root, DAY).exists()


def test_a_person_has_the_same_id_however_few_are_remembered():
    few = PersonIds(b"k" * 32, most_kept=2)
    names = ["a", "b", "c", "a", "b", "d"]
    assert [few.id_of(name) for name in names] == [IDS.id_of(name) for name in names]
