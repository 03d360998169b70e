"""How long a play takes until it counts, as it is measured, and when its clock was ahead."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.service import online_store
from kpop_assets.recommend.service.online_plays import online_file
from kpop_assets_tests.serving.answers.rooms import Room, a_play, make_room
from serving.answers import answer_lists
from serving.metrics.exposition import exposition_of


def lags(room: Room) -> tuple[float, float]:
    """How many plays were timed, and their seconds."""
    told = {
        each.name: each.value
        for family in text_string_to_metric_families(exposition_of(room.meters).decode())
        for each in family.samples
    }
    name = "kpop_online_store_lag_seconds"
    return told[f"{name}_count"], told[f"{name}_sum"]


def test_a_play_is_timed_from_when_it_came(home: Path):
    room = make_room(home)
    now = time.time_ns() // 1_000_000
    [first] = a_play(home, "work01")
    [second] = a_play(home, "work02")
    room.answers.take_plays(
        [{**first, "received_at": now - 3_000}, {**second, "received_at": now - 2_000}]
    )
    count, seconds = lags(room)
    assert count == 1 and 3 <= seconds < 10
    room.answers.take_plays([{**first, "received_at": now + 60_000}])
    assert lags(room) == (2, seconds)


def test_a_play_that_cannot_be_noted_is_a_day_late(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(online_store, "WRITE_WAIT_SECONDS", 0.05)
    room = make_room(home)
    [play] = a_play(home, "work01")
    play["received_at"] = time.time_ns() // 1_000_000
    room.answers.take_plays([play])
    count, seconds = lags(room)
    with closing(sqlite3.connect(online_file(home), isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        room.answers.take_plays([play])
    assert lags(room) == (count + 1, pytest.approx(seconds + 86_400, abs=1))


def test_plays_of_a_clock_that_is_ahead_count_from_their_moment_though_lists_were_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    now = [time.time_ns()]
    clock = SimpleNamespace(time_ns=lambda: now[0], perf_counter=time.perf_counter)
    monkeypatch.setattr(answer_lists, "time", clock)
    room = make_room(home)
    lines = [one for work in ("work01", "work02") for one in a_play(home, work)]
    stranger = person_ids(home / "landing", PLAYS.name).id_of("a stranger")
    for seconds, line in zip((60, 120), lines, strict=True):
        line |= {"user_id": stranger, "played_at": now[0] // 1_000_000 + seconds * 1000}
    room.answers.take_plays(lines)
    found = []
    for _ in range(3):
        for _ in range(2):
            told = room.ask(user_id="a stranger")
            found.append((told["basis"], told["cache"]))
        now[0] += 60 * 10**9
    assert found == [
        ("popular", "none"),
        ("popular", "process"),
        ("history", "none"),
        ("history", "process"),
        ("history", "none"),
        ("history", "process"),
    ]
