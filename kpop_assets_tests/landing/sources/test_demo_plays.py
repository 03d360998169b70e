"""The simulated plays: the same bytes always, exact counts, listeners who could be people."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.days import day_start_ms, seoul_day
from kpop_assets.landing.choices import DEMO_SEED
from kpop_assets.landing.files import AlreadyLanded, LandedFile
from kpop_assets.landing.persons import person_ids
from kpop_assets.landing.sources.base import json_line
from kpop_assets.landing.sources.demo_listeners import listener_name, listeners_on
from kpop_assets.landing.sources.demo_play_lines import (
    BOT_PLAYS,
    expected_play_counts,
    simulate_plays_day,
    write_demo_plays,
)
from kpop_assets.landing.sources.demo_works import simulate_works
from kpop_assets.landing.sources.demo_world import WORLD_START

DAY = dt.date(2026, 3, 2)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def lines_of(day: dt.date, *size: int) -> list[bytes]:
    blocks = simulate_plays_day(day, *size)
    lines = [line for block in blocks for line in (*block.main, *block.late)]
    return [line if isinstance(line, bytes) else json_line(line) for line in lines]


def usable(line: bytes) -> dict[str, Any] | None:
    """The record of a good line; a plain reading of the contract, None for a broken one."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    names, at = ("user_id", "track_id"), record.get("played_at")
    is_whole = all(isinstance(record.get(name), str) for name in names)
    return record if is_whole and isinstance(at, int) and at > 1_104e9 else None


def plays_of(day: dt.date, *size: int) -> list[dict[str, Any]]:
    """Good lines once each."""
    return [record for line in dict.fromkeys(lines_of(day, *size)) if (record := usable(line))]


def test_the_same_day_gives_the_same_bytes_in_another_process_and_after_other_days():
    code = """
import datetime as dt, hashlib
from kpop_assets_tests.landing.sources.test_demo_plays import lines_of
for day in (dt.date(2026, 3, 9), dt.date(2026, 3, 2)):  # a later day first
    data = b"".join(lines_of(day, 500, 300))
print(hashlib.sha256(data).hexdigest())
"""
    here = hashlib.sha256(b"".join(lines_of(DAY, 500, 300))).hexdigest()
    options = {"capture_output": True, "text": True, "check": True}
    root = Path(__file__).parents[3]
    environ = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=environ, **options)
    assert done.stdout.strip() == here


def test_another_day_size_or_seed_gives_other_lines():
    sizes = ((DAY, 50), (DAY + dt.timedelta(days=1), 50), (DAY, 51), (DAY, 50, 2_000, 1))
    assert len({b"".join(lines_of(*size)) for size in sizes}) == 4


@settings(deadline=None, max_examples=15)
@given(
    size=st.one_of(st.integers(1, 30), st.integers(1, 5_000)),
    day=st.dates(dt.date(2017, 1, 1), dt.date(2099, 12, 30)),
)
def test_counts_are_exact(size: int, day: dt.date):
    counts = expected_play_counts(size)
    lines = lines_of(day, size, 260)
    good = [record for line in lines if (record := usable(line))]
    keys = Counter((r["user_id"], r["track_id"], r["played_at"]) for r in good)
    assert len(lines) == counts.line_count == size
    assert len(lines) - len(good) == counts.broken_count
    assert len(keys) == counts.play_count
    assert len(good) - len(keys) == counts.duplicate_count
    assert {seoul_day(r["played_at"]) for r in good} <= {day}
    late = {key_of(r) for r in good if r["received_at"] - r["played_at"] - r["played_ms"] > HOUR_MS}
    assert len(late) == counts.late_count
    bots = Counter(r["user_id"] for r in good if r["user_id"].startswith("demo-bot"))
    assert bots == {f"demo-bot-{n}": BOT_PLAYS for n in range(counts.bot_count)}


def key_of(record: dict[str, Any]) -> tuple:
    return record["user_id"], record["track_id"], record["played_at"]


def by_listener(plays: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for play in sorted(plays, key=lambda play: play["played_at"]):
        found[play["user_id"]].append(play)
    return found


def test_nobody_plays_two_at_once_even_where_a_day_is_full_and_only_bots_play_too_much():
    for size in ((4_000, 2_000), (1_200, 60)):
        for user, plays in by_listener(plays_of(DAY, *size)).items():
            lasted = sum(play["played_ms"] for play in plays)
            if user.startswith("demo-bot"):
                longest = max(play["played_ms"] for play in plays)
                assert lasted - longest > HOUR_MS
                assert {seoul_hour(play) for play in plays} == {seoul_hour(plays[0])}
                continue
            assert lasted <= DAY_MS
            for one, following in pairwise(plays):
                assert one["played_at"] + one["played_ms"] < following["played_at"]


def seoul_hour(play: dict[str, Any]) -> int:
    return (play["played_at"] - day_start_ms(DAY)) // HOUR_MS


def test_no_work_is_played_before_it_is_out_nor_for_longer_than_it_lasts():
    works = simulate_works(DEMO_SEED)
    place = {
        (int(a), int(n)): i for i, (a, n) in enumerate(zip(works.act, works.number, strict=True))
    }
    for day in (DAY, dt.date(2017, 1, 1), dt.date(2031, 7, 4)):
        today = (day - WORLD_START).days
        for play in plays_of(day):
            act, number, version = map(int, play["track_id"].removeprefix("demo-").split("-"))
            work = place[act, number]
            assert works.version_day[work, version] <= today
            assert 0 < play["played_ms"] <= works.length_ms[work]


def test_a_few_listeners_join_every_day_in_the_place_of_others():
    first = (DAY - WORLD_START).days
    turns = [listeners_on(DEMO_SEED, 1_000, first + n) for n in range(401)]
    joined = [int((b.turn > a.turn).sum()) for a, b in pairwise(turns)]
    assert 0.5 < np.mean(joined) < 2.5
    for before, after in pairwise(turns):
        moved = after.turn != before.turn
        assert (after.turn[moved] == before.turn[moved] + 1).all()
        assert (after.joined[~moved] == before.joined[~moved]).all()
    assert (turns[-1].joined[turns[-1].turn > turns[0].turn] > first).all()
    names = {play["user_id"] for play in plays_of(DAY, 8_000, 1_000)}
    there = {listener_name(*who) for who in zip(turns[0].place, turns[0].turn, strict=True)}
    assert {name for name in names if "bot" not in name} <= there


def test_tastes_can_be_learnt_and_are_no_certainty():
    """Who plays an act plays it again more than others do, and the rest is not all the same."""
    weeks = [plays_of(DAY + dt.timedelta(days=n)) for n in range(14)]
    first, second = (
        by_listener([p for day in part for p in day]) for part in (weeks[:7], weeks[7:])
    )
    acts = {user: Counter(p["track_id"][5:7] for p in plays) for user, plays in first.items()}
    total: Counter[str] = sum(acts.values(), Counter())
    mine, usual, count = 0, 0.0, 0
    for user, plays in second.items():
        if len(first.get(user, [])) < 5 or user.startswith("demo-bot"):
            continue
        favourite = acts[user].most_common(1)[0][0]
        mine += sum(play["track_id"][5:7] == favourite for play in plays)
        usual += len(plays) * total[favourite] / total.total()
        count += len(plays)
    assert 2 * usual < mine < 0.7 * count


def test_weekdays_hours_charts_and_ratings_have_their_shape():
    week = [plays_of(DAY + dt.timedelta(days=n)) for n in range(7)]
    hours = Counter(seoul_hour(play) % 24 for day in week for play in day)
    assert sum(hours[h] for h in range(18, 24)) > 3 * sum(hours[h] for h in range(2, 6))
    plays = [play for day in week for play in day if not play["user_id"].startswith("demo-bot")]
    assert 0.1 < sum(play["context"] == "chart" for play in plays) / len(plays) < 0.14
    rated = [play["rating"] for play in plays if "rating" in play]
    assert 0.02 < len(rated) / len(plays) < 0.04
    assert min(rated) >= 0.5 and max(rated) <= 5 and len(set(rated)) > 6
    counts = np.sort(list(Counter(play["track_id"] for play in plays).values()))
    assert counts[-len(counts) // 10 :].sum() > 0.3 * counts.sum()


def test_files_of_a_day_hold_no_name_and_are_landed_once(tmp_path: Path):
    root = tmp_path / "landing"
    main, late = write_demo_plays(root, DAY, 1_000, 200)
    assert isinstance(main, LandedFile) and isinstance(late, LandedFile)
    assert (main.line_count, late.line_count) == (997, 3)
    text = main.path.read_bytes() + late.path.read_bytes()
    assert b"demo-listener" not in text and b"demo-bot" not in text
    ids = person_ids(root, "plays")
    given = {record["user_id"] for line in lines_of(DAY, 1_000, 200) if (record := usable(line))}
    landed = {record["user_id"] for line in text.splitlines() if (record := usable(line))}
    assert landed == {ids.id_of(name) for name in given}
    again = write_demo_plays(root, DAY, 1_000, 200)
    assert all(isinstance(result, AlreadyLanded) for result in again)


@pytest.mark.parametrize("size", [(0, 10), (10_000_001, 1_000_000), (201, 10)])
def test_impossible_sizes_are_refused(size: tuple[int, int]):
    with pytest.raises(ValueError, match=r"must be|are over"):
        list(simulate_plays_day(DAY, *size))
