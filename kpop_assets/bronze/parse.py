"""Landing lines become typed fields, or a reason why they cannot be used: Arrow to Arrow.

Belongs here: how the lines of a record go through DuckDB, and what its reader takes that is no
JSON. Does not belong here: how a value is read (values.py), what is wrong with a line (reasons.py),
which of two equal lines is kept (account.py) or who the artist is (catalog/).

One query, made of the record; every field is read as text first and cast second. DuckDB
judges each line by itself and does not hold Python's lock meanwhile (docs/decisions/0021).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NoReturn

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kpop_assets.bronze.reasons import first_wrong
from kpop_assets.bronze.values import (
    MACROS,
    as_kept,
    bounded_value,
    cast,
    count_hidden,
    count_unusable,
    quoted,
    text_of,
    value_of,
)
from kpop_assets.contracts.record import Record
from kpop_assets.errors import KpopError
from kpop_assets.landing.lines import LINE_SCHEMA

_NAN = "-?(?i:nan|inf(?:inity)?)"
# What DuckDB takes beside JSON: a comma behind the last member, and numbers that are none. A
# pattern that begins with one letter is looked for three times as fast as one that does not.
_LAX = (rf",\s*(?:[}}\]]|{_NAN}\s*[,\]}}])", rf":\s*{_NAN}\s*[,\]}}]", rf"\[\s*{_NAN}\s*[,\]}}]")
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    # Nothing is fetched, read or spilled: lines come in as Arrow, and go out so.
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "temp_directory": "",
}

# A line as it was read, and what is known of its file.
PLACED_LINE = pa.schema(
    [
        ("ingest_date", pa.date32()),
        ("landing_file", pa.string()),
        ("name_epoch_ms", pa.int64()),
        ("day_start_ms", pa.int64()),
        ("day_end_ms", pa.int64()),
        *LINE_SCHEMA,
    ]
)
# What it takes to judge a line, and nobody asks for afterwards.
_NEEDED = ("name_epoch_ms", "day_start_ms", "day_end_ms", "line", "is_utf8")
_REWRITTEN = pa.field("rewritten", pa.string())
# Lines of at most so many bytes, on the average of a block, come out so many at a time: 64 MiB.
_ROWS_BY_BYTES = ((4 << 10, 16_384), (64 << 10, 1024), (1 << 20, 64))


def parse_lines(lines: Iterator[pa.RecordBatch], record: Record) -> Iterator[pa.Table]:
    """Typed fields of each line, and `reason` and `field` where it cannot be used.

    Args:
        lines: batches of `PLACED_LINE`.
        record: what makes a line usable.

    Yields:
        A row a line, in order: where it stands; the columns of the record's fields, which keep the
        contract of `record.rows`, or else `reason`, `field` and `line`; `hidden_count` and
        `unusable_count`.
    """
    with duckdb.connect(config=_SETTINGS) as db:
        db.execute(MACROS)
        # Most files have lines of one size throughout: that is one query.
        for rows, alike in groupby(lines, _rows_at_a_time):
            for found in _query(db, alike, PLACED_LINE, query_of(record), rows):
                yield _with_reason(_looked_at_twice(db, found, record), record)


def _rows_at_a_time(lines: pa.RecordBatch) -> int:
    each = lines.nbytes / max(1, lines.num_rows)
    return next((rows for size, rows in _ROWS_BY_BYTES if each <= size), 1)


def _looked_at_twice(db: duckdb.DuckDBPyConnection, found: pa.Table, record: Record) -> pa.Table:
    """The same lines; those that DuckDB may have misread as Python's reader has them."""
    doubtful = found.column("is_doubtful")
    if not pc.any(doubtful).as_py():
        return found
    lines = _rewrite(found.filter(doubtful).select(PLACED_LINE.names), record)
    # On a connection of its own: one holds a single answer that is not yet read.
    batches = iter(lines.to_batches())
    sql = query_of(record, is_rewritten=True)
    again = _query(db.cursor(), batches, lines.schema, sql, len(lines))
    return _replace(found, doubtful, pa.concat_tables(again))


def _query(
    db: duckdb.DuckDBPyConnection,
    lines: Iterator[pa.RecordBatch],
    schema: pa.Schema,
    sql: str,
    rows: int,
) -> Iterator[pa.Table]:
    """One query over all lines, read as they come: making it costs as much as 5,000 of them."""
    errors: list[KpopError] = []

    def read() -> Iterator[pa.RecordBatch]:
        # Only text comes out of DuckDB.
        try:
            yield from lines
        except KpopError as error:
            errors.append(error)
            raise

    db.register("lines", pa.RecordBatchReader.from_batches(schema, read()))
    try:
        for batch in db.sql(sql).to_arrow_reader(rows):
            yield pa.Table.from_batches([batch])
    except (duckdb.Error, OSError):
        if errors:
            raise errors[0] from None
        raise


def _with_reason(found: pa.Table, record: Record) -> pa.Table:
    checks = record.checks()
    number = found.column("check_number")
    looked_up = {
        "reason": pa.array([check.reason for check in checks], pa.string()).take(number),
        "field": pa.array([c.field and c.field.name for c in checks], pa.string()).take(number),
        "line": pc.if_else(pc.is_valid(number), found.column("line"), None),
    }
    kept = found.drop_columns([*_NEEDED, "check_number", "is_doubtful"])
    for name, column in looked_up.items():
        kept = kept.append_column(name, column)
    return kept


@lru_cache(maxsize=16)
def query_of(record: Record, is_rewritten: bool = False) -> str:
    """The query over `lines`: JSON, the texts of its fields, their values, what is wrong.

    Where lines were rewritten, that is read, and the length that counts is still the line's own.
    """
    fields = record.fields
    paths = ", ".join(quoted(f"$.{field.name}") for field in fields)
    texts = [f"texts[{i}] AS {text_of(field)}" for i, field in enumerate(fields, start=1)]
    values = [f"{cast(field, record)} AS {value_of(field)}" for field in fields]
    bounded = [f"{bounded_value(field)} AS {value_of(field)}" for field in fields]
    # What stands in quarantine is the line.
    columns = [
        f'CASE WHEN check_number IS NULL THEN {as_kept(field, record)} END AS "{field.column_name}"'
        for field in fields
    ]
    is_lax = " OR ".join(f"regexp_matches(read, {quoted(pattern)})" for pattern in _LAX)
    plain = _REWRITTEN.name if is_rewritten else _without_nan(record)
    # Of names and numbers of the contract alone: a line is never part of it.
    return f"""
        WITH with_plain AS (SELECT *, {plain} AS plain FROM lines),
        with_read AS (SELECT *, CASE WHEN {_IS_OBJECT} THEN plain END AS read FROM with_plain),
        with_list AS (SELECT *, json_extract_string(read, [{paths}]) AS texts FROM with_read),
        with_texts AS (
            SELECT *, {", ".join(texts)},
                coalesce({is_lax} OR {_HAS_A_KEY_TWICE}, false) AS is_doubtful
            FROM with_list
        ),
        with_values AS (SELECT *, {", ".join(values)} FROM with_texts),
        with_bounded AS (SELECT * REPLACE ({", ".join(bounded)}) FROM with_values),
        with_verdict AS (SELECT *, {first_wrong(record)} AS check_number FROM with_bounded)
        SELECT {", ".join(PLACED_LINE.names)}, {", ".join(columns)}, check_number, is_doubtful,
            {count_hidden(record)} AS hidden_count, {count_unusable(record)} AS unusable_count
        FROM with_verdict
    """  # noqa: S608


_IS_OBJECT = r"json_valid(plain) AND regexp_matches(plain, '^\s*\{')"
# As many members as texts were found: each is there once.
_HAS_A_KEY_TWICE = """
    CASE WHEN len(json_keys(read)) = list_count(texts) THEN false
    ELSE len(list_distinct(json_keys(read))) < len(json_keys(read)) END
"""


def _nan_pattern(record: Record) -> str:
    """Where a number may be missing, pandas writes NaN. Within a text the quotes are escaped."""
    numbers = [f.name for f in record.fields if f.type in ("whole", "real") and not f.required]
    return rf'"({"|".join(numbers)})"\s*:\s*NaN' if numbers else ""


def _without_nan(record: Record) -> str:
    pattern = _nan_pattern(record)
    if not pattern:
        return "line"
    written = f"regexp_replace(line, {quoted(pattern)}, '\"\\1\":null', 'g')"
    return f"CASE WHEN contains(line, 'NaN') THEN {written} ELSE line END"


def _rewrite(lines: pa.Table, record: Record) -> pa.Table:
    """With each line as Python's reader has it; null where that finds no JSON.

    Of a key that is there twice the last counts.
    """
    pattern = _nan_pattern(record)

    def written(line: str) -> str | None:
        plain = re.sub(pattern, r'"\1":null', line) if pattern else line
        try:
            return json.dumps(json.loads(plain, parse_constant=_refuse))
        except (ValueError, RecursionError):
            return None

    column = pa.array(map(written, lines.column("line").to_pylist()), _REWRITTEN.type)
    return lines.append_column(_REWRITTEN, column)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _replace(found: pa.Table, mask: pa.ChunkedArray, again: pa.Table) -> pa.Table:
    """The same lines, those of the mask as they were read the second time."""
    mask, again = mask.combine_chunks(), again.combine_chunks()
    columns = {name: found.column(name).combine_chunks() for name in found.column_names}
    for name in found.column_names[len(PLACED_LINE) :]:
        columns[name] = pc.replace_with_mask(columns[name], mask, again.column(name).chunk(0))
    return pa.table(columns)
