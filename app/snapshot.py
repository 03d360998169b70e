"""The lake as one page sees it: each table at the version that it had when the page first asked.

Belongs here: which versions, and what a table that cannot be read means for a visitor. Does not
belong here: reading (kpop_assets/lake/reader.py), what is read (queries/) and what is kept between
reruns (cache.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import polars as pl
from deltalake import DeltaTable

from app.notices import PageEnd
from kpop_assets.catalog.catalog import Catalog, CatalogError, load_catalog, overlay_path
from kpop_assets.contracts.table import Table
from kpop_assets.lake.errors import DamagedTableError, LakeError, OlderTableError
from kpop_assets.lake.log import Version, data_files, newest_version
from kpop_assets.lake.place import Place
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lake.rows import Then
from kpop_assets.settings import Settings

AnyQuery = TypeVar("AnyQuery", bound=Callable[..., Any])


class Snapshot(LakeReader):
    """All tables of one data folder, each pinned to the version at its first use.

    Args:
        settings: where the data is.
        allowed: paths of the tables that may be read; None is all of them.
        versions: of tables by path, which are pinned already.
    """

    def __init__(
        self,
        settings: Settings,
        allowed: frozenset[str] | None = None,
        versions: Mapping[str, Version | None] | None = None,
    ) -> None:
        super().__init__(settings.lake)
        self.settings = settings
        self._allowed = allowed
        self._versions: dict[str, Version | None] = dict(versions or {})

    def only(self, tables: Iterable[Table]) -> Snapshot:
        """The same versions of some tables; reading any other is an error of the query."""
        tables = list(tables)
        versions = {table.path: self.version(table) for table in tables}
        return Snapshot(self.settings, frozenset(versions), versions)

    @property
    def versions(self) -> dict[str, Version | None]:
        """The pinned versions by path; None of a table that does not exist."""
        return dict(self._versions)

    @property
    def key(self) -> tuple[object, ...]:
        """What answers from this snapshot depend on: folder, catalogue and versions."""
        return (str(self.root), self.catalog.version, *sorted(self._versions.items()))

    @property
    def catalog(self) -> Catalog:
        """The acts, with the folder's own lines about them.

        Raises:
            PageEnd: one of those lines cannot be used.
        """
        try:
            return load_catalog(overlay=overlay_path(self.settings.home))
        except CatalogError as error:
            raise PageEnd("notice.wrong_setting", reason=str(error)) from error

    def is_artist(self, artist: str) -> pl.Expr:
        """Whether a row is an act's, under its present name or a former one."""
        names = [old for old, new in self.catalog.renamed().items() if new == artist]
        return pl.col("artist").is_in([artist, *names])

    def present_name(self) -> pl.Expr:
        """The column `artist` by present names, on days that were tagged before a rename."""
        return pl.col("artist").replace(self.catalog.renamed())

    def version(self, table: Table) -> Version | None:
        """The pinned version; None where the table does not exist.

        Raises:
            PageEnd: the bucket that it lies in cannot be reached.
        """
        if self._allowed is not None and table.path not in self._allowed:
            raise ValueError(f"the query does not say that it reads {table.path}")
        if table.path not in self._versions:
            self._versions[table.path] = _newest(self.location(table))
        return self._versions[table.path]

    def is_outdated(self) -> bool:
        """Whether a table of this snapshot has a newer version by now."""
        try:
            return any(
                newest_version(self.root / path) != version
                for path, version in self._versions.items()
            )
        except LakeError:
            # A bucket that does not answer has nothing newer to offer.
            return False

    def delta(self, table: Table) -> DeltaTable:
        """The table at the pinned version.

        Raises:
            PageEnd: it has not been written yet, or its log cannot be read.
        """
        version = self.version(table)
        if version is None:
            raise _missing(table)
        try:
            self.refuse_damaged_log(table)
            return self.version_of(table, version.number)
        except DamagedTableError as error:
            raise self._unreadable(table, error) from error

    def rows_by_day(self, table: Table) -> dict[dt.date, int]:
        """Rows of each day that has any, oldest first, from Delta's log."""
        files = data_files(self.delta(table))
        days = files.group_by("ingest_date").agg(pl.col("row_count").sum())
        return dict(days.filter(pl.col("row_count") > 0).sort("ingest_date").iter_rows())

    def last_day(self, table: Table, until: dt.date | None) -> dt.date | None:
        """The newest day that has rows, up to a day; None without one, or without the table."""
        days = () if self.version(table) is None else self.rows_by_day(table)
        return max((day for day in days if until is None or day <= until), default=None)

    def read(
        self,
        table: Table,
        start: dt.date | None = None,
        end: dt.date | None = None,
        columns: Iterable[str] | None = None,
        where: pl.Expr | None = None,
        then: Then | None = None,
    ) -> pl.DataFrame:
        """Rows of the days [start, end) for which `where` holds; see `read_rows`.

        Raises:
            PageEnd: the table is missing, of an older version, or cannot be read.
        """
        try:
            return super().rows(table, start, end, columns, where, then)
        except OlderTableError as error:
            raise PageEnd("notice.older_table", table=table.path) from error
        except DamagedTableError as error:
            raise self._unreadable(table, error) from error

    # Whatever else reads from a page's lake, its trouble is the page's.
    rows = read

    def _unreadable(self, table: Table, error: DamagedTableError) -> PageEnd:
        if _newest(self.location(table)) != self.version(table):
            return PageEnd("notice.replaced_table", table=table.path)
        return PageEnd("notice.broken_table", table=table.path, reason=error.reason)


def _missing(table: Table) -> PageEnd:
    if table.trained_by:
        return PageEnd("notice.missing_training", table=table.path, command=table.trained_by)
    key = "notice.missing_weekly" if table.rhythm == "weekly" else "notice.missing_table"
    return PageEnd(key, table=table.path)


def _newest(folder: Place) -> Version | None:
    try:
        return newest_version(folder)
    except LakeError as error:
        raise PageEnd("notice.no_bucket", reason=str(error)) from error


def reads(*tables: Table) -> Callable[[AnyQuery], AnyQuery]:
    """Mark a query with the tables that its answer follows from; it can read no other."""

    def mark(query: AnyQuery) -> AnyQuery:
        query.tables = tables  # type: ignore[attr-defined]
        return query

    return mark


def tables_of(query: Callable[..., Any]) -> tuple[Table, ...]:
    """The tables that a query was marked with."""
    return query.tables  # type: ignore[attr-defined]
