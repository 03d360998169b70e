"""What is kept: for its time, within its size, and gone from the disk when it is purged."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpop_assets.net.attempt import Answer
from kpop_assets.net.cache import Cache
from kpop_assets.net.errors import StateError

DAY = 86_400.0


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        """The instant."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(tmp_path: Path, clock: Clock) -> Cache:
    return Cache(tmp_path / "data" / "cache.db", keep_seconds=30 * DAY, clock=clock)


def answer(body: bytes = b"{}", **headers: str) -> Answer:
    return Answer(200, headers, body)


def is_fresh(cache: Cache, key: str) -> bool | None:
    kept = cache.get(key)
    return kept.is_fresh if kept else None


def test_looking_and_purging_create_nothing(cache: Cache, tmp_path: Path):
    assert cache.get("a") is None
    assert cache.purge() == 0
    assert list(tmp_path.iterdir()) == []


def test_each_answer_has_a_time_to_live_of_its_own_in_every_process(
    cache: Cache, clock: Clock, tmp_path: Path
):
    cache.put("a", answer(b"\x00\xff", etag="x"), 10)
    cache.put("b", answer(), 100)
    clock.at += 10
    again = Cache(tmp_path / "data" / "cache.db", keep_seconds=30 * DAY, clock=clock)
    assert (is_fresh(again, "a"), is_fresh(again, "b")) == (False, True)
    kept = again.get("a")
    assert kept is not None
    assert (kept.answer.body, kept.validators()) == (b"\x00\xff", {"if-none-match": "x"})


def test_nothing_is_kept_longer_than_it_may_however_often_it_is_renewed(cache: Cache, clock: Clock):
    cache.put("a", answer(), DAY)
    for _ in range(29):
        clock.at += DAY
        cache.renew("a", DAY)
        assert is_fresh(cache, "a")
    clock.at += DAY
    cache.renew("a", DAY)
    assert cache.get("a") is None


def test_a_clock_set_back_makes_nothing_fresh_for_long(cache: Cache, clock: Clock):
    cache.put("a", answer(), 10)
    clock.at -= DAY
    assert is_fresh(cache, "a") is False


def test_the_oldest_goes_where_there_is_no_room_and_the_file_stays_small(
    tmp_path: Path, clock: Clock
):
    path = tmp_path / "cache.db"
    cache = Cache(path, keep_seconds=DAY, most_bytes=100_000, clock=clock)
    for i in range(40):
        clock.at += 1
        cache.put(f"{i:03}", answer(bytes([i]) * 9_000), 1000)
        assert path.stat().st_size < 200_000
    kept = [i for i in range(40) if cache.get(f"{i:03}")]
    assert kept == list(range(40 - len(kept), 40))
    assert 10 <= len(kept) <= 11
    cache.put("big", answer(b"x" * 100_001), 1000)
    assert cache.get("big") is None
    assert cache.get("039") is not None


def test_what_is_purged_is_in_no_byte_of_the_folder(cache: Cache, clock: Clock, tmp_path: Path):
    for i in range(20):
        clock.at += 1
        cache.put(f"{i}", answer(b"SECRETSTATS" * 300, etag=f"e{i}"), DAY)
    cutoff = clock.at
    cache.put("new", answer(b"stays"), DAY)
    assert cache.purge(before=cutoff) == 19
    assert [key for key in ("18", "19", "new") if cache.get(key)] == ["19", "new"]
    assert cache.purge() == 2
    every = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"SECRETSTATS" not in every and b"stays" not in every


def test_what_is_too_old_goes_with_the_next_answer(cache: Cache, clock: Clock, tmp_path: Path):
    cache.put("a", answer(b"SECRETSTATS"), DAY)
    clock.at += 30 * DAY
    cache.put("b", answer(), DAY)
    assert b"SECRETSTATS" not in (tmp_path / "data" / "cache.db").read_bytes()


def test_a_file_that_cannot_be_used_is_one_line(cache: Cache, tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cache.db").write_bytes(b"no database at all" * 100)
    for use in (lambda: cache.get("a"), lambda: cache.put("a", answer(), 1), cache.purge):
        with pytest.raises(StateError, match="cannot use the cache") as caught:
            use()
        assert "\n" not in str(caught.value)
