"""Dagster's event log in SQLite, with files that stay open and batches that are written as such.

Belongs here: how events reach the SQLite files. Does not belong here: which events there are
(Dagster's) and where the files lie (instance.py).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import DagsterEventType
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._utils.concurrency import ConcurrencySlotStatus
from dagster_shared.serdes import serialize_value
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.event import listen, listens_for, remove
from sqlalchemy.pool import StaticPool

# How many events of one plan or output Dagster hands over together; by default it does not. A
# year of one asset is one batch of 365, at 1-4 KB an event.
BATCH_SIZE_VARIABLE = "DAGSTER_EVENT_BATCH_SIZE"
BATCH_SIZE = 1000


class BatchedEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log, which stores the same rows in fewer and cheaper transactions.

    Dagster's own opens, writes, syncs and closes its files up to five times for every event: 7 ms
    of CPU. It can hand batches over, but only its PostgreSQL storage writes them as such, and every
    day of every asset is two events. When Dagster's own does this, this class can go.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lock = threading.RLock()
        self._files: dict[str, Engine] = {}
        self._inodes: dict[str, int | None] = {}
        self._open: dict[str, Connection] = {}
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> BatchedEventLog:
        """What Dagster calls with the section of `dagster.yaml` that names this class."""
        return cls(inst_data=inst_data, **config_value)

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Store an event: the run's log in one transaction, the index over runs in another."""
        with self.index_connection():
            super().store_event(event)
        self._tell_watchers(event.run_id)

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store events of one run in two transactions, as `store_event` does one."""
        (run_id,) = {event.run_id for event in events}
        rows = [self._event_to_row(event) for event in events]
        insert = SqlEventLogStorageTable.insert()
        with self.run_connection(run_id) as log:
            log.execute(insert, rows)
        with self.index_connection() as index:
            by_row = insert.returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
            ids = index.execute(by_row, rows).scalars()
            self._index(index, list(zip(events, ids, strict=True)))
        self._tell_watchers(run_id)

    def _index(self, index: Connection, stored: list[tuple[dg.EventLogEntry, int]]) -> None:
        newest = {}
        about_assets = []
        for event, event_id in stored:
            if event.dagster_event_type == DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
                self.store_asset_check_event(event, event_id)
            else:
                about_assets.append((event, event_id))
                newest[event.get_dagster_event().asset_key] = (event, event_id)
        if about_assets:
            self._store_asset_event_tags(index, *map(list, zip(*about_assets, strict=True)))
        for event, event_id in newest.values():
            self._store_asset_event(index, event, event_id)

    def _store_asset_check_evaluation_planned(
        self, event: dg.EventLogEntry, event_id: int | None
    ) -> None:
        # Dagster's own puts the event into words anew for each day, and all days into one statement
        # of as many parameters, which is compiled each time.
        planned: Any = event.get_dagster_event().event_specific_data
        subset = planned.partitions_subset
        row = {
            "asset_key": planned.asset_key.to_string(),
            "check_name": planned.check_name,
            "run_id": event.run_id,
            "execution_status": AssetCheckExecutionRecordStatus.PLANNED.value,
            "evaluation_event": serialize_value(event),
            "evaluation_event_timestamp": self._event_insert_timestamp(event),
            "evaluation_event_storage_id": event_id,
        }
        days = subset.get_partition_keys() if subset else [None]
        with self.index_connection() as index:
            index.execute(
                AssetCheckExecutionsTable.insert(), [{**row, "partition": day} for day in days]
            )

    def _claim_concurrency_slot(
        self, concurrency_key: str, run_id: str, step_key: str
    ) -> ConcurrencySlotStatus:
        # Dagster's own looks for a free slot and then writes its name upon it: two processes that
        # look at the same moment would both hold the same one.
        with self.index_connection() as index:
            index.exec_driver_sql("BEGIN IMMEDIATE")
            return super()._claim_concurrency_slot(concurrency_key, run_id, step_key)

    def _tell_watchers(self, run_id: str) -> None:
        # Who watches a run, in whatever process, is told by a change of its file; what is committed
        # stands beside it until the file is closed.
        os.utime(self.path_for_shard(run_id))

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table."""
        with self.index_connection() as index:
            return bool(index.dialect.has_table(index, table_name))

    def dispose(self) -> None:
        """Close all files."""
        super().dispose()
        with self._lock:
            self._close(set(self._files))

    def wipe(self) -> None:
        """Remove the logs of all runs, and the index's rows."""
        with self._lock:
            self._close(set(self._files))
            super().wipe()

    def _close(self, shards: Set[str]) -> None:
        for shard in shards:
            self._files.pop(shard).dispose()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A transaction of a file; inside one of the same file, that one."""
        with self._lock:
            if shard in self._open:
                yield self._open[shard]
                return
            with self._file(shard).begin() as connection:
                self._open[shard] = connection
                try:
                    yield connection
                finally:
                    del self._open[shard]

    def _file(self, shard: str) -> Engine:
        """The file of the index or of a run: the index stays open, and the run asked for last."""
        path = self.path_for_shard(shard)
        inode = _inode(path)
        if inode is None or inode != self._inodes.get(shard):
            # Another process removed it, as a purge does, and may have made it anew: what is open
            # here has no name any more.
            self._close(self._files.keys() & {shard})
            self._initialized_dbs.discard(shard)
        if shard not in self._files:
            self._close(self._files.keys() - {INDEX_SHARD_NAME, *self._open})
            file = _open_file(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._make_tables(file)
                self._initialized_dbs.add(shard)
            self._files[shard] = file
            self._inodes[shard] = _inode(path)
        return self._files[shard]

    def _make_tables(self, file: Engine) -> None:
        # Python begins transactions before rows alone: each of the 21 statements that make a run's
        # tables would be one of its own.
        listen(file, "begin", _begin)
        self._initdb(file)
        remove(file, "begin", _begin)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _inode(path: str) -> int | None:
    try:
        return Path(path).stat().st_ino
    except FileNotFoundError:
        return None


def _open_file(address: str) -> Engine:
    """A file with one connection, for which threads take turns by the log's lock.

    A transaction begins with the first row it writes, as in Dagster's own log: SQLite refuses at
    once, however long it may wait, to write after a read of the same transaction when another
    process has written in between, and Dagster reads before it claims, assigns or deletes.
    """
    file = create_engine(
        address,
        poolclass=StaticPool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @listens_for(file, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")

    # What is opened has an inode.
    file.connect().close()
    return file
