"""What a table is: columns, types, units, key, grain and owner in one object.

Belongs here: the two classes every contract is made of, and the schemas that follow from them.
Does not belong here: a particular table (bronze.py, silver.py, gold.py) or reading and writing
(lake/lake.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.sql import types as T

Type = Literal["string", "long", "int", "double", "boolean", "date", "timestamp", "binary"]
# Every day; on training days; whenever there is something to write.
Rhythm = Literal["daily", "weekly", "occasional"]
Provider = Literal["youtube"]

_ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "long": pa.int64(),
    "int": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "binary": pa.binary(),
}


@dataclass(frozen=True)
class Column:
    """One column: its name, type, meaning and unit, and whether it may be null."""

    name: str
    type: Type
    description: str
    unit: str = ""
    nullable: bool = False


INGEST_DATE = Column(
    "ingest_date", "date", "Day in Seoul on which the data was observed; the partition."
)


@dataclass(frozen=True)
class Table:
    """One Delta table of the lake.

    Attributes:
        layer: `bronze`, `silver` or `gold`.
        name: table name; `<layer>/<name>` is path, asset key and title alike.
        description: what one row is, on which clock, from where.
        primary_key: columns that identify a row; always begins with `ingest_date`.
        columns: all columns in order, `ingest_date` first.
        owner: the team that answers for the table.
        rhythm: how often it gets a new day.
        look_back_days: how many days before its own ingest date a row rests on, at most.
        provider: whose data its rows hold, which goes at that provider's limit (retention/); None
            where all of it was computed by us.
        needs_provider_rows: whether a day of it cannot be made anew once a provider's rows went.
    """

    layer: str
    name: str
    description: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    owner: str = "team:data"
    rhythm: Rhythm = "daily"
    look_back_days: int = 0
    provider: Provider | None = None
    needs_provider_rows: bool = False

    @property
    def path(self) -> str:
        """`<layer>/<name>`, the path below the lake folder."""
        return f"{self.layer}/{self.name}"

    @property
    def column_names(self) -> list[str]:
        """Names of all columns, in the order they are written."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns that are never null."""
        return [column.name for column in self.columns if not column.nullable]

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema of the same columns."""
        return pa.schema([pa.field(c.name, _ARROW_TYPES[c.type], c.nullable) for c in self.columns])

    def schema(self) -> T.StructType:
        """The Spark schema that is written and read back."""
        # Imported late: the viewer reads contracts on machines without PySpark.
        from pyspark.sql import types as T

        types: dict[Type, T.DataType] = {
            "string": T.StringType(),
            "long": T.LongType(),
            "int": T.IntegerType(),
            "double": T.DoubleType(),
            "boolean": T.BooleanType(),
            "date": T.DateType(),
            "timestamp": T.TimestampType(),
            "binary": T.BinaryType(),
        }
        return T.StructType(
            [T.StructField(c.name, types[c.type], c.nullable) for c in self.columns]
        )
