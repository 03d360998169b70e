"""A second kind of line: parsed, set aside and accounted for by its record alone."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from kpop_assets.contracts.bronze import FILES, QUARANTINE
from kpop_assets.contracts.record import Field, FieldType, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table, Type
from kpop_assets_tests.bronze.kit import DAY_MS, DAY_START_MS, NOON_MS, land, load, parse
from kpop_assets_tests.bronze.outcomes import (
    check_accounts,
    check_against,
    check_parsed,
    load_and_expect,
    parse_and_expect,
)
from kpop_assets_tests.bronze.toy import FILE_NAME, HEARD, HEARD_LINES, heard

DENORMAL, HUGE = 5e-324, 1.7976931348623157e308
VALUES: dict[str, list[Any]] = {
    "listener_id": ["l1", "5", "뉴", "true"],
    "at": [NOON_MS, str(NOON_MS), float(NOON_MS), DAY_START_MS, DAY_START_MS + DAY_MS - 1],
    "mood": ["bright", "dark", None],
    "energy": [0, 1, 0.0, 1.0, 0.1, 0.30000000000000004, 1e-7, "0.5", "5e-1", DENORMAL, None],
    "tempo": [120, 119.98, -1.5, 1e21, HUGE, -HUGE, "1.5E3", 123456789.123, 2**63, 10**30],
    "musical_key": [-1, 0, 11, "11", 7.0, None],
    "play_count": [0, 10**12, "3", None],
    "note": ["", "R&amp;B &lt;3", "a} {b", 5, ["x"], None],
    "genres": [["k-pop"], ["a", 'b"c'], [], "[]", "plain", None],
    "released": [NOON_MS, NOON_MS + DAY_MS, 1_104_537_600_000, None],
}
FAULTY: dict[str, list[Any]] = {
    "listener_id": [..., None, "", " ", 5, True, ["a"]],
    "at": [..., None, "", "x", True, 0, NOON_MS // 1000, NOON_MS - DAY_MS, 1.5],
    "mood": ["", "Bright", "sad", 5, True],
    "energy": [-1e-9, 1.0000000000000002, 2, "", "x", "1,5", ".5", True, [], {}, "NaN", "1e400"],
    "tempo": ["fast", "", False, [1], "Infinity", 10**400, "-1e309", " 5"],
    "musical_key": [-2, 12, 1.5, "x", 2**63],
    "play_count": [-1, 10**12 + 1],
    "released": [0, NOON_MS + 366 * DAY_MS + 1, "soon"],
}
FAULTS = [(name, value) for name, values in FAULTY.items() for value in values]
BROKEN = [
    b"",
    b"x",
    b"{}",
    heard()[:-1],
    heard() + heard(),
    b"[" + heard() + b"]",
    b"\xff" + heard(),
]
# As JSON text: Python would write them otherwise.
TEMPOS = [b"1e400", b"-1e400", b"1E-400", b"0.1e1", b"1.10", b"-0.0", b"NaN", b"01", b"1."]


@pytest.mark.both_engines
def test_every_value_of_every_type_ends_where_plain_python_has_it(spark: SparkSession):
    good = [
        heard(**{"listener_id": f"{name} {number}", name: value})
        for name, values in VALUES.items()
        for number, value in enumerate(values)
    ]
    bad = [heard(**{"listener_id": f"bad {n}", name: v}) for n, (name, v) in enumerate(FAULTS)]
    raw = [b'{"listener_id": "%b", "at": %d, "tempo": %b}' % (t, NOON_MS, t) for t in TEMPOS]
    files = {FILE_NAME: b"\n".join([*good, *bad, *raw, *BROKEN]), "extra.json": b"\n".join(good)}
    loaded, expected = load_and_expect(spark, files, HEARD_LINES)
    check_accounts(loaded)
    check_against(expected, loaded)
    assert (len(loaded.rows), loaded.total("duplicate_count")) == (len(good) + 7, len(good))
    assert {(row["reason"], row["field"]) for row in loaded.quarantine} >= {
        ("missing_field", "at"),
        ("wrong_type", "energy"),
        ("impossible_value", "energy"),
        ("impossible_value", "mood"),
        ("impossible_value", "musical_key"),
        ("wrong_ingest_date", "at"),
        ("impossible_time", "released"),
        ("broken_json", None),
    }


def test_a_feature_that_is_not_there_is_null_and_never_zero(spark: SparkSession, tmp_path: Path):
    land(tmp_path, heard() + b"\n" + heard(listener_id="l2", energy=0), FILE_NAME, kind="heard")
    rows = load(spark, tmp_path, record=HEARD_LINES).rows
    assert [row["energy"] for row in rows] == [None, 0.0]
    assert [row["play_count"] for row in rows] == [None, None]


def test_a_kind_without_an_hour_of_its_own_takes_that_of_the_file(
    spark: SparkSession, tmp_path: Path
):
    """Where the observation time is required, a line without it is of no use instead."""
    silent = replace(HEARD_LINES, fields=tuple(_optional(f, "at") for f in HEARD_LINES.fields))
    land(tmp_path, heard(at=...), FILE_NAME, kind="heard")
    assert load(spark, tmp_path, record=HEARD_LINES).reasons() == {1: ("missing_field", "at")}
    (row,) = load(spark, tmp_path, record=silent).rows
    assert row["heard_at"].replace(tzinfo=dt.UTC).timestamp() * 1000 == NOON_MS


def _optional(field: Field, name: str) -> Field:
    return replace(field, required=False) if field.name == name else field


def test_the_tables_of_a_kind_are_those_of_its_name_and_the_columns_those_of_events():
    assert [table.path for table in HEARD_LINES.tables] == [
        "bronze/heard",
        "bronze/heard_quarantine",
        "bronze/heard_files",
    ]
    ours = tuple(column.computed() for column in QUARANTINE.columns)
    assert HEARD_LINES.quarantine.columns == ours
    assert HEARD_LINES.files.columns == FILES.columns
    # Whose data they hold is said of the rows, not taken from events.
    assert {table.provider for table in HEARD_LINES.tables} == {None}
    assert quarantine_of(replace(HEARD, provider="youtube")).provider == "youtube"


def test_a_line_of_a_kind_has_the_columns_of_its_table(tmp_path: Path):
    land(tmp_path, heard(), FILE_NAME, kind="heard")
    kinds = {field.name: field.type for field in parse(tmp_path, record=HEARD_LINES).schema}
    assert {name: kinds.pop(name) for name in HEARD.column_names} == {
        field.name: field.type for field in HEARD.arrow_schema()
    }
    assert sorted(kinds) == ["field", "hidden_count", "line", "reason", "unusable_count"]


# --- any record, any lines -----------------------------------------------------------------------

TYPES: dict[FieldType, Type] = {
    "text": "string",
    "whole": "long",
    "real": "double",
    "instant": "timestamp",
}
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
anything = (
    st.none()
    | st.booleans()
    | numbers
    | numbers.map(str)
    | st.sampled_from(
        ["", " ", "a", "b", "뉴", NOON_MS, NOON_MS + 1, str(NOON_MS), [], ["a"], {}, {"a": 1}]
    )
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A small record of a kind that nobody thought of."""
    fields = [Field("at", "instant", required=draw(st.booleans()))]
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(sorted(TYPES)))
        limits = draw(st.none() | st.tuples(st.integers(-9, 0), st.integers(1, 10**6)))
        choices = draw(st.sampled_from([(), ("a", "b")])) if kind == "text" else ()
        fields.append(
            Field(
                f"f{number}",
                kind,
                required=number == 0 or draw(st.booleans()),
                limits=limits if kind in ("whole", "real") else None,
                choices=choices,
            )
        )
    columns = [
        Column(f.name, TYPES[f.type], "Any.", nullable=not f.required and f.name != "at")
        for f in fields
    ]
    rows = Table("bronze", "any", "Any.", ("ingest_date", "at", "f0"), (INGEST_DATE, *columns))
    return Record(tuple(fields), "at", rows, quarantine_of(rows), files_of(rows))


@settings(deadline=None, max_examples=40)
@given(data=st.data(), record=records())
def test_every_line_of_any_record_is_read_as_plain_python_reads_it(
    data: st.DataObject, record: Record
):
    values = {
        f.name: anything if f.name != "at" else st.just(NOON_MS) | anything for f in record.fields
    }
    lines = st.lists(st.fixed_dictionaries({}, optional=values).map(json.dumps), max_size=30)
    text = "\n".join(data.draw(lines))
    parsed, expected = parse_and_expect({f"any_{NOON_MS}.json": text.encode()}, record)
    check_parsed(expected, parsed)
