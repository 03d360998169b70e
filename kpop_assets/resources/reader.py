"""Reading Delta tables without an engine: what the command line, checks and the viewer share.

Belongs here: small reads through delta-rs. Does not belong here: writing, or reading with an
engine (lake.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from kpop_assets.contracts.table import Table
from kpop_assets.resources.errors import MissingTableError


class LakeReader:
    """All tables below one folder, read without an engine.

    Args:
        root: folder of the tables, `<root>/<layer>/<name>`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

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
