"""Between the lake and pandas: exact types, nulls, nothing at all, and the order of rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.lake import frames
from kpop_assets.lake.frames import arrow_frame, in_stretches, make_frame, read_pandas
from kpop_assets.lake.lake import Lake, MissingTableError
from kpop_assets.lake.schemas import spark_schema

DAY = dt.date(2025, 11, 8)
NEXT = dt.date(2025, 11, 9)
EVERY_TYPE = Table(
    "models",
    "every_type",
    "One row of every type.",
    ("ingest_date", "name"),
    (
        INGEST_DATE,
        Column("name", "string", "Part of the key."),
        Column("place", "int", "A number.", nullable=True),
        Column("count", "long", "A larger number.", nullable=True),
        Column("share", "double", "A part.", nullable=True),
        Column("is_new", "boolean", "A truth.", nullable=True),
        Column("since", "date", "Another day.", nullable=True),
        Column("title", "string", "A text.", nullable=True),
    ),
)

NAMED = replace(EVERY_TYPE, columns=EVERY_TYPE.columns[:2])


def part(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows as pandas holds them: other dates than the lake, another order, one more column."""
    frame = pd.DataFrame([{"other": 1, "ingest_date": DAY, "name": "a", **row} for row in rows])
    frame["ingest_date"] = pd.to_datetime(frame["ingest_date"])
    for column in EVERY_TYPE.columns:
        if column.name not in frame:
            frame[column.name] = None
    return frame[sorted(frame)]


def make_rows(name: str) -> pa.Table:
    rows = {"ingest_date": [DAY], "name": [name]}
    return pa.table(rows, schema=NAMED.arrow_schema())


FULL = {
    "place": 2, "count": 2**40, "share": 0.1, "is_new": True, "since": NEXT, "title": "제목"
}  # fmt: skip
EMPTY = dict.fromkeys(FULL)


def collected(rows: Any) -> list[dict[str, Any]]:
    return sorted((row.asDict() for row in rows.collect()), key=lambda row: row["name"])


def types(rows: Any) -> list[tuple[str, str]]:
    return [(field.name, field.dataType.simpleString()) for field in rows.schema]


CONTRACT = [(f.name, f.dataType.simpleString()) for f in spark_schema(EVERY_TYPE)]


@pytest.mark.both_engines
def test_a_frame_has_the_contracts_columns_in_order_and_its_types(lake: Lake):
    rows = make_frame(lake, EVERY_TYPE, [part(FULL)])
    assert types(rows) == CONTRACT
    assert collected(rows) == [{"ingest_date": DAY, "name": "a", **FULL}]


@pytest.mark.both_engines
@pytest.mark.parametrize("parts", [[], [part(FULL).iloc[:0]], [pd.DataFrame()]])
def test_no_part_and_empty_parts_are_a_frame_without_rows(lake: Lake, parts: list[pd.DataFrame]):
    rows = make_frame(lake, EVERY_TYPE, parts)
    assert types(rows) == CONTRACT
    assert rows.collect() == []


@pytest.mark.both_engines
def test_nulls_of_every_kind_are_null_and_types_stay(lake: Lake):
    kinds = {"place": np.nan, "count": pd.NA, "share": np.nan, "since": pd.NaT, "title": None}
    parts = [part({"name": "a", **EMPTY}), part({"name": "b", **EMPTY, **kinds}),
             part({"name": "c", **FULL})]  # fmt: skip
    rows = make_frame(lake, EVERY_TYPE, parts)
    assert types(rows) == CONTRACT
    assert collected(rows) == [
        {"ingest_date": DAY, "name": "a", **EMPTY},
        {"ingest_date": DAY, "name": "b", **EMPTY},
        {"ingest_date": DAY, "name": "c", **FULL},
    ]


@pytest.mark.both_engines
def test_an_empty_part_among_others_adds_nothing(lake: Lake):
    parts = [part(FULL), pd.DataFrame(), part({"name": "b", **FULL})]
    assert [row["name"] for row in collected(make_frame(lake, EVERY_TYPE, parts))] == ["a", "b"]


@pytest.mark.both_engines
def test_days_without_rows_hide_none_of_those_that_follow(lake: Lake):
    """Spark's reader of Arrow ends at two chunks without rows."""
    full = make_rows("a")
    some = pa.concat_tables([full, *[full[:0]] * 2, make_rows("b"), *[full[:0]] * 3])
    for rows, names in ((some, ["a", "b"]), (some.slice(1), ["b"])):
        assert [row["name"] for row in collected(arrow_frame(lake, NAMED, rows))] == names


@pytest.mark.both_engines
def test_whole_floats_with_nulls_become_integers(lake: Lake):
    """Pandas holds integers beside nulls as floats, as ranks are."""
    rows = part({"name": "a", "place": 3.0, "count": 4.0}, {"name": "b", "place": None})
    assert [(r["place"], r["count"]) for r in collected(make_frame(lake, EVERY_TYPE, [rows]))] == [
        (3, 4),
        (None, None),
    ]


@pytest.mark.both_engines
def test_a_frame_of_a_true_contract_is_written_and_read_back(lake: Lake, spark: SparkSession):
    lake.replace_range(EVERY_TYPE, DAY, NEXT, make_frame(lake, EVERY_TYPE, [part(FULL)]))
    found = read_pandas(lake, EVERY_TYPE, DAY, NEXT)
    assert list(found) == EVERY_TYPE.column_names
    assert found.iloc[0].to_dict() == {
        "ingest_date": pd.Timestamp(DAY), "name": "a", **FULL, "since": pd.Timestamp(NEXT)
    }  # fmt: skip


@pytest.mark.parametrize("value", [2.5, 2**31, -(2**31) - 1, "three"])
def test_what_does_not_fit_its_type_is_refused(lake: Lake, value: Any):
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        make_frame(lake, EVERY_TYPE, [part({"place": value})])


def test_a_missing_column_is_named(lake: Lake):
    with pytest.raises(KeyError, match="share"):
        make_frame(lake, EVERY_TYPE, [part(FULL).drop(columns="share")])


def test_rows_are_read_in_the_order_of_the_key_whatever_order_they_were_written_in(lake: Lake):
    for day, names in ((NEXT, "bca"), (DAY, "zxy")):
        rows = part(*[{"name": name, "ingest_date": day} for name in names])
        end = day + dt.timedelta(days=1)
        lake.replace_range(EVERY_TYPE, day, end, make_frame(lake, EVERY_TYPE, [rows]))
    found = read_pandas(lake, EVERY_TYPE, DAY, NEXT + dt.timedelta(days=1))
    assert "".join(found["name"]) == "xyzabc"
    assert list(found.index) == list(range(6))
    assert list(read_pandas(lake, EVERY_TYPE, NEXT, DAY)["name"]) == []
    assert list(read_pandas(lake, EVERY_TYPE, DAY, NEXT)["name"]) == ["x", "y", "z"]


def test_chosen_columns_are_read_in_the_order_of_what_is_left_of_the_key(lake: Lake):
    rows = part({"name": "b", "share": 1.0}, {"name": "a", "share": 2.0})
    lake.replace_range(EVERY_TYPE, DAY, NEXT, make_frame(lake, EVERY_TYPE, [rows]))
    found = read_pandas(lake, EVERY_TYPE, DAY, NEXT, ["share", "name"])
    assert list(found) == ["share", "name"]
    assert list(found["share"]) == [2.0, 1.0]
    assert list(read_pandas(lake, EVERY_TYPE, DAY, NEXT, ["share"])) == ["share"]


def test_dates_are_datetime64_and_null_numbers_nan(lake: Lake):
    rows = part({"name": "a", "place": 1}, {"name": "b"})
    lake.replace_range(EVERY_TYPE, DAY, NEXT, make_frame(lake, EVERY_TYPE, [rows]))
    found = read_pandas(lake, EVERY_TYPE, DAY, NEXT)
    assert pd.api.types.is_datetime64_any_dtype(found["ingest_date"])
    assert pd.api.types.is_datetime64_any_dtype(found["since"])
    assert found["place"].dtype == np.dtype("float64")
    assert np.isnan(found["place"].iloc[1])


def test_a_table_that_was_never_written_is_missing(lake: Lake):
    with pytest.raises(MissingTableError, match="table pareto/next_viral has not been written"):
        read_pandas(lake, NEXT_VIRAL, DAY, NEXT)


def test_days_become_ranges_that_are_full_and_in_order_whatever_they_hold(
    monkeypatch: pytest.MonkeyPatch,
):
    """No day is left out or told twice, an empty one neither, and no range waits for the end."""
    monkeypatch.setattr(frames, "STRETCH_ROWS", 3)
    counts = [2, 2, 0, 0, 5, 1, 0]
    asked = []

    def rows_of(day: dt.date) -> pl.DataFrame:
        asked.append(day)
        names = [f"n{i}" for i in range(counts[(day - DAY).days])][::-1]
        return pl.DataFrame({"name": names}, schema={"name": pl.String})

    end = DAY + dt.timedelta(days=len(counts))
    found = []
    for start, stop, rows in in_stretches(NAMED, DAY, end, rows_of):
        assert asked[-1] == stop - dt.timedelta(days=1)
        found.append(((start - DAY).days, (stop - DAY).days, rows["name"].to_pylist()))
    assert found == [
        (0, 2, ["n0", "n1", "n0", "n1"]),
        (2, 5, ["n0", "n1", "n2", "n3", "n4"]),
        (5, 7, ["n0"]),
    ]
