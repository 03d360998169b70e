"""A table as a file: every row, in order, as it stands, in each format; whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import os
from base64 import b64encode
from pathlib import Path

import polars as pl
import pytest

from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake
from kpop_assets.operate.export import WRITERS, ExportError, export_table, whole_file
from kpop_assets_tests.graph.kit import DAY, frame

TABLE = Table(
    "silver",
    "things",
    "A thing a day.",
    ("ingest_date", "name"),
    (
        INGEST_DATE,
        Column("name", "string", "Its name."),
        Column("amount", "double", "How much.", nullable=True),
        Column("seen_at", "timestamp", "When."),
        Column("sketch", "binary", "A sketch.", nullable=True),
    ),
)
SEEN = dt.datetime(2025, 11, 8, 1, 2, 3, 456_000, tzinfo=dt.UTC)
DAYS = [DAY - dt.timedelta(days=number) for number in (2, 1, 0)]


@pytest.fixture
def filled(lake: Lake) -> Lake:
    """Three days of two things, of which one has a name that every format has to mark."""
    for number, day in enumerate(DAYS):
        rows = [
            {"name": '말, "b"\n', "amount": None, "sketch": None},
            {"name": "a", "amount": 0.1 + number, "sketch": b"\x00\xff"},
        ]
        full = [{"ingest_date": day, "seen_at": SEEN, **row} for row in rows]
        lake.replace_range(TABLE, day, day_end(day), frame(lake.spark, TABLE, *full))
    return lake


def exported(lake: Lake, format: str, days: tuple[dt.date, dt.date] | None = None) -> bytes:
    sink = io.BytesIO()
    count = export_table(lake, TABLE, days, format, sink)
    assert count == len(read(format, sink.getvalue()))
    return sink.getvalue()


def read(format: str, content: bytes) -> pl.DataFrame:
    readers = {"csv": pl.read_csv, "ndjson": pl.read_ndjson, "parquet": pl.read_parquet}
    return readers[format](io.BytesIO(content))


@pytest.mark.parametrize("format", WRITERS)
def test_every_row_is_there_in_order_of_its_key(filled: Lake, format: str):
    rows = read(format, exported(filled, format))
    assert rows["name"].to_list() == ["a", '말, "b"\n'] * 3
    assert rows["amount"].to_list() == [0.1, None, 1.1, None, 2.1, None]
    assert rows.columns == TABLE.column_names
    assert [str(day) for day in rows["ingest_date"]] == [str(day) for day in DAYS for _ in "ab"]


def test_parquet_keeps_types_and_text_has_bytes_as_base64(filled: Lake):
    rows = read("parquet", exported(filled, "parquet"))
    assert rows["seen_at"][0] == SEEN
    assert rows["sketch"].to_list()[:2] == [b"\x00\xff", None]
    for format in ("csv", "ndjson"):
        rows = read(format, exported(filled, format))
        assert rows["sketch"].to_list()[:2] == [b64encode(b"\x00\xff").decode(), None]


@pytest.mark.parametrize("format", WRITERS)
def test_only_the_days_asked_for(filled: Lake, format: str):
    rows = read(format, exported(filled, format, (DAYS[1], DAYS[1])))
    assert {str(day) for day in rows["ingest_date"]} == {str(DAYS[1])}


def test_days_are_read_one_at_a_time(filled: Lake, monkeypatch: pytest.MonkeyPatch):
    asked = []
    rows = Lake.rows
    monkeypatch.setattr(Lake, "rows", lambda *given: asked.append(given[2:4]) or rows(*given))
    told: list[tuple[int, int]] = []
    export_table(filled, TABLE, None, "csv", io.BytesIO(), lambda *amounts: told.append(amounts))
    assert asked == [(day, day_end(day)) for day in DAYS]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_nothing_to_export_is_said(filled: Lake):
    with pytest.raises(ExportError, match="no rows from 2017-01-01 to 2017-01-02"):
        exported(filled, "csv", (dt.date(2017, 1, 1), dt.date(2017, 1, 2)))


def test_a_file_is_whole_or_as_it_was(tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_text("before")
    with pytest.raises(ValueError, match="broken"), whole_file(path) as sink:
        sink.write(b"half")
        raise ValueError("broken")
    assert path.read_text() == "before"
    with whole_file(path) as sink:
        sink.write(b"after")
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path):
    path = tmp_path / "nowhere" / "x.csv"
    with pytest.raises(ExportError, match=str(path)), whole_file(path):
        pass


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_a_pipe_that_its_reader_closed_is_told_as_such(filled: Lake, format: str):
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError), os.fdopen(writing, "wb", buffering=0) as sink:
        export_table(filled, TABLE, None, format, sink)
