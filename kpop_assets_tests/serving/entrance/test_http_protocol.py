"""A real server with short times: who keeps it waiting is let go, and others are answered."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from serving.entrance.http_protocol import MOST_HEAD_BYTES, LimitedHttpProtocol

LARGE = 30_000_000


class Hasty(LimitedHttpProtocol):
    """The same with times that a test can wait for."""

    head_seconds = body_seconds = take_seconds = 0.4


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    content = b"x" * LARGE if scope["path"] == "/large" else b"%d" % len(body)
    await Response(content)(scope, receive, send)


@contextmanager
def served() -> Iterator[tuple[uvicorn.Server, int]]:
    """A server that answers, and its port; asked to end at the end, if nobody did before."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(answer, http=Hasty, lifespan="off", log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield server, listening.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served() as (_, own):
        yield own


def exchange(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send parts with pauses between them, and read until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        for part in parts:
            try:
                caller.sendall(part)
            except OSError:
                break
            time.sleep(pause)
        told = b""
        try:
            while part := caller.recv(65536):
                told += part
        except ConnectionResetError:
            pass
        return told


def problem_of(told: bytes) -> dict[str, object]:
    head, _, body = told.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    return json.loads(body)


def is_answering(port: int) -> bool:
    told = exchange(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    return told.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "parts",
    [
        (b"",),
        (b"GET / HTTP/1.1\r\nHost: a\r\n",),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",),
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_never_ends_a_request_is_told_and_let_go(port: int, parts: tuple[bytes, ...]):
    began = time.monotonic()
    told = exchange(port, *parts)
    assert 0.3 < time.monotonic() - began < 5
    assert problem_of(told)["status"] == 408
    assert is_answering(port)


def test_a_header_a_moment_keeps_nobody_waiting(port: int):
    drops = [b"GET / HTTP/1.1\r\n", *(b"X-%d: a\r\n" % number for number in range(20))]
    began = time.monotonic()
    told = exchange(port, *drops, pause=0.1)
    assert time.monotonic() - began < 4
    assert told == b"" or problem_of(told)["status"] == 408


def test_a_head_of_any_size_is_refused(port: int):
    filler = b"X-A: " + b"a" * MOST_HEAD_BYTES + b"\r\n"
    told = exchange(port, b"GET / HTTP/1.1\r\n" + filler, filler)
    assert problem_of(told)["status"] == 431


@pytest.mark.parametrize("packets", [1, 2, 4])
@pytest.mark.parametrize("is_second", [False, True])
@pytest.mark.parametrize(("size", "is_refused"), [(31_000, False), (33_000, True), (50_000, True)])
def test_how_long_a_head_may_be_does_not_depend_on_its_packets(
    port: int, packets: int, is_second: bool, size: int, is_refused: bool
):
    fillers = b"".join(b"X-%02d: %b\r\n" % (at, b"a" * (size // 40)) for at in range(40))
    head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fillers + b"\r\n"
    if is_second:
        head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + b"b" * 20_000 + head
    step = -(-len(head) // packets)
    parts = [head[at : at + step] for at in range(0, len(head), step)]
    told = exchange(port, *parts, pause=0.005)
    assert (b" 431 " in told) == is_refused
    assert is_refused or told.count(b"HTTP/1.1 200") == 1 + is_second


def test_what_is_no_http_is_told_in_the_form_of_problems(port: int):
    assert problem_of(exchange(port, b"nonsense\r\n\r\n"))["status"] == 400
    for address in ("/v1/artists/방탄소년단", "/v1/tracks/search?q=뉴진스"):
        korean = f"GET {address} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        told = problem_of(exchange(port, korean))
        assert (told["status"], "%XX" in str(told["way_out"])) == (400, True)


def test_a_slow_request_within_its_time_is_answered_and_so_is_the_next(port: int):
    first = (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n", b"ab", b"cd")
    second = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    told = exchange(port, *first, second, pause=0.1)
    assert told.count(b"HTTP/1.1 200") == 2


def test_who_does_not_take_an_answer_is_let_go(port: int):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(1.2)
        taken = 0
        try:
            while part := caller.recv(1 << 20):
                taken += len(part)
        except ConnectionResetError:
            pass
    assert taken < LARGE
    assert is_answering(port)


def test_who_asks_as_the_server_ends_is_answered_and_told_that_it_was_the_last():
    ask = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    with (
        served() as (server, port),
        socket.create_connection(("127.0.0.1", port), timeout=10) as fresh,
        socket.create_connection(("127.0.0.1", port), timeout=10) as kept,
    ):
        kept.sendall(ask)
        assert kept.recv(65536).startswith(b"HTTP/1.1 200")
        server.should_exit = True
        time.sleep(0.25)
        for caller in (fresh, kept):
            caller.sendall(ask)
            told = b"".join(iter(partial(caller.recv, 65536), b""))
            assert told.startswith(b"HTTP/1.1 200") and b"connection: close" in told
