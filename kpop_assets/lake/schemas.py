"""The Spark schema of a contract.

Belongs here: a contract's types as an engine names them. Does not belong here: the contract
(contracts/table.py), or comparing a written table with it (migration.py).
"""

from __future__ import annotations

from pyspark.sql import types as T

from kpop_assets.contracts.table import Table, Type

_TYPES: dict[Type, T.DataType] = {
    "string": T.StringType(),
    "long": T.LongType(),
    "int": T.IntegerType(),
    "double": T.DoubleType(),
    "boolean": T.BooleanType(),
    "date": T.DateType(),
    "timestamp": T.TimestampType(),
    "binary": T.BinaryType(),
}


def spark_schema(table: Table) -> T.StructType:
    """The schema that is written and read back."""
    return T.StructType([T.StructField(c.name, _TYPES[c.type], c.nullable) for c in table.columns])
