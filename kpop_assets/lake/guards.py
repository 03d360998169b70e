"""What must hold for a frame before it is written.

Belongs here: the range of days, the key and the contract's columns as conditions. Does not
belong here: writing (lake.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts.table import Column as TableColumn
from kpop_assets.contracts.table import Table, Type
from kpop_assets.lake.errors import ContractError
from kpop_assets.lake.schemas import spark_schema

# A value of each type.
_ANY: dict[Type, object] = {
    "string": "",
    "long": 0,
    "int": 0,
    "double": 0.0,
    "boolean": False,
    "date": dt.date(1970, 1, 1),
    "timestamp": dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
    "binary": b"",
}


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


def guard_rows(table: Table, start: dt.date, end: dt.date) -> list[Column]:
    """The contract's columns, or an error of the query at a row that may not be written.

    That is one outside of the range, or that lacks a required value. In the plan itself, so that
    the check costs no second pass; Sail alone would write rows outside `replaceWhere` without a
    word. It would find what is null, but by one check upon the other for each column that may be
    null by type: a second of CPU for 28 of them and 40 rows. So they may not, by type.
    """
    outside = _refuse(table, "ingest_date", f"a row lies outside the range [{start}, {end})")
    day = F.when(in_range(start, end), F.col("ingest_date")).otherwise(outside)
    others = (column for column in table.columns if column.name != "ingest_date")
    return [
        F.coalesce(day, F.lit(start)).alias("ingest_date"),
        *[F.col(c.name) if c.nullable else _never_null(table, c) for c in others],
    ]


def _never_null(table: Table, column: TableColumn) -> Column:
    """A column, or an error of the query where it is null."""
    name = column.name
    kind = spark_schema(table)[name].dataType
    any_value = F.lit(_ANY[column.type]).cast(kind)
    is_null = _refuse(table, name, f"column {name} is NULL, and required")
    # The last is never reached, and is what makes the column one that may not be null.
    return F.coalesce(F.col(name), F.when(F.col(name).isNull(), is_null), any_value).alias(name)


def _refuse(table: Table, name: str, why: str) -> Column:
    """The error of a query, where a value of a column would stand."""
    error = ContractError(f"table {table.path}: {why}")
    return F.raise_error(F.lit(error.mark())).cast(spark_schema(table)[name].dataType)


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
