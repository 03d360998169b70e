"""The lake as one page sees it: each table at the version that it had when the page first asked.

Belongs here: versions, reading rows of a version with Polars, and what a table that cannot be
read means for a visitor. Does not belong here: what is read (queries/) and what is kept between
reruns (cache.py).
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from app.notices import Notice
from kpop_assets.contracts.table import Table
from kpop_assets.lake.damage import log_damage
from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.migration import new_columns, read_problems
from kpop_assets.lake.place import Place, list_files
from kpop_assets.settings import Settings

AnyQuery = TypeVar("AnyQuery", bound=Callable[..., Any])

# Rows that a plan uses twice would otherwise be kept whole: 370 MB of 5 M rows instead of 180.
_READ_TWICE_IF_NEEDED = pl.QueryOptFlags(comm_subplan_elim=False)


@dataclass(frozen=True)
class Version:
    """A version of a table; the time tells it from the same number in a lake made anew."""

    number: int
    committed_ns: int


class Snapshot:
    """All tables of one data folder, each pinned to the version at its first use.

    Args:
        settings: where the data is.
        allowed: paths of the tables that may be read; None is all of them.
    """

    def __init__(self, settings: Settings, allowed: frozenset[str] | None = None) -> None:
        self.settings = settings
        self._allowed = allowed
        self._versions: dict[str, Version | None] = {}

    def only(self, tables: Iterable[Table]) -> Snapshot:
        """The same versions of some tables; reading any other is an error of the query."""
        tables = list(tables)
        narrow = Snapshot(self.settings, frozenset(table.path for table in tables))
        narrow._versions = {table.path: self.version(table) for table in tables}
        return narrow

    @property
    def key(self) -> tuple[object, ...]:
        """What answers from this snapshot depend on: folder and versions."""
        return (str(self.settings.lake), *sorted(self._versions.items()))

    def version(self, table: Table) -> Version | None:
        """The pinned version; None where the table does not exist."""
        if self._allowed is not None and table.path not in self._allowed:
            raise ValueError(f"the query does not say that it reads {table.path}")
        if table.path not in self._versions:
            self._versions[table.path] = newest_version(self.folder(table))
        return self._versions[table.path]

    def is_outdated(self) -> bool:
        """Whether a table of this snapshot has a newer version by now."""
        try:
            return any(
                newest_version(self.settings.lake / path) != version
                for path, version in self._versions.items()
            )
        except Notice:
            # A bucket that does not answer has nothing newer to offer.
            return False

    def delta(self, table: Table) -> DeltaTable:
        """The table at the pinned version.

        Raises:
            Notice: it has not been written yet, or its log cannot be read.
        """
        version = self.version(table)
        if version is None:
            raise _missing(table)
        folder = self.folder(table)
        damage = log_damage(folder) if isinstance(folder, Path) else None
        if damage:
            raise self._unreadable(table, OSError(damage))
        try:
            return DeltaTable(str(self.folder(table)), version=version.number)
        except (DeltaError, OSError) as error:
            raise self._unreadable(table, error) from error

    def rows_by_day(self, table: Table) -> dict[dt.date, int]:
        """Rows of each day that has any, oldest first, from Delta's log."""
        actions = pa.table(self.delta(table).get_add_actions(flatten=True))
        frame: Any = pl.from_arrow(actions.select(["partition.ingest_date", "num_records"]))
        days = frame.group_by("partition.ingest_date").agg(pl.col("num_records").sum())
        kept = days.filter(pl.col("num_records") > 0).sort("partition.ingest_date")
        return dict(kept.iter_rows())

    def read(
        self,
        table: Table,
        start: dt.date | None = None,
        end: dt.date | None = None,
        columns: Iterable[str] | None = None,
        where: pl.Expr | None = None,
        then: Callable[[pl.LazyFrame], pl.LazyFrame] | None = None,
    ) -> pl.DataFrame:
        """Rows of the days [start, end) for which `where` holds.

        Args:
            table: the contract.
            start: first day; None is the table's first.
            end: the day after the last; None is after the table's last.
            columns: names to read; None is all.
            where: a further condition.
            then: what to make of those rows while they are read, so that they are never all in
                memory.

        Raises:
            Notice: the table is missing, of an older version, or cannot be read.
        """
        names = table.column_names if columns is None else list(columns)
        delta = self.delta(table)
        if read_problems(delta.schema(), table, names):
            raise Notice("notice.older_table", table=table.path)
        new = {column.name for column in new_columns(delta.schema(), table)}
        nulls = [pl.lit(None, kind).alias(name) for name, kind in empty(table).schema.items()]
        frame = pl.scan_delta(delta).with_columns(e for e in nulls if e.meta.output_name() in new)
        if start is not None:
            frame = frame.filter(pl.col("ingest_date") >= start)
        if end is not None:
            frame = frame.filter(pl.col("ingest_date") < end)
        if where is not None:
            frame = frame.filter(where)
        try:
            if then is not None:
                return then(frame.select(names)).collect(
                    engine="streaming", optimizations=_READ_TWICE_IF_NEEDED
                )
            return frame.select(names).collect()
        except (OSError, pl.exceptions.ComputeError) as error:
            raise self._unreadable(table, error) from error
        except pl.exceptions.PanicException as error:
            # What Polars 2.1 does where a file is shorter than Delta's log says.
            raise self._unreadable(table, OSError("a data file is damaged")) from error

    def folder(self, table: Table) -> Place:
        """Where a table lies."""
        return self.settings.lake / table.path

    def _unreadable(self, table: Table, error: Exception) -> Notice:
        if newest_version(self.folder(table)) != self.version(table):
            return Notice("notice.replaced_table", table=table.path)
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return Notice("notice.broken_table", table=table.path, reason=reason)


def _missing(table: Table) -> Notice:
    key = "notice.missing_training" if table.awaits_training else "notice.missing_table"
    return Notice(key, table=table.path)


def empty(table: Table) -> pl.DataFrame:
    """No row of a table, with its columns."""
    frame: Any = pl.from_arrow(table.arrow_schema().empty_table())
    return frame


def newest_version(folder: Place) -> Version | None:
    """The newest commit in a table's log; None where there is no log.

    Raises:
        Notice: the bucket that it lies in cannot be reached.
    """
    if not isinstance(folder, Path):
        return _newest_in_bucket(folder)
    newest: Version | None = None
    try:
        with os.scandir(folder / "_delta_log") as entries:
            for entry in entries:
                stem, _, suffix = entry.name.partition(".")
                if (
                    suffix == "json"
                    and stem.isdigit()
                    and (not newest or int(stem) > newest.number)
                ):
                    newest = Version(int(stem), entry.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    return newest


def _newest_in_bucket(folder: Place) -> Version | None:
    try:
        files = list_files(folder / "_delta_log")
    except LakeError as error:
        raise Notice("notice.no_bucket", reason=str(error)) from error
    names = {file.name: file.modified_ns for file in files}
    commits = [name for name in names if name.endswith(".json") and name[:-5].isdigit()]
    return Version(int(max(commits)[:-5]), names[max(commits)]) if commits else None


def reads(*tables: Table) -> Callable[[AnyQuery], AnyQuery]:
    """Mark a query with the tables that its answer follows from; it can read no other."""

    def mark(query: AnyQuery) -> AnyQuery:
        query.tables = tables  # type: ignore[attr-defined]
        return query

    return mark


def tables_of(query: Callable[..., Any]) -> tuple[Table, ...]:
    """The tables that a query was marked with."""
    return query.tables  # type: ignore[attr-defined]
