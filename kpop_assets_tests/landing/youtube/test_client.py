"""The client against a server that speaks the API: paid, patient, and silent about the key."""

from __future__ import annotations

import datetime as dt
import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpop_assets.errors import KpopError
from kpop_assets.landing.youtube.client import Page, YouTubeClient
from kpop_assets.landing.youtube.errors import KeyRefusedError, RefusedError, YouTubeError
from kpop_assets.landing.youtube.quota import Quota, open_ledger
from kpop_assets.net.breaker import PAUSE_SECONDS
from kpop_assets.net.errors import QuotaSpentError, UnavailableError
from kpop_assets_tests.landing.youtube.server import KEY, FakeYouTube, Fault, make_world

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
WORLD = make_world(NOW)
IDS = [video.id for video in WORLD.videos]
TEMPORARY = [
    *("http_500", "http_503", "http_429", "rate_limit", "user_rate_limit", "cut_before"),
    *("cut_body", "truncated_json", "html", "redirect"),
]
KEY_FAULTS = ["key_invalid", "access_not_configured", "ip_blocked", "suspended"]
DAY_FAULTS = ["quota_exceeded", "quota_exceeded_429", "daily_limit_exceeded"]


class Bench:
    """A client at a server, with what it slept and what goes wrong in the hands of the test."""

    def __init__(self, folder: Path, share: float = 1.0) -> None:
        self.faults: Callable[[int], Fault | None] = lambda number: None
        self.slept: list[float] = []
        self.seconds = 0.0
        self.server = FakeYouTube(WORLD, lambda: NOW, lambda number: self.faults(number))
        self.ledger = open_ledger(folder / "collection.db", share, lambda: NOW)
        self.client = self.make_client()

    def make_client(
        self, key: str = KEY, seed: int = 1, timeout_seconds: float = 20.0
    ) -> YouTubeClient:
        """Another client at the same server."""
        return YouTubeClient(
            key,
            self.ledger,
            self.server.endpoint,
            sleep=self.slept.append,
            seed=seed,
            clock=lambda: self.seconds,
            timeout_seconds=timeout_seconds,
        )

    def fail(self, *faults: str | Fault, then: str | None = None) -> None:
        """The next requests fail in these ways, those after them all in one or not at all."""
        kinds = [Fault(fault) if isinstance(fault, str) else fault for fault in faults]
        first = len(self.server.requests) + 1
        rest = Fault(then) if then else None
        self.faults = lambda n: kinds[n - first] if n - first < len(kinds) else rest

    def paid(self) -> dict[str, int]:
        """What stands in the ledger, by bucket."""
        return {bucket: units for _, bucket, units in self.ledger.spent()}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    with bench.server:
        yield bench
        assert bench.paid() == bench.server.calls_by_bucket(), "paid is not what was sent"


def test_search_goes_page_by_page(bench: Bench):
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


def test_search_sends_what_the_api_documents(bench: Bench):
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


def test_search_leaves_out_what_is_not_asked(bench: Bench):
    bench.client.search("x", region="", language="")
    assert set(bench.server.requests[0].parameters) == {
        *("part", "type", "maxResults", "q", "order"),
    }
    with pytest.raises(ValueError, match="time zone"):
        bench.client.search("x", region="", language="", after=dt.datetime(2026, 1, 1))


def test_uploads_of_channels(bench: Bench):
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


def test_videos_and_their_statistics(bench: Bench):
    full = bench.client.videos([*IDS[:49], "gone"])
    assert [item["id"] for item in full] == IDS[:49]
    assert {"snippet", "statistics", "contentDetails"} <= set(full[0])
    stats = bench.client.batch_stats(IDS[:50])
    assert [item["id"] for item in stats] == IDS[:50]
    assert stats[0]["statistics"] == {
        name: str(count) for name, count in WORLD.videos[0].counts(NOW).items()
    }
    assert bench.server.requests[1].parameters["id"] == [",".join(IDS[:50])]
    assert bench.paid() == {"reads": 1, "batch_stats": 1}


def test_no_ids_cost_nothing_and_too_many_are_a_mistake(bench: Bench):
    client = bench.client
    assert (client.videos([]), client.batch_stats([]), client.uploads_playlists([])) == ((), (), {})
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


@pytest.mark.parametrize("kind", TEMPORARY)
def test_what_may_pass_is_tried_again_and_paid_again(bench: Bench, kind: str):
    bench.fail(kind, kind)
    assert len(bench.client.batch_stats(IDS[:3])) == 3
    assert bench.paid() == {"batch_stats": 3}
    assert len(bench.slept) == 2
    assert 0 <= bench.slept[0] <= 1 and 0 <= bench.slept[1] <= 2


def test_a_silent_server_is_not_waited_for(bench: Bench):
    bench.fail(Fault("slow", seconds=60))
    assert len(bench.make_client(timeout_seconds=1).videos(IDS[:3])) == 3
    assert bench.paid() == {"reads": 2}


@pytest.mark.parametrize("kind", TEMPORARY)
def test_five_tries_and_no_more(bench: Bench, kind: str):
    bench.fail(then=kind)
    with pytest.raises(UnavailableError) as caught:
        bench.client.search("x", region="KR", language="ko")
    assert "\n" not in str(caught.value)
    assert bench.paid() == {"search": 5}
    assert all(pause <= 2**i for i, pause in enumerate(bench.slept))
    assert len(bench.slept) == 4
    assert {request.target.split("?")[0] for request in bench.server.requests} == {
        "/youtube/v3/search"
    }


def test_jitter_is_drawn_from_the_seed_over_the_whole_range(bench: Bench):
    bench.fail(then="http_503")
    drawn = []
    for seed in (1, 1, *range(2, 20)):
        bench.slept.clear()
        bench.seconds += PAUSE_SECONDS
        with pytest.raises(UnavailableError):
            bench.make_client(seed=seed).videos(IDS[:1])
        drawn.append([pause / 2**i for i, pause in enumerate(bench.slept)])
    assert drawn[0] == drawn[1]
    parts = [part for pauses in drawn[1:] for part in pauses]
    assert min(parts) < 0.1 and max(parts) > 0.9
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("kind", ["http_429", "http_503", "user_rate_limit"])
def test_retry_after_is_honoured(bench: Bench, kind: str):
    in_a_minute = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
    date = in_a_minute.strftime("%a, %d %b %Y %H:%M:%S GMT")
    bench.fail(*(Fault(kind, retry_after=text) for text in ("7", date, "soon")))
    bench.client.videos(IDS[:1])
    assert bench.slept[0] == 7
    assert 55 < bench.slept[1] <= 60
    assert bench.slept[2] <= 4


def test_a_long_retry_after_is_not_waited_for_and_not_tried_against(bench: Bench):
    bench.fail(Fault("http_503", retry_after="3600"))
    with pytest.raises(UnavailableError):
        bench.client.videos(IDS[:1])
    assert (bench.slept, bench.paid()) == ([], {"reads": 1})


@pytest.mark.parametrize("kind", DAY_FAULTS)
def test_quota_exceeded_stops_its_bucket_until_the_reset(bench: Bench, kind: str):
    bench.fail(kind)
    for _ in range(2):
        with pytest.raises(QuotaSpentError, match="until 2026-11-22 08:00 UTC") as caught:
            bench.client.videos(IDS[:1])
        assert caught.value.bucket == Quota.READS
    assert bench.ledger.left(Quota.READS) == 0
    assert bench.paid() == {"reads": 1}
    assert bench.client.batch_stats(IDS[:1])


def test_the_server_says_no_when_the_ledger_counted_less_than_it(tmp_path: Path):
    """Another program used the same project's quota."""
    bench = Bench(tmp_path)
    bench.server.limits["search"] = 3
    with bench.server:
        for _ in range(3):
            bench.client.search("x", region="", language="")
        with pytest.raises(QuotaSpentError):
            bench.client.search("x", region="", language="")
        assert bench.ledger.left(Quota.SEARCH) == 0


def test_tries_stop_when_the_quota_is_spent_in_between(tmp_path: Path):
    bench = Bench(tmp_path, share=0.02)
    bench.fail(then="http_500")
    with bench.server, pytest.raises(QuotaSpentError, match="2 of 100"):
        bench.client.search("x", region="", language="")
    assert bench.server.calls_by_bucket() == bench.paid() == {"search": 2}


def test_each_trouble_with_the_key_has_its_own_line(bench: Bench):
    lines = set()
    for kind in KEY_FAULTS:
        bench.fail(kind)
        with pytest.raises(KeyRefusedError) as caught:
            bench.client.videos(IDS[:1])
        lines.add(str(caught.value))
    for key in ("", "two words", "line\nbreak", "schlüssel"):
        with pytest.raises(KeyRefusedError) as caught:
            bench.make_client(key=key)
        assert not key or key not in str(caught.value)
        lines.add(str(caught.value))
    assert len(lines) == 6
    assert all("KPOP_YOUTUBE_KEY" in line and "\n" not in line for line in lines)
    assert bench.paid() == {"reads": 4}, "a key that is refused is not tried again"


def test_a_wrong_key_is_the_line_for_a_wrong_key(bench: Bench):
    with pytest.raises(KeyRefusedError, match="does not know the key"):
        bench.make_client(key="AIza-another").videos(IDS[:1])


def test_an_endpoint_is_an_address(tmp_path: Path):
    with pytest.raises(YouTubeError, match="KPOP_YOUTUBE_ENDPOINT"):
        YouTubeClient(KEY, open_ledger(tmp_path / "x.db"), "localhost:80")


def test_a_request_refused_for_itself_is_not_tried_again_and_stops_nothing(bench: Bench):
    for _ in range(4):
        with pytest.raises(RefusedError, match="playlistNotFound") as caught:
            bench.client.playlist_page("UUunknown")
        assert (caught.value.status, caught.value.reason) == (404, "playlistNotFound")
        assert "<code>" not in str(caught.value)
    with pytest.raises(RefusedError, match="invalidPageToken"):
        bench.client.search("x", region="", language="", token="nonsense")
    assert bench.client.videos(IDS[:1])
    assert bench.paid() == {"reads": 5, "search": 1}


def test_an_empty_page_can_have_a_next_one(bench: Bench):
    bench.fail("empty_page")
    page = bench.client.search("artist 002", region="", language="")
    assert page.items == () and page.next_token
    page = bench.client.search("artist 002", region="", language="", token=page.next_token)
    assert len(page.items) == 50
    assert isinstance(page, Page)


def fail_calls(bench: Bench, count: int) -> None:
    for _ in range(count):
        with pytest.raises(UnavailableError, match="cannot be reached or fails"):
            bench.client.videos(IDS[:1])


def test_after_three_failures_calls_pause_and_then_one_goes_through(bench: Bench):
    bench.fail(then="http_503")
    fail_calls(bench, 3)
    assert bench.paid() == {"reads": 15}
    for bench.seconds in (0.0, PAUSE_SECONDS - 1):
        with pytest.raises(UnavailableError, match="no calls for another"):
            bench.client.batch_stats(IDS[:1])
    assert bench.paid() == {"reads": 15}
    bench.seconds = PAUSE_SECONDS
    fail_calls(bench, 1)
    with pytest.raises(UnavailableError, match="no calls for another 300 s"):
        bench.client.videos(IDS[:1])
    bench.seconds = 2 * PAUSE_SECONDS
    bench.fail()
    assert bench.client.videos(IDS[:1])
    bench.fail(then="http_503")
    fail_calls(bench, 3)


def test_processes_share_the_pause(bench: Bench):
    bench.fail(then="cut_before")
    for paid in (5, 10, 15, 15, 15):
        with pytest.raises(UnavailableError):
            bench.make_client().videos(IDS[:1])
        assert bench.paid() == {"reads": paid}
    bench.seconds = PAUSE_SECONDS
    bench.fail()
    assert bench.make_client().videos(IDS[:1])


def test_a_clock_set_back_does_not_prolong_the_pause(bench: Bench):
    bench.seconds = 1e9
    bench.fail(then="http_503")
    fail_calls(bench, 3)
    bench.seconds = 0.0
    bench.fail()
    assert bench.make_client().videos(IDS[:1])


def test_failures_that_are_not_in_a_row_pause_nothing(bench: Bench):
    for _ in range(3):
        bench.fail(then="http_503")
        fail_calls(bench, 2)
        bench.fail()
        assert bench.client.videos(IDS[:1])


def chain(error: BaseException | None) -> Iterator[str]:
    """Texts of an error and of all that it came of."""
    while error is not None:
        yield f"{error} {error!r} {vars(error)!r} {error.args!r}"
        yield from (chain(error.__context__) if error.__context__ else ())
        error = error.__cause__


def test_the_key_is_nowhere(
    bench: Bench,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    texts = [repr(bench.client), repr(vars(bench.client))]
    for kind in (*TEMPORARY, *KEY_FAULTS, "slow", *DAY_FAULTS):
        bench.fail(*[Fault(kind, seconds=60)] * (1 if kind == "slow" else 5))
        client = bench.make_client(timeout_seconds=1)
        bench.seconds += PAUSE_SECONDS
        try:
            # A bucket of its own for each that empties one, or the next would not be sent.
            if kind == "daily_limit_exceeded":
                client.batch_stats(IDS[:1])
            elif kind == "quota_exceeded":
                client.videos(IDS[:1])
            else:
                client.search("x", region="", language="")
        except KpopError as error:
            texts += chain(error)
    bench.fail()
    bench.seconds += PAUSE_SECONDS
    bench.server.key = "AIza-changed"
    with pytest.raises(QuotaSpentError):
        bench.client.videos(IDS[:1])
    printed = capfd.readouterr()
    texts += [*caplog.messages, *(repr(vars(record)) for record in caplog.records)]
    texts += [printed.out, printed.err]
    texts += [path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
    texts += [request.target for request in bench.server.requests]
    everything = "\n".join(texts)
    assert "HTTP Request: GET" in everything, "the test sees no logs"
    assert "Google has suspended" in everything, "YouTube did not repeat the key"
    assert all(request.headers["x-goog-api-key"] == KEY for request in bench.server.requests)
    assert [text for text in texts if KEY in text] == []
