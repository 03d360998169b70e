"""What is wrong with a line, in DuckDB's SQL: a condition for each check of a record contract.

Belongs here: when a check (`Record.checks`) finds something. Does not belong here: the order of
the checks and their limits (contracts/record.py), or how a value is read (values.py).
"""

from __future__ import annotations

from collections.abc import Callable

from kpop_assets.bronze.values import given, one_of, text_of, value_of
from kpop_assets.contracts.record import (
    AHEAD_MS,
    END_INSTANT_MS,
    FIRST_INSTANT_MS,
    MAX_LINE_BYTES,
    Check,
    Field,
    Reason,
    Record,
)


def first_wrong(record: Record) -> str:
    """The number of the first check that finds something; null where all is well."""
    cases = [
        f"WHEN {_is_wrong(record, check)} THEN {number}"
        for number, check in enumerate(record.checks())
    ]
    return f"CASE {' '.join(cases)} END"


def _is_wrong(record: Record, check: Check) -> str:
    if check.field is None:
        return _OF_LINE[check.reason]
    return _OF_FIELD[check.reason](record, check.field)


def _is_missing(record: Record, field: Field) -> str:
    missing = f"{given(field)} IS NULL"
    return missing if field.type == "prose" else f"({missing} OR is_blank({given(field)}))"


def _is_of_wrong_type(record: Record, field: Field) -> str:
    if field.type in ("text", "prose"):
        # Whether the line holds a number, boolean, array or object where a string belongs; only
        # of what looks so its type is asked for.
        looks_so = f"regexp_matches({text_of(field)}, '^(-?[0-9]|true$|false$|\\[|\\{{)')"
        return (
            f"CASE WHEN {looks_so} THEN json_type(read, '$.{field.name}') != 'VARCHAR' "
            "ELSE false END"
        )
    return f"({given(field)} IS NOT NULL AND {value_of(field)} IS NULL)"


def _is_impossible_value(record: Record, field: Field) -> str:
    if field.choices:
        return f"{value_of(field)} NOT IN {one_of(field.choices)}"
    if field.bounds is None:
        return "false"
    low, high = field.bounds
    return f"{value_of(field)} NOT BETWEEN {low!r} AND {high!r}"


def _is_impossible_time(record: Record, field: Field) -> str:
    observed = value_of(record.observed_field)
    if field == record.observed_field:
        return f"{observed} NOT BETWEEN {FIRST_INSTANT_MS} AND {END_INSTANT_MS - 1}"
    latest = f"least({observed}, {END_INSTANT_MS}) + {AHEAD_MS}"
    return f"{value_of(field)} NOT BETWEEN {FIRST_INSTANT_MS} AND {latest}"


def _is_of_another_day(record: Record, field: Field) -> str:
    return f"{value_of(field)} NOT BETWEEN day_start_ms AND day_end_ms - 1"


_OF_LINE: dict[Reason, str] = {
    "invalid_utf8": "NOT is_utf8",
    "line_too_long": f"strlen(line) > {MAX_LINE_BYTES}",
    "broken_json": "read IS NULL",
}
_OF_FIELD: dict[Reason, Callable[[Record, Field], str]] = {
    "missing_field": _is_missing,
    "wrong_type": _is_of_wrong_type,
    "impossible_value": _is_impossible_value,
    "impossible_time": _is_impossible_time,
    "wrong_ingest_date": _is_of_another_day,
}
