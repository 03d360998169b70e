"""What must hold for a frame before it is written.

Belongs here: the range of days, the key and the contract's columns as conditions. Does not
belong here: writing (lake.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts.table import Table
from kpop_assets.lake.errors import ContractError
from kpop_assets.lake.schemas import spark_schema


def range_sql(start: dt.date, end: dt.date) -> str:
    """The half-open range of days as a SQL predicate."""
    return f"ingest_date >= DATE'{start.isoformat()}' AND ingest_date < DATE'{end.isoformat()}'"


def merge_sql(table: Table, location: str, days: Collection[dt.date], updates: bool) -> str:
    """The statement that adds the frame `{rows}` to a table by the table's key."""
    # The days as literals: only so are files of other days left out without being opened.
    listed = ", ".join(f"DATE'{day.isoformat()}'" for day in sorted(days))
    on = " AND ".join(f"t.{name} = s.{name}" for name in table.primary_key)
    update = "WHEN MATCHED THEN UPDATE SET * " if updates else ""
    return (
        f"MERGE INTO delta.`{location}` t USING {{rows}} s "
        f"ON t.ingest_date IN ({listed}) AND {on} {update}WHEN NOT MATCHED THEN INSERT *"
    )


def in_range(start: dt.date, end: dt.date) -> Column:
    """The half-open range of days as a column."""
    day = F.col("ingest_date")
    return (day >= F.lit(start)) & (day < F.lit(end))


def guard_range(table: Table, start: dt.date, end: dt.date) -> Column:
    """`ingest_date`, or an error of the query where a row lies outside the range."""
    # In the plan itself, so that the check costs no second pass; Sail alone would write rows
    # outside `replaceWhere` without a word.
    outside = ContractError(f"table {table.path}: a row lies outside the range [{start}, {end})")
    return (
        F.when(in_range(start, end), F.col("ingest_date"))
        .otherwise(F.raise_error(F.lit(outside.mark())).cast("date"))
        .alias("ingest_date")
    )


def check_columns(table: Table, rows: DataFrame) -> None:
    """Raise ContractError where columns or types differ; nothing is cast, nothing dropped."""
    expected = {field.name: field.dataType for field in spark_schema(table).fields}
    actual = {field.name: field.dataType for field in rows.schema.fields}
    problems = [f"column {name} is missing" for name in expected if name not in actual]
    problems += [f"column {name} is not in the contract" for name in actual if name not in expected]
    problems += [
        f"column {name} is {actual[name].simpleString()}, not {kind.simpleString()}"
        for name, kind in expected.items()
        if name in actual and actual[name] != kind
    ]
    if problems:
        raise ContractError(f"table {table.path}: {'; '.join(problems)}", "mend the transform")
