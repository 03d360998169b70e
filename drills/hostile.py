"""Requests that no good client sends, and what the API must say to each: one line of problem+json.

Belongs here: their bytes, sent over a socket as they are, and reading the answer. Does not belong
here: starting the API (serving_process.py).
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse

ASKED = "/v1/plays"
LARGE_BYTES = 100_000_000
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Hostile:
    """A request and the answers that are right.

    Attributes:
        name: what it is.
        head: its first line and headers, as they are sent.
        body: pieces of its body.
        statuses: which numbers may be answered; 0 is a connection that is closed.
        pause_seconds: between the pieces.
    """

    name: str
    head: str
    statuses: tuple[int, ...]
    body: tuple[bytes, ...] = ()
    pause_seconds: float = 0.0


def request(path: str, method: str = "GET", *headers: str) -> str:
    """First line and headers of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""])


def post(body: bytes, name: str, *statuses: int) -> Hostile:
    """A request with a body of JSON."""
    headers = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    return Hostile(name, request(ASKED, "POST", *headers), statuses, (body,))


def hostile_requests() -> Iterator[Hostile]:
    """All of them."""
    yield post(b'{"plays": [], "note": "' + b"x" * 1_048_576 + b'"}', "a body above 1 MB", 413)
    yield post(b"[" * 100_000 + b"]" * 100_000, "JSON 100,000 deep", 400, 422)
    yield post(b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "objects 5,000 deep", 400, 422)
    for number in (b"NaN", b"Infinity", b"1e999", b"9" * 10_000):
        line = b'{"user_id": "a", "track_id": "b", "played_at": ' + number + b"}"
        yield post(b'{"plays": [' + line + b"]}", f"the time {number[:8].decode()}", 400, 422)
    yield post(b"\xff\xfe\x00", "no UTF-8", 400, 422)
    yield post(b'{"n": ', "half a JSON text", 400, 422)
    yield post(b"null", "null", 400, 422)
    yield post(b'{"plays": [' + b"{}," * 60_000 + b"{}]}", "60,001 plays", 400, 413, 422)
    length = f"Content-Length: {LARGE_BYTES}"
    head = request(ASKED, "POST", "Content-Type: application/json", length)
    piece = b'"x",' * 250_000
    yield Hostile("a list of 100 MB", head, (413,), (b"[", *[piece] * (LARGE_BYTES // len(piece))))
    head = request(ASKED, "POST", "Content-Type: application/json", "Transfer-Encoding: chunked")
    chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
    yield Hostile("100 MB without a length", head, (413,), (chunk,) * 100)
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/v1/artists/..%2f..%2fetc"):
        yield Hostile(f"the path {path}", request(path), (400, 404))
    yield Hostile("a NUL in the path", request("/v1/artists/%00"), (400, 404, 422))
    yield Hostile("a path of 100,000 signs", request("/v1/" + "a" * 100_000), (400, 404, 414, 431))
    yield Hostile("no such address", request("/v1/nothing/here"), (404,))
    yield Hostile("another method", request("/v1/ranking", "DELETE"), (405,))
    yield Hostile("a type nobody has", request("/v1/ranking", "GET", "Accept: image/png"), (406,))
    yield Hostile("a wrong key", request("/v1/ranking", "GET", "Authorization: Bearer no"), (401,))
    yield Hostile("no key", request("/v1/ranking"), (401,))


def send(port: int, hostile: Hostile) -> tuple[int, str, bytes]:
    """Status, content type and body of the answer; status 0 where the connection was closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        try:
            connection.sendall(hostile.head.encode())
            for piece in hostile.body:
                connection.sendall(piece)
                time.sleep(hostile.pause_seconds)
        except (BrokenPipeError, ConnectionResetError):
            # It was refused before all was sent: the answer may be there nevertheless.
            pass
        return read_answer(connection)


def read_answer(connection: socket.socket) -> tuple[int, str, bytes]:
    """The answer that a connection has."""
    answer = HTTPResponse(connection)
    try:
        answer.begin()
        return answer.status, answer.headers.get_content_type(), answer.read()
    except (ConnectionError, OSError, ValueError, EOFError):
        return 0, "", b""


def why_wrong(hostile: Hostile, answer: tuple[int, str, bytes]) -> str:
    """What is wrong with an answer; empty where it is a problem in one line, as it must be."""
    status, kind, body = answer
    if status not in hostile.statuses:
        return f"{status} in place of {hostile.statuses}: {body[:120]!r}"
    if kind != "application/problem+json":
        return f"{status} as {kind!r}: {body[:120]!r}"
    told = json.loads(body)
    if told["status"] != status or not told["detail"] or "\n" in told["detail"]:
        return f"{status} with {body[:200]!r}"
    return "Traceback" if b"Traceback" in body or b'File "' in body else ""
