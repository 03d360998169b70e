"""Which files a day has, which instant their names give, and what stands in their frame."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets.landing.found import find_files
from kpop_assets_tests.bronze.kit import (
    DAY,
    DAY_MS,
    DAY_START_MS,
    NEXT,
    NOON_MS,
    land,
    line,
    load,
    parse,
    parse_in_engine,
)


def epochs(root: Path, start: dt.date = DAY, end: dt.date = NEXT) -> dict[str, int]:
    """Epoch of each file of a range of days, by name."""
    return {file.path.name: file.epoch_ms for file in find_files(root, start, end)}


@pytest.mark.parametrize(
    ("name", "epoch_ms"),
    [
        (f"events_{NOON_MS}.json", NOON_MS),
        (f"events_{NOON_MS // 1000}.json", NOON_MS // 1000 * 1000),
        (f"{NOON_MS}_0123456789ab.json", NOON_MS),
        (f"events_{NOON_MS}_1234567890123.json", NOON_MS),
        ("events.json", DAY_START_MS),
        ("뉴진스 clips.json", DAY_START_MS),
        ("events_12345.json", DAY_START_MS),
        ("events_0000000001.json", DAY_START_MS),
        ("events_9999999999999.json", DAY_START_MS),
    ],
)
def test_the_instant_is_in_the_name_or_is_the_first_of_the_day(
    tmp_path: Path, name: str, epoch_ms: int
):
    land(tmp_path, line(), name)
    assert epochs(tmp_path) == {name: epoch_ms}


def test_files_are_found_by_day_and_name_and_nothing_else_is(tmp_path: Path):
    for name in ("b.json", "a.json", ".hidden.json", "notes.txt", "a.json.part"):
        land(tmp_path, line(), name)
    land(tmp_path, b"", "c.json", NEXT)
    land(tmp_path, line(), "before.json", DAY - dt.timedelta(days=1))
    land(tmp_path, line(), "after.json", NEXT + dt.timedelta(days=1))
    (tmp_path / DAY.isoformat() / "folder.json").mkdir()
    (tmp_path / "20260302").mkdir()
    (tmp_path / "20260302" / "d.json").write_bytes(line())
    found = find_files(tmp_path, DAY, NEXT + dt.timedelta(days=1))
    assert [(f.day, f.path.name) for f in found] == [
        (DAY, "a.json"),
        (DAY, "b.json"),
        (NEXT, "c.json"),
    ]
    assert [f.size_bytes for f in found] == [len(line()), len(line()), 0]
    assert find_files(tmp_path, NEXT, DAY) == find_files(tmp_path / "missing", DAY, NEXT) == []


def test_a_copy_under_another_name_has_the_time_of_the_file_it_copies(tmp_path: Path):
    data = line(observed_at=...) + b"\n"
    land(tmp_path, data, f"events_{NOON_MS}.json")
    land(tmp_path, data, f"events_{NOON_MS + 60_000}.json")
    land(tmp_path, data.replace(b"v1", b"v2"), f"events_{NOON_MS + 120_000}.json")
    land(tmp_path, data, "z copy.json")
    # Another day's copy is another observation.
    land(tmp_path, data, f"events_{NOON_MS + DAY_MS}.json", NEXT)
    assert epochs(tmp_path, DAY, NEXT + dt.timedelta(days=1)) == {
        f"events_{NOON_MS}.json": NOON_MS,
        f"events_{NOON_MS + 60_000}.json": NOON_MS,
        f"events_{NOON_MS + 120_000}.json": NOON_MS + 120_000,
        "z copy.json": NOON_MS,
        f"events_{NOON_MS + DAY_MS}.json": NOON_MS + DAY_MS,
    }


def test_lines_carry_file_day_and_number(tmp_path: Path):
    land(tmp_path, "\ufeff뉴진스\r\n\r\n \t\n{\u2028}\n".encode() + b"\xff cut", "a b.json")
    land(tmp_path, b"", "empty.json")
    land(tmp_path, b"next", f"{NOON_MS + DAY_MS}.json", NEXT)
    rows = parse(tmp_path, DAY, NEXT + dt.timedelta(days=1)).to_pylist()
    place = ("ingest_date", "landing_file", "line_number", "line", "reason")
    assert [tuple(row[name] for name in place) for row in rows] == [
        (DAY, "a b.json", 1, "뉴진스", "broken_json"),
        (DAY, "a b.json", 4, "{\u2028}", "broken_json"),
        (DAY, "a b.json", 5, r"\xff cut", "invalid_utf8"),
        (NEXT, f"{NOON_MS + DAY_MS}.json", 1, "next", "broken_json"),
    ]


def test_a_day_without_files_or_with_an_empty_one_has_no_lines(tmp_path: Path, spark: SparkSession):
    assert load(spark, tmp_path).files == []
    land(tmp_path, b"")
    land(tmp_path, b"\xef\xbb\xbf\r\n \n", "blank.json")
    loaded = load(spark, tmp_path)
    assert loaded.rows == loaded.quarantine == []
    counts = ("line_count", "event_count", "duplicate_count", "quarantine_count")
    assert [[row[name] for name in counts] for row in loaded.files] == [[0] * 4, [0] * 4]
    assert [row["size_bytes"] for row in loaded.files] == [7, 0]


@pytest.mark.both_engines
def test_a_file_that_vanishes_is_one_line_that_names_it(
    tmp_path: Path, spark: SparkSession, lake: Lake
):
    path = land(tmp_path, line())
    lines = parse_in_engine(spark, tmp_path)
    path.unlink()
    with pytest.raises(LakeError) as caught, lake.staged(lines):
        pass
    assert len(str(caught.value).splitlines()) == 1
    assert str(path) in str(caught.value)


def test_more_files_than_the_engine_has_hands_are_all_read(tmp_path: Path, spark: SparkSession):
    for number in range(150):
        land(tmp_path, line(video_id=f"v{number}") + b"\n" + line(), f"{number:03}.json")
    rows = parse_in_engine(spark, tmp_path).collect()
    assert len(rows) == 300
    assert len({(row["landing_file"], row["line_number"]) for row in rows}) == 300
