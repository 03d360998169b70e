"""Subscribers of channels: asked for once a day, never invented, in every line they belong to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.quota import Quota
from kpop_assets.landing.youtube.records import subscriber_count
from kpop_assets.landing.youtube.request import Ask, Scope
from kpop_assets_tests.landing.youtube.kit import START, Bench, bench_on
from kpop_assets_tests.landing.youtube.server import World, make_world

HOUR = dt.timedelta(hours=1)
FIELD = "author_subscriber_count"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bench_on(tmp_path, make_world(START, channels=3, videos_each=20)) as bench:
        yield bench


def told(bench: Bench, *counts: int | None) -> None:
    """Let the channels have these subscribers from now on."""
    world = bench.server.world
    channels = [replace(c, subscribers=n) for c, n in zip(world.channels, counts, strict=True)]
    bench.server.world = World(channels, world.videos)


def asked(bench: Bench) -> list[int]:
    """The numbers of the requests for subscribers."""
    return [r.number for r in bench.server.requests if r.parameters.get("part") == ["statistics"]]


def landed(bench: Bench, at: dt.datetime = START) -> dict[str, set[int | None]]:
    """What the lines observed at an instant say, by channel."""
    found: dict[str, set[int | None]] = {}
    for record in bench.records():
        if record["observed_at"] == int(at.timestamp() * 1000):
            found.setdefault(record["author_id"], set()).add(record.get(FIELD))
    return found


def test_every_line_has_its_channels_count_and_a_hidden_one_is_absent(bench: Bench):
    told(bench, 1_230_000, 0, None)
    bench.run()
    shown = {c.id: {c.subscribers} for c in bench.server.world.channels}
    assert landed(bench) == shown
    assert len(asked(bench)) == 1


def test_they_are_asked_for_once_a_day_and_a_days_rounds_share_the_answer(bench: Bench):
    told(bench, 100, 200, 300)
    bench.run()
    told(bench, 101, 201, 301)
    ids = [c.id for c in bench.server.world.channels]
    for hours, calls, counts in ((6, 1, (100, 200, 300)), (24, 2, (101, 201, 301))):
        bench.now = START + hours * HOUR
        bench.run()
        assert len(asked(bench)) == calls
        assert landed(bench, bench.now) == {i: {n} for i, n in zip(ids, counts, strict=True)}


def test_a_count_of_days_ago_goes_with_no_line_when_the_call_fails(bench: Bench):
    bench.run()
    bench.now = START + 72 * HOUR
    bench.server.limits["reads"] = 0
    report = bench.run(Ask(upload_pages=0), Scope())
    assert report.refreshed == 60
    assert report.stopped
    assert {count for counts in landed(bench, bench.now).values() for count in counts} == {None}


def test_a_plan_keeps_reads_for_them_before_it_reads_uploads(tmp_path: Path):
    with bench_on(tmp_path, make_world(START, channels=60, videos_each=2)) as bench:
        bench.run()
        bench.now = START + 24 * HOUR
        bench.share = 0.0016  # 16 reads a day
        report = bench.run()
        assert report.left_out["upload pages"] > 0
        assert report.spent[Quota.READS] <= 16
        assert None not in {n for counts in landed(bench, bench.now).values() for n in counts}


def test_an_answer_that_names_none_of_many_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with bench_on(tmp_path, make_world(START, channels=12, videos_each=1)) as bench:
        with monkeypatch.context() as patch:
            patch.setattr(YouTubeClient, "subscriber_counts", lambda self, ids: ({}, frozenset()))
            bench.run()
        bench.now = START + 6 * HOUR
        bench.run()
        assert len(asked(bench)) == 1
        assert None not in {n for counts in landed(bench, bench.now).values() for n in counts}


@pytest.mark.parametrize(
    ("statistics", "count"),
    [
        ({"subscriberCount": "1230000", "hiddenSubscriberCount": False}, 1_230_000),
        ({"subscriberCount": "0", "hiddenSubscriberCount": True}, None),
        ({"subscriberCount": "0"}, 0),
        ({"subscriberCount": "many"}, None),
        ({"subscriberCount": True}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_count_is_a_number_that_is_shown(statistics: object, count: int | None):
    assert subscriber_count({"id": "UC", "statistics": statistics}) == count
