"""Odd items in good answers, over real HTTP: left out, counted, and never met again for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.landing.youtube.items import SHAPES
from kpop_assets.landing.youtube.request import Ask, Scope
from kpop_assets_tests.landing.youtube.kit import START, Bench, bench_on
from kpop_assets_tests.landing.youtube.problems import ProblemError
from kpop_assets_tests.landing.youtube.server import make_world

ALL = Ask(upload_pages=9)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bench_on(tmp_path, make_world(START, channels=2, videos_each=6)) as bench:
        yield bench


def spoil(bench: Bench, monkeypatch: pytest.MonkeyPatch, method: str, change: Change) -> None:
    """Let the server change what it answers to a method."""
    good = bench.server.answer

    def answer(path: str, *rest: Any) -> dict:
        body = good(path, *rest)
        if path.endswith(f"/{method}"):
            change(body)
        return body

    monkeypatch.setattr(bench.server, "answer", answer)


# What was seen or may be: nulls and missing parts, of an item or of the whole answer.
ODD = [
    None,
    "an item",
    {},
    {"id": None},
    {"id": 7},
    {"id": ""},
    {"id": ["x"], "snippet": None, "contentDetails": None, "statistics": None},
    {"id": {"videoId": None}, "contentDetails": {"videoId": 5}},
    {"contentDetails": None, "snippet": {"title": "Deleted video"}},
    {"snippet": {"title": "an item without id"}},
]


@pytest.mark.parametrize("method", sorted(SHAPES.keys() - {"commentThreads"}))
def test_odd_items_beside_good_ones_are_counted_and_every_good_one_is_landed_once(
    method: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    spoil(bench, monkeypatch, method, lambda body: body["items"].extend(ODD))
    first = bench.run(ALL)
    bench.now += DAY
    second = bench.run(ALL)
    ids = sorted(bench.server.world.video)
    assert bench.landed_ids() == sorted(ids * 2)
    assert (first.refused, second.refused) == ([], [])
    odd = {**first.odd, **second.odd}
    assert set(odd) == {method}
    assert odd[method] % len(ODD) == 0
    assert second.figures()["odd_item_count"] == second.odd.get(method, 0)


@pytest.mark.parametrize("name", ["snippet", "statistics", "id", "contentDetails"])
@pytest.mark.parametrize("method", SHAPES)
@pytest.mark.parametrize("is_null", [True, False])
def test_a_part_that_every_item_lacks_ends_nothing_for_good(
    method: str, name: str, is_null: bool, bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    """Also: the next run of the same day neither fails nor asks for the same without end."""

    def lose(body: dict[str, Any]) -> None:
        for item in body["items"]:
            if is_null:
                item[name] = None
            else:
                item.pop(name, None)

    with monkeypatch.context() as patch:
        spoil(bench, patch, method, lose)
        for _ in range(2):
            bench.run(ALL)
            bench.now += 6 * HOUR
    asked = len(bench.server.requests)
    assert asked < 40
    bench.now += 8 * DAY
    report = bench.run(ALL)
    assert (report.refused, report.odd) == ([], {})
    assert {*bench.landed_ids()} == {*bench.server.world.video}


@pytest.mark.parametrize("items", [None, []])
def test_an_answer_whose_items_are_null_is_an_empty_list(
    items: list[object] | None, bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    spoil(bench, monkeypatch, "playlistItems", lambda body: body.update(items=items))
    report = bench.run(ALL, Scope(tuple(bench.server.world.channel)))
    assert (report.new, report.refused, report.odd) == (0, [], {})


def test_a_video_that_one_answer_does_not_tell_is_not_gone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    bench.run(ALL)

    def lose(body: dict[str, Any]) -> None:
        body["items"][0]["statistics"] = None

    with monkeypatch.context() as patch:
        spoil(bench, patch, "videos:batchGetStats", lose)
        for _ in range(3):
            bench.now += DAY
            assert bench.run(ALL).odd == {"videos:batchGetStats": 1}
    bench.now += DAY
    report = bench.run(ALL)
    assert report.refreshed == len(bench.server.world.video)


def test_a_list_of_uploads_that_is_not_found_names_its_channel_once_and_rests(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    lost, good = bench.server.world.channels[0], bench.server.answer

    def answer(path: str, parameters: dict[str, list[str]], *rest: Any) -> dict:
        if parameters.get("playlistId") == [lost.uploads]:
            raise ProblemError(404, "playlistNotFound", "made-up wording")
        return good(path, parameters, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(bench.server, "answer", answer)
        (named,) = bench.run(ALL).refused
        assert lost.id in named and "7 days" in named
        asked = [r for r in bench.server.requests if r.status == 404]
        for _ in range(6):
            bench.now += DAY
            assert bench.run(ALL).refused == []
        assert [r for r in bench.server.requests if r.status == 404] == asked
        bench.now += DAY + HOUR
        assert lost.id in bench.run(ALL).refused[0]
    # What is there again is found again, once it has rested.
    bench.now += 8 * DAY
    assert bench.run(ALL).refused == []
    assert {*bench.landed_ids()} == {*bench.server.world.video}


def test_a_channel_that_is_unknown_is_named_once_and_costs_no_calls_for_nothing_each_day(
    bench: Bench,
):
    scope = Scope(("UCno-such-channel-0000000",))
    (named,) = bench.run(ALL, scope).refused
    assert "UCno-such-channel-0000000" in named
    asked = len(bench.server.requests)
    for _ in range(3):
        bench.now += DAY
        assert bench.run(ALL, scope).refused == []
    assert len(bench.server.requests) == asked
