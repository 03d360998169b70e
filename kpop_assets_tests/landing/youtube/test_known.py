"""What the collector remembers between collections, and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.landing.youtube.outbox import land_records
from kpop_assets.landing.youtube.rounds import REFRESH, SEARCH, Work
from kpop_assets.landing.youtube.store import Store
from kpop_assets.retention.collected import forget_collected
from kpop_assets_tests.landing.youtube.store_kit import (
    DAY_MS,
    NOW,
    QUERY,
    begin,
    first,
    record,
    waiting,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "collection.db") as store:
        yield store


def test_pace_is_views_a_day_between_two_looks(store: Store):
    store.known.add_observed([record("a", NOW, 100), record("a", NOW + DAY_MS // 2, 150)])
    (candidate,) = store.known.candidates(NOW)
    assert candidate.pace == 100.0
    store.known.add_observed([record("a", NOW - DAY_MS, 1)])
    assert store.known.candidates(NOW)[0].observed_at == NOW + DAY_MS // 2


def test_what_is_gone_is_known_but_not_refreshed(store: Store):
    store.known.add_observed([record("a")])
    store.known.add_missed(["a"], NOW)
    assert len(store.known.candidates(0)) == 1
    store.known.add_missed(["a", "b"], NOW + 1)
    assert len(store.known.candidates(0)) == 1
    store.known.add_missed(["a"], NOW + DAY_MS)
    assert store.known.candidates(0) == []
    assert store.known.unknown(["a", "b", "c"], NOW + DAY_MS) == ["b", "c"]


def test_what_is_gone_and_found_again_is_asked_for_once_a_day(store: Store):
    store.known.add_observed([record("a")])
    for day in (1, 2):
        store.known.add_missed(["a"], NOW + day * DAY_MS)
    assert store.known.unknown(["a"], NOW + 2 * DAY_MS) == []
    assert store.known.unknown(["a"], NOW + 3 * DAY_MS) == ["a"]
    store.known.add_observed([record("a", NOW + 3 * DAY_MS)])
    store.known.add_missed(["a"], NOW + 4 * DAY_MS)
    assert len(store.known.candidates(0)) == 1


def test_a_text_goes_when_it_was_read_too_long_ago_though_the_counters_are_new(store: Store):
    ours = {"source": "youtube", "text": "Title kept", "query": "q", "region": "KR"}
    store.known.add_observed([record("a") | ours], has_text=True)
    store.known.add_observed([record("a", NOW + 29 * DAY_MS) | ours])
    store.forget(NOW)
    assert store.known.videos(["a"])["a"].text == "Title kept"
    store.known.renew(NOW, NOW + 25 * DAY_MS)
    assert waiting(store) == []
    store.known.renew(NOW, NOW + 25 * DAY_MS + 1)
    assert [tuple(p) for p in store.known.pending()] == [("a", "q", "KR")]
    store.forget(NOW + 1)
    assert store.known.videos(["a"]) == {}
    assert "Title kept" not in "".join(store.database.connection.iterdump())


def test_a_stopped_collection_is_forgotten_too(store: Store, tmp_path: Path):
    collection = begin(store, Work(SEARCH, "q", QUERY, 9))
    work = first(store, collection)
    store.keep_hits(work, ["a", "b"], "T2", work.params, True, NOW)
    store.keep_records(collection.id, [record("a")], set(), NOW)
    store.database.close()
    tables = ("collection", "work", "hit", "record", "video", "pending")
    path = tmp_path / "collection.db"

    def left() -> list[int]:
        with Store(path) as again:
            return [again.database.number(f"SELECT count(*) FROM {name}") for name in tables]

    assert forget_collected(path, dt.date(2026, 3, 2)) == 0
    assert left() == [1, 1, 2, 1, 1, 0]
    forget_collected(path, dt.date(2026, 3, 3))
    assert left() == [0] * 6


def test_a_new_collection_never_takes_the_number_of_records_that_wait(store: Store, tmp_path: Path):
    store.keep_records(begin(store).id, [record("a")], set(), NOW)
    store.forget(NOW + 1)
    later = store.begin("ask", NOW + 40 * DAY_MS, [], {})
    store.keep_records(later.id, [record("a", NOW + 5)], set(), NOW + 40 * DAY_MS)
    assert len(land_records(store.database, tmp_path / "landing")) == 2


def test_a_file_of_an_earlier_version_gets_its_new_columns(tmp_path: Path):
    path = tmp_path / "collection.db"
    with Store(path) as store:
        store.known.add_observed([record("a")])
        for name in ("missed_day", "about_ms"):
            store.database.connection.execute(f"ALTER TABLE video DROP COLUMN {name}")
    with Store(path) as store:
        store.known.renew(0, NOW)
        assert waiting(store) == ["a"]


def test_nothing_stays_longer_than_it_may(store: Store, tmp_path: Path):
    collection = begin(store, Work(REFRESH, "0", {"ids": ["a"]}))
    store.keep_records(collection.id, [record("a")], {"g"}, NOW, first(store, collection))
    store.known.add_pending(["p"], "", "", NOW)
    store.end(collection.id, NOW)
    land_records(store.database, tmp_path / "landing")
    store.forget(NOW + 1)
    tables = ("video", "pending", "record", "work")
    assert [store.database.number(f"SELECT count(*) FROM {name}") for name in tables] == [0] * 4


def test_a_record_that_is_not_landed_is_never_forgotten(store: Store, tmp_path: Path):
    collection = begin(store)
    store.keep_records(collection.id, [record("a")], set(), NOW)
    store.end(collection.id, NOW)
    store.forget(NOW + 40 * DAY_MS)
    assert len(land_records(store.database, tmp_path / "landing")) == 1
