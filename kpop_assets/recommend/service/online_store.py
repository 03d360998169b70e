"""A file of SQLite that processes and threads share, beside the answers.

Belongs here: opening it, changing it, waiting for others. Does not belong here: what is in it
(online_plays.py), or files that nobody changes (online_days.py).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kpop_assets.errors import KpopError

WRITE_WAIT_SECONDS = 5.0


class OnlineStoreError(KpopError):
    """What listeners played lately cannot be changed."""

    may_pass = True


class OnlineFile:
    """A file of SQLite that processes and threads share.

    Args:
        path: where it is; it is made with the first change.
        tables: statements that make what is lacking.
    """

    def __init__(self, path: Path, tables: Sequence[str]) -> None:
        self._path, self._tables = path, tables
        self._local = threading.local()

    def exists(self) -> bool:
        """Whether anything was ever kept."""
        return self._path.exists()

    def open(self) -> sqlite3.Connection:
        """This thread's connection."""
        file: sqlite3.Connection | None = getattr(self._local, "file", None)
        if file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = sqlite3.connect(self._path, timeout=WRITE_WAIT_SECONDS, isolation_level=None)
            file.execute("PRAGMA journal_mode=WAL")
            file.execute("PRAGMA synchronous=NORMAL")
            # What is removed is written over.
            file.execute("PRAGMA secure_delete=ON")
            for table in self._tables:
                file.execute(table)
            self._local.file = file
        return file

    def busy(self) -> OnlineStoreError:
        """Others use the file for longer than one waits."""
        return OnlineStoreError(f"{self._path} is in use", "run the same again in a moment")

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[sqlite3.Connection]:
        """Use the file, waiting for others for so long.

        Raises:
            OnlineStoreError: it took longer.
        """
        try:
            file = self.open()
            file.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
            try:
                yield file
            finally:
                file.execute(f"PRAGMA busy_timeout = {int(WRITE_WAIT_SECONDS * 1000)}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            raise self.busy() from error

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Change rows, all or none; others wait."""
        file = self.open()
        file.execute("BEGIN IMMEDIATE")
        try:
            yield file
        except BaseException:
            file.execute("ROLLBACK")
            raise
        file.execute("COMMIT")
