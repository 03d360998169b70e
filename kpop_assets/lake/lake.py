"""The lake: Delta tables by ingest date, and the only writer of them.

Belongs here: reading a range of days, replacing a range of days, and what must hold for a frame
before it is written. Does not belong here: a transform, or anything about one table.

A write is one Delta commit of the half-open range [start, end): rows of other days are never
touched, rows outside the range stop the write, and whoever is killed leaves the table as it was. A
file lock per table keeps writers of this machine in line, so different days can be written by
different processes. Machines that share a bucket are kept apart by Delta: docs/object-storage.md.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts.table import Table
from kpop_assets.lake.creation import bring_up, contract_columns, create_table
from kpop_assets.lake.errors import ContractError, LakeError, MissingTableError
from kpop_assets.lake.exchange import hand_out
from kpop_assets.lake.foreign import explained
from kpop_assets.lake.guards import check_columns, guard_rows, in_range, merge_sql, range_sql
from kpop_assets.lake.lock import locked
from kpop_assets.lake.maintenance import (
    Cleaned,
    Compacted,
    clean_table,
    compact_table,
    crowded_days,
    remove_uncommitted,
)
from kpop_assets.lake.place import Place, for_engine
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lake.staging import scratch, staged, sweep_staged

__all__ = ["ContractError", "Lake", "LakeError", "MissingTableError", "Written"]


@dataclass(frozen=True)
class Written:
    """What one write left behind: the table's new version and the rows of the range."""

    version: int
    row_count: int


class Lake(LakeReader):
    """All tables below one folder or prefix of a bucket, read and written with one session.

    Args:
        root: place of the tables, `<root>/<layer>/<name>`.
        session: gives the PySpark session; called at the first read or write by the engine.
        lock_seconds: how long to wait for another writer of the same table.
        kept: keeps the session alive inside its block, if one was opened.
    """

    def __init__(
        self,
        root: Place,
        session: Callable[[], SparkSession],
        lock_seconds: float = 600,
        kept: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        super().__init__(root)
        self._session, self.kept = session, kept
        self._lock_seconds = lock_seconds

    @property
    def spark(self) -> SparkSession:
        """The engine's session."""
        return self._session()

    def read(self, table: Table, start: dt.date, end: dt.date) -> DataFrame:
        """Rows of the days [start, end), with the contract's columns.

        Raises:
            MissingTableError: it has not been written yet.
            DamagedTableError: its log cannot be read.
            OlderTableError: another contract wrote it; a new nullable column is null instead.
        """
        delta = self.delta(table)
        frame = self.spark.read.format("delta").load(for_engine(self.location(table)))
        return frame.where(in_range(start, end)).select(contract_columns(delta, table))

    def stream(self, table: Table, start: dt.date, end: dt.date) -> DataFrame:
        """The same rows as a stream of all commits there are and will be; engine `spark` only.

        Only what commits add comes through it: days that are replaced or cleared later do not.

        Raises:
            MissingTableError: it has not been written yet.
        """
        delta = self.delta(table)
        # One micro-batch takes all there is: a watermark must not depend on the order of files.
        options = {"maxFilesPerTrigger": str(2**31 - 1), "skipChangeCommits": "true"}
        frame = self.spark.readStream.format("delta").options(**options)
        rows = frame.load(for_engine(self.location(table)))
        return rows.where(in_range(start, end)).select(contract_columns(delta, table))

    def replace_range(
        self, table: Table, start: dt.date, end: dt.date, rows: DataFrame, run_id: str = ""
    ) -> Written:
        """Replace the days [start, end) of a table by `rows`, in one Delta commit.

        An empty frame clears the days. Running it twice leaves the same rows.

        Args:
            table: the contract; the frame must have exactly its columns and types.
            start: first day.
            end: first day after the range.
            rows: the new content of the range.
            run_id: kept in the commit's `userMetadata`.

        Raises:
            ContractError: a column is missing, unknown or of another type, a required value is
                null, or a row lies outside the range. The table is as before.
            OlderTableError: another contract wrote the table, and no rule leads over.
            LakeError: the table is locked or damaged, or the disk is full or not writable.
        """
        check_columns(table, rows)
        # Sail may move the guards below in front of a filter of the transform and then fails on
        # rows that are filtered out; it never moves them over an exchange. By day, the exchange
        # also makes one file of a day.
        guarded = hand_out(rows, "ingest_date").select(guard_rows(table, start, end))
        with self._writing(table):
            before = self._prepare(table)
            (
                guarded.write.format("delta")
                .mode("overwrite")
                .option("replaceWhere", range_sql(start, end))
                .option("userMetadata", run_id)
                .save(for_engine(self.location(table)))
            )
            return self._commit_since(before, table)

    def ensure(self, table: Table) -> None:
        """Create the table without rows, if it is not there.

        Raises:
            LakeError: the table is locked, or the disk is full or not writable.
        """
        if not self.exists(table):
            with self._writing(table):
                self._prepare(table)

    def merge(self, table: Table, rows: DataFrame, updates: bool = True) -> Written:
        """Add the rows whose key is not there yet, in one Delta commit.

        Merging the same rows twice leaves the same table, so a stream may repeat a micro-batch.

        Args:
            table: the contract; the frame must have exactly its columns and types.
            rows: what is added, each key once.
            updates: whether rows whose key is there are replaced; else they stay as they are.

        Raises:
            ContractError, LakeError: as for `replace_range`; the table is as before.
        """
        check_columns(table, rows)
        with self._writing(table), self.staged(rows) as ready:
            before = self._prepare(table)
            days = [row[0] for row in ready.select("ingest_date").distinct().collect()]
            if days:
                target = for_engine(self.location(table))
                self.spark.sql(merge_sql(table, target, days, updates), rows=ready)
            return self._commit_since(before, table)

    def clean(self, table: Table, keep_hours: int) -> Cleaned:
        """Remove files and log entries of earlier versions; the newest has the same rows after it.

        Args:
            table: the contract.
            keep_hours: how old they must be; whoever reads an earlier version has this long.

        Raises:
            MissingTableError: it has not been written yet.
            LakeError: the table is locked, or the disk is not writable.
        """
        self.delta(table)
        with self._writing(table):
            return clean_table(self.location(table), keep_hours)

    def compact(self, table: Table) -> Compacted:
        """Merge the files of days that lie in many small ones; rows are the same to the bit.

        A second call does nothing, and one that is killed leaves the table as it was.

        Raises:
            MissingTableError: it has not been written yet.
            LakeError: the table is locked, or the disk is full or not writable.
        """
        if not crowded_days(self.delta(table)):
            return Compacted()
        with self._writing(table):
            return compact_table(self.location(table))

    def sweep_staged(self) -> int:
        """Remove what killed runs had staged; returns how many folders went."""
        return sweep_staged(self.root)

    def scratch(self) -> AbstractContextManager[Place]:
        """A folder beside the tables, inside the block."""
        return scratch(self.root)

    def staged(self, rows: DataFrame) -> AbstractContextManager[DataFrame]:
        """Compute a frame once and read it back many times, inside the block.

        Raises:
            LakeError: the disk is full or not writable, or the bucket does not answer.
        """
        return staged(self.root, self.spark, rows)

    def _prepare(self, table: Table) -> int:
        """Create the table, or bring one of an earlier contract up to date; its version by now."""
        if not self.exists(table):
            create_table(self.location(table), table)
            return 0
        bring_up(delta := self.delta(table), table)
        return delta.version()

    def _commit_since(self, before: int, table: Table) -> Written:
        last = self.delta(table).history(1)[0]
        # No rows in place of none are no commit for Sail: the last one is another write's.
        is_ours = int(last["version"]) > before
        rows = last.get("operationMetrics", {}).get("numOutputRows", 0) if is_ours else 0
        return Written(version=int(last["version"]), row_count=int(rows))

    @contextmanager
    def _writing(self, table: Table) -> Iterator[None]:
        """Hold the table's lock; turn failures into one line and remove what they left."""
        started = time.time()
        try:
            with locked(self.machine / ".locks", table.path, self._lock_seconds):
                try:
                    yield
                except Exception:
                    if self.exists(table):
                        remove_uncommitted(self.location(table), self.delta(table), started)
                    raise
        except LakeError:
            raise
        except Exception as error:
            raise explained(f"table {table.path}", self.location(table), error) from error
