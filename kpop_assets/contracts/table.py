"""What a table is: columns, types, units, key, grain, owner, rhythm and whose data, in one object.

Belongs here: the two classes every contract is made of, and the Arrow schema that follows from
them. Does not belong here: a particular table (bronze.py, silver.py, gold.py), what is asked of
all of them (registry.py), an engine's schema (lake/schemas.py), or reading and writing (lake/).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

Type = Literal["string", "long", "int", "double", "boolean", "date", "timestamp", "binary"]
Rhythm = Literal["daily", "weekly", "occasional", "live"]
# As the `source` of its lines has it.
Provider = Literal["youtube"]


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: its name, with the ending that its type and unit ask for.
        type: of its values.
        description: what it means, as a sentence.
        unit: what a number counts or measures.
        nullable: whether a value may be missing.
        of_provider: whether it repeats what a provider said of a single video, so that it is
            shown nowhere that outlasts the provider's limit.
        is_person: whether it says who did something, if only as a hash: it is shown in no log.
    """

    name: str
    type: Type
    description: str
    unit: str = ""
    nullable: bool = False
    of_provider: bool = False
    is_person: bool = False

    def computed(self) -> Column:
        """The same quantity where it was computed by us: a sum over videos, say."""
        return replace(self, of_provider=False) if self.of_provider else self


INGEST_DATE = Column(
    "ingest_date", "date", "Day in Seoul on which the data was observed; the partition."
)


@dataclass(frozen=True)
class Table:
    """One Delta table of the lake.

    Attributes:
        layer: the group of `kpop_assets/definitions.py` that it belongs to, as `bronze`.
        name: table name; `<layer>/<name>` is path, asset key and title alike.
        description: what one row is, on which clock, from where.
        primary_key: columns that identify a row; always begins with `ingest_date`.
        columns: all columns in order, `ingest_date` first.
        owner: the team that answers for the table.
        rhythm: when it has rows for a day. `daily`: on each day that was taken in; `weekly`: on
            training days, and what was decided then stands; `occasional`: on days that have
            something to say; `live`: while `kpop stream` runs, which the graph knows nothing of.
        look_back_days: how many days before its own ingest date a row rests on, at most.
        provider: whose data its rows hold, which goes at that provider's limit (retention/); None
            where all of it was computed by us.
        needs_provider_rows: whether a day of it cannot be made anew once a provider's rows went.
        needs_champion: whether it has no row before a training found a champion.
        trained_by: the command whose training it needs; None where a run of its days is enough.
        is_asked: whether it holds what services outside answered on its day, which nothing makes
            anew: its days stand as they are, and are read by later ones.
        is_housekeeping: whether it tells of work that the clock alone asks for, so that it may not
            be there yet, and no range of days fills it.
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
    needs_champion: bool = False
    trained_by: str | None = None
    is_asked: bool = False
    is_housekeeping: bool = False

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

    @property
    def awaits_training(self) -> bool:
        """Whether it has no row before the first training."""
        return self.rhythm == "weekly" or self.needs_champion

    @property
    def way_out(self) -> str:
        """What fills it where it has not been written yet."""
        if self.trained_by:
            return f"`{self.trained_by}` fills it, from about 4 weeks of days on"
        if self.rhythm == "weekly":
            once = f"`--select {self.path}`"
            return f"`kpop run START END` fills it on Saturdays, and on a single day by {once}"
        return "run the days first: `kpop run START END`"

    @property
    def stands(self) -> bool:
        """Whether its days stay as they were decided or answered, whatever is filled later."""
        return self.rhythm == "weekly" or self.is_asked

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema of the same columns."""
        # Here, so that the command line can ask for names of tables without loading Arrow.
        import pyarrow as pa

        types: dict[Type, pa.DataType] = {
            "string": pa.string(),
            "long": pa.int64(),
            "int": pa.int32(),
            "double": pa.float64(),
            "boolean": pa.bool_(),
            "date": pa.date32(),
            "timestamp": pa.timestamp("us", "UTC"),
            "binary": pa.binary(),
        }
        return pa.schema([pa.field(c.name, types[c.type], c.nullable) for c in self.columns])
