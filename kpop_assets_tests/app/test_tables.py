"""Downloads: exact values, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.file_forms import to_csv, to_parquet


@given(st.lists(st.tuples(st.text(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))))
def test_parquet_is_the_frame(rows: list[tuple[str, int, float]]):
    schema = {"text": pl.String, "views": pl.Int64, "growth": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    assert pl.read_parquet(io.BytesIO(to_parquet(frame))).equals(frame)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+(KR)ystal Eyes", "'+(KR)ystal Eyes"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
        ('가 나,"다"\n라', '가 나,"다"\n라'),
    ],
)
def test_csv_guards_text_and_nothing_else(text: str, written: str):
    frame = pl.DataFrame({"text": [text], "momentum": [-5.25], "days": [[1, 2]]})
    rows = list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"), newline="")))
    assert rows == [["text", "momentum", "days"], [written, "-5.25", "1 2"]]
