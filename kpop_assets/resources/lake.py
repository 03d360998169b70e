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
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, Schema
from filelock import FileLock, Timeout
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from kpop_assets.contracts.table import Table


class LakeError(RuntimeError):
    """A table cannot be read or written; the message names it and the way out."""


class ContractError(LakeError):
    """A frame does not keep its table's contract."""


class MissingTableError(LakeError):
    """A table that is read has not been written yet."""


@dataclass(frozen=True)
class Written:
    """What one write left behind: the table's new version and the rows of the range."""

    version: int
    row_count: int


class Lake:
    """All tables below one folder, read and written with one session.

    Args:
        root: folder of the tables, `<root>/<layer>/<name>`.
        session: gives the PySpark session; called at the first read or write by the engine.
        lock_seconds: how long to wait for another writer of the same table.
    """

    def __init__(
        self, root: Path, session: Callable[[], SparkSession], lock_seconds: float = 600
    ) -> None:
        self.root = root
        self._session = session
        self._lock_seconds = lock_seconds

    @property
    def spark(self) -> SparkSession:
        """The engine's session."""
        return self._session()

    def location(self, table: Table) -> Path:
        """Folder of a table."""
        return self.root / table.layer / table.name

    def exists(self, table: Table) -> bool:
        """Whether the table has been created."""
        return DeltaTable.is_deltatable(str(self.location(table)))

    def delta(self, table: Table) -> DeltaTable:
        """The table through delta-rs, for small reads, statistics and history.

        Raises:
            MissingTableError: it has not been written yet.
        """
        if not self.exists(table):
            raise MissingTableError(
                f"table {table.path} has not been written yet: fill it with "
                f"`kpop run START END --select {table.path}+`"
            )
        return DeltaTable(str(self.location(table)))

    def read(self, table: Table, start: dt.date, end: dt.date) -> DataFrame:
        """Rows of the days [start, end), with the contract's columns.

        Raises:
            MissingTableError: it has not been written yet.
        """
        self.delta(table)
        frame = self.spark.read.format("delta").load(str(self.location(table)))
        return frame.where(_in_range(start, end)).select(table.column_names)

    def arrow(
        self, table: Table, start: dt.date, end: dt.date, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Rows of the days [start, end) as an Arrow table, read without the engine.

        Raises:
            MissingTableError: it has not been written yet.
        """
        partitions = [
            ("ingest_date", ">=", start.isoformat()),
            ("ingest_date", "<", end.isoformat()),
        ]
        names = list(columns) if columns is not None else table.column_names
        dataset = self.delta(table).to_pyarrow_dataset(file_pruning_predicate=partitions)
        # With threads, 17 of 25 processes that had read a table aborted at their end (deltalake
        # 1.6.6, pyarrow 26: Arrow's threads outlive the interpreter that their files live in).
        return dataset.to_table(columns=names, use_threads=False)

    def file_statistics(self, table: Table) -> list[dict[str, Any]]:
        """What Delta's log says of each data file: ingest_date, row_count, null_counts by column.

        Raises:
            MissingTableError: it has not been written yet.
        """
        actions = pa.table(self.delta(table).get_add_actions(flatten=True)).to_pylist()
        prefix = "null_count."
        return [
            {
                "ingest_date": action["partition.ingest_date"],
                "row_count": action["num_records"],
                "null_counts": {
                    key.removeprefix(prefix): value
                    for key, value in action.items()
                    if key.startswith(prefix)
                },
            }
            for action in actions
        ]

    def newest_rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of the newest day that has any; empty where the table is.

        Raises:
            MissingTableError: it has not been written yet.
        """
        days = [f["ingest_date"] for f in self.file_statistics(table) if f["row_count"]]
        if not days:
            return []
        return self.arrow(table, max(days), max(days) + dt.timedelta(days=1)).to_pylist()

    def row_count(self, table: Table) -> int:
        """Rows of the whole table, from Delta's log."""
        return sum(file["row_count"] for file in self.file_statistics(table))

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
        _check_columns(table, rows)
        # Sail may move the guards below, and its own NOT NULL check, in front of a filter of the
        # transform and then fails on rows that are filtered out; it never moves them over an
        # exchange. By day, the exchange also makes one file of a day.
        guarded = rows.repartition("ingest_date").select(
            _guard_range(table, start, end),
            *[name for name in table.column_names if name != "ingest_date"],
        )
        with self._writing(table):
            self._create_if_missing(table)
            (
                guarded.write.format("delta")
                .mode("overwrite")
                .option("replaceWhere", _range_sql(start, end))
                .option("userMetadata", run_id)
                .save(str(self.location(table)))
            )
            return self._last_commit(table)

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
                raise _explained("no rows were written", folder, error) from error
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
            with self._locked(table):
                try:
                    yield
                except Exception:
                    self._remove_uncommitted(table, started)
                    raise
        except LakeError:
            raise
        except Exception as error:
            raise _explained(
                f"table {table.path} was not changed", self.location(table), error
            ) from error

    @contextmanager
    def _locked(self, table: Table) -> Iterator[None]:
        folder = self.root / ".locks"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{table.layer}.{table.name}.lock"
        holder = path.with_suffix(".holder")
        try:
            with FileLock(path, timeout=self._lock_seconds):
                holder.write_text(json.dumps({"pid": os.getpid()}))
                yield
        except Timeout as error:
            raise LakeError(
                f"table {table.path} is being written by another process "
                f"({holder.read_text() if holder.exists() else 'unknown'}): wait for it or end it"
            ) from error

    def _remove_uncommitted(self, table: Table, since: float) -> None:
        # Under the lock, a data file newer than our start that no commit names is ours.
        folder = self.location(table)
        if not self.exists(table):
            return
        kept = {Path(uri).name for uri in self.delta(table).file_uris()}
        for path in folder.rglob("*.parquet"):
            if "_delta_log" in path.parts or path.name in kept:
                continue
            if path.stat().st_mtime >= since - 1:
                path.unlink(missing_ok=True)


def _range_sql(start: dt.date, end: dt.date) -> str:
    return f"ingest_date >= DATE'{start.isoformat()}' AND ingest_date < DATE'{end.isoformat()}'"


def _in_range(start: dt.date, end: dt.date) -> Column:
    day = F.col("ingest_date")
    return (day >= F.lit(start)) & (day < F.lit(end))


def _guard_range(table: Table, start: dt.date, end: dt.date) -> Column:
    # In the plan itself, so that the check costs no second pass; Sail alone would write rows
    # outside `replaceWhere` without a word.
    message = f"table {table.path}: a row lies outside the range [{start}, {end})"
    return (
        F.when(_in_range(start, end), F.col("ingest_date"))
        .otherwise(F.raise_error(F.lit(message)).cast("date"))
        .alias("ingest_date")
    )


def _check_columns(table: Table, rows: DataFrame) -> None:
    """Raise ContractError where columns or types differ; nothing is cast, nothing dropped."""
    expected = {field.name: field.dataType for field in table.schema().fields}
    actual = {field.name: field.dataType for field in rows.schema.fields}
    problems = [f"column {name} is missing" for name in expected if name not in actual]
    problems += [f"column {name} is not in the contract" for name in actual if name not in expected]
    problems += [
        f"column {name} is {actual[name].simpleString()}, not {kind.simpleString()}"
        for name, kind in expected.items()
        if name in actual and actual[name] != kind
    ]
    if problems:
        raise ContractError(f"table {table.path}: {'; '.join(problems)}: mend the transform")


def _explained(what: str, folder: Path, error: Exception) -> LakeError:
    """One line for what an engine reports in many."""
    text = str(error)
    lines = text.strip().splitlines() or [type(error).__name__]
    for line in lines:
        if "outside the range" in line or "NOT_NULL" in line or "NOT NULL" in line:
            return ContractError(f"{what}: {line.strip()}")
        if "LandingError: " in line:
            return LakeError(f"{what}: {line.split('LandingError: ', 1)[1]}")
    if "No space left" in text or "os error 28" in text or "File too large" in text:
        return LakeError(f"{what}: no space left on {folder}: free some and run again")
    if "Permission denied" in text or "Read-only file system" in text:
        return LakeError(f"{what}: {folder} is not writable: check its owner and permissions")
    return LakeError(f"{what}: {lines[0]}")
