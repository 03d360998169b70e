"""One step of a run, as an asset's function sees it: its days, what it reads, what it fills.

Belongs here: that a step reads what it declared and no more, writes what it fills and no more, and
reports each table. Does not belong here: how a step is guarded (lake_asset.py), what is checked
(checks.py) or shown (figures.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import dagster as dg
import pandas as pd
import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.graph.checks import Check
from kpop_assets.graph.results import outcome
from kpop_assets.lake.frames import arrow_frame, in_stretches, make_frame, read_pandas
from kpop_assets.lake.lake import Lake, Written
from kpop_assets.lake.place import Place
from kpop_assets.lake.rows import empty


class UndeclaredError(TypeError):
    """A step reads or writes what its asset does not declare: a defect of the asset."""


class Step:
    """The part of the lake that one step may use.

    Without days a read is of all that was declared: [start - look_back, end). Days that are given
    must lie within. A table that the step fills may be read on the days it fills; and, where it is
    one of trainings or of answers from outside, on all days before, because those stand.

    Args:
        lake: the tables.
        fills: the tables that the step writes.
        reads: the tables it reads, each with the days that it looks back.
        start: first day it fills.
        end: first day after those.
        run_id: kept in its commits.
        note: takes what is said of a day while the step goes on.

    Attributes:
        start, end, run_id: as given.
    """

    def __init__(
        self,
        lake: Lake,
        fills: Sequence[Table],
        reads: Mapping[Table, int],
        start: dt.date,
        end: dt.date,
        run_id: str = "",
        note: Callable[[dg.AssetObservation], None] = lambda said: None,
    ) -> None:
        self.start, self.end, self.run_id = start, end, run_id
        self._lake, self._note = lake, note
        own = {t: (start - dt.date.min).days if t.stands else 0 for t in fills}
        self._look_back = {**reads, **own}
        self._written: dict[Table, list[Written]] = {table: [] for table in fills}

    @property
    def spark(self) -> SparkSession:
        """The engine's session."""
        return self._lake.spark

    def exists(self, table: Table) -> bool:
        """Whether the table has been created."""
        self._days(table, None, None)
        return self._lake.exists(table)

    def read(
        self, table: Table, start: dt.date | None = None, end: dt.date | None = None
    ) -> DataFrame:
        """Rows of declared days, for the engine."""
        return self._lake.read(table, *self._days(table, start, end))

    def stream(
        self, table: Table, start: dt.date | None = None, end: dt.date | None = None
    ) -> DataFrame:
        """The same rows as a stream of what there is; engine `spark` only."""
        return self._lake.stream(table, *self._days(table, start, end))

    def arrow(
        self,
        table: Table,
        start: dt.date | None = None,
        end: dt.date | None = None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """The same rows, read without the engine."""
        return self._lake.arrow(table, *self._days(table, start, end), columns)

    def pandas(
        self,
        table: Table,
        start: dt.date | None = None,
        end: dt.date | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """The same rows in order of the key, without the engine."""
        return read_pandas(self._lake, table, *self._days(table, start, end), columns)

    def frame(
        self, table: Table, day: dt.date, back: int = 0, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """The rows of a day and so many days before it, read without the engine."""
        start = day - dt.timedelta(days=min(back, (day - dt.date.min).days))
        return pl.DataFrame(self.arrow(table, start, day_end(day), columns))

    def known(self, table: Table, days_before: int, columns: Sequence[str]) -> pl.DataFrame:
        """What a table that the step fills says already, of its days and so many before.

        For answers that hold for equal inputs on whatever day: which of them are there may decide
        what has to be worked out, and no row.
        """
        self._own_days(table, None)
        if not self._lake.exists(table):
            return empty(table).select(columns)
        start = self.start - dt.timedelta(days=min(days_before, (self.start - dt.date.min).days))
        return pl.DataFrame(self._lake.arrow(table, start, self.end, columns))

    def newest_rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of the newest day there is, for files beside the tables and for no table."""
        self._days(table, None, None)
        return self._lake.newest_rows(table)

    def export(self, table: Table, day: dt.date) -> pa.Table:
        """Rows of any one day, for files beside the tables and for no table."""
        self._days(table, None, None)
        return self._lake.arrow(table, day, day_end(day))

    def scratch(self) -> AbstractContextManager[Place]:
        """A folder beside the tables, inside the block."""
        return self._lake.scratch()

    def staged(self, rows: DataFrame) -> AbstractContextManager[DataFrame]:
        """Compute a frame once and read it back many times, inside the block."""
        return self._lake.staged(rows)

    def replace(
        self, table: Table, rows: DataFrame | Sequence[pd.DataFrame], day: dt.date | None = None
    ) -> None:
        """Replace the step's days of a table that it fills, or one of them.

        Raises:
            UndeclaredError: the step does not fill the table, or not that day.
            LakeError: as for `Lake.replace_range`; the table is as before.
        """
        days = self._own_days(table, day)
        frame = rows if not isinstance(rows, Sequence) else make_frame(self._lake, table, rows)
        done = self._lake.replace_range(table, *days, frame, self.run_id)
        self._written[table].append(done)

    def fill(
        self, table: Table, rows_of: Callable[[dt.date], pl.DataFrame], day: dt.date | None = None
    ) -> None:
        """Replace the step's days of a table, or one of them, by what is made of each.

        Args:
            table: one that the step fills.
            rows_of: gives the contract's columns of a day but for its date, in any order.
            day: the one day; None for all.

        Raises:
            UndeclaredError, LakeError: as for `replace`.
        """
        for start, end, rows in in_stretches(table, *self._own_days(table, day), rows_of):
            frame = arrow_frame(self._lake, table, rows)
            done = self._lake.replace_range(table, start, end, frame, self.run_id)
            self._written[table].append(done)

    def keep(self, table: Table, day: dt.date) -> None:
        """Let a day of a table that the step fills stand: what it would write is there already.

        Raises:
            UndeclaredError: as for `replace`.
        """
        rows = self._lake.arrow(table, *self._own_days(table, day), ["ingest_date"])
        self._written[table].append(Written(self._lake.delta(table).version(), rows.num_rows))

    def note(self, table: Table, day: dt.date, **said: str) -> None:
        """Say in the event log that a day is done, where the days of a step take minutes each."""
        key = table.path.split("/")
        self._note(dg.AssetObservation(key, partition=day.isoformat(), metadata=said))

    def outcome(
        self, table: Table, order_by: str, *checks: Check, **figures: Any
    ) -> dg.MaterializeResult:
        """The result of a table that was replaced: its checks, and what there is to look at.

        Args:
            table: the table.
            order_by: the column whose highest rows are shown.
            checks: what must hold beside the contract.
            figures: numbers worth plotting.
        """
        parts = self._written[table]
        if not parts:
            raise UndeclaredError(f"a step reports {table.path} without having written it")
        days = (self.start, self.end)
        found = [one for check in checks for one in _results(check(self, table, *days))]
        written = Written(parts[-1].version, sum(part.row_count for part in parts))
        return outcome(self._lake, table, written, days, order_by, found, **figures)

    def _own_days(self, table: Table, day: dt.date | None) -> tuple[dt.date, dt.date]:
        """The days to fill, as far as the step fills them."""
        if table not in self._written:
            raise UndeclaredError(f"a step writes {table.path}, which it does not fill")
        start, end = (day, day_end(day)) if day else (self.start, self.end)
        if not self.start <= start < end <= self.end:
            raise UndeclaredError(f"a step writes {day} of {table.path}, which it does not fill")
        return start, end

    def _days(
        self, table: Table, start: dt.date | None, end: dt.date | None
    ) -> tuple[dt.date, dt.date]:
        """The days to read, as far as they were declared."""
        if table not in self._look_back:
            raise UndeclaredError(f"a step reads {table.path}, which its asset does not declare")
        most = self._look_back[table]
        first = self.start - dt.timedelta(days=min(most, (self.start - dt.date.min).days))
        start, end = start or first, end or self.end
        if start < first or end > self.end:
            raise UndeclaredError(
                f"a step reads {table.path} of [{start}, {end}), and declares {most} days before "
                f"{self.start} to {self.end}"
            )
        return start, end


def _results(
    found: dg.AssetCheckResult | Sequence[dg.AssetCheckResult],
) -> Sequence[dg.AssetCheckResult]:
    return [found] if isinstance(found, dg.AssetCheckResult) else found
