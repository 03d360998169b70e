"""Dagster's event log in SQLite, which writes what a range of days says in one go.

Belongs here: how events reach the SQLite files. Does not belong here: which events there are
(Dagster's) and where the files lie (instance.py).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
from dagster import DagsterEventType
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from sqlalchemy.engine import Connection

# How many events of one plan or output Dagster hands over together; by default it does not. A
# year of one asset is one batch of 365, at 1-4 KB an event.
BATCH_SIZE_VARIABLE = "DAGSTER_EVENT_BATCH_SIZE"
BATCH_SIZE = 1000


class BatchedEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log with two transactions a batch where it has three an event.

    It stores the same rows. Dagster can hand batches over, but only its PostgreSQL storage
    writes them as such; its SQLite storage opens, writes, syncs and closes its files for every
    event, and every day of every asset is two. When Dagster's own does this, this class can go.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._shared = threading.local()
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> BatchedEventLog:
        """What Dagster calls with the section of `dagster.yaml` that names this class."""
        return cls(inst_data=inst_data, **config_value)

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store events of one run: its log in one transaction, the index over runs in another."""
        (run_id,) = {event.run_id for event in events}
        inserts = [self.prepare_insert_event(event) for event in events]
        with self.run_connection(run_id) as log:
            for insert in inserts:
                log.execute(insert)
        with self._sharing_index() as index:
            keys = [index.execute(insert).inserted_primary_key for insert in inserts]
            self._index(
                index, [(event, key[0]) for event, key in zip(events, keys, strict=True) if key]
            )

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

    @contextmanager
    def _sharing_index(self) -> Iterator[Connection]:
        """One connection for everything that this thread does in the index meanwhile."""
        with super()._connect(INDEX_SHARD_NAME) as connection:
            self._shared.index = connection
            try:
                yield connection
            finally:
                self._shared.index = None

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        shared = getattr(self._shared, "index", None)
        if shared is not None and shard == INDEX_SHARD_NAME:
            yield shared
            return
        with super()._connect(shard) as connection:
            yield connection
