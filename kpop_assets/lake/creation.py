"""A table on the disk as its contract says: made anew, brought up to date, or read as if it were.

Belongs here: schemas. Does not belong here: which differences are allowed (migration.py), or rows
(lake.py).
"""

from __future__ import annotations

from deltalake import DeltaTable, Schema
from pyspark.sql import Column
from pyspark.sql import functions as F

from kpop_assets.contracts.table import Table
from kpop_assets.lake.migration import (
    compute_problems,
    new_columns,
    refuse_older,
    relaxed_columns,
    write_problems,
)
from kpop_assets.lake.place import Place, for_delta, on_machine
from kpop_assets.lake.schemas import spark_schema


def create_table(location: Place, table: Table) -> None:
    """Create an empty table as its contract says.

    Here and not by the engine: Sail refuses `replaceWhere` on a new table, and only so does the
    table carry the contract's NOT NULL columns on both engines.
    """
    # A link to a folder that is not there leads nowhere.
    on_machine(location).mkdir(parents=True, exist_ok=True)
    DeltaTable.create(
        for_delta(location),
        _schema(table),
        partition_by=["ingest_date"],
        name=table.path,
        description=table.description,
    )


def bring_up(delta: DeltaTable, table: Table) -> None:
    """Give a table on the disk the contract's new columns and what may be null by now.

    Raises:
        OlderTableError: it differs in anything else; it is as before.
    """
    written = delta.schema()
    refuse_older(table, write_problems(written, table))
    new = {column.name for column in new_columns(written, table)}
    if new:
        delta.alter.add_columns([field for field in _schema(table).fields if field.name in new])
    for name in relaxed_columns(written, table):
        delta.alter.drop_column_not_null(name)


def contract_columns(delta: DeltaTable, table: Table) -> list[Column]:
    """The contract's columns, for an engine; those that a table does not have yet are null.

    Raises:
        OlderTableError: it differs in anything else.
    """
    written = delta.schema()
    refuse_older(table, compute_problems(written, table))
    new, types = {c.name for c in new_columns(written, table)}, spark_schema(table)
    return [
        F.lit(None).cast(types[name].dataType).alias(name) if name in new else F.col(name)
        for name in table.column_names
    ]


def _schema(table: Table) -> Schema:
    return Schema.from_json(spark_schema(table).json())
