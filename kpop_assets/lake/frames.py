"""Between the lake and what is computed without an engine: pandas, Polars, Arrow.

Belongs here: conversion, by contract. Does not belong here: how a table is read or written
(lake.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import pandas as pd
import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame

from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end, days_between
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.lake.tables import Tables

# As many rows of a table are few enough to hold, and enough for one commit.
STRETCH_ROWS = 100_000


def read_pandas(
    lake: Tables, table: Table, start: dt.date, end: dt.date, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Rows of the days [start, end) in order of the key; dates as datetime64, NaN for null.

    Raises:
        MissingTableError: it has not been written yet.
    """
    rows = lake.arrow(table, start, end, columns).to_pandas(date_as_object=False)
    # Delta-rs hands files over in any order, and a fit depends on the order of its rows.
    key = [name for name in table.primary_key if name in rows]
    return rows.sort_values(key, ignore_index=True)


def make_frame(lake: Tables, table: Table, parts: Sequence[pd.DataFrame]) -> DataFrame:
    """The rows of `parts` as a frame with exactly the contract's columns and types.

    Raises:
        KeyError: a column of the contract is missing.
        pyarrow.ArrowInvalid: a value does not fit its column's type.
    """
    schema = table.arrow_schema()
    # Each by itself: pandas would give columns that are all null in one part another type.
    rows = [
        pa.Table.from_pandas(part[schema.names], schema, preserve_index=False)
        for part in parts
        if len(part)
    ]
    return arrow_frame(lake, table, pa.concat_tables(rows) if rows else schema.empty_table())


def arrow_frame(lake: Tables, table: Table, rows: pa.Table) -> DataFrame:
    """The same of Arrow rows, which have the contract's columns by then."""
    if not len(rows):
        return lake.spark.createDataFrame([], spark_schema(table))
    # Spark 4 ends at two chunks without rows, as two days without any are, and drops what follows.
    return lake.spark.createDataFrame(rows.combine_chunks())


def in_stretches(
    table: Table, start: dt.date, end: dt.date, rows_of: Callable[[dt.date], pl.DataFrame]
) -> Iterator[tuple[dt.date, dt.date, pa.Table]]:
    """What is made of each of the days [start, end), in ranges of days that are one commit each.

    A range ends as soon as it has `STRETCH_ROWS` rows, so memory does not grow with the days.
    """
    schema = table.arrow_schema()
    parts: list[pa.Table] = []
    for day in days_between(start, end):
        found = rows_of(day).with_columns(ingest_date=pl.lit(day)).select(schema.names)
        parts.append(found.sort(table.primary_key).to_arrow().cast(schema))
        if sum(map(len, parts)) >= STRETCH_ROWS or day_end(day) == end:
            yield start, day_end(day), pa.concat_tables(parts)
            parts, start = [], day_end(day)
