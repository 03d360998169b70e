"""Calls with a time to live: asked for once, then only whether the answer changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.net.errors import AnswerError, UnavailableError
from kpop_assets_tests.net.kit import Bench, Reply, bench_on


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bench_on(tmp_path) as bench:
        yield bench
        assert bench.paid() == len(bench.service.got), "paid is not what was sent"


def test_a_fresh_answer_is_not_asked_for_and_not_paid(bench: Bench):
    bench.service.answer(Reply(body=b'{"n": 1}'), Reply(body=b'{"n": 2}'), Reply(body=b'{"n": 3}'))
    assert [bench.ask(ttl_seconds=60).data() for _ in range(3)] == [{"n": 1}] * 3
    bench.seconds += 60
    assert bench.ask(ttl_seconds=60).data() == {"n": 2}
    assert bench.ask().data() == {"n": 3}, "a call without a time to live asks"
    assert bench.paid() == 3


def test_a_fresh_answer_serves_even_while_calls_are_paused(bench: Bench):
    bench.ask(ttl_seconds=600)
    bench.service.answer(then=Reply(503))
    for _ in range(4):
        with pytest.raises(UnavailableError):
            bench.ask()
    assert bench.ask(ttl_seconds=600).is_from_cache


@pytest.mark.parametrize(
    ("mark", "asked"), [("ETag", "if-none-match"), ("Last-Modified", "if-modified-since")]
)
def test_a_stale_answer_is_asked_for_by_its_mark_and_304_makes_it_fresh(
    bench: Bench, mark: str, asked: str
):
    bench.service.answer(
        Reply(body=b'{"n": 1}', headers={mark: "m1"}),
        Reply(503),
        Reply(304),
        Reply(body=b'{"n": 2}', headers={mark: "m2"}),
    )
    for _ in range(2):
        assert bench.ask(ttl_seconds=60).data() == {"n": 1}
        assert bench.ask(ttl_seconds=60).is_from_cache
        bench.seconds += 61
    assert bench.ask(ttl_seconds=60).data() == {"n": 2}
    assert [got.headers.get(asked) for got in bench.service.got] == [None, "m1", "m1", "m1"]


def test_what_has_no_mark_is_asked_for_whole_and_304_is_then_no_answer(bench: Bench):
    bench.service.answer(Reply(), then=Reply(304))
    bench.ask(ttl_seconds=60)
    bench.seconds += 61
    with pytest.raises(UnavailableError):
        bench.ask(ttl_seconds=60)


def test_a_refusal_is_never_kept(bench: Bench):
    bench.service.answer(Reply(404))
    with pytest.raises(AnswerError):
        bench.ask(ttl_seconds=60)
    assert bench.ask(ttl_seconds=60).status == 200
