"""Answers kept for a while: not asked for again while fresh, and then only whether they changed.

Belongs here: what is kept, for how long, how much of it, and its removal. Does not belong here:
which calls may be answered from here (the service's own room gives each a time to live).

Bodies are kept as they came and never as objects: reading the file runs nothing.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.net.attempt import Answer
from kpop_assets.net.state import StateFile

MOST_BYTES = 64 * 1024**2
_TABLES = {
    "net_answer": "key TEXT PRIMARY KEY, fetched_at REAL NOT NULL, fresh_until REAL NOT NULL,"
    " headers TEXT NOT NULL, body BLOB NOT NULL"
}
# What was removed is overwritten, and the file shrinks.
_PRAGMAS = ("auto_vacuum=FULL", "secure_delete=ON")
_VALIDATORS = {"etag": "if-none-match", "last-modified": "if-modified-since"}


@dataclass(frozen=True)
class Kept:
    """An answer of earlier.

    Attributes:
        answer: as it came.
        is_fresh: whether its time to live is not over.
    """

    answer: Answer
    is_fresh: bool

    def validators(self) -> dict[str, str]:
        """Headers that ask whether it has changed; none where the service gave no mark."""
        return {
            ours: mark
            for theirs, ours in _VALIDATORS.items()
            if (mark := self.answer.headers.get(theirs))
        }


class Cache:
    """Answers in an SQLite file, shared by processes.

    Args:
        path: the file, created with its folder at the first keeping; of one service, asked by one
            identity: what an account may see is not told apart.
        keep_seconds: nothing is kept for longer since it was fetched, changed or not.
        most_bytes: size of all that is kept; the oldest goes first.
        clock: seconds of a clock that processes share.
    """

    def __init__(
        self,
        path: Path,
        *,
        keep_seconds: float,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keep = keep_seconds
        self._most = most_bytes
        self._clock = clock
        self._file = StateFile(path, "the cache", _TABLES, pragmas=_PRAGMAS)

    def get(self, key: str) -> Kept | None:
        """What is kept of a request (`HttpRequest.key`).

        Raises:
            StateError: the file cannot be read.
        """
        if not self._file.path.exists():
            return None
        now = self._clock()
        with self._file.reading() as store:
            row = store.execute(
                "SELECT fetched_at, fresh_until, headers, body FROM net_answer WHERE key = ?",
                (key,),
            ).fetchone()
        if row is None or now - row[0] >= self._keep:
            return None
        answer = Answer(200, json.loads(row[2]), row[3], is_from_cache=True)
        # What was fetched after now is of a clock that was set back since: it is asked again.
        return Kept(answer, row[0] <= now < row[1])

    def put(self, key: str, answer: Answer, ttl_seconds: float) -> None:
        """Keep a good answer; one that is larger than the whole cache is not kept.

        Raises:
            StateError: the file cannot be written.
        """
        now = self._clock()
        row = (key, now, now + ttl_seconds, json.dumps(dict(answer.headers)), answer.body)
        with self._file.writing() as store:
            store.execute("DELETE FROM net_answer WHERE key = ?", (key,))
            store.execute("DELETE FROM net_answer WHERE fetched_at <= ?", (now - self._keep,))
            size = len(row[4]) + len(row[3]) + len(key)
            if self._make_room(store, size):
                store.execute("INSERT INTO net_answer VALUES (?, ?, ?, ?, ?)", row)

    def renew(self, key: str, ttl_seconds: float) -> None:
        """The service says that it has not changed: fresh again, and as old as before.

        Raises:
            StateError: the file cannot be written.
        """
        with self._file.writing() as store:
            store.execute(
                "UPDATE net_answer SET fresh_until = ? WHERE key = ?",
                (self._clock() + ttl_seconds, key),
            )

    def purge(self, before: float | None = None) -> int:
        """Remove what was fetched before an instant (s), or all, and its bytes from the file.

        Returns:
            Answers removed.

        Raises:
            StateError: the file cannot be written.
        """
        if not self._file.path.exists():
            return 0
        with self._file.writing() as store:
            removed = store.execute(
                "DELETE FROM net_answer WHERE fetched_at < coalesce(?, fetched_at + 1)", (before,)
            )
        return removed.rowcount

    def _make_room(self, store: sqlite3.Connection, size: int) -> bool:
        if size > self._most:
            return False
        store.execute(
            "DELETE FROM net_answer WHERE key IN (SELECT key FROM"
            " (SELECT key, sum(length(body) + length(headers) + length(key))"
            " OVER (ORDER BY fetched_at DESC, key) AS newer FROM net_answer) WHERE newer > ?)",
            (self._most - size,),
        )
        return True
