"""The client against a server that speaks the API: paid, patient, and silent about the key."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.landing.youtube.client import Page, YouTubeClient
from kpop_assets.landing.youtube.errors import RefusedError, YouTubeError
from kpop_assets.landing.youtube.quota import open_ledger
from kpop_assets_tests.landing.youtube.client_kit import IDS, NOW, WORLD, ClientBench
from kpop_assets_tests.landing.youtube.server import KEY


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ClientBench]:
    bench = ClientBench(tmp_path)
    with bench.server:
        yield bench
        assert bench.paid() == bench.server.calls_by_bucket(), "paid is not what was sent"


def test_search_goes_page_by_page(bench: ClientBench):
    pages, token = [], None
    while True:
        page = bench.client.search("artist 001", region="KR", language="ko", token=token)
        pages.append(page)
        token = page.next_token
        if token is None:
            break
    found = [item["id"]["videoId"] for page in pages for item in page.items]
    expected = [video for video in WORLD.videos if video.title.startswith("Artist 001")]
    expected.sort(key=lambda video: video.published_at, reverse=True)
    assert [len(page.items) for page in pages] == [50, 10]
    assert found == [video.id for video in expected]
    assert bench.paid() == {"search": 2}


def test_search_sends_what_the_api_documents(bench: ClientBench):
    seoul = dt.timezone(dt.timedelta(hours=9))
    bench.client.search(
        '뉴진스 & "x"',
        region="KR",
        language="ko",
        after=dt.datetime(2026, 11, 1, 9, tzinfo=seoul),
        before=dt.datetime(2026, 11, 2, 0, 0, 1, 999, tzinfo=dt.UTC),
    )
    assert bench.server.requests[0].parameters == {
        "part": ["snippet"],
        "type": ["video"],
        "maxResults": ["50"],
        "q": ['뉴진스 & "x"'],
        "regionCode": ["KR"],
        "relevanceLanguage": ["ko"],
        "publishedAfter": ["2026-11-01T00:00:00Z"],
        "publishedBefore": ["2026-11-02T00:00:01Z"],
        "order": ["date"],
    }


def test_search_leaves_out_what_is_not_asked(bench: ClientBench):
    bench.client.search("x", region="", language="")
    assert set(bench.server.requests[0].parameters) == {
        *("part", "type", "maxResults", "q", "order"),
    }
    with pytest.raises(ValueError, match="time zone"):
        bench.client.search("x", region="", language="", after=dt.datetime(2026, 1, 1))


def test_uploads_of_channels(bench: ClientBench):
    ids = [channel.id for channel in WORLD.channels]
    assert bench.client.uploads_playlists([*ids, "UCunknown"]) == {
        channel.id: channel.uploads for channel in WORLD.channels
    }
    assert bench.client.uploads_playlists(["UCunknown"]) == {}
    playlist = WORLD.channels[0].uploads
    first = bench.client.playlist_page(playlist)
    second = bench.client.playlist_page(playlist, first.next_token)
    shown = [item["contentDetails"]["videoId"] for item in (*first.items, *second.items)]
    assert shown == [video.id for video in WORLD.uploads[playlist]]
    assert second.next_token is None
    assert bench.paid() == {"reads": 4}


def test_videos_and_their_statistics(bench: ClientBench):
    full = bench.client.videos([*IDS[:49], "gone"]).items
    assert [item["id"] for item in full] == IDS[:49]
    assert {"snippet", "statistics", "contentDetails"} <= set(full[0])
    stats = bench.client.batch_stats(IDS[:50]).items
    assert [item["id"] for item in stats] == IDS[:50]
    assert stats[0]["statistics"] == {
        name: str(count) for name, count in WORLD.videos[0].counts(NOW).items()
    }
    assert bench.server.requests[1].parameters["id"] == [",".join(IDS[:50])]
    assert bench.paid() == {"reads": 1, "batch_stats": 1}


def test_no_ids_cost_nothing_and_too_many_are_a_mistake(bench: ClientBench):
    client = bench.client
    nothing = Page((), None)
    assert (client.videos([]), client.batch_stats([])) == (nothing, nothing)
    assert client.uploads_playlists([]) == {}
    for method in (client.videos, client.batch_stats, client.uploads_playlists):
        with pytest.raises(ValueError, match="51 ids"):
            method(IDS[:51])
    assert bench.server.requests == []


def test_building_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ledger = open_ledger(tmp_path / "collection.db", 1.0, lambda: NOW)
    client = YouTubeClient(KEY, ledger)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(AssertionError, match="was tried"):  # the first call would
        client.videos(IDS[:1])


def test_an_endpoint_is_an_address(tmp_path: Path):
    with pytest.raises(YouTubeError, match="KPOP_YOUTUBE_ENDPOINT"):
        YouTubeClient(KEY, open_ledger(tmp_path / "x.db"), "localhost:80")


def test_a_request_refused_for_itself_is_not_tried_again_and_stops_nothing(bench: ClientBench):
    for _ in range(4):
        with pytest.raises(RefusedError, match="playlistNotFound") as caught:
            bench.client.playlist_page("UUunknown")
        assert (caught.value.status, caught.value.reason) == (404, "playlistNotFound")
        assert "<code>" not in str(caught.value)
    with pytest.raises(RefusedError, match="invalidPageToken"):
        bench.client.search("x", region="", language="", token="nonsense")
    assert bench.client.videos(IDS[:1]).items
    assert bench.paid() == {"reads": 5, "search": 1}


def test_an_empty_page_can_have_a_next_one(bench: ClientBench):
    bench.fail("empty_page")
    page = bench.client.search("artist 002", region="", language="")
    assert page.items == () and page.next_token
    page = bench.client.search("artist 002", region="", language="", token=page.next_token)
    assert len(page.items) == 50
    assert isinstance(page, Page)
