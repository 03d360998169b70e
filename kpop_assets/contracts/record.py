"""What makes a landing line of one kind usable: fields, types, limits, times and key, as data.

Belongs here: the classes a record contract is made of, the checks that follow from one, in order,
and the limits that hold for every kind. Does not belong here: a particular kind (events.py), or
how lines are parsed and checked (bronze/parse.py).

Nothing here computes: an engine's expressions, a function over Arrow batches and the tests' plain
Python all read the same description.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from kpop_assets.contracts.bronze import FILES, QUARANTINE
from kpop_assets.contracts.record_faults import FieldType, faults_of
from kpop_assets.contracts.table import Column, Table

Reason = Literal[
    "invalid_utf8",
    "line_too_long",
    "broken_json",
    "missing_field",
    "wrong_type",
    "impossible_value",
    "impossible_time",
    "wrong_ingest_date",
]

# What a line of a search result or a chart never reaches; a longer one is damage or an attack.
MAX_LINE_BYTES = 1 << 20
# YouTube began in 2005 (its first video on 04-23); ten-digit seconds read as milliseconds fall in
# 1970, and ten digits of anything else are no instant.
FIRST_INSTANT_MS = 1_104_537_600_000  # 2005-01-01
END_INSTANT_MS = 4_102_444_800_000  # 2100-01-01
# A hundred times the most viewed video; sums of such counts, weighted, still fit 64 bits.
MAX_COUNT = 10**12
# Premieres and streams are announced weeks before: a time may lie this far after the observation.
# YouTube takes up to two years; a year tells those of K-POP from a clock that is wrong.
AHEAD_MS = 366 * 86_400_000
HIDDEN_COUNT = -1  # so a hidden counter is written, beside null and an empty text


@dataclass(frozen=True)
class Field:
    """One field of a landing line.

    Attributes:
        name: as the line calls it.
        type: `text`: a string, or the text of a number or list where the field is not required;
            `prose`: a text that people wrote, in which HTML entities are decoded, and which may be
            empty; `json_strings`: a list of strings, kept as JSON; `whole`: a whole number, also
            as "12", or as 12.0 up to 2^53; `real`: any number that a double holds, also as "0.5";
            `instant`: epoch milliseconds, written as a whole number.
        required: whether a line without it is of no use. A field that is missing, or null, is
            null in the table: never 0, never empty.
        limits: least and greatest value of a number; None is 0 to `MAX_COUNT` for a whole number
            and no limit for a real one. An instant lies from 2005 to a year after the observation.
        choices: the only texts there are; empty where any will do.
        column: the table's column that it becomes; empty where that has the field's name.
        is_side: a whole number beside what the line is about. One that is no possible number costs
            the field and not the line, and is counted; `HIDDEN_COUNT` says that it is hidden.
        is_person: whether it says who did something: hashed before it is stored anywhere.
    """

    name: str
    type: FieldType
    required: bool = False
    limits: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    column: str = ""
    is_side: bool = False
    is_person: bool = False

    @property
    def column_name(self) -> str:
        """Name of the column that it becomes."""
        return self.column or self.name

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Least and greatest value, both included; None where there is no limit."""
        return (0, MAX_COUNT) if self.type == "whole" and self.limits is None else self.limits


class Check(NamedTuple):
    """One thing that can be wrong with a line, and with which of its fields; None is the line."""

    reason: Reason
    field: Field | None = None


class National(NamedTuple):
    """Sources that count by country: an id is one in each region; that of the first stays."""

    id_field: str
    source_field: str
    region_field: str
    sources: frozenset[str]
    first_region: str = ""


@dataclass(frozen=True)
class Record:
    """One kind of landing line, and the three tables that its lines end in.

    Attributes:
        fields: what is read of a line, in the order in which it is checked; others are ignored.
        observed: the field that says when the line was observed, whose day in Seoul is the ingest
            date. Where it is not required, the instant in the file's name stands in for it.
        rows: the table of usable lines; its key says which lines are the same. It may have
            columns that come of other things than the line. Its name is that of the kind: of its
            folder, its files and its inbox.
        quarantine: the table of lines that cannot be used.
        files: the table of landing files with the account of their lines.
        greatest: the field that decides between lines of one key that differ: the line with the
            greatest is kept. Empty where the first by file and line is.
        latest: instants at which what the line says was said or changed. Of lines of one key that
            are equal by `greatest` the one with the latest of them is kept, then the last line: a
            file that says a thing twice says the newer word last. Empty where nothing is edited.
        national: sources whose counters are national: one id in two countries is two things.

    Raises:
        ValueError: the parts contradict one another.
    """

    fields: tuple[Field, ...]
    observed: str
    rows: Table
    quarantine: Table
    files: Table
    greatest: str = ""
    latest: tuple[str, ...] = ()
    national: National | None = None

    def __post_init__(self) -> None:
        if faults := list(faults_of(self)):
            raise ValueError(f"record {self.kind}: {'; '.join(faults)}")

    @property
    def kind(self) -> str:
        """Its name."""
        return self.rows.name

    @property
    def tables(self) -> tuple[Table, Table, Table]:
        """Rows, quarantine and files."""
        return self.rows, self.quarantine, self.files

    @property
    def observed_field(self) -> Field:
        """The field of the observation time."""
        return next(field for field in self.fields if field.name == self.observed)

    def of_type(self, *types: FieldType) -> tuple[Field, ...]:
        """The fields of these types, in order."""
        return tuple(field for field in self.fields if field.type in types)

    def checks(self) -> tuple[Check, ...]:
        """All that can be wrong with a line; the first that is wrong is the reason."""
        required = [field for field in self.fields if field.required]
        typed = [*self.of_type("instant"), *self.of_type("whole"), *self.of_type("real")]
        numbers = [field for field in typed if not field.is_side]
        limited = [f for f in self.fields if (f.choices or f.bounds) and not f.is_side]
        observed = self.observed_field
        return (
            Check("invalid_utf8"),
            Check("line_too_long"),
            Check("broken_json"),
            *(Check("missing_field", field) for field in required),
            *(Check("wrong_type", f) for f in required if f.type in ("text", "prose")),
            *(Check("wrong_type", field) for field in numbers),
            *(Check("impossible_value", field) for field in limited),
            Check("impossible_time", observed),
            Check("wrong_ingest_date", observed),
            *(Check("impossible_time", f) for f in self.of_type("instant") if f != observed),
        )


def quarantine_of(rows: Table) -> Table:
    """`bronze/<kind>_quarantine`, with the columns of `bronze/quarantine`."""
    return _beside(rows, QUARANTINE)


def files_of(rows: Table) -> Table:
    """`bronze/<kind>_files`, with the columns of `bronze/files`: a line kept is an event too."""
    return _beside(rows, FILES)


def _beside(rows: Table, table: Table) -> Table:
    def told(column: Column) -> Column:
        """Whose words a line as it came holds is said by the rows."""
        kept = column if rows.provider else column.computed()
        is_person = column.name == "line" and any(other.is_person for other in rows.columns)
        return replace(kept, is_person=True) if is_person else kept

    return replace(
        table,
        name=f"{rows.name}_{table.name}",
        columns=tuple(map(told, table.columns)),
        owner=rows.owner,
        # Of a kind that does not come every day neither files nor what is wrong with them do.
        rhythm="occasional" if rows.rhythm == "occasional" else table.rhythm,
        provider=rows.provider and table.provider,
        needs_provider_rows=rows.needs_provider_rows,
    )
