"""Threads of a process that ended by an error: it ends itself, and another begins.

Belongs here: noticing it, and when the process ends. Does not belong here: what a thread does (each
room), who begins another process (supervisor.py), or what is made of it (readiness.py,
metrics/meters.py).

What such a thread did is done no more. The whole process begins anew, since nobody knows what an
error that nobody foresaw left behind.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

# So long a process lives at least: an error that comes back at once costs a start a minute.
LEAST_SECONDS = 60.0
# An error that ends a thread of each process at the same moment does not end them all at once.
SPREAD_SECONDS = 10.0


class EndedThreads:
    """Those that ended by an error while the application ran.

    Args:
        count: told of each.
        end: asks the process to end, as a signal would; None where nobody would begin another.

    Attributes:
        names: theirs.
    """

    def __init__(self, count: Callable[[], None], end: Callable[[], None] | None = None) -> None:
        self.names: list[str] = []
        self._count, self._end = count, end
        self._began = time.monotonic()
        self._ending: threading.Timer | None = None

    @asynccontextmanager
    async def noticed(self, app: object) -> AsyncIterator[None]:
        """Notice them until the application stops."""
        before = threading.excepthook

        def note(ended: threading.ExceptHookArgs) -> None:
            self.names.append(ended.thread.name if ended.thread else "?")
            self._count()
            before(ended)
            self._end_soon()

        threading.excepthook = note
        try:
            yield
        finally:
            threading.excepthook = before
            if self._ending is not None:
                self._ending.cancel()

    def trouble(self) -> str | None:
        """What is done no more, and until when; None where all of it is."""
        if not self.names:
            return None
        way_out = "restart the server" if self._end is None else "the process ends and begins anew"
        return f"{', '.join(self.names)} ended by an error (see the log): {way_out}"

    def _end_soon(self) -> None:
        if self._end is None or self._ending is not None:
            return
        lived = time.monotonic() - self._began
        pause = max(0.0, LEAST_SECONDS - lived)
        pause += secrets.SystemRandom().uniform(0.0, SPREAD_SECONDS)
        self._ending = threading.Timer(pause, self._end)
        self._ending.daemon = True
        self._ending.start()
