"""Lists that processes share by Redis, and processes that go on where it is gone or slow."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kpop_assets.settings import SettingsError, load_settings, secrets_of
from kpop_assets_tests.serving.answers.conftest import KNOWN
from kpop_assets_tests.serving.answers.rooms import Room, a_play, make_room, works_of
from kpop_assets_tests.serving.answers.small_redis import SmallRedis
from serving.answers import answer_cache
from serving.answers.answer_cache import PROCESS_SECONDS, REDIS_SECONDS, ProcessCache


def lookups(room: Room) -> dict[str, float]:
    """How Redis was asked, by outcome."""
    return {
        sample.labels["outcome"]: sample.value
        for metric in room.meters.registry.collect()
        for sample in metric.samples
        if sample.name == "kpop_cache_lookups_total" and sample.labels["cache"] == "redis"
    }


def test_what_one_process_made_another_takes_until_the_listener_plays(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    # Of a busy machine 10 ms are little.
    monkeypatch.setattr(answer_cache, "REDIS_WAITS_SECONDS", 10.0)
    with (
        SmallRedis() as redis,
        make_room(home, redis_url=redis.url) as one,
        make_room(home, redis_url=redis.url) as other,
    ):
        made = one.ask(user_id=KNOWN)
        deadline = time.monotonic() + 10
        while not redis.kept:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        taken = other.ask(user_id=KNOWN)
        assert (made["cache"], taken["cache"]) == ("none", "redis")
        assert works_of(taken) == works_of(made)
        assert other.ask(user_id=KNOWN)["cache"] == "process"
        assert {seconds for _, seconds in redis.kept.values()} == {REDIS_SECONDS}
        assert not any(KNOWN.encode() in key for key in redis.kept)
        assert (lookups(one), lookups(other)) == ({"miss": 1}, {"hit": 1})
        one.answers.take_plays(a_play(home, works_of(made)[0]))
        assert other.ask(user_id=KNOWN)["cache"] == "none"


def test_without_redis_answers_go_on_and_it_is_counted(home: Path):
    with SmallRedis() as redis:
        url = redis.url
    with make_room(home, redis_url=url) as room:
        assert room.ask(user_id=KNOWN)["cache"] == "none"
        assert room.ask(user_id=KNOWN)["cache"] == "process"
        assert room.ask(user_id="lee")["fallback"] is None
        assert lookups(room) == {"error": 2}


def test_a_redis_that_falls_silent_is_waited_for_once(home: Path):
    with SmallRedis() as redis, make_room(home, redis_url=redis.url) as room:
        redis.silent_seconds = 3.0
        begun = time.monotonic()
        for name in ("a", "b", "c", "d"):
            assert room.ask(user_id=name)["basis"] == "popular"
        assert time.monotonic() - begun < 2.5
        assert lookups(room)["error"] == 4


def test_a_process_keeps_a_list_for_an_hour_and_of_too_many_the_newest():
    now = [0.0]
    cache = ProcessCache(most=2, clock=lambda: now[0])
    for name in ("a", "b"):
        cache.put(name, name.encode())
    assert cache.get("a") == b"a"
    cache.put("c", b"c")
    assert [cache.get(name) for name in "abc"] == [b"a", None, b"c"]
    now[0] = PROCESS_SECONDS - 1
    assert cache.get("a") == b"a"
    now[0] = PROCESS_SECONDS
    assert cache.get("a") is None


def test_a_process_keeps_so_many_bytes_of_lists():
    cache = ProcessCache(most_bytes=10_000)
    for number in range(50):
        cache.put("same", b"x" * number)
    for name in "abcd":
        cache.put(name, b"x" * 3_000)
    assert [cache.get(name) is None for name in ("same", *"abcd")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    cache.put("large", b"x" * 10_000)
    assert cache.get("large") is None
    cache.put("a", b"x")
    assert cache.get("a") == b"x"


def test_devices_are_few_whatever_a_request_calls_them(home: Path):
    room = make_room(home)
    for device, known in (("Phone ", "phone"), ("a-1", "other"), ("a-2", "other"), (None, None)):
        told = room.ask(context={"hour": 3, "device": device})
        assert room.log.lines[-1].get("device") == known
        assert told["cache"] == ("process" if device == "a-2" else "none")


def test_an_address_of_redis_is_secret_and_one_that_is_none_is_refused():
    url = "redis://:secret@cache.example:6379/2"
    told = load_settings({"KPOP_REDIS": url})
    assert told.redis_url == url and url in secrets_of(told) and "secret" not in repr(told)
    for wrong in ("cache:6379", "redis://", "http://cache", "redis://a b"):
        with pytest.raises(SettingsError, match="KPOP_REDIS"):
            load_settings({"KPOP_REDIS": wrong})
