"""How long and how much a connection may keep the server waiting.

Belongs here: the server's protocol with limits of time and size, beneath any request. Does not
belong here: what a whole request is checked for (entrance.py).

uvicorn 0.54 waits for ever for a head or a body that has begun, and takes a head of any size.
"""

from __future__ import annotations

import asyncio
import json
import select
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 32_000
HEAD_SECONDS = 10.0
BODY_SECONDS = 20.0
# For a caller that does not take its answer.
TAKE_SECONDS = 30.0
# When the server ends: for a request that was sent before its sender could know.
LEAVE_SECONDS = 0.5
_LOOK_SECONDS = 0.01
_ENCODE = "send one; letters of an address that are not ASCII as %XX"
_REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class LimitedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol for HTTP/1.1, which ends a connection that keeps it waiting."""

    head_seconds = HEAD_SECONDS
    body_seconds = BODY_SECONDS
    take_seconds = TAKE_SECONDS
    leave_seconds = LEAVE_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        # Of the head that is being read: by its address and headers, and as it came so far.
        self._head_bytes = self._unended_bytes = 0
        self._is_in_head = True
        self._is_leaving = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a head from now on."""
        super().connection_made(transport)
        self._await(self.head_seconds, "no request came in time")

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_reading()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless a head goes on and on without an end to any part of it."""
        if self._is_in_head:
            self._unended_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._unended_bytes > 2 * MOST_HEAD_BYTES:
            self._refuse_head()

    def on_message_begin(self) -> None:
        """A further request on the same connection has its own time."""
        super().on_message_begin()
        if not self._is_in_head:
            self._is_in_head, self._head_bytes, self._unended_bytes = True, 0, 0
            self._await(self.head_seconds, "the request did not come in time")

    def on_url(self, url: bytes) -> None:
        """A part of the address, which counts as the head does."""
        super().on_url(url)
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header: how long a head is does not depend on the packets that it comes in."""
        super().on_header(name, value)
        self._count_head(len(name) + len(value))

    def _count_head(self, byte_count: int) -> None:
        self._head_bytes += byte_count
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refuse_head()
            # The parser reads no further.
            raise ValueError("the head of the request is too long")

    def _refuse_head(self) -> None:
        self._refuse(431, "the head of the request is too long", "send fewer, shorter headers")

    def on_headers_complete(self) -> None:
        """The body has a time of its own."""
        self._is_in_head = False
        self._await(self.body_seconds, "the body did not come in time")
        super().on_headers_complete()
        if self._is_leaving:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """The request is there."""
        self._stop_reading()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The caller takes nothing: it has some time to go on."""
        super().pause_writing()
        if self._writing is None:
            self._writing = self.loop.call_later(self.take_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It does go on."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        super().resume_writing()

    def shutdown(self) -> None:
        """Answer what is on its way, the last request of this connection.

        uvicorn 0.54 closes one that waits for a request, also where that was sent and is unread.
        """
        self._is_leaving = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(self.leave_seconds, self._leave)
        else:
            super().shutdown()

    def _leave(self) -> None:
        if not self.transport.is_closing() and _has_unread(self.transport):
            # The loop is late: what has come is read first.
            self.loop.call_later(_LOOK_SECONDS, self._leave)
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Say in the form of all problems that this is no HTTP."""
        self._refuse(400, "this is no request of HTTP/1.1", _ENCODE)

    def _await(self, seconds: float, late: str) -> None:
        self._stop_reading()
        self._reading = self.loop.call_later(seconds, self._refuse, 408, late, "send it at once")

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _refuse(self, status: int, what: str, way_out: str) -> None:
        self._stop_reading()
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is not None and cycle.response_started and not cycle.response_complete:
            # Nothing can be said within an answer that has begun.
            self.transport.abort()
            return
        told = {"type": "about:blank", "title": _REASONS[status], "status": status}
        body = json.dumps({**told, "detail": what, "way_out": way_out}).encode()
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


def _has_unread(transport: asyncio.Transport) -> bool:
    """Whether something has come that was not read; the end of a caller is such a thing, too."""
    coming = select.poll()
    coming.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
    return bool(coming.poll(0))
