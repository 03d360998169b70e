"""Reading Delta tables without an engine: what the command line, checks and the viewer share.

Belongs here: which version of a table is read, and small answers from it. Does not belong here:
how rows are read (rows.py), writing, or reading with an engine (lake.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from kpop_assets.contracts.table import Table
from kpop_assets.lake.damage import log_damage
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.foreign import first_line
from kpop_assets.lake.log import data_files
from kpop_assets.lake.mend import damaged_log
from kpop_assets.lake.place import Place, is_table, on_machine, open_table
from kpop_assets.lake.rows import Then, read_rows


class LakeReader:
    """All tables below one folder or prefix of a bucket, read without an engine.

    Args:
        root: place of the tables, `<root>/<layer>/<name>`.
    """

    def __init__(self, root: Place) -> None:
        self.root = root

    @property
    def machine(self) -> Path:
        """Folder of what writers of this machine share: locks."""
        return on_machine(self.root)

    def location(self, table: Table) -> Place:
        """Place of a table."""
        return self.root / table.layer / table.name

    def exists(self, table: Table) -> bool:
        """Whether the table has been created.

        Raises:
            DamagedTableError: a part of its log is gone, which would pass for other rows, or none.
            LakeError: its bucket does not exist, does not answer, or refuses the credentials.
        """
        self.refuse_damaged_log(table)
        return is_table(self.location(table))

    def refuse_damaged_log(self, table: Table) -> None:
        """Raise DamagedTableError where a part of a log is gone that delta-rs may not miss."""
        location = self.location(table)
        damage = log_damage(location) if isinstance(location, Path) else None
        if damage:
            raise damaged_log(table.path, damage)

    def delta(self, table: Table) -> DeltaTable:
        """The table through delta-rs, for small reads, statistics and history.

        Raises:
            MissingTableError: it has not been written yet.
            DamagedTableError: its log cannot be read.
        """
        if not self.exists(table):
            raise MissingTableError(f"table {table.path} has not been written yet", table.way_out)
        return self.version_of(table, None)

    def version_of(self, table: Table, number: int | None) -> DeltaTable:
        """A version of a table that exists; None is the newest.

        Raises:
            DamagedTableError: its log cannot be read.
        """
        try:
            return open_table(self.location(table), number)
        except (DeltaError, OSError, ValueError) as error:
            raise damaged_log(table.path, first_line(error)[:160]) from error

    def rows(
        self,
        table: Table,
        start: dt.date | None = None,
        end: dt.date | None = None,
        columns: Iterable[str] | None = None,
        where: pl.Expr | None = None,
        then: Then | None = None,
    ) -> pl.DataFrame:
        """Rows of the days [start, end); see `read_rows` for all that may be asked.

        Raises:
            MissingTableError: it has not been written yet.
            DamagedTableError: its log or a data file is damaged.
            OlderTableError: another contract wrote it; a new nullable column is null instead.
        """
        delta, place = self.delta(table), self.location(table)
        return read_rows(delta, place, table, start, end, columns, where, then)

    def arrow(
        self, table: Table, start: dt.date, end: dt.date, columns: Iterable[str] | None = None
    ) -> pa.Table:
        """The same rows as an Arrow table with the contract's types, for Python and pandas.

        Raises:
            MissingTableError, DamagedTableError, OlderTableError: as for `rows`.
        """
        rows, schema = self.rows(table, start, end, columns), table.arrow_schema()
        return rows.to_arrow().cast(pa.schema([schema.field(name) for name in rows.columns]))

    def file_statistics(self, table: Table) -> list[dict[str, Any]]:
        """What Delta's log says of each data file: ingest_date, row_count, null_counts by column.

        Raises:
            MissingTableError: it has not been written yet.
        """
        prefix = "null_count."
        return [
            {
                "ingest_date": file["ingest_date"],
                "row_count": file["row_count"],
                "null_counts": {
                    key.removeprefix(prefix): value
                    for key, value in file.items()
                    if key.startswith(prefix)
                },
            }
            for file in data_files(self.delta(table)).iter_rows(named=True)
        ]

    def days_with(self, table: Table, column: str, value: str) -> list[dt.date]:
        """Days that may hold rows with `value` in a column of strings, from Delta's log.

        None that holds some is left out; of the others those whose values lie on both sides.

        Raises:
            MissingTableError: it has not been written yet.
        """
        return sorted(
            {
                file["ingest_date"]
                for file in data_files(self.delta(table)).iter_rows(named=True)
                if (file.get(f"min.{column}") or "") <= value
                and (file.get(f"max.{column}") is None or value <= file[f"max.{column}"])
                and file["row_count"] != 0
            }
        )

    def newest_day(self, table: Table) -> dt.date | None:
        """The newest day that has a row; None where the table is empty.

        Raises:
            MissingTableError: it has not been written yet.
        """
        files = self.file_statistics(table)
        return max((file["ingest_date"] for file in files if file["row_count"]), default=None)

    def newest_rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of the newest day that has any; empty where the table is.

        Raises:
            MissingTableError: it has not been written yet.
        """
        day = self.newest_day(table)
        return [] if day is None else self.rows(table, day, day + dt.timedelta(days=1)).to_dicts()

    def row_count(self, table: Table) -> int:
        """Rows of the whole table, from Delta's log."""
        return sum(file["row_count"] for file in self.file_statistics(table))
