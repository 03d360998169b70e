"""How fast a service is asked: at most so many requests a minute, at most so many at once.

Belongs here: waiting for one's turn, shared by all processes. Does not belong here: daily quotas
(ledger.py) or what the service asks for when it refuses (caller.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kpop_assets.net.errors import StateError
from kpop_assets.net.state import StateFile

_TABLES = {"net_pace": "service TEXT PRIMARY KEY, free_at REAL NOT NULL"}
_LOOK_AGAIN_SECONDS = 0.05
_ROUNDING_SECONDS = 1e-6


class Pace:
    """Turns at one service, evenly spaced.

    Args:
        path: the file that keeps the last turn; locks for `at_once` lie beside it.
        service: whose turns these are.
        a_minute: requests a minute, at most; 0 is any number.
        at_once: requests under way at the same time, at most; 0 is any number.
        clock: seconds of a clock that processes share.
        sleep: waits (seconds).
    """

    def __init__(
        self,
        path: Path,
        service: str,
        *,
        a_minute: float = 0.0,
        at_once: int = 0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._service = service
        self._gap = 60.0 / a_minute if a_minute else 0.0
        self._locks = [path.with_suffix(f".{service}-{i}.lock") for i in range(at_once)]
        self._clock = clock
        self._sleep = sleep
        self._file = StateFile(path, "the file of turns", _TABLES)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place and a turn; the place is free again at the end, or when we die.

        Raises:
            StateError: the file or a lock cannot be used.
        """
        lock = self._place()
        try:
            while wait := self._rest():
                self._sleep(wait)
            yield
        finally:
            if lock:
                lock.release()

    def _rest(self) -> float:
        """Take the turn if it has come (0), or say for how many seconds it has not."""
        if not self._gap:
            return 0.0
        with self._file.writing() as store:
            row = store.execute(
                "SELECT free_at FROM net_pace WHERE service = ?", (self._service,)
            ).fetchone()
            now = self._clock()
            rest = row[0] - now if row else 0.0
            # No turn lies further ahead than one gap (in doubles of this size to the microsecond),
            # unless the clock was set back since.
            if 0 < rest <= self._gap + _ROUNDING_SECONDS:
                return rest
            store.execute(
                "INSERT OR REPLACE INTO net_pace VALUES (?, ?)", (self._service, now + self._gap)
            )
        return 0.0

    def _place(self) -> FileLock | None:
        while self._locks:
            for path in self._locks:
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    lock = FileLock(path)
                    lock.acquire(timeout=0)
                except Timeout:
                    continue
                except OSError as error:
                    raise StateError(
                        f"cannot use {path} ({error.strerror})", "check the disk and its owner"
                    ) from error
                return lock
            self._sleep(_LOOK_AGAIN_SECONDS)
        return None
