"""Threads of a process that ended by an error: what they did is done no more, and that is told.

Belongs here: noticing it. Does not belong here: what a thread does (each room), or what is made of
it (readiness.py, metrics/meters.py).
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class EndedThreads:
    """Those that ended by an error while the application ran.

    Args:
        count: told how many there are, each time that another ends.

    Attributes:
        names: theirs.
    """

    def __init__(self, count: Callable[[int], None]) -> None:
        self.names: list[str] = []
        self._count = count

    @asynccontextmanager
    async def noticed(self, app: object) -> AsyncIterator[None]:
        """Notice them until the application stops."""
        before = threading.excepthook

        def note(ended: threading.ExceptHookArgs) -> None:
            self.names.append(ended.thread.name if ended.thread else "?")
            self._count(len(self.names))
            before(ended)

        threading.excepthook = note
        try:
            yield
        finally:
            threading.excepthook = before

    def trouble(self) -> str | None:
        """What is done no more, and until when; None where all of it is."""
        if not self.names:
            return None
        return f"{', '.join(self.names)} ended by an error (see the log): restart the server"
