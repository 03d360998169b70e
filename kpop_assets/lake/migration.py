"""Tables that an earlier contract wrote: which of its differences need no decision.

Belongs here: comparing a table on the disk with its contract. Does not belong here: bringing it
there (creation.py).

A column that is new and nullable is null on the rows before it, and one that may be null by now
is not null on them: both are brought about by the next write. Any other difference would need
values that nobody has, or lose some, so it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
from deltalake import Schema

from kpop_assets.contracts.table import Column, Table
from kpop_assets.lake.errors import OlderTableError
from kpop_assets.lake.mend import mend_table


def new_columns(written: Schema, table: Table) -> list[Column]:
    """Nullable columns of the contract that a table on the disk does not have yet."""
    known = {field.name for field in written.fields}
    return [column for column in table.columns if column.nullable and column.name not in known]


def relaxed_columns(written: Schema, table: Table) -> list[str]:
    """Columns that may be null by the contract, and not yet on the disk."""
    strict = {field.name for field in written.fields if not field.nullable}
    return [column.name for column in table.columns if column.nullable and column.name in strict]


def read_problems(written: Schema, table: Table, names: Iterable[str]) -> list[str]:
    """Why columns cannot be read as their contract says: one is missing, or of another type."""
    fields = {field.name: field for field in pa.schema(written.to_arrow())}
    expected, problems = table.arrow_schema(), []
    for name in names:
        wanted = expected.field(name)
        if name not in fields:
            problems += [] if wanted.nullable else [f"column {name} is missing"]
        elif fields[name].type != wanted.type:
            problems.append(f"column {name} is {fields[name].type}, not {wanted.type}")
    return problems


def compute_problems(written: Schema, table: Table) -> list[str]:
    """Why nothing may be computed of the table: what hinders reading, or nulls that may be."""
    loose = {field.name for field in written.fields if field.nullable}
    return read_problems(written, table, table.column_names) + [
        f"column {name} may be null" for name in table.required if name in loose
    ]


def write_problems(written: Schema, table: Table) -> list[str]:
    """Why the table cannot be written: what hinders computing, or a column of no contract."""
    known = set(table.column_names)
    surplus = [field.name for field in written.fields if field.name not in known]
    return compute_problems(written, table) + [
        f"column {name} is not in the contract" for name in surplus
    ]


def refuse_older(table: Table, problems: list[str]) -> None:
    """Raise OlderTableError where there are problems; one line names table, columns, way out."""
    if problems:
        raise OlderTableError(
            f"table {table.path} was written by another version of the product: "
            f"{'; '.join(problems)}",
            mend_table(table.path),
        )
