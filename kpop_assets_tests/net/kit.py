"""A service on loopback that answers as a test says, and the callers that ask it.

Belongs here: set-up without an assertion, any service's shape. Does not belong here: the API of a
real one (its room's own server).
"""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kpop_assets.net.attempt import Answer, Http, HttpRequest
from kpop_assets.net.breaker import Breaker
from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.cache import Cache
from kpop_assets.net.caller import Caller, RetryRule
from kpop_assets.net.errors import AnswerError
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets.net.pace import Pace


@dataclass(frozen=True)
class Got:
    """A request as it came."""

    number: int
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What the service does: an answer, or a way to fail.

    Ways: `` (answers), `cut` (half of the body), `close` (no byte), `nonsense` (no HTTP),
    `slow` (waits first), `drip` (byte by byte).
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    way: str = ""
    seconds: float = 0.0


class Service:
    """The server; `reply` may be changed at any time."""

    def __init__(self) -> None:
        self.reply: Callable[[Got], Reply] = lambda got: Reply()
        self.got: list[Got] = []
        self.under_way = 0
        self.most_under_way = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.http = _Server(("127.0.0.1", 0), _Handler)
        self.http.service = self

    @property
    def url(self) -> str:
        """Address of the service."""
        return f"http://127.0.0.1:{self.http.server_address[1]}/things"

    def answer(self, *replies: Reply, then: Reply | None = None) -> None:
        """The next requests get these replies, those after them `then`."""
        first, rest = len(self.got), then or Reply()
        self.reply = lambda got: (
            replies[got.number - first - 1] if got.number - first <= len(replies) else rest
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    service: Service

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away is part of the tests, and no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with service.lock:
            number = len(service.got) + 1
            got = Got(number, self.command, self.path, headers, body)
            service.got.append(got)
            service.under_way += 1
            service.most_under_way = max(service.most_under_way, service.under_way)
        try:
            self._send(service.reply(got))
        finally:
            with service.lock:
                service.under_way -= 1

    def do_POST(self) -> None:
        self.do_GET()

    def _send(self, reply: Reply) -> None:
        self.server.service.closing.wait(reply.seconds if reply.way == "slow" else 0)
        if reply.way == "nonsense":
            self.wfile.write(b"SSH-2.0-nothing of HTTP\r\n\r\n")
        if reply.way in ("nonsense", "close"):
            self._cut()
            return
        body = reply.body
        self.send_response(reply.status, reply.reason)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.way == "drip":
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.server.service.closing.wait(reply.seconds)
            return
        self.wfile.write(body[: len(body) // 2] if reply.way == "cut" else body)
        if reply.way == "cut":
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True


@contextmanager
def serving() -> Iterator[Service]:
    """A service that runs."""
    service = Service()
    thread = threading.Thread(target=service.http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        service.closing.set()
        service.http.shutdown()
        service.http.server_close()
        thread.join()


def judge(answer: Answer) -> AnswerError | None:
    """A service that is refused by 4xx, fails by 5xx, and says `spent` by 402."""
    if answer.status < 300:
        return None
    return AnswerError(
        f"HTTP {answer.status}",
        status=answer.status,
        retry_after=answer.retry_after(),
        is_spent=answer.status == 402,
        may_pass=answer.status >= 500 or answer.status in (304, 429),
    )


@dataclass
class Bench:
    """A caller's parts on one folder and one clock."""

    folder: Path
    service: Service
    limit: int = 1000
    seconds: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)
    pace: Pace | None = None

    def clock(self) -> float:
        """Seconds, moved by the test."""
        return self.seconds

    @property
    def ledger(self) -> QuotaLedger:
        """One bucket, `reads`."""
        return QuotaLedger(
            self.folder / "state.db", [QuotaBucket("reads", self.limit)], "the service"
        )

    @property
    def cache(self) -> Cache:
        """Answers of up to a day."""
        return Cache(self.folder / "cache.db", keep_seconds=86_400, clock=self.clock)

    def caller(self, seed: int = 1, timeout_seconds: float = 5.0) -> Caller:
        """As a new process would build it."""
        return Caller(
            "the service",
            Http("tests/1 (nobody@example.org)", timeout_seconds=timeout_seconds),
            judge,
            Breaker(self.folder / "state.db", "the service", clock=self.clock),
            ledger=self.ledger,
            pace=self.pace,
            cache=self.cache,
            retry=RetryRule(),
            sleep=self.slept.append,
            seed=seed,
        )

    def ask(self, **more: float) -> Answer:
        """One call of a new process, paid by `reads`."""
        return self.caller().call(HttpRequest(self.service.url), "reads", **more)

    def paid(self) -> int:
        """Units in the ledger."""
        return sum(units for _, _, units in self.ledger.spent())


@contextmanager
def bench_on(folder: Path) -> Iterator[Bench]:
    """A bench with a service that runs."""
    with serving() as service:
        yield Bench(folder, service)
