"""A small SQLite file that processes share and that outlives them.

Belongs here: how a transaction on it begins and ends, and what it costs when it fails. Does not
belong here: what the tables mean (ledger.py, breaker.py, pace.py, cache.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from kpop_assets.net.errors import StateError

_BUSY_SECONDS = 60.0


class StateFile:
    """Tables in a file, created with its folder at the first writing.

    Each transaction has a connection of its own, so that threads and forks never share one, and
    is on the disk when it ends.

    Args:
        path: the file; other tables may stand in it.
        title: what it is to its reader, such as `the quota ledger`.
        tables: statement that creates each table, by its name.
        set_up: called inside the transaction that created one of them.
        pragmas: settings of each connection.
    """

    def __init__(
        self,
        path: Path,
        title: str,
        tables: Mapping[str, str],
        *,
        set_up: Callable[[sqlite3.Connection], None] | None = None,
        pragmas: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self._title = title
        self._tables = tables
        self._set_up = set_up
        self._pragmas = ("synchronous=FULL", *pragmas)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state.

        Raises:
            StateError: the file cannot be used.
        """
        with self._transaction("DEFERRED") as store:
            yield store

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other one runs beside.

        Raises:
            StateError: the file cannot be used.
        """
        with self._transaction("IMMEDIATE") as store:
            yield store

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(
                sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            ) as store:
                for pragma in self._pragmas:
                    store.execute(f"PRAGMA {pragma}")
                has_all = self._has_all(store)
                store.execute(f"BEGIN {kind if has_all else 'IMMEDIATE'}")
                if not has_all:
                    self._create(store)
                yield store
                store.execute("COMMIT")  # without it, closing rolls back
        except (sqlite3.Error, OSError) as error:
            raise StateError(
                f"cannot use {self._title} {self.path} ({' '.join(str(error).split())})",
                "nothing is sent without it; check the disk and the file's owner",
                # A full disk or a long lock; what is no database stays none.
                may_pass=isinstance(error, (sqlite3.OperationalError, OSError)),
            ) from error

    def _has_all(self, store: sqlite3.Connection) -> bool:
        found = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return self._tables.keys() <= {row[0] for row in found}

    def _create(self, store: sqlite3.Connection) -> None:
        # Looked at again inside the transaction: another process may have come first.
        if self._has_all(store):
            return
        for name, columns in self._tables.items():
            store.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        if self._set_up:
            self._set_up(store)
