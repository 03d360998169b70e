"""Blocking checks: what must hold for the days of a table that were just written.

Belongs here: the three checks that every contract implies, and those between tables. Does not
belong here: how a check's table was computed.

A check never trusts the code it checks: schema and nulls are read from Delta's log, sums and
shares from the table as it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg
from deltalake import Schema
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts.table import Table
from kpop_assets.lake.frames import read_pandas
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.lake.tables import Tables

# What must hold of the days [start, end) of a table beside its contract.
Check = Callable[
    [Tables, Table, dt.date, dt.date], dg.AssetCheckResult | Sequence[dg.AssetCheckResult]
]

CONTRACT_CHECKS = {
    "schema": "Columns, types and NOT NULL of the table are those of its contract.",
    "required_values": "No required column of the written days holds a null.",
    "unique_key": "No two rows of the written days have the same key.",
}


def contract_specs(table: Table, **more: str) -> list[dg.AssetCheckSpec]:
    """Specs of the contract's checks and of `more` (name: description), all blocking."""
    return [
        dg.AssetCheckSpec(name, asset=table.path.split("/"), description=text, blocking=True)
        for name, text in {**CONTRACT_CHECKS, **more}.items()
    ]


def check_contract(
    lake: Lake, table: Table, start: dt.date, end: dt.date
) -> list[dg.AssetCheckResult]:
    """The results of `CONTRACT_CHECKS` for the days [start, end)."""
    nulls = count_nulls(lake, table, start, end)
    repeats = count_repeated_keys(lake.read(table, start, end), table)
    differences = schema_differences(lake, table)
    return [
        result(table, "schema", not differences, differences=differences),
        result(table, "required_values", not any(nulls.values()), null_counts=nulls),
        result(table, "unique_key", repeats == 0, repeated_keys=repeats),
    ]


def result(table: Table, name: str, passed: bool, **metadata: Any) -> dg.AssetCheckResult:
    """A check result with its figures as metadata."""
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=table.path.split("/"),
        passed=bool(passed),
        metadata=dict(metadata),
    )


def schema_differences(lake: LakeReader, table: Table) -> list[str]:
    """Fields of the written table that are not exactly the contract's."""
    expected = Schema.from_json(spark_schema(table).json()).fields
    actual = lake.delta(table).schema().fields
    missing = [f"missing: {field}" for field in expected if field not in actual]
    return missing + [f"unknown: {field}" for field in actual if field not in expected]


def count_nulls(lake: Lake, table: Table, start: dt.date, end: dt.date) -> dict[str, int]:
    """Nulls per required column in the days, from Delta's own statistics where it has them."""
    files = [row for row in lake.file_statistics(table) if start <= row["ingest_date"] < end]
    names = [name for name in table.required if name != "ingest_date"]
    # Writers note the first 32 columns of a table; what is behind them is read.
    noted = [n for n in names if all(row["null_counts"].get(n) is not None for row in files)]
    nulls = {name: sum(row["null_counts"][name] for row in files) for name in noted}
    if rest := [name for name in names if name not in nulls]:
        nulls |= lake.rows(table, start, end, rest).null_count().row(0, named=True)
    return nulls


def count_repeated_keys(rows: DataFrame, table: Table) -> int:
    """Rows beyond the first of each key."""
    # Distinct hashes take 8 bytes a row where distinct keys take all of theirs; only if hashes
    # repeat (by chance once in some ten thousand runs of 50 M rows) are the keys looked at.
    key = [F.col(name) for name in table.primary_key]
    counted = rows.agg(F.count("*").alias("n"), F.countDistinct(F.xxhash64(*key)).alias("keys"))
    row = counted.collect()[0]
    if row["n"] == row["keys"]:
        return 0
    return row["n"] - rows.select(*key).distinct().count()


def check_equal_by_day(
    table: Table, name: str, left: DataFrame, right: DataFrame
) -> dg.AssetCheckResult:
    """Whether two frames of (ingest_date, value) agree on every day; the days that differ."""
    a, b = left.withColumnRenamed("value", "a"), right.withColumnRenamed("value", "b")
    both = a.join(b, "ingest_date", "full_outer").where(~F.col("a").eqNullSafe(F.col("b")))
    wrong = {row["ingest_date"].isoformat(): [row["a"], row["b"]] for row in both.collect()}
    return result(table, name, not wrong, days_that_differ=wrong)


def probabilities_of(columns: Sequence[str]) -> Check:
    """Whether each row of probabilities adds up to 1, up to the rounding of single precision."""

    def probabilities_add_up(
        tables: Tables, table: Table, start: dt.date, end: dt.date
    ) -> dg.AssetCheckResult:
        found = read_pandas(tables, table, start, end, columns)
        wrong = int(((found.sum(axis=1) - 1).abs() > 1e-6).sum())
        return result(table, "probabilities_add_up", not wrong, wrong_rows=wrong)

    return probabilities_add_up


def by_day(rows: DataFrame, value: Column) -> DataFrame:
    """An aggregate of each day, in the form that `check_equal_by_day` compares."""
    return rows.groupBy("ingest_date").agg(value.alias("value"))
