"""The fields of a line: their text, their typed value, and what stands for one that is not there.

Belongs here: how one field's text becomes a value, whatever the record. Does not belong here: what
is wrong with a line as a whole (parse.py), or a particular field or limit (contracts/record.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import reduce
from operator import add

from pyspark.sql import Column
from pyspark.sql import functions as F

from kpop_assets.contracts.record import HIDDEN_COUNT, Field, National, Record

# Spark's own defaults accept single quotes and NaN, which are not JSON; Sail never does.
JSON = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
_REAL = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z"
# Up to here a double holds every whole number exactly.
_EXACT_REALS = 1 << 53
# As a whole number, and as a float column has it.
_HIDDEN = (str(HIDDEN_COUNT), f"{HIDDEN_COUNT}.0")
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


def value_of(field: Field) -> Column:
    """The field's value after the cast; null where there is none or it could not be cast."""
    return F.col(f"_{field.name}")


def given(field: Field) -> Column:
    """The field as the line has it, as text; an empty text is no number at all."""
    text = F.col(f"json.{field.name}")
    is_number = field.type in ("whole", "real") and not field.required
    return F.when(F.trim(text) != "", text) if is_number else text


def cast(field: Field) -> Column:
    """The field as its type; what is no such value is null, and so is an impossible side value."""
    value = _CASTS[field.type](given(field))
    return F.when(value.between(*field.bounds), value) if field.is_side and field.bounds else value


def _whole_number(value: Column) -> Column:
    # A float column of another tool writes 12 as 12.0; Spark hands 12345678.0 on as 1.2345678E7.
    real = F.when(value.rlike(_REAL), value.try_cast("double"))
    is_whole = (real == F.floor(real)) & (F.abs(real) <= _EXACT_REALS)
    whole = F.when(is_whole, real.try_cast("bigint"))
    # Only plain digits: the engines differ in which white space they cut off.
    return F.coalesce(F.when(value.rlike(r"^-?[0-9]+\z"), value.try_cast("bigint")), whole)


def _real_number(value: Column) -> Column:
    real = F.when(value.rlike(_REAL), value.try_cast("double"))
    # Beyond what a double holds Sail reads infinity, and Spark no number.
    return F.when(F.abs(real) <= sys.float_info.max, real)


def _json_strings(value: Column) -> Column:
    # Spark hands an emoji in a nested value on as two escapes; written anew it is itself.
    written = F.to_json(F.from_json(value, "array<string>", JSON))
    return F.when(value.startswith("["), F.coalesce(written, value)).otherwise(value)


def _decoded(text: Column) -> Column:
    decoded = text
    for entity, character in _ENTITIES:
        decoded = F.replace(decoded, F.lit(entity), F.lit(character))
    return F.when(text.contains("&"), decoded).otherwise(text)


_CASTS: dict[str, Callable[[Column], Column]] = {
    "text": lambda value: value,
    "prose": _decoded,
    "json_strings": _json_strings,
    "whole": _whole_number,
    "real": _real_number,
    "instant": _whole_number,
}


def national_id(national: National) -> Column:
    """The id with its region behind it, where the source counts by country and the id has none.

    A chart's total in one country is not the rise of that in another.
    """
    name = F.col(f"_{national.id_field}")
    region = F.lower(F.trim(F.col(f"_{national.region_field}")))
    parts = F.concat(F.lit(":"), F.lower(name), F.lit(":"))
    is_there = parts.contains(F.concat(F.lit(":"), region, F.lit(":")))
    is_national = F.col(f"_{national.source_field}").isin(*sorted(national.sources))
    # A region of null makes the condition null, and so leaves the id as it is.
    needs_one = is_national & ~region.isin("", national.first_region) & ~is_there
    return F.when(needs_one, F.concat(name, F.lit(":"), region)).otherwise(name)


def count_values(record: Record, is_so: Callable[[Field], Column]) -> Column:
    """How many side fields of a line are so."""
    found = [F.when(is_so(field), 1).otherwise(0) for field in record.fields if field.is_side]
    return reduce(add, found, F.lit(0))


def is_hidden(field: Field) -> Column:
    """Whether a side field is there to say that its value is not: -1, or an empty text."""
    text = F.trim(F.col(f"json.{field.name}"))
    return text.isin("", *_HIDDEN)


def is_unusable(field: Field) -> Column:
    """Whether a side field holds something that is neither a possible number nor says hidden."""
    text = F.col(f"json.{field.name}")
    return text.isNotNull() & value_of(field).isNull() & ~is_hidden(field)


def without_nan(record: Record) -> Column:
    """The line with null for NaN, which is no JSON, where a number that may be missing stands.

    pandas writes a missing number so. Within a text the quotes about a name are escaped.
    """
    numbers = [f.name for f in record.fields if f.type in ("whole", "real") and not f.required]
    if not numbers:
        return F.col("line")
    written = F.regexp_replace("line", rf'"({"|".join(numbers)})"\s*:\s*NaN', '"$1":null')
    return F.when(F.col("line").contains("NaN"), written).otherwise(F.col("line"))
