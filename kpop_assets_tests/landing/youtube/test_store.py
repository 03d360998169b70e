"""The collector's store: a page with all that follows from it, or nothing; landed once."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.landing.youtube import outbox
from kpop_assets.landing.youtube.errors import YouTubeError
from kpop_assets.landing.youtube.outbox import land_records
from kpop_assets.landing.youtube.rounds import OPEN, SEARCH, UPLOAD, Work
from kpop_assets.landing.youtube.schema import CollectionBusyError, collecting_alone
from kpop_assets.landing.youtube.store import Store
from kpop_assets_tests.landing.youtube.store_kit import (
    DAY_MS,
    NOW,
    QUERY,
    UPLOADS,
    begin,
    first,
    record,
    waiting,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "collection.db") as store:
        yield store


def test_a_page_of_uploads_and_its_token_are_kept_together(store: Store, tmp_path: Path):
    collection = begin(store, UPLOADS)
    store.keep_uploads(first(store, collection), ["a", "b"], "T2", NOW)
    with Store(tmp_path / "collection.db") as again:
        assert waiting(again) == ["a", "b"]
        later = first(again, collection)
    assert (later.token, later.pages_left) == ("T2", 2)


def test_a_failure_inside_a_page_keeps_nothing_of_it(store: Store):
    collection = begin(store, UPLOADS)
    work = first(store, collection)

    token: Any = object()  # what SQLite cannot keep, at the end of the page
    with pytest.raises(sqlite3.Error):
        store.keep_uploads(work, ["a"], token, NOW)
    assert waiting(store) == []
    assert first(store, collection) == work


def test_uploads_end_at_a_page_with_only_known_videos(store: Store):
    collection = begin(store, UPLOADS)
    store.keep_records(collection.id, [record("a")], set(), NOW)
    assert store.keep_uploads(first(store, collection), ["a"], "T2", NOW) is None
    assert store.works(collection.id, OPEN) == []


def test_an_empty_page_is_no_page_of_known_videos(store: Store):
    collection = begin(store, UPLOADS)
    later = store.keep_uploads(first(store, collection), [], "T2", NOW)
    assert later is not None
    assert later.token == "T2"


def test_a_look_that_ended_early_is_gone_on_with_below_the_known_videos(store: Store):
    store.known.add_playlists({"UCx": "UUx"}, NOW)
    collection = begin(store, Work(UPLOAD, "UCx", {}, 1))
    assert store.keep_uploads(first(store, collection), ["a"], "T2", NOW) is None
    later = begin(store, UPLOADS)
    going = store.keep_uploads(first(store, later), ["a"], "T2", NOW)
    assert going is not None
    assert going.token == "T2"
    assert store.keep_uploads(going, ["b"], None, NOW) is None
    assert waiting(store) == ["a", "b"]
    assert store.known.rest("UCx") is None


def test_the_sample_depends_on_the_pages_alone(tmp_path: Path):
    samples = []
    for name, sizes in (("whole", [50, 50]), ("halves", [25, 25, 25, 25])):
        with Store(tmp_path / name) as store:
            collection = begin(store, Work(SEARCH, "q", QUERY | {"reservoir_k": 7}, 9))
            ids, start = [f"v{i}" for i in range(100)], 0
            for size in sizes:
                page, start = ids[start : start + size], start + size
                is_more = start < 100
                work = first(store, collection)
                token = "T" if is_more else None
                store.keep_hits(work, page, token, work.params, is_more, NOW)
            samples.append(waiting(store))
    assert samples[0] == samples[1]
    assert len(samples[0]) == 7


def test_an_ended_search_keeps_a_sample_of_what_it_read(store: Store):
    collection = begin(store, Work(SEARCH, "q", QUERY, 9))
    work = first(store, collection)
    store.keep_hits(work, ["a", "b"], "T2", work.params, True, NOW)
    assert waiting(store) == []
    store.end(collection.id, NOW)
    assert waiting(store) == ["a", "b"]


def test_a_video_has_one_record_in_a_collection(store: Store, tmp_path: Path):
    collection = begin(store)
    store.keep_records(collection.id, [record("a", NOW)], set(), NOW)
    land_records(store.database, tmp_path / "landing")
    store.keep_records(collection.id, [record("a", NOW + 5)], set(), NOW + 5)
    assert land_records(store.database, tmp_path / "landing") == []


def test_records_land_on_the_seoul_day_of_their_answer(store: Store, tmp_path: Path):
    midnight = NOW - 9 * 3_600_000 + DAY_MS
    collection = begin(store)
    store.keep_records(collection.id, [record("a")], set(), midnight - 1)
    store.keep_records(collection.id, [record("b")], set(), midnight)
    files = land_records(store.database, tmp_path / "landing")
    assert [file.day for file in files] == [dt.date(2026, 3, 2), dt.date(2026, 3, 3)]
    assert json.loads(files[1].path.read_bytes())["video_id"] == "b"


def test_the_bytes_depend_on_the_records_and_not_on_their_order(tmp_path: Path):
    digests = []
    for name, order in (("one", "abc"), ("two", "cab")):
        with Store(tmp_path / name) as store:
            collection = begin(store)
            for video_id in order:
                store.keep_records(collection.id, [record(video_id)], set(), NOW)
            (file,) = land_records(store.database, tmp_path / f"landing-{name}")
            digests.append(file.digest)
    assert digests[0] == digests[1]


class Killed(BaseException):
    """The process dies."""


def test_killed_between_landing_and_marking_lands_no_second_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    collection = begin(store)
    store.keep_records(collection.id, [record("a")], set(), NOW)
    write_day = outbox.write_day

    def write_and_die(*arguments: object) -> None:
        write_day(*arguments)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(outbox, "write_day", write_and_die)
        land_records(store.database, tmp_path / "landing")
    # What is read afterwards does not change the bytes of the batch that may stand there.
    store.keep_records(collection.id, [record("b")], set(), NOW + 1)
    (file,) = land_records(store.database, tmp_path / "landing")
    lines = [p.read_bytes() for p in sorted((tmp_path / "landing").glob("*/*.json"))]
    assert len(lines) == 2
    assert sorted(json.loads(line)["video_id"] for line in lines) == ["a", "b"]
    assert b'"b"' in file.path.read_bytes()


def test_a_failure_of_the_file_inside_the_store_is_one_line(tmp_path: Path):
    with (
        pytest.raises(YouTubeError, match=r"cannot use the collector's file .* readonly"),
        Store(tmp_path / "collection.db") as store,
    ):
        store.database.connection.execute("PRAGMA query_only = ON")
        begin(store)


def test_rounds_of_a_day_are_numbered(store: Store):
    assert [begin(store).round for _ in range(2)] == [1, 2]
    assert store.begin("ask", NOW + DAY_MS, [], {}).round == 1


def test_a_second_holder_is_told_so_in_one_line(tmp_path: Path):
    path = tmp_path / "collection.db"
    with (
        collecting_alone(path),
        pytest.raises(CollectionBusyError, match="is running") as caught,
        collecting_alone(path),
    ):
        pass
    assert "\n" not in str(caught.value)
    with collecting_alone(path):
        pass
