"""Rows of a Delta table without an engine: the one way in which the product reads them.

Belongs here: reading a version of a table with Polars. Does not belong here: which version
(reader.py, the viewer's snapshot), or reading with an engine (lake.py).

Polars opens the files itself. Into Arrow's data sets delta-rs gives files that are Python objects:
a thread of Arrow's that lets go of one after the interpreter's end aborts the process, with
`terminate called without an active exception` (docs/decisions/0014-one-reader.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import polars as pl
import pyarrow as pa
from deltalake import DeltaTable

from kpop_assets.contracts.table import Table
from kpop_assets.lake.damage import damaged_files
from kpop_assets.lake.errors import DamagedTableError
from kpop_assets.lake.mend import damaged_data, damaged_somewhere
from kpop_assets.lake.migration import new_columns, read_problems, refuse_older
from kpop_assets.lake.place import Place

# Rows that a plan uses twice would otherwise be kept whole: 370 MB of 5 M rows instead of 180.
_READ_TWICE_IF_NEEDED = pl.QueryOptFlags(comm_subplan_elim=False)
Then = Callable[[pl.LazyFrame], pl.LazyFrame]


def read_rows(
    delta: DeltaTable,
    location: Place,
    table: Table,
    start: dt.date | None = None,
    end: dt.date | None = None,
    columns: Iterable[str] | None = None,
    where: pl.Expr | None = None,
    then: Then | None = None,
) -> pl.DataFrame:
    """Rows of the days [start, end) for which `where` holds; only files of those days are opened.

    Args:
        delta: the table, at the version to read.
        location: where it lies.
        table: the contract.
        start: first day; None is the table's first.
        end: the day after the last; None is after the table's last.
        columns: names to read; None is all.
        where: a further condition.
        then: what to make of those rows while they are read, so that they are never all in memory.

    Raises:
        OlderTableError: another contract wrote it; a new nullable column is null instead.
        DamagedTableError: a data file is damaged.
    """
    names = table.column_names if columns is None else list(columns)
    frame = _scan(delta, table, names)
    if start is not None:
        frame = frame.filter(pl.col("ingest_date") >= start)
    if end is not None:
        frame = frame.filter(pl.col("ingest_date") < end)
    if where is not None:
        frame = frame.filter(where)
    frame = frame.select(names)
    try:
        if then is None:
            return frame.collect()
        return then(frame).collect(engine="streaming", optimizations=_READ_TWICE_IF_NEEDED)
    except (OSError, pl.exceptions.ComputeError, pl.exceptions.PanicException) as error:
        # Polars 2.1 panics where a file is shorter than Delta's log says.
        raise _unreadable(delta, location, table, start, end) from error


def _scan(delta: DeltaTable, table: Table, names: list[str]) -> pl.LazyFrame:
    written = delta.schema()
    refuse_older(table, read_problems(written, table, names))
    new = {column.name for column in new_columns(written, table)}
    nulls = [pl.lit(None, kind).alias(name) for name, kind in empty(table).schema.items()]
    return pl.scan_delta(delta).with_columns(e for e in nulls if e.meta.output_name() in new)


def _unreadable(
    delta: DeltaTable, location: Place, table: Table, start: dt.date | None, end: dt.date | None
) -> DamagedTableError:
    days = (start or dt.date.min, end or dt.date.max)
    # Which file it is, their messages say in many ways or not at all: the files themselves say it.
    found = damaged_files(delta, location, is_deep=True, days=days)
    return damaged_data(table.path, found) if found else damaged_somewhere(table.path, start, end)


def empty(table: Table) -> pl.DataFrame:
    """No row of a table, with its columns."""
    # Of no batches: `empty_table()` loads pandas, which takes longer than most reads.
    return pl.DataFrame(pa.Table.from_batches([], table.arrow_schema()))
