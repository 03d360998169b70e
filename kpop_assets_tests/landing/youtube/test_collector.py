"""Collecting against a real server: what is found, what a stop costs, what is landed."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from drills.faults import as_record
from kpop_assets.landing.youtube.client import Page, YouTubeClient
from kpop_assets.landing.youtube.quota import Quota
from kpop_assets.landing.youtube.request import Ask, Scope, rounds_until
from kpop_assets_tests.landing.youtube.kit import DAY, START, Bench, bench_on
from kpop_assets_tests.landing.youtube.server import FakeVideo, Fault, World, make_world

ALL = Ask(upload_pages=9)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bench_on(tmp_path) as bench:
        yield bench


def all_ids(bench: Bench) -> list[str]:
    return sorted(bench.server.world.video)


def test_the_first_round_finds_every_upload_once(bench: Bench):
    report = bench.run(ALL)
    assert bench.landed_ids() == all_ids(bench)
    assert (report.new, report.refreshed, report.left_out) == (180, 0, {})
    assert (report.day, report.round, len(report.landed)) == (DAY, 1, 1)
    observed = {record["observed_at"] for record in bench.records()}
    assert observed == {int(START.timestamp() * 1000)}


def test_the_second_round_refreshes_what_the_first_found_and_finds_what_is_new(bench: Bench):
    bench.run(ALL)
    world = bench.server.world
    newest = replace(world.videos[0], id="new-video-1", published_at=START + HOUR)
    bench.server.world = World(world.channels, [*world.videos, newest])
    bench.now = START + 6 * HOUR
    report = bench.run(ALL)
    assert (report.round, report.new, report.refreshed) == (2, 1, 180)
    assert report.spent[Quota.STATS] == 4
    later = [r for r in bench.records() if r["observed_at"] == int(bench.now.timestamp() * 1000)]
    assert len(later) == 181
    truth = bench.server.world.video
    for record in later:
        video = truth[record["video_id"]]
        assert record["text"] == video.title
        assert record["view_count"] == video.counts(bench.now)["viewCount"]


def test_the_calls_reported_are_those_that_the_server_got(bench: Bench):
    report = bench.run(ALL)
    spent = {bucket.value: count for bucket, count in report.spent.items() if count}
    assert spent == bench.server.calls_by_bucket()
    assert report.left == {bucket: bench.ledger.left(bucket) for bucket in Quota}


def test_videos_of_other_collectors_are_refreshed_too(bench: Bench):
    video = bench.server.world.videos[7]
    bench.seen = [as_record(video, START - HOUR)]
    report = bench.run(Ask(), Scope())
    (record,) = bench.records()
    assert (record["video_id"], record["text"]) == (video.id, video.title)
    assert record["view_count"] == video.counts(START)["viewCount"]
    assert (report.new, report.refreshed) == (0, 1)


def test_the_ledger_can_be_written_while_bronze_is_read(bench: Bench):
    def seen(since_ms: int) -> Iterator[dict]:
        with closing(sqlite3.connect(bench.home / "collection.db", timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
        yield as_record(bench.server.world.videos[7], START - HOUR)

    collector = bench.collector(Scope(), seen)
    assert collector.run(Ask()).refreshed == 1


def test_a_video_seen_too_long_ago_is_not_refreshed(bench: Bench):
    bench.seen = [as_record(bench.server.world.videos[7], START - dt.timedelta(days=20))]
    assert bench.run(Ask(refresh_days=10), Scope()).refreshed == 0
    assert bench.run(Ask(refresh_days=30), Scope()).refreshed == 1


def test_a_video_that_is_gone_is_asked_for_on_two_days(bench: Bench):
    world = bench.server.world
    gone = replace(world.videos[0], gone_at=START + HOUR)
    bench.server.world = World(world.channels, [gone, *world.videos[1:]])
    bench.run(ALL)
    for hours, refreshed in ((6, 179), (24, 179), (30, 179), (48, 179)):
        bench.now = START + hours * HOUR
        assert bench.run(ALL).refreshed == refreshed
    asked = [r.target for r in bench.server.requests if r.bucket == "batch_stats"]
    assert sum(gone.id in target for target in asked) == 2


@pytest.mark.parametrize("days", [1, 3])
def test_a_video_that_was_hidden_for_days_is_seen_again(bench: Bench, days: int):
    world, shown = bench.server.world, bench.server.world
    newest = world.uploads[world.channels[0].uploads][0]
    hidden = World(
        world.channels,
        [replace(v, gone_at=START + HOUR) if v == newest else v for v in world.videos],
    )
    bench.run(ALL)
    bench.server.world = hidden
    for day in range(1, days + 1):
        bench.now = START + day * 24 * HOUR
        assert bench.run(ALL).refreshed == 179
    bench.server.world = shown
    bench.now += 24 * HOUR
    assert bench.run(ALL).refreshed == 180


def test_titles_are_read_anew_before_they_are_too_old(bench: Bench):
    bench.run(ALL)
    video = bench.server.world.videos[0]
    named = [replace(v, title="New name") if v == video else v for v in bench.server.world.videos]
    bench.server.world = World(bench.server.world.channels, named)
    for day, title, stats in ((20, video.title, 4), (26, "New name", 0), (40, "New name", 4)):
        bench.now = START + day * 24 * HOUR
        report = bench.run(ALL)
        assert (report.refreshed, report.spent[Quota.STATS]) == (180, stats)
        at = int(bench.now.timestamp() * 1000)
        (record,) = (
            r for r in bench.records() if (r["video_id"], r["observed_at"]) == (video.id, at)
        )
        assert record["text"] == title


def test_a_query_samples_what_it_paid_for(bench: Bench):
    report = bench.run(Ask(("Artist 000",), max_items=50, reservoir_k=8))
    assert (report.found, report.new, report.spent[Quota.SEARCH]) == (50, 8, 1)
    assert {(r["query"], r["region"]) for r in bench.records()} == {("Artist 000", "KR")}
    (search,) = [r for r in bench.server.requests if r.bucket == "search"]
    assert search.parameters["relevanceLanguage"] == ["ko"]
    again = bench.run(Ask(("Artist 000",), max_items=50, reservoir_k=8))
    assert (again.round, again.new, again.refreshed) == (2, 0, 8)


def test_a_search_that_ends_at_500_results_is_cut_into_windows(tmp_path: Path):
    world = make_world(START, channels=1, videos_each=1230)
    with bench_on(tmp_path, world) as bench:
        report = bench.run(Ask(("Artist 000",), max_items=2000, reservoir_k=5000))
        assert bench.landed_ids() == all_ids(bench)
        # 1,230 results and what repeats at the edges, by 50, and the call that finds no more.
        assert report.spent[Quota.SEARCH] <= 27


def test_what_does_not_fit_is_left_out_and_said(tmp_path: Path):
    with bench_on(tmp_path) as bench:
        bench.share = 0.01  # one search a day, and a hundred reads
        report = bench.run(ALL)
        assert report.left_out == {"search pages": 2}
        assert report.spent[Quota.SEARCH] == 1


def test_an_unknown_channel_is_said_and_stops_no_other(bench: Bench):
    known = bench.server.world.channels[0].id
    report = bench.run(ALL, Scope(("UCno-such-channel-0000000", known)))
    assert len(bench.landed_ids()) == 60
    assert len(report.refused) == 1
    assert "UCno-such-channel-0000000" in report.refused[0]


def test_an_empty_answer_about_channels_is_asked_for_again(bench: Bench):
    bench.faults = {1: Fault("empty_page")}
    report = bench.run(ALL)
    assert (report.new, report.refused) == (180, [])
    assert report.spent[Quota.READS] == 2 + 6 + 4 + 1  # lookups, uploads, details, subscribers


def test_an_answer_that_names_none_of_many_marks_none_as_gone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    for method in ("videos", "batch_stats"):
        with monkeypatch.context() as patch:
            patch.setattr(YouTubeClient, method, lambda self, ids: Page((), None))
            bench.run(ALL)
        bench.now += 6 * HOUR
        assert bench.landed_ids() == ([] if method == "videos" else all_ids(bench))
        bench.run(ALL)
        bench.now += 6 * HOUR
    assert len(bench.landed_ids()) == 2 * 180


def test_an_artists_search_looks_only_at_what_came_since_the_last(bench: Bench):
    scope = Scope((), ("Artist 000",))
    bench.run(ALL, scope)
    bench.now = START + 24 * HOUR
    bench.run(ALL, scope)
    first, second = [r for r in bench.server.requests if r.bucket == "search"]
    assert "publishedAfter" not in first.parameters
    assert second.parameters["publishedAfter"] == ["2026-03-01T00:00:00Z"]


def test_the_days_searches_are_shared_among_its_rounds():
    def at(hour: int) -> dt.datetime:
        return dt.datetime(2026, 3, 2, hour, tzinfo=dt.UTC)

    # Midnight Pacific is 08:00 UTC, 17:00 in Seoul; the rounds are at 00:00 and 06:00 UTC.
    assert [rounds_until(at(h), at(8)) for h in (0, 3, 6, 7)] == [2, 2, 1, 1]
    assert rounds_until(at(9), at(8) + 24 * HOUR) == 3


def test_a_hidden_counter_stays_absent_when_refreshed(tmp_path: Path):
    world = make_world(START, channels=1, videos_each=1)
    shy: FakeVideo = replace(world.videos[0], hidden=frozenset({"likeCount"}))
    with bench_on(tmp_path, World(world.channels, [shy])) as bench:
        bench.run(ALL)
        bench.now = START + 6 * HOUR
        bench.run(ALL)
        assert ["like_count" in record for record in bench.records()] == [False, False]
        assert all("view_count" in record for record in bench.records())
