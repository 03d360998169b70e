"""The lake: Delta tables by ingest date, and the only writer of them.

Belongs here: reading a range of days, replacing a range of days, and what must hold for a frame
before it is written. Does not belong here: a transform, or anything about one table.

A write is one Delta commit of the half-open range [start, end): rows of other days are never
touched, rows outside the range stop the write, and whoever is killed in the middle leaves the
table as it was. One file lock per table keeps writers of this machine in line, so different
days can be written by different processes without a conflict.
"""

from __future__ import annotations

import datetime as dt
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deltalake import DeltaTable, Schema
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts.table import Table
from kpop_assets.resources.errors import ContractError, LakeError, MissingTableError, explained
from kpop_assets.resources.guards import check_columns, guard_range, in_range, range_sql
from kpop_assets.resources.lock import locked
from kpop_assets.resources.maintenance import Cleaned, clean_table, sweep_staged
from kpop_assets.resources.reader import LakeReader

__all__ = ["ContractError", "Lake", "LakeError", "MissingTableError", "Written"]


@dataclass(frozen=True)
class Written:
    """What one write left behind: the table's new version and the rows of the range."""

    version: int
    row_count: int


class Lake(LakeReader):
    """All tables below one folder, read and written with one session.

    Args:
        root: folder of the tables, `<root>/<layer>/<name>`.
        session: gives the PySpark session; called at the first read or write by the engine.
        lock_seconds: how long to wait for another writer of the same table.
    """

    def __init__(
        self, root: Path, session: Callable[[], SparkSession], lock_seconds: float = 600
    ) -> None:
        super().__init__(root)
        self._session = session
        self._lock_seconds = lock_seconds

    @property
    def spark(self) -> SparkSession:
        """The engine's session."""
        return self._session()

    def read(self, table: Table, start: dt.date, end: dt.date) -> DataFrame:
        """Rows of the days [start, end), with the contract's columns.

        Raises:
            MissingTableError: it has not been written yet.
        """
        self.delta(table)
        frame = self.spark.read.format("delta").load(str(self.location(table)))
        return frame.where(in_range(start, end)).select(table.column_names)

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
            LakeError: the table is locked, or the disk is full or not writable.
        """
        check_columns(table, rows)
        # Sail may move the guards below, and its own NOT NULL check, in front of a filter of the
        # transform and then fails on rows that are filtered out; it never moves them over an
        # exchange. By day, the exchange also makes one file of a day.
        guarded = rows.repartition("ingest_date").select(
            guard_range(table, start, end),
            *[name for name in table.column_names if name != "ingest_date"],
        )
        with self._writing(table):
            self._create_if_missing(table)
            (
                guarded.write.format("delta")
                .mode("overwrite")
                .option("replaceWhere", range_sql(start, end))
                .option("userMetadata", run_id)
                .save(str(self.location(table)))
            )
            return self._last_commit(table)

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

    def sweep_staged(self) -> int:
        """Remove what killed runs had staged; returns how many frames went."""
        return sweep_staged(self.root / ".staged")

    @contextmanager
    def staged(self, rows: DataFrame) -> Iterator[DataFrame]:
        """Compute a frame once and read it back many times, inside the block.

        Neither engine keeps a result by itself: each use of a frame would parse every line again.

        Raises:
            LakeError: the disk is full or not writable.
        """
        folder = self.root / ".staged" / uuid.uuid4().hex
        try:
            try:
                rows.write.parquet(str(folder))
            except Exception as error:
                raise explained("staged rows", folder, error) from error
            yield self.spark.read.schema(rows.schema).parquet(str(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _create_if_missing(self, table: Table) -> None:
        # Created here and not by the engine: Sail refuses `replaceWhere` on a new table, and
        # only so does the table carry the contract's NOT NULL columns on both engines.
        if self.exists(table):
            return
        DeltaTable.create(
            str(self.location(table)),
            Schema.from_json(table.schema().json()),
            partition_by=["ingest_date"],
            name=table.path,
            description=table.description,
        )

    def _last_commit(self, table: Table) -> Written:
        last = self.delta(table).history(1)[0]
        rows = last.get("operationMetrics", {}).get("numOutputRows", 0)
        return Written(version=int(last["version"]), row_count=int(rows))

    @contextmanager
    def _writing(self, table: Table) -> Iterator[None]:
        """Hold the table's lock; turn failures into one line and remove what they left."""
        started = time.time()
        try:
            with locked(self.root / ".locks", table.path, self._lock_seconds):
                try:
                    yield
                except Exception:
                    self._remove_uncommitted(table, started)
                    raise
        except LakeError:
            raise
        except Exception as error:
            raise explained(f"table {table.path}", self.location(table), error) from error

    def _remove_uncommitted(self, table: Table, since: float) -> None:
        # Under the lock, a data file newer than our start that no commit names is ours.
        if not self.exists(table):
            return
        kept = {Path(uri).name for uri in self.delta(table).file_uris()}
        for path in self.location(table).rglob("*.parquet"):
            is_data = "_delta_log" not in path.parts and path.name not in kept
            if is_data and path.stat().st_mtime >= since - 1:
                path.unlink(missing_ok=True)
