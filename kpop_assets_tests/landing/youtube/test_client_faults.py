"""The client when YouTube fails or refuses: paid, patient, and silent about the key."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.errors import KpopError
from kpop_assets.landing.youtube.errors import KeyRefusedError
from kpop_assets.landing.youtube.quota import Quota
from kpop_assets.net.breaker import PAUSE_SECONDS
from kpop_assets.net.errors import QuotaSpentError, UnavailableError
from kpop_assets_tests.landing.youtube.client_kit import IDS, ClientBench
from kpop_assets_tests.landing.youtube.server import KEY, Fault

TEMPORARY = [
    *("http_500", "http_503", "http_429", "rate_limit", "user_rate_limit", "cut_before"),
    *("cut_body", "truncated_json", "html", "redirect"),
]
KEY_FAULTS = ["key_invalid", "access_not_configured", "ip_blocked", "suspended"]
DAY_FAULTS = ["quota_exceeded", "quota_exceeded_429", "daily_limit_exceeded"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ClientBench]:
    bench = ClientBench(tmp_path)
    with bench.server:
        yield bench
        assert bench.paid() == bench.server.calls_by_bucket(), "paid is not what was sent"


@pytest.mark.parametrize("kind", TEMPORARY)
def test_what_may_pass_is_tried_again_and_paid_again(bench: ClientBench, kind: str):
    bench.fail(kind, kind)
    assert len(bench.client.batch_stats(IDS[:3]).items) == 3
    assert bench.paid() == {"batch_stats": 3}
    assert len(bench.slept) == 2
    assert 0 <= bench.slept[0] <= 1 and 0 <= bench.slept[1] <= 2


def test_a_silent_server_is_not_waited_for(bench: ClientBench):
    bench.fail(Fault("slow", seconds=60))
    assert len(bench.make_client(timeout_seconds=1).videos(IDS[:3]).items) == 3
    assert bench.paid() == {"reads": 2}


@pytest.mark.parametrize("kind", TEMPORARY)
def test_five_tries_and_no_more(bench: ClientBench, kind: str):
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


def test_jitter_is_drawn_from_the_seed_over_the_whole_range(bench: ClientBench):
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
def test_retry_after_is_honoured(bench: ClientBench, kind: str):
    in_a_minute = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
    date = in_a_minute.strftime("%a, %d %b %Y %H:%M:%S GMT")
    bench.fail(*(Fault(kind, retry_after=text) for text in ("7", date, "soon")))
    bench.client.videos(IDS[:1])
    assert bench.slept[0] == 7
    assert 55 < bench.slept[1] <= 60
    assert bench.slept[2] <= 4


def test_a_long_retry_after_is_not_waited_for_and_not_tried_against(bench: ClientBench):
    bench.fail(Fault("http_503", retry_after="3600"))
    with pytest.raises(UnavailableError):
        bench.client.videos(IDS[:1])
    assert (bench.slept, bench.paid()) == ([], {"reads": 1})


@pytest.mark.parametrize("kind", DAY_FAULTS)
def test_quota_exceeded_stops_its_bucket_until_the_reset(bench: ClientBench, kind: str):
    bench.fail(kind)
    for _ in range(2):
        with pytest.raises(QuotaSpentError, match="until 2026-11-22 08:00 UTC") as caught:
            bench.client.videos(IDS[:1])
        assert caught.value.bucket == Quota.READS
    assert bench.ledger.left(Quota.READS) == 0
    assert bench.paid() == {"reads": 1}
    assert bench.client.batch_stats(IDS[:1]).items


def test_the_server_says_no_when_the_ledger_counted_less_than_it(tmp_path: Path):
    """Another program used the same project's quota."""
    bench = ClientBench(tmp_path)
    bench.server.limits["search"] = 3
    with bench.server:
        for _ in range(3):
            bench.client.search("x", region="", language="")
        with pytest.raises(QuotaSpentError):
            bench.client.search("x", region="", language="")
        assert bench.ledger.left(Quota.SEARCH) == 0


def test_tries_stop_when_the_quota_is_spent_in_between(tmp_path: Path):
    bench = ClientBench(tmp_path, share=0.02)
    bench.fail(then="http_500")
    with bench.server, pytest.raises(QuotaSpentError, match="2 of 100"):
        bench.client.search("x", region="", language="")
    assert bench.server.calls_by_bucket() == bench.paid() == {"search": 2}


def test_each_trouble_with_the_key_has_its_own_line(bench: ClientBench):
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


def test_a_wrong_key_is_the_line_for_a_wrong_key(bench: ClientBench):
    with pytest.raises(KeyRefusedError, match="does not know the key"):
        bench.make_client(key="AIza-another").videos(IDS[:1])


def fail_calls(bench: ClientBench, count: int) -> None:
    for _ in range(count):
        with pytest.raises(UnavailableError, match="cannot be reached or fails"):
            bench.client.videos(IDS[:1])


def test_after_three_failures_calls_pause_and_then_one_goes_through(bench: ClientBench):
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
    assert bench.client.videos(IDS[:1]).items
    bench.fail(then="http_503")
    fail_calls(bench, 3)


def test_processes_share_the_pause(bench: ClientBench):
    bench.fail(then="cut_before")
    for paid in (5, 10, 15, 15, 15):
        with pytest.raises(UnavailableError):
            bench.make_client().videos(IDS[:1])
        assert bench.paid() == {"reads": paid}
    bench.seconds = PAUSE_SECONDS
    bench.fail()
    assert bench.make_client().videos(IDS[:1])


def test_a_clock_set_back_does_not_prolong_the_pause(bench: ClientBench):
    bench.seconds = 1e9
    bench.fail(then="http_503")
    fail_calls(bench, 3)
    bench.seconds = 0.0
    bench.fail()
    assert bench.make_client().videos(IDS[:1])


def test_failures_that_are_not_in_a_row_pause_nothing(bench: ClientBench):
    for _ in range(3):
        bench.fail(then="http_503")
        fail_calls(bench, 2)
        bench.fail()
        assert bench.client.videos(IDS[:1]).items


def chain(error: BaseException | None) -> Iterator[str]:
    """Texts of an error and of all that it came of."""
    while error is not None:
        yield f"{error} {error!r} {vars(error)!r} {error.args!r}"
        yield from (chain(error.__context__) if error.__context__ else ())
        error = error.__cause__


def test_the_key_is_nowhere(
    bench: ClientBench,
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
