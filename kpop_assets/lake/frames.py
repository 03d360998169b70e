"""Between the lake and pandas, in which models are fitted.

Belongs here: conversion, by contract. Does not belong here: how a table is read or written
(lake.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame

from kpop_assets.contracts.table import Table
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.lake.tables import Tables


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
    if not any(len(part) for part in parts):
        return lake.spark.createDataFrame([], spark_schema(table))
    # Each by itself: pandas would give columns that are all null in one part another type.
    rows = [
        pa.Table.from_pandas(part[schema.names], schema, preserve_index=False)
        for part in parts
        if len(part)
    ]
    return lake.spark.createDataFrame(pa.concat_tables(rows))
