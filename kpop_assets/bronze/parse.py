"""A landing line becomes typed fields, or a reason why it cannot be used.

Belongs here: the JSON form of a line, types, required fields, possible times. Does not belong
here: which of two equal events is kept (events.py) or who the artist is (catalog/).

Every field is read as text first and cast second: an engine that reads a wrong type straight into
a number may write NULL without a word.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.days import TIME_ZONE

REQUIRED = ("video_id", "text", "ts", "source")
TIMES = ("ts", "observed_at", "published_at")
COUNTS = ("view_count", "like_count", "comment_count", "duration_seconds")
TEXTS = (
    *("video_id", "text", "source", "post_id", "author_id", "author_name"),
    *("lang", "description", "tags", "category_id", "region", "query"),
)
# What a line of a search result or a chart never reaches; a longer one is damage or an attack.
MAX_LINE_BYTES = 1 << 20
# The first video went up on 2005-04-23; ten-digit seconds read as milliseconds fall in 1970.
FIRST_INSTANT_MS = 1_104_537_600_000  # 2005-01-01
END_INSTANT_MS = 4_102_444_800_000  # 2100-01-01
# A hundred times the most viewed video; sums of such counts, weighted, still fit 64 bits.
MAX_COUNT = 10**12
# Premieres are announced: a publish time may lie a little after the observation.
AHEAD_MS = 86_400_000

_FIELDS = (*TIMES, *COUNTS, *TEXTS)
# Spark's own defaults accept single quotes and NaN, which are not JSON; Sail never does.
_JSON = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
# Spark reads a line with a torn string in one field as a good one without that field, and says so
# only in a column of this name; Sail reads nothing of such a line and leaves the column null.
_TORN = "_corrupt_record"
_REAL = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z"
# Up to here a double holds every whole number exactly.
_EXACT_REALS = 1 << 53
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


def parse_lines(lines: DataFrame) -> DataFrame:
    """Typed fields of each line, and `reason` and `field` where it cannot be used.

    Args:
        lines: ingest_date, landing_file, name_epoch_ms, line_number, line, is_utf8.

    Returns:
        The columns of `bronze/events` but for `artist`, plus `reason` and `field`, and `line`
        where there is a reason. A line with a null `reason` keeps the contract of events.
    """
    schema = ", ".join(f"{name} string" for name in (*_FIELDS, _TORN))
    # Exploding an array of one keeps the optimizers from copying the JSON parse into each of the
    # expressions below: a filter pushed through the projection cost Sail 57 s instead of 2.
    read = lines.select("*", F.explode(F.array(F.from_json("line", schema, _JSON))).alias("json"))
    return _typed(read).transform(_with_reason).select(*_kept_columns())


def _kept_columns() -> list[Column]:
    plain = ("ingest_date", "landing_file", "line_number", *TEXTS, *COUNTS)
    return [
        *(F.col(name) for name in plain),
        # Only quarantine keeps the line as it came.
        F.when(F.col("code").isNotNull(), F.col("line")).alias("line"),
        *(_instant(F.col(f"{name}_ms")).alias(_at(name)) for name in TIMES),
        F.col("reason"),
        F.col("field"),
    ]


def _at(name: str) -> str:
    return "event_at" if name == "ts" else name


def _instant(epoch_ms: Column) -> Column:
    # An impossible time has no timestamp: Spark fails the whole read where it overflows.
    is_possible = epoch_ms.between(FIRST_INSTANT_MS, END_INSTANT_MS + AHEAD_MS)
    return F.timestamp_millis(F.when(is_possible, epoch_ms))


def _typed(read: DataFrame) -> DataFrame:
    """Cast each field; what cannot be cast is null and keeps its text in `json`."""
    texts = {name: F.col(f"json.{name}") for name in TEXTS}
    texts["text"] = _decoded(F.col("json.text"))
    texts["tags"] = _json_strings(F.col("json.tags"))
    counts = {name: _whole_number(name) for name in COUNTS}
    times = {f"{name}_ms": _whole_number(name) for name in TIMES}
    stated = F.col("json.observed_at").isNotNull()
    times["observed_at_ms"] = F.when(stated, times["observed_at_ms"]).otherwise(
        F.col("name_epoch_ms")
    )
    return read.withColumns({**texts, **counts, **times})


def _whole_number(name: str) -> Column:
    # A float column of another tool writes 12 as 12.0; Spark hands 12345678.0 on as 1.2345678E7.
    value = F.col(f"json.{name}")
    real = F.when(value.rlike(_REAL), value.try_cast("double"))
    is_whole = (real == F.floor(real)) & (F.abs(real) <= _EXACT_REALS)
    whole = F.when(is_whole, real.try_cast("bigint"))
    # Only plain digits: the engines differ in which white space they cut off.
    return F.coalesce(F.when(value.rlike(r"^-?[0-9]+\z"), value.try_cast("bigint")), whole)


def _json_strings(value: Column) -> Column:
    # Spark hands an emoji in a nested value on as two escapes; written anew it is itself.
    written = F.to_json(F.from_json(value, "array<string>", _JSON))
    return F.when(value.startswith("["), F.coalesce(written, value)).otherwise(value)


def _decoded(text: Column) -> Column:
    decoded = text
    for entity, character in _ENTITIES:
        decoded = F.replace(decoded, F.lit(entity), F.lit(character))
    return F.when(text.contains("&"), decoded).otherwise(text)


def _with_reason(typed: DataFrame) -> DataFrame:
    """The first thing that is wrong with a line, as `reason` and `field`; null where all is well.

    The checks give a number, which is looked up once: a struct in each branch took Sail a quarter
    of the whole parse.
    """
    whole_line: list[tuple[Column, str, str | None]] = [
        (~F.col("is_utf8"), "invalid_utf8", None),
        (F.octet_length("line") > MAX_LINE_BYTES, "line_too_long", None),
        (_is_broken_json(), "broken_json", None),
    ]
    conditions, reasons, fields = zip(*(whole_line + _field_checks()), strict=True)
    code = F.when(conditions[0], F.lit(0))
    for number, condition in enumerate(conditions[1:], start=1):
        code = code.when(condition, F.lit(number))

    def looked_up(texts: tuple[str | None, ...]) -> Column:
        return F.get(F.array(*(F.lit(text).cast("string") for text in texts)), F.col("code"))

    return typed.withColumn("code", code).withColumns(
        {"reason": looked_up(reasons), "field": looked_up(fields)}
    )


def _field_checks() -> list[tuple[Column, str, str | None]]:
    checks: list[tuple[Column, str, str | None]] = []
    for name in REQUIRED:
        value = F.col(f"json.{name}")
        is_empty = F.lit(False) if name == "text" else F.trim(value) == ""
        checks.append((value.isNull() | is_empty, "missing_field", name))
    checks += [(_is_no_string(name), "wrong_type", name) for name in ("video_id", "text", "source")]
    for name in (*TIMES, *COUNTS):
        number = F.col(f"{name}_ms" if name in TIMES else name)
        wrong = F.col(f"json.{name}").isNotNull() & number.isNull()
        checks.append((wrong, "wrong_type", name))
    checks += [(~F.col(name).between(0, MAX_COUNT), "impossible_value", name) for name in COUNTS]
    checks += _time_checks()
    return checks


def _time_checks() -> list[tuple[Column, str, str | None]]:
    observed = F.col("observed_at_ms")
    checks: list[tuple[Column, str, str | None]] = [
        (~observed.between(FIRST_INSTANT_MS, END_INSTANT_MS - 1), "impossible_time", "observed_at"),
        (_seoul_day(observed) != F.col("ingest_date"), "wrong_ingest_date", "observed_at"),
    ]
    latest = F.least(observed, F.lit(END_INSTANT_MS)) + AHEAD_MS
    for name in ("ts", "published_at"):
        instant = F.col(f"{name}_ms")
        possible = instant.between(F.lit(FIRST_INSTANT_MS), latest)
        checks.append((~possible, "impossible_time", name))
    return checks


def _seoul_day(epoch_ms: Column) -> Column:
    return F.from_utc_timestamp(_instant(epoch_ms), TIME_ZONE).cast("date")


def _is_broken_json() -> Column:
    # Spark stops reading at the end of the first object, so two lines torn into one would lose
    # the second. Inside an array, with a field behind it that must be reached, it shows. Only
    # lines in doubt pay for the second parse.
    nothing_read = F.coalesce(*(F.col(f"json.{name}") for name in REQUIRED)).isNull()
    in_doubt = nothing_read | F.col("line").rlike(r"\}\s*\S")
    wrapped = F.from_json(
        F.concat(F.lit('{"line":['), "line", F.lit('],"end":"reached"}')),
        "line array<struct<video_id: string>>, end string",
        _JSON,
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
