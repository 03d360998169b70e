"""The circuit breaker: after several failures in a row, no calls for a while, in whatever process.

Belongs here: closed, open and half-open, kept in a file, since each command is a process of its
own. Does not belong here: what counts as a failure (caller.py).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from kpop_assets.net.errors import UnavailableError
from kpop_assets.net.state import StateFile

FAILURES = 3
PAUSE_SECONDS = 300.0
# `open_until` is of a clock that processes share, in seconds.
_TABLES = {"net_breaker": "service TEXT PRIMARY KEY, failures INTEGER NOT NULL, open_until REAL"}


class Breaker:
    """Lets calls through, or none; after a pause one alone, which decides about the others.

    Args:
        path: the file that keeps the count.
        service: whose calls are counted; its name in the file and in errors.
        failures: so many calls that failed in a row open it.
        pause_seconds: for how long.
        clock: seconds of a clock that processes share.
    """

    def __init__(
        self,
        path: Path,
        service: str,
        *,
        failures: int = FAILURES,
        pause_seconds: float = PAUSE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._most = failures
        self._pause = pause_seconds
        self._clock = clock
        self._failures = 0
        self._file = StateFile(path, "the file of failed calls", _TABLES, set_up=_drop_earlier)

    def enter(self) -> None:
        """Let a call through; after it, say `answered`, `failed` or `left`.

        Raises:
            UnavailableError: calls are paused, or one is being tried.
            StateError: the file cannot be used.
        """
        with self._file.reading() as store:
            self._failures, open_until = self._state(store)
        if self._failures < self._most:
            return
        with self._file.writing() as store:
            self._failures, open_until = self._state(store)
            now = self._clock()
            # A pause longer than any is of a clock that was set back since.
            is_open = self._failures >= self._most and 0 < open_until - now <= self._pause
            if not is_open:
                # Half-open: the others stay out while this call is tried.
                self._keep(store, self._failures, now + self._pause)
        if is_open:
            rest = open_until - now
            raise UnavailableError(
                f"{self._service} failed {self._failures} times in a row: no calls for another "
                f"{rest:.0f} s",
                "try again later",
                pause_seconds=rest,
            )

    def answered(self) -> None:
        """The service answered: what failed before does not count any more."""
        if self._failures:
            with self._file.writing() as store:
                self._keep(store, 0, 0.0)
            self._failures = 0

    def failed(self) -> None:
        """A call failed in all its attempts."""
        with self._file.writing() as store:
            self._failures = self._state(store)[0] + 1
            self._keep(store, self._failures, self._clock() + self._pause)

    def left(self) -> None:
        """A call ended without a word about the service: the next one may try."""
        if self._failures >= self._most:
            with self._file.writing() as store:
                self._keep(store, self._failures, 0.0)

    def _state(self, store: sqlite3.Connection) -> tuple[int, float]:
        row = store.execute(
            "SELECT failures, open_until FROM net_breaker WHERE service = ?", (self._service,)
        ).fetchone()
        return row or (0, 0.0)

    def _keep(self, store: sqlite3.Connection, failures: int, open_until: float) -> None:
        store.execute(
            "INSERT OR REPLACE INTO net_breaker VALUES (?, ?, ?)",
            (self._service, failures, open_until),
        )


def _drop_earlier(store: sqlite3.Connection) -> None:
    """An earlier version counted for one service; what it counted is minutes old at most."""
    store.execute("DROP TABLE IF EXISTS quota_breaker")
