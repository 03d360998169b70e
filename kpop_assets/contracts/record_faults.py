"""What contradicts itself in a record contract.

Belongs here: the checks that a contract must pass before anything is read by it. Does not belong
here: what a record is (record.py), or what is wrong with a line (bronze/reasons.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from kpop_assets.contracts.table import Type

if TYPE_CHECKING:
    from kpop_assets.contracts.record import Record

FieldType = Literal["text", "prose", "json_strings", "whole", "real", "instant"]

_COLUMN_TYPES: dict[FieldType, Type] = {
    "text": "string",
    "prose": "string",
    "json_strings": "string",
    "whole": "long",
    "real": "double",
    "instant": "timestamp",
}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Folders and files that stand beside the kinds.
_OTHER_KINDS = frozenset({"inbox", "taken"})
# What a line has beside its fields while it is parsed and afterwards (bronze/parse.py).
_OTHER_COLUMNS = frozenset(
    {"ingest_date", "landing_file", "line_number", "name_epoch_ms", "day_start_ms", "day_end_ms"}
    | {"line", "is_utf8", "rewritten", "plain", "read", "texts", "check_number", "is_doubtful"}
    | {"reason", "field", "hidden_count", "unusable_count"}
)


def _odd_roles(record: Record) -> Iterator[str]:
    """Fields that are given a part they cannot play."""
    if odd := [f.name for f in record.fields if f.is_side and (f.required or f.type != "whole")]:
        yield f"{odd[0]} is beside the line, and so an optional whole number"
    if odd := [f.name for f in record.fields if f.is_person and f.type != "text"]:
        yield f"{odd[0]} says who did something, and so is a text"
    named = {record.greatest, *(record.national or ())[:3]} - {""}
    if unknown := sorted(named.difference(field.name for field in record.fields)):
        yield f"{unknown[0]} is no field of the line"
    instants = {field.name for field in record.of_type("instant")}
    if odd := [name for name in record.latest if name not in instants]:
        yield f"{odd[0]} is no instant of the line"


def faults_of(record: Record) -> Iterator[str]:
    """What contradicts itself in a record."""
    if not _NAME.fullmatch(record.kind) or record.kind in _OTHER_KINDS:
        yield "the kind's name cannot be that of a folder of landing"
    names = [field.name for field in record.fields]
    columns = [field.column_name for field in record.fields]
    if odd := [name for name in names + columns if not _NAME.fullmatch(name)]:
        yield f"{odd[0]!r} is no name"
    if len(set(names)) < len(names) or len(set(columns)) < len(columns):
        yield "two fields have one name"
    if taken := sorted(_OTHER_COLUMNS.intersection(names + columns)):
        yield f"{taken[0]} is the name of something else"
    yield from _odd_roles(record)
    if not any(field.required for field in record.fields):
        yield "no field is required, so that anything would do"
    if [f.type for f in record.fields if f.name == record.observed] != ["instant"]:
        yield f"{record.observed} is no instant of the line"
    known = {column.name: column for column in record.rows.columns}
    for field in record.fields:
        column = known.get(field.column_name)
        is_null = not field.required and field.name != record.observed
        wanted = (_COLUMN_TYPES[field.type], is_null)
        if column is None or (column.type, column.nullable) != wanted:
            yield f"{field.name} does not fit column {field.column_name} of {record.rows.path}"
    if not {*record.rows.primary_key} <= {"ingest_date", *columns}:
        yield f"the key of {record.rows.path} is not in the line"
