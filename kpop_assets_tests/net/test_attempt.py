"""One attempt is one request: whole, limited, without a redirect, a cookie or a second try."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.net.attempt import Answer, Http, HttpRequest, one_line
from kpop_assets.net.errors import NetError, NoAnswerError
from kpop_assets_tests.net.kit import Reply, Service, serving

AGENT = "tests/1 (nobody@example.org)"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


def test_what_is_sent_is_what_was_asked_and_who_asks(service: Service):
    http = Http(AGENT, {"x-key": "abc"})
    answer = http.send(HttpRequest(service.url, {"q": "뉴진스 & x"}, {"accept": "text/x"}))
    assert (answer.status, answer.body) == (200, b"{}")
    (got,) = service.got
    assert (got.method, got.target) == ("GET", "/things?q=%EB%89%B4%EC%A7%84%EC%8A%A4+%26+x")
    sent = {name: got.headers[name] for name in ("user-agent", "x-key", "accept")}
    assert sent == {"user-agent": AGENT, "x-key": "abc", "accept": "text/x"}


def test_a_form_is_posted(service: Service):
    Http(AGENT).send(HttpRequest(service.url, form={"grant_type": "client_credentials"}))
    (got,) = service.got
    assert (got.method, got.body) == ("POST", b"grant_type=client_credentials")


@pytest.mark.parametrize("way", ["cut", "close", "nonsense"])
def test_a_broken_answer_is_no_answer_and_is_not_asked_for_again(service: Service, way: str):
    service.answer(Reply(body=b"x" * 1000, way=way))
    with pytest.raises(NoAnswerError) as caught:
        Http(AGENT).send(HttpRequest(service.url))
    assert caught.value.may_pass
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    assert "\n" not in str(caught.value)
    assert len(service.got) == 1


def test_nobody_there_is_no_answer():
    for url in ("http://127.0.0.1:9/", "http://a..b/", "http://[", "nonsense"):
        with pytest.raises(NoAnswerError):
            Http(AGENT, timeout_seconds=2).send(HttpRequest(url))


def test_a_redirect_is_an_answer_and_is_not_followed(service: Service):
    service.answer(Reply(302, headers={"Location": "/elsewhere"}))
    assert Http(AGENT).send(HttpRequest(service.url)).status == 302
    assert len(service.got) == 1


def test_a_cookie_is_not_sent_back(service: Service):
    service.answer(then=Reply(headers={"Set-Cookie": "who=me"}))
    http = Http(AGENT)
    for _ in range(2):
        http.send(HttpRequest(service.url))
    assert "cookie" not in service.got[1].headers


def test_a_silent_service_and_one_that_drips_for_ever_are_not_waited_for(service: Service):
    service.answer(Reply(way="slow", seconds=60), Reply(body=b"x" * 4000, way="drip", seconds=0.02))
    begun = time.monotonic()
    http = Http(AGENT, timeout_seconds=0.5, most_seconds=0.5)
    with pytest.raises(NoAnswerError):
        http.send(HttpRequest(service.url))
    with pytest.raises(NoAnswerError, match=r"takes more than 0\.5 s"):
        http.send(HttpRequest(service.url))
    assert time.monotonic() - begun < 30


def test_an_answer_that_would_fill_the_memory_is_left(service: Service):
    service.answer(then=Reply(body=b"0" * 3_000_000))  # some kilobytes on the wire
    with pytest.raises(NoAnswerError, match="larger than 1,000,000 bytes"):
        Http(AGENT, most_bytes=1_000_000).send(HttpRequest(service.url))
    assert len(Http(AGENT).send(HttpRequest(service.url)).body) == 3_000_000


def test_a_header_that_http_cannot_carry_is_said_without_its_value():
    for value in ("schlüssel", "two\nlines"):
        with pytest.raises(NetError, match="x-key") as caught:
            Http(AGENT, {"x-key": value})
        assert value not in repr(caught.value)


def test_a_proxy_that_cannot_be_used_is_one_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALL_PROXY", "socks9://127.0.0.1:1")
    with pytest.raises(NetError, match="ALL_PROXY"):
        Http(AGENT)


def test_certificates_that_cannot_be_read_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    for path in (tmp_path / "absent.pem", broken):
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        with pytest.raises(NetError, match="certificates") as caught:
            Http(AGENT)
        assert "SSL_CERT_FILE" in str(caught.value.way_out)


def test_the_proxy_of_the_environment_is_asked_but_not_for_what_no_proxy_names(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", service.url)
    monkeypatch.setenv("NO_PROXY", "")
    assert Http(AGENT).send(HttpRequest("http://nowhere.invalid/x")).status == 200
    assert service.got[-1].target == "http://nowhere.invalid/x"
    monkeypatch.setenv("NO_PROXY", "nowhere.invalid")
    with pytest.raises(NoAnswerError):
        Http(AGENT).send(HttpRequest("http://nowhere.invalid/x"))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0 "}, 0.0),
        (
            {
                "retry-after": "Sat, 28 Nov 2026 12:01:00 GMT",
                "date": "Sat, 28 Nov 2026 12:00:00 GMT",
            },
            60.0,
        ),
        (
            {
                "retry-after": "Sat, 28 Nov 2026 11:00:00 GMT",
                "date": "Sat, 28 Nov 2026 12:00:00 GMT",
            },
            0.0,
        ),
        ({"retry-after": "Sat, 28 Nov 2026 12:01:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({}, 0.0),
    ],
)
def test_retry_after_is_read_by_the_services_own_clock(headers: dict[str, str], seconds: float):
    assert Answer(429, headers, b"").retry_after() == seconds


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": ', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_none(body: bytes):
    assert Answer(200, {}, body).data() is None


def test_requests_for_the_same_have_the_same_key_and_others_another():
    one = HttpRequest("http://x/", {"a": "1", "b": "2"})
    assert one.key() == HttpRequest("http://x/", {"b": "2", "a": "1"}).key()
    others = [
        HttpRequest("http://y/", {"a": "1", "b": "2"}),
        HttpRequest("http://x/", {"a": "1"}),
        HttpRequest("http://x/", {"a": "1", "b": "2"}, {"accept": "x"}),
        HttpRequest("http://x/", {"a": "1", "b": "2"}, form={}),
        HttpRequest("http://x/", {}, {"a": "1", "b": "2"}),
    ]
    assert len({one.key(), *(other.key() for other in others)}) == 6


def test_a_text_of_a_service_is_a_short_line():
    assert one_line("a <b>bold</b>\n\tclaim") == "a bold claim"
    assert len(one_line("x" * 1000)) == 200
