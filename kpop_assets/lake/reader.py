"""Reading Delta tables without an engine: what the command line, checks and the viewer share.

Belongs here: small reads through delta-rs. Does not belong here: writing, or reading with an
engine (lake.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from kpop_assets.contracts.table import Table
from kpop_assets.lake.damage import file_damage, first_line, log_damage, mend_table
from kpop_assets.lake.errors import DamagedTableError, MissingTableError
from kpop_assets.lake.migration import read_problems, refuse_older
from kpop_assets.lake.place import Place, is_table, on_machine


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
        location = self.location(table)
        damage = log_damage(location) if isinstance(location, Path) else None
        if damage:
            raise _damaged_log(table, damage)
        return is_table(location)

    def delta(self, table: Table) -> DeltaTable:
        """The table through delta-rs, for small reads, statistics and history.

        Raises:
            MissingTableError: it has not been written yet.
            DamagedTableError: its log cannot be read.
        """
        if not self.exists(table):
            raise MissingTableError(
                f"table {table.path} has not been written yet: fill it with "
                f"`kpop run START END --select {table.path}+`"
            )
        try:
            return DeltaTable(str(self.location(table)))
        except (DeltaError, OSError, ValueError) as error:
            raise _damaged_log(table, first_line(error)[:160]) from error

    def arrow(
        self, table: Table, start: dt.date, end: dt.date, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Rows of the days [start, end) as an Arrow table, read without the engine.

        Raises:
            MissingTableError: it has not been written yet.
            DamagedTableError: its log or a data file is damaged.
            OlderTableError: another contract wrote it; a new nullable column is null instead.
        """
        partitions = [
            ("ingest_date", ">=", start.isoformat()),
            ("ingest_date", "<", end.isoformat()),
        ]
        names = list(columns) if columns is not None else table.column_names
        delta = self.delta(table)
        refuse_older(table, read_problems(delta.schema(), table, names))
        try:
            dataset = delta.to_pyarrow_dataset(file_pruning_predicate=partitions)
            known = [name for name in names if name in dataset.schema.names]
            # With threads, 17 of 25 processes that had read a table aborted at their end (deltalake
            # 1.6.6, pyarrow 26: Arrow's threads outlive the interpreter their files live in).
            rows = dataset.to_table(columns=known, use_threads=False)
        except (DeltaError, OSError, pa.ArrowException) as error:
            raise _damaged_file(table, start, end, error) from error
        return _with_new(rows, table, names)

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

    def days_with(self, table: Table, column: str, value: str) -> list[dt.date]:
        """Days that may hold rows with `value` in a column of strings, from Delta's log.

        None that holds some is left out; of the others those whose values lie on both sides.

        Raises:
            MissingTableError: it has not been written yet.
        """
        actions = pa.table(self.delta(table).get_add_actions(flatten=True)).to_pylist()
        return sorted(
            {
                action["partition.ingest_date"]
                for action in actions
                if (action.get(f"min.{column}") or "") <= value
                and (action.get(f"max.{column}") is None or value <= action[f"max.{column}"])
                and action["num_records"] != 0
            }
        )

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


def _damaged_log(table: Table, reason: str) -> DamagedTableError:
    return DamagedTableError(
        f"table {table.path} cannot be read: {reason}: {mend_table(table.path)}"
    )


def _damaged_file(
    table: Table, start: dt.date, end: dt.date, error: Exception
) -> DamagedTableError:
    named = re.search(r"ingest_date=([0-9-]{10})/([\w.-]+\.parquet)", str(error))
    if named:
        return DamagedTableError(file_damage(table.path, *named.groups()))
    days = f" between {start} and {end}" if start > dt.date.min else ""
    return DamagedTableError(
        f"table {table.path} cannot be read: a data file{days} is damaged ({first_line(error)}): "
        "`kpop doctor --files` says which"
    )


def _with_new(rows: pa.Table, table: Table, names: Sequence[str]) -> pa.Table:
    """The columns in order; one that the table does not have yet is null."""
    schema = table.arrow_schema()
    for name in names:
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(len(rows), schema.field(name).type))
    return rows.select(list(names))
