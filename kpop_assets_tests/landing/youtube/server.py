"""A YouTube Data API on loopback: the real wire format over an invented world, with faults.

Belongs here: HTTP, keys, quotas, ways to cut an answer. Does not belong here: what is answered
(methods.py, problems.py) or the world (world.py). Knows nothing of the product's code: where both
are wrong about YouTube, both had to be wrong in the same way by themselves.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from kpop_assets_tests.landing.youtube.methods import METHODS, Call
from kpop_assets_tests.landing.youtube.problems import KEY, Fault, ProblemError, fault_problem
from kpop_assets_tests.landing.youtube.world import FakeChannel, FakeVideo, World, make_world

__all__ = [
    "KEY",
    "METHODS",
    "FakeChannel",
    "FakeVideo",
    "FakeYouTube",
    "Fault",
    "Request",
    "World",
    "make_world",
]

LIMITS = {"search": 100, "batch_stats": 10_000, "reads": 10_000}


@dataclass(frozen=True)
class Request:
    """One request as it came, and what it got (status 0: no answer)."""

    number: int
    bucket: str
    day: dt.date
    target: str
    parameters: Mapping[str, list[str]]
    headers: Mapping[str, str]
    fault: str | None
    status: int


class _Answer(NamedTuple):
    status: int
    body: bytes
    content_type: str
    headers: dict[str, str]


class FakeYouTube:
    """The server; use it as a context manager.

    Args:
        world: what exists.
        now: the simulated clock (aware).
        fault: what goes wrong with the n-th request (from 1); None where nothing does.
        key: the only key that is accepted.
        limits: quota of each bucket a Pacific day; calls over it are refused and counted.
    """

    def __init__(
        self,
        world: World,
        now: Callable[[], dt.datetime],
        fault: Callable[[int], Fault | None] = lambda number: None,
        key: str = KEY,
        limits: Mapping[str, int] = LIMITS,
    ) -> None:
        self.world, self.now, self.fault, self.key = world, now, fault, key
        self.limits = dict(limits)
        self.requests: list[Request] = []
        self.calls: Counter[tuple[dt.date, str]] = Counter()
        self._lock = threading.Lock()
        self._count = 0
        self._closing = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.youtube = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def endpoint(self) -> str:
        """Address for the client."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/"

    def __enter__(self) -> FakeYouTube:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def calls_by_bucket(self, day: dt.date | None = None) -> dict[str, int]:
        """Requests that came, on one Pacific day or in all."""
        with self._lock:
            found: Counter[str] = Counter()
            for (each, bucket), count in self.calls.items():
                if day in (None, each):
                    found[bucket] += count
        return dict(found)

    def take(self, bucket: str) -> tuple[int, dt.date, int]:
        """Count a request: its number, Pacific day, and place in the day's bucket."""
        day = self.now().astimezone(ZoneInfo("America/Los_Angeles")).date()
        with self._lock:
            self._count += 1
            self.calls[day, bucket] += 1
            return self._count, day, self.calls[day, bucket]

    def note(self, request: Request) -> None:
        """Keep what came."""
        with self._lock:
            self.requests.append(request)

    def wait(self, seconds: float) -> None:
        """Be slow, but not when closing."""
        self._closing.wait(seconds)

    def answer(self, path: str, parameters: dict[str, list[str]], fault: Fault | None) -> dict:
        """The body of a good answer, or a `ProblemError`."""
        method = METHODS.get(path)
        if method is None:
            raise ProblemError(404, "notFound", "Not Found")
        return method(Call(self.world, self.now(), parameters, fault))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    youtube: FakeYouTube

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away is part of the tests, and no news."""


BUCKETS = {"/youtube/v3/search": "search", "/youtube/v3/videos:batchGetStats": "batch_stats"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        youtube = self.server.youtube
        address = urlsplit(self.path)
        parameters = parse_qs(address.query, keep_blank_values=True)
        bucket = BUCKETS.get(address.path, "reads")
        number, day, place = youtube.take(bucket)
        fault = youtube.fault(number)
        answer = self._answer(address.path, parameters, fault, place > youtube.limits[bucket])
        kind = fault.kind if fault else None
        status = 0 if kind in ("cut_before", "cut_body") else answer.status
        headers = {name.lower(): value for name, value in self.headers.items()}
        youtube.note(Request(number, bucket, day, self.path, parameters, headers, kind, status))
        if fault and kind == "slow":
            youtube.wait(fault.seconds)
        if kind == "cut_before":
            self._cut()
        else:
            self._send(answer, is_cut=kind == "cut_body")

    def _answer(
        self, path: str, parameters: dict[str, list[str]], fault: Fault | None, is_over: bool
    ) -> _Answer:
        youtube = self.server.youtube
        more = {"Retry-After": fault.retry_after} if fault and fault.retry_after else {}
        kind = fault.kind if fault else ""
        try:
            if problem := fault_problem(kind, youtube.key):
                raise problem
            self._check_key(parameters)
            if is_over:
                raise ProblemError(403, "quotaExceeded", "The quota is exceeded.")
            body = youtube.answer(path, parameters, fault)
        except ProblemError as problem:
            return _Answer(problem.status, _json(problem.body()), "application/json", more)
        if kind == "redirect":
            return _Answer(302, b"", "text/html", {"Location": "/elsewhere"})
        if kind == "html":
            return _Answer(200, b"<!DOCTYPE html><p>Sign in to this network", "text/html", more)
        data = _json(body)
        etag = f'"{hashlib.sha256(data).hexdigest()[:24]}"'
        if self.headers.get("If-None-Match") == etag:
            return _Answer(304, b"", "application/json", {"ETag": etag})
        if kind == "truncated_json":
            data = data[: len(data) // 2]
        return _Answer(200, data, "application/json", {"ETag": etag})

    def _check_key(self, parameters: dict[str, list[str]]) -> None:
        given = self.headers.get("X-Goog-Api-Key") or parameters.get("key", [""])[0]
        if not given:
            raise ProblemError(403, "forbidden", "Method doesn't allow unregistered callers.")
        if given != self.server.youtube.key:
            problem = fault_problem("key_invalid", "")
            assert problem is not None
            raise problem

    def _send(self, answer: _Answer, is_cut: bool) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", f"{answer.content_type}; charset=UTF-8")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        if is_cut:
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True


def _json(body: dict) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode()
