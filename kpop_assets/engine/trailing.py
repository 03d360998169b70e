"""Looking back over days without a join: each row is handed to the days that look back at it.

Belongs here: that one shape of a query, on every engine. Does not belong here: how far a table
looks back (its contract), or what is made of the rows.
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def repeat_rows(rows: DataFrame, times: int, number: str) -> DataFrame:
    """Each row `times` times, numbered from 0 in a new column."""
    return rows.withColumn(number, F.explode(F.sequence(F.lit(0), F.lit(times - 1))))


def hand_ahead(
    rows: DataFrame, days: int, start: dt.date | None = None, date: str = "ingest_date"
) -> DataFrame:
    """Each row once for each of the `days` days that begin with its own.

    Args:
        rows: rows with a day.
        days: how many days look at a row, its own included.
        start: first day that is wanted; None keeps all.
        date: the column that holds a row's own day.

    Returns:
        The rows with `ingest_date`, the day that looks, and `age`, how many days it is later.
    """
    ahead = repeat_rows(rows, days, "age").withColumn("ingest_date", F.date_add(date, F.col("age")))
    return ahead if start is None else ahead.where(F.col("ingest_date") >= F.lit(start))
