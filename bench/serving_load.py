"""Requests sent to an HTTP server at moments that do not depend on its answers.

Belongs here: an open loop over connections that are kept. Does not belong here: what is asked, or
which server runs (serving.py).

A request's time begins at the moment it was due, not when a connection was free: a server that
stands still for a second is charged with all that should have been sent in it.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import orjson

_LATEST_SECONDS = 30.0
# A server closes what was silent for five seconds; who sends at that moment would lose the request.
_SILENT_SECONDS = 2.0


@dataclass(frozen=True)
class Wanted:
    """One request: its kind for the table, and its bytes."""

    kind: str
    data: bytes


@dataclass
class LoadResult:
    """What came of a load.

    Attributes:
        sent: requests that were due.
        seconds: from each request's due moment to its whole answer, of those that were answered.
        statuses: answers by status; 0 is none.
        told: answers by what they say of `fallback` and `cache`.
        lasted: seconds until the last answer.
    """

    sent: int = 0
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    lasted: float = 0.0

    @property
    def errors(self) -> int:
        """Requests without an answer of 200."""
        return self.sent - self.statuses[200]

    def milliseconds(self, percent: float) -> float:
        """A percentile of times."""
        return 1000 * float(np.percentile(self.seconds, percent)) if self.seconds else float("nan")

    @property
    def mean(self) -> float:
        """Mean time in milliseconds."""
        return 1000 * float(np.mean(self.seconds)) if self.seconds else float("nan")


def wanted_post(kind: str, path: str, body: object) -> Wanted:
    """A request with a body."""
    data = orjson.dumps(body)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\n\r\n"
    )
    return Wanted(kind, head.encode() + data)


def wanted_get(kind: str, path: str) -> Wanted:
    """A request without one."""
    return Wanted(kind, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())


async def send_load(
    port: int, rate: float, seconds: float, make: Callable[[int], Wanted]
) -> LoadResult:
    """Send `rate` requests a second, whatever comes back, and wait for all answers."""
    loop = _OpenLoop(port)
    result = LoadResult(sent=max(1, int(rate * seconds)))
    begun = time.perf_counter()
    tasks = []
    for number in range(result.sent):
        due = begun + number / rate
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        tasks.append(asyncio.create_task(loop.ask(make(number), due, result)))
    await asyncio.gather(*tasks)
    result.lasted = time.perf_counter() - begun
    await loop.close()
    return result


class _OpenLoop:
    """Connections that are kept and used in turn, as those of many clients are: else another."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: deque[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def ask(self, wanted: Wanted, due: float, result: LoadResult) -> None:
        """Send one request and note what came of it."""
        try:
            async with asyncio.timeout(_LATEST_SECONDS):
                status, body = await self._exchange(wanted.data)
        except (OSError, EOFError, TimeoutError, ValueError):
            result.statuses[0] += 1
            return
        result.seconds.append(time.perf_counter() - due)
        result.statuses[status] += 1
        if status == 200 and wanted.data.startswith(b"POST"):
            told = orjson.loads(body)
            result.told[f"fallback {told['fallback']}"] += 1
            result.told[f"cache {told['cache']}"] += 1

    async def close(self) -> None:
        """Close all connections."""
        for _, _, writer in self._free:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _exchange(self, data: bytes) -> tuple[int, bytes]:
        reader, writer = await self._connection()
        try:
            writer.write(data)
            head = await reader.readuntil(b"\r\n\r\n")
            status, length = int(head[9:12]), _length_of(head)
            body = await reader.readexactly(length)
        except BaseException:
            writer.close()
            raise
        if b"connection: close" in head.lower():
            writer.close()
        else:
            self._free.append((time.perf_counter(), reader, writer))
        return status, body

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            since, reader, writer = self._free.popleft()
            if time.perf_counter() - since < _SILENT_SECONDS:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)


def _length_of(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without a length")
