"""A landing line becomes typed fields, or a reason why it cannot be used.

Belongs here: how an engine reads the JSON of a line and finds what its record contract
(contracts/record.py) forbids. Does not belong here: a particular field or limit (the record),
which of two equal lines is kept (account.py) or who the artist is (catalog/).

Every field is read as text first and cast second: an engine that reads a wrong type straight into
a number may write NULL without a word.
"""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.bronze.values import (
    JSON,
    cast,
    count_values,
    given,
    is_hidden,
    is_unusable,
    national_id,
    value_of,
    without_nan,
)
from kpop_assets.contracts.record import (
    AHEAD_MS,
    END_INSTANT_MS,
    FIRST_INSTANT_MS,
    MAX_LINE_BYTES,
    Field,
    Reason,
    Record,
)
from kpop_assets.days import TIME_ZONE

# Spark reads a line with a torn string in one field as a good one without that field, and says so
# only in a column of this name; Sail reads nothing of such a line and leaves the column null.
_TORN = "_corrupt_record"


def parse_lines(lines: DataFrame, record: Record) -> DataFrame:
    """Typed fields of each line, and `reason` and `field` where it cannot be used.

    Args:
        lines: ingest_date, landing_file, name_epoch_ms, line_number, line, is_utf8.
        record: what makes a line usable.

    Returns:
        The columns of the record's fields, file and line, plus `reason` and `field`, and `line`
        where there is a reason, and how many side values were hidden or unusable. A line with a
        null `reason` keeps the contract of `record.rows`.
    """
    schema = ", ".join(f"{name} string" for name in (*(f.name for f in record.fields), _TORN))
    # Exploding an array of one keeps the optimizers from copying the JSON parse into each of the
    # expressions below: a filter pushed through the projection cost Sail 57 s instead of 2.
    json = F.from_json(without_nan(record), schema, JSON)
    read = lines.select("*", F.explode(F.array(json)).alias("json"))
    return _with_reason(_typed(read, record), record).select(*_kept_columns(record))


def _kept_columns(record: Record) -> list[Column]:
    return [
        *(F.col(name) for name in ("ingest_date", "landing_file", "line_number")),
        # Only quarantine keeps the line as it came.
        F.when(F.col("code").isNotNull(), F.col("line")).alias("line"),
        *(_kept(field, record) for field in record.fields),
        F.col("reason"),
        F.col("field"),
        count_values(record, is_hidden).alias("hidden_count"),
        count_values(record, is_unusable).alias("unusable_count"),
    ]


def _kept(field: Field, record: Record) -> Column:
    value = value_of(field)
    if field.type == "instant":
        value = _instant(value)
    elif record.national and field.name == record.national.id_field:
        value = national_id(record.national)
    return value.alias(field.column_name)


def _instant(epoch_ms: Column) -> Column:
    # An impossible time has no timestamp: Spark fails the whole read where it overflows.
    is_possible = epoch_ms.between(FIRST_INSTANT_MS, END_INSTANT_MS + AHEAD_MS)
    return F.timestamp_millis(F.when(is_possible, epoch_ms))


def _typed(read: DataFrame, record: Record) -> DataFrame:
    """Cast each field; what cannot be cast is null and keeps its text in `json`."""
    values = {field.name: cast(field) for field in record.fields}
    observed = record.observed_field
    if not observed.required:
        stated = given(observed).isNotNull()
        value = F.when(stated, values[observed.name]).otherwise(F.col("name_epoch_ms"))
        values[observed.name] = value
    return read.withColumns({f"_{name}": value for name, value in values.items()})


def _with_reason(typed: DataFrame, record: Record) -> DataFrame:
    """The first thing that is wrong with a line, as `reason` and `field`; null where all is well.

    The checks give a number, which is looked up once: a struct in each branch took Sail a quarter
    of the whole parse.
    """
    checks = record.checks()
    code = F.when(_is_wrong(record, *checks[0]), F.lit(0))
    for number, check in enumerate(checks[1:], start=1):
        code = code.when(_is_wrong(record, *check), F.lit(number))

    def looked_up(texts: list[str | None]) -> Column:
        return F.get(F.array(*(F.lit(text).cast("string") for text in texts)), F.col("code"))

    fields = [check.field.name if check.field else None for check in checks]
    return typed.withColumn("code", code).withColumns(
        {"reason": looked_up([check.reason for check in checks]), "field": looked_up(fields)}
    )


def _is_wrong(record: Record, reason: Reason, field: Field | None) -> Column:
    """Whether a check of the record (`Record.checks`) finds something."""
    return _OF_LINE[reason](record) if field is None else _OF_FIELD[reason](record, field)


def _is_missing(record: Record, field: Field) -> Column:
    value = given(field)
    is_blank = F.lit(False) if field.type == "prose" else F.trim(value) == ""
    return value.isNull() | is_blank


def _is_of_wrong_type(record: Record, field: Field) -> Column:
    if field.type in ("text", "prose"):
        return _is_no_string(field.name)
    return given(field).isNotNull() & value_of(field).isNull()


def _is_impossible_value(record: Record, field: Field) -> Column:
    if field.choices:
        return ~value_of(field).isin(*field.choices)
    return ~value_of(field).between(*field.bounds) if field.bounds else F.lit(False)


def _is_impossible_time(record: Record, field: Field) -> Column:
    observed = value_of(record.observed_field)
    if field == record.observed_field:
        return ~observed.between(FIRST_INSTANT_MS, END_INSTANT_MS - 1)
    latest = F.least(observed, F.lit(END_INSTANT_MS)) + AHEAD_MS
    return ~value_of(field).between(F.lit(FIRST_INSTANT_MS), latest)


def _is_of_another_day(record: Record, field: Field) -> Column:
    day = F.from_utc_timestamp(_instant(value_of(field)), TIME_ZONE).cast("date")
    return day != F.col("ingest_date")


def _is_broken_json(record: Record) -> Column:
    # Spark stops reading at the end of the first object, so two lines torn into one would lose
    # the second. Inside an array, with a field behind it that must be reached, it shows. Only
    # lines in doubt pay for the second parse.
    required = [field for field in record.fields if field.required]
    nothing_read = F.coalesce(*map(given, required)).isNull()
    in_doubt = nothing_read | F.col("line").rlike(r"\}\s*\S")
    wrapped = F.from_json(
        F.concat(F.lit('{"line":['), "line", F.lit('],"end":"reached"}')),
        f"line array<struct<{required[0].name}: string>>, end string",
        JSON,
    )
    objects = wrapped["line"]
    is_one_object = (F.size(objects) == 1) & objects[0].isNotNull() & (wrapped["end"] == "reached")
    broken = F.when(in_doubt, ~F.coalesce(is_one_object, F.lit(False))).otherwise(F.lit(False))
    return broken | F.col(f"json.{_TORN}").isNotNull() | _has_lone_surrogate()


def _has_lone_surrogate() -> Column:
    escaped_backslash = r"\\\\"
    pair = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rest = F.regexp_replace("line", f"{escaped_backslash}|{pair}", "")
    lone = rest.rlike(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
    return F.when(F.col("line").rlike(r"\\u[dD][89a-fA-F]"), lone).otherwise(F.lit(False))


def _is_no_string(name: str) -> Column:
    """Whether the line holds a number, boolean, array or object where a string belongs."""
    looks_so = F.col(f"json.{name}").rlike(r"^(-?[0-9]|true$|false$|\[|\{)")
    unquoted = F.col("line").rlike(rf'"{name}"\s*:\s*[^"\s]')
    return F.when(looks_so, unquoted).otherwise(F.lit(False))


_OF_LINE: dict[Reason, Callable[[Record], Column]] = {
    "invalid_utf8": lambda record: ~F.col("is_utf8"),
    "line_too_long": lambda record: F.octet_length("line") > MAX_LINE_BYTES,
    "broken_json": _is_broken_json,
}
_OF_FIELD: dict[Reason, Callable[[Record, Field], Column]] = {
    "missing_field": _is_missing,
    "wrong_type": _is_of_wrong_type,
    "impossible_value": _is_impossible_value,
    "impossible_time": _is_impossible_time,
    "wrong_ingest_date": _is_of_another_day,
}
