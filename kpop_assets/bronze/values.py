"""How the text of a field becomes its value, as macros of DuckDB's SQL.

Belongs here: the types of a record's fields (`FieldType`), entities, and ids by country. Does not
belong here: what is wrong with a line (reasons.py), how lines go through DuckDB (parse.py), or a
particular field or limit (contracts/record.py).
"""

from __future__ import annotations

import sys
from functools import reduce

from kpop_assets.contracts.record import (
    AHEAD_MS,
    END_INSTANT_MS,
    FIRST_INSTANT_MS,
    HIDDEN_COUNT,
    Field,
    National,
    Record,
)

_ENTITIES = (
    ("&quot;", '"'),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
    ("&amp;", "&"),  # last, so that "&amp;lt;" is decoded once
)
_REAL = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def one_of(texts: tuple[str, ...] | list[str]) -> str:
    """The right side of SQL's IN."""
    return f"({', '.join(map(quoted, texts))})"


_DECODED = reduce(
    lambda text, pair: f"replace({text}, {quoted(pair[0])}, {quoted(pair[1])})", _ENTITIES, "given"
)
MACROS = f"""
CREATE MACRO is_blank(given) AS trim(given, ' ') = '';
CREATE MACRO text_value(given) AS given;
CREATE MACRO prose_value(given) AS CASE WHEN contains(given, '&') THEN {_DECODED} ELSE given END;
-- An array within a text is written as one within the line.
CREATE MACRO json_strings_value(given) AS CASE WHEN given[1] = '[' AND json_valid(given)
    THEN to_json(json_transform(given, '["VARCHAR"]'))::VARCHAR ELSE given END;
-- DuckDB's own cast would round 12.5 and takes "1_2".
CREATE MACRO number_of(given) AS CASE WHEN regexp_full_match(given, '{_REAL}')
    THEN TRY_CAST(given AS DOUBLE) END;
-- A float column of another tool writes 12 as 12.0; up to 2^53 a double holds every whole number.
CREATE MACRO whole_of(number) AS
    CASE WHEN abs(number) <= {1 << 53} AND floor(number) = number THEN number::BIGINT END;
CREATE MACRO whole_value(given) AS CASE
    WHEN TRY_CAST(given AS BIGINT)::VARCHAR = given THEN TRY_CAST(given AS BIGINT)
    ELSE whole_of(number_of(given)) END;
CREATE MACRO real_value(given) AS
    CASE WHEN abs(number_of(given)) <= {sys.float_info.max!r} THEN number_of(given) END;
CREATE MACRO instant_value(given) AS whole_value(given);
-- An impossible time has no timestamp.
CREATE MACRO time_of(epoch_ms) AS CASE
    WHEN epoch_ms BETWEEN {FIRST_INSTANT_MS} AND {END_INSTANT_MS + AHEAD_MS}
    THEN make_timestamp(epoch_ms * 1000) END;
-- As a whole number, and as a float column has it.
CREATE MACRO says_hidden(given) AS trim(given, ' ') IN ('', '{HIDDEN_COUNT}', '{HIDDEN_COUNT}.0');
"""


def text_of(field: Field) -> str:
    """The column of a field's text, as the line has it."""
    return f"json_{field.name}"


def value_of(field: Field) -> str:
    """The column of a field's value; null where there is none or it could not be read."""
    return f"value_{field.name}"


def given(field: Field) -> str:
    """The field's text; an empty one is no number at all."""
    text = text_of(field)
    is_number = field.type in ("whole", "real") and not field.required
    return f"(CASE WHEN NOT is_blank({text}) THEN {text} END)" if is_number else text


def cast(field: Field, record: Record) -> str:
    """The field as its type; what is no such value is null."""
    value = f"{field.type}_value({text_of(field)})"
    if field == record.observed_field and not field.required:
        return f"CASE WHEN {text_of(field)} IS NULL THEN name_epoch_ms ELSE {value} END"
    return value


def bounded_value(field: Field) -> str:
    """The value; null where it is impossible and the field is beside the line."""
    value = value_of(field)
    if not (field.is_side and field.bounds):
        return value
    low, high = field.bounds
    return f"CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END"


def as_kept(field: Field, record: Record) -> str:
    """The field as its column has it."""
    if field.type == "instant":
        return f"time_of({value_of(field)})"
    if record.national and field.name == record.national.id_field:
        return _national_id(record.national)
    return value_of(field)


def _national_id(national: National) -> str:
    """The id with its region behind it, where the source counts by country and the id has none.

    A chart's total in one country is not the rise of that in another.
    """
    name, source = f"value_{national.id_field}", f"value_{national.source_field}"
    region = f"lower(trim(value_{national.region_field}, ' '))"
    # A region of null makes the condition null, and so leaves the id as it is.
    needs_one = (
        f"{source} IN {one_of(sorted(national.sources))} "
        f"AND {region} NOT IN {one_of(['', national.first_region])} "
        f"AND NOT contains(':' || lower({name}) || ':', ':' || {region} || ':')"
    )
    return f"CASE WHEN {needs_one} THEN {name} || ':' || {region} ELSE {name} END"


def count_hidden(record: Record) -> str:
    """How many side fields are there to say that their value is not: -1, or an empty text."""
    return _count_sides(record, "says_hidden({text})")


def count_unusable(record: Record) -> str:
    """How many side fields hold what is neither a possible number nor says hidden."""
    return _count_sides(record, "{value} IS NULL AND NOT says_hidden({text})")


def _count_sides(record: Record, condition: str) -> str:
    counts = ["0"]
    for field in record.fields:
        if field.is_side:
            text, value = text_of(field), value_of(field)
            is_so = condition.format(text=text, value=value)
            # Most are numbers, and not looked at as texts.
            counts.append(
                f"CASE WHEN {text} IS NULL OR {value} > {HIDDEN_COUNT} THEN 0 "
                f"WHEN {is_so} THEN 1 ELSE 0 END"
            )
    return f"({' + '.join(counts)})::INTEGER"
