"""What was played a moment ago counts in the next answer, once, and as the lake will count it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.service.answer import ListeningWish, recommend
from kpop_assets.recommend.service.heard_since import heard_tracks
from kpop_assets.recommend.service.online_plays import (
    MOST_PLAYS,
    OnlinePlay,
    SqlitePlays,
    heard_with,
    online_file,
    plays_of_lines,
)
from kpop_assets.recommend.service.online_store import OnlineStoreError
from kpop_assets_tests.recommend.bundles import DAY, LISTENER_IDS, bundle_parts
from kpop_assets_tests.recommend.listeners import ITEMS

DAY_MS = 86_400_000
SEOUL_MS = 9 * 3_600_000
AFTER = int(dt.datetime(2026, 11, 29, 3, tzinfo=dt.UTC).timestamp() * 1000)
LATER = AFTER + 40 * DAY_MS


@pytest.fixture
def store(tmp_path: Path) -> SqlitePlays:
    return SqlitePlays(online_file(tmp_path))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    home = tmp_path_factory.mktemp("online")
    write_bundle(home, bundle_parts())
    return open_bundle(home)


def play(item: int, at: int) -> OnlinePlay:
    return OnlinePlay(f"work{item:02}", at)


def test_a_play_counts_once_however_often_it_comes_and_changes_the_stamp_once(store):
    assert (store.stamp("u1"), store.plays("u1")) == (0, [])
    assert store.add({"u1": [play(3, AFTER), play(4, AFTER + 1)], "u2": [play(3, AFTER)]}) == 3
    stamp = store.stamp("u1")
    assert stamp > 0
    assert store.add({"u1": [play(3, AFTER)]}) == 0
    assert store.stamp("u1") == stamp
    assert store.add({"u1": [play(3, AFTER - 5)]}) == 1
    assert store.stamp("u1") != stamp
    assert store.plays("u1") == [play(3, AFTER - 5), play(3, AFTER), play(4, AFTER + 1)]
    assert store.plays("u2") == [play(3, AFTER)]


def test_another_process_sees_it_and_only_the_newest_are_kept(tmp_path, store):
    for start in range(0, MOST_PLAYS + 60, 20):
        store.add({"u1": [play(3, AFTER + at) for at in range(start, start + 20)]})
    other = SqlitePlays(online_file(tmp_path))
    assert other.plays("u1") == [play(3, AFTER + at) for at in range(60, MOST_PLAYS + 60)]
    assert other.stamp("u1") == store.stamp("u1")
    other.add({"u1": [play(9, AFTER + 10_000)]})
    assert store.plays("u1")[-1] == play(9, AFTER + 10_000)


def test_who_is_forgotten_leaves_no_byte_in_the_file(tmp_path, store):
    store.add({"u" + "7" * 32: [play(3, AFTER)], "u" + "8" * 32: [play(4, AFTER)]})
    assert store.forget("u" + "7" * 32)
    assert not store.forget("u" + "7" * 32)
    for path in online_file(tmp_path).parent.iterdir():
        assert b"u" + b"7" * 32 not in path.read_bytes(), path.name
    assert store.plays("u" + "8" * 32) == [play(4, AFTER)]
    assert not SqlitePlays(tmp_path / "none.db").forget("u1")
    assert not (tmp_path / "none.db").exists()


def test_of_an_event_that_comes_again_the_first_of_its_day_counts_as_in_the_lake(store):
    def event(item: int, at: int, name: str | None) -> OnlinePlay:
        return OnlinePlay(f"work{item:02}", at, name)

    store.add({"u1": [event(3, AFTER + 5, "e1"), event(3, AFTER + 5, "e2")]})
    stamp = store.stamp("u1")
    assert store.add({"u1": [event(4, AFTER + 9, "e1")]}) == 0
    assert (store.stamp("u1"), store.plays("u1")) == (stamp, [play(3, AFTER + 5)] * 2)
    # Another began earlier: it is the one that counts.
    assert store.add({"u1": [event(5, AFTER, "e1")]}) == 0
    assert store.plays("u1") == [play(5, AFTER), play(3, AFTER + 5)]
    assert store.stamp("u1") != stamp
    # On another day of Seoul, of another listener, or without a name it is another.
    assert store.add({"u1": [event(4, AFTER + DAY_MS, "e1"), event(4, AFTER + 9, None)]}) == 2
    assert store.add({"u2": [event(3, AFTER, "e1")]}) == 1
    # A blank name is none.
    blank = [event(3, AFTER + at, name) for at in (1, 2) for name in ("", " ", None)]
    assert store.add({"u3": blank}) == 2


def test_plays_ahead_are_those_that_begin_later(store):
    assert store.ahead("u1", AFTER) == 0
    store.add({"u1": [play(3, AFTER), play(4, AFTER + 5), play(4, AFTER + 9)], "u2": [play(3, 1)]})
    moments = (AFTER - 1, AFTER, AFTER + 5, AFTER + 9)
    assert [store.ahead("u1", moment) for moment in moments] == [3, 2, 1, 0]
    assert (store.ahead("u2", AFTER), store.ahead("u3", AFTER)) == (0, 0)


def test_rows_from_before_events_had_names_still_count(tmp_path, store):
    store.add({"u1": [play(3, AFTER)]})
    with closing(sqlite3.connect(online_file(tmp_path))) as before, before:
        before.execute(f"UPDATE listeners SET plays = '[[{AFTER}, \"work03\"]]'")
    assert store.add({"u1": [play(3, AFTER)]}) == 0
    assert store.plays("u1") == [play(3, AFTER)]


def test_listeners_go_two_days_after_the_lake_has_all_that_they_played(tmp_path):
    now = [AFTER * 10**6]
    store = SqlitePlays(online_file(tmp_path), clock=lambda: now[0])
    today = dt.date(2026, 11, 29)
    many = {f"u{number}": [play(3, AFTER)] for number in range(1_200)}
    store.add(many)
    now[0] += 2 * DAY_MS * 10**6
    store.add({"late": [play(3, AFTER)], "u1": [play(4, AFTER)]})
    assert store.let_go(today) == 0
    now[0] += 1
    assert store.let_go(today - dt.timedelta(days=1)) == 0
    assert store.let_go(today) == 1_199
    assert (store.plays("u2"), store.stamp("u2")) == ([], 0)
    assert len(store.plays("u1")) == 2 and len(store.plays("late")) == 1
    assert SqlitePlays(tmp_path / "none.db").let_go(today) == 0


def test_a_play_of_the_next_day_by_a_clock_ahead_stays_until_the_lake_has_that_day(tmp_path):
    midnight = int(dt.datetime(2026, 11, 29, 15, tzinfo=dt.UTC).timestamp() * 1000)
    now = [(midnight - 200_000) * 10**6]
    store = SqlitePlays(online_file(tmp_path), clock=lambda: now[0])
    store.add({"u1": [play(3, midnight + 50_000)]})
    now[0] += 9 * DAY_MS * 10**6
    assert store.let_go(dt.date(2026, 11, 29)) == 0
    assert store.let_go(dt.date(2026, 11, 30)) == 1


def test_who_forgets_waits_for_others_and_says_so_where_it_takes_too_long(tmp_path, store):
    store.add({"u1": [play(3, AFTER)]})
    other = sqlite3.connect(online_file(tmp_path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OnlineStoreError, match="is in use") as refused:
        SqlitePlays(online_file(tmp_path), 0.1).forget("u1")
    assert "again" in refused.value.way_out
    other.execute("COMMIT")
    # Who reads an earlier state keeps the log with what was removed.
    other.execute("BEGIN")
    other.execute("SELECT * FROM listeners").fetchall()
    with pytest.raises(OnlineStoreError, match="is in use"):
        SqlitePlays(online_file(tmp_path), 0.1).forget("u1")
    other.execute("COMMIT")
    SqlitePlays(online_file(tmp_path), 0.1).forget("u1")
    assert store.plays("u1") == []


def test_days_that_lay_here_once_are_gone(tmp_path, store):
    online_file(tmp_path).parent.mkdir()
    with closing(sqlite3.connect(online_file(tmp_path))) as before, before:
        before.execute("CREATE TABLE listener_days (user_id TEXT PRIMARY KEY, tracks TEXT)")
        before.execute("INSERT INTO listener_days VALUES ('somebody', '[]')")
    store.forget("u1")
    assert b"somebody" not in online_file(tmp_path).read_bytes()


def test_totals_are_no_plays():
    lines = [
        {"user_id": "u1", "track_id": "a", "played_at": 5, "total_play_count": 90},
        {"user_id": "u1", "track_id": "b", "played_at": 6, "event_id": "e1"},
        {"user_id": "u2", "track_id": "b"},
    ]
    assert plays_of_lines(lines) == {"u1": [OnlinePlay("b", 6, "e1")]}


def test_a_planted_play_of_the_future_changes_nothing_before_it(bundle: Bundle):
    known = bundle.heard(LISTENER_IDS[0])
    now = [play(3, AFTER)]
    planted = [*now, *(play(item, AFTER + 60_000) for item in range(1, ITEMS, 2))]
    for moment in (AFTER, AFTER + 59_999):
        told, expected = (heard_with(bundle, known, DAY, plays, moment) for plays in (planted, now))
        assert told.items.tolist() == expected.items.tolist()
        assert told.counts.tolist() == expected.counts.tolist()
        pages = [recommend(bundle, ListeningWish(heard=one)) for one in (told, expected)]
        assert pages[0] == pages[1]
    after = heard_with(bundle, known, DAY, planted, AFTER + 60_000)
    assert len(after) > len(told)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, ITEMS + 3), st.integers(0, 6), st.integers(0, 86_399))),
    st.sampled_from(range(0, 50, 7)),
)
def test_online_is_what_the_lake_says_of_the_same_plays(bundle: Bundle, told, listener):
    """The lake adds plays by track and day and hands over the last time of each."""
    known = bundle.heard(LISTENER_IDS[listener])
    first = (DAY + dt.timedelta(days=1) - dt.date(1970, 1, 1)).days * DAY_MS - SEOUL_MS
    plays = [play(item, first + day * DAY_MS + second * 1000) for item, day, second in told]
    online = heard_with(bundle, known, DAY, plays, LATER)
    rows = pl.DataFrame(
        {
            "track_id": [one.track_id for one in plays],
            "played_at": [one.played_at for one in plays],
        },
        {"track_id": pl.String, "played_at": pl.Int64},
    )
    days = (pl.col("played_at") + SEOUL_MS) // DAY_MS
    by_day = rows.group_by("track_id", days.alias("day")).agg(
        pl.len().alias("play_count"),
        pl.col("played_at").max().cast(pl.Datetime("ms")).alias("last_played_at"),
    )
    lake = heard_tracks(bundle, by_day)
    items = np.union1d(known.items, lake.items)
    assert (online.items if online else np.zeros(0)).tolist() == items.tolist()
    for item, count, last in zip(online.items, online.counts, online.times, strict=True):
        both = [one for one in (known, lake) if item in one.items]
        places = [int(np.flatnonzero(one.items == item)[0]) for one in both]
        assert count == sum(one.counts[at] for one, at in zip(both, places, strict=True))
        assert last == max(one.times[at] for one, at in zip(both, places, strict=True))


def test_a_late_play_of_a_day_that_is_known_counts_unless_it_is_known(bundle: Bundle):
    morning = (DAY - dt.date(1970, 1, 1)).days * 86_400
    known = Heard(np.array([3], np.int32), np.array([2.0]), np.array([morning]))
    at = (morning + 3_600) * 1000 - SEOUL_MS
    assert heard_with(bundle, known, DAY, [play(3, at)], LATER).counts.tolist() == [2]
    assert heard_with(bundle, known, DAY, [play(4, at)], LATER).items.tolist() == [3, 4]
    assert heard_with(bundle, None, DAY, [play(4, at)], LATER).items.tolist() == [4]
    assert heard_with(bundle, None, DAY, [OnlinePlay("gone", at)], LATER) is None
    assert heard_with(bundle, known, DAY, [], LATER).counts.tolist() == [2]
