"""What became of lines, against the account and against the second implementation.

Belongs here: comparisons that the tests of any kind make. Does not belong here: lines (kit.py) or
the second implementation (reference.py).
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.landing.folders import epoch_ms_in_name
from kpop_assets_tests.bronze.kit import DAY, DAY_START_MS, Loaded, land, load, parse
from kpop_assets_tests.bronze.reference import Expected, expect


def places(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """File and line of each row."""
    return [(row["landing_file"], row["line_number"]) for row in rows]


def check_accounts(loaded: Loaded) -> None:
    """In = rows + duplicates + quarantine, for each file and against the rows themselves."""
    for row in loaded.files:
        name = row["landing_file"]
        rows = [place for place in places(loaded.rows) if place[0] == name]
        quarantine = [place for place in places(loaded.quarantine) if place[0] == name]
        assert row["event_count"] == len(rows)
        assert row["quarantine_count"] == len(quarantine)
        assert row["line_count"] == (
            row["event_count"] + row["duplicate_count"] + row["quarantine_count"]
        )
    assert len(set(places(loaded.rows)) | set(places(loaded.quarantine))) == len(loaded.rows) + len(
        loaded.quarantine
    )


def check_parsed(expected: Expected, parsed: list[dict[str, Any]]) -> None:
    """Every line was read as the second implementation reads it."""
    usable = [row for row in parsed if row["reason"] is None]
    assert len(set(places(parsed))) == len(parsed)
    assert set(places(usable)) == expected.rows.keys() | expected.duplicates
    _check_reasons(expected, [row for row in parsed if row["reason"]])
    _check_values(expected, [row for row in usable if places([row])[0] in expected.rows])
    assert sum(row["hidden_count"] for row in usable) == expected.hidden
    assert sum(row["unusable_count"] for row in usable) == expected.unusable


def check_against(expected: Expected, loaded: Loaded) -> None:
    """Every line ended where the second implementation has it, with the same values."""
    assert set(places(loaded.rows)) == set(expected.rows)
    _check_reasons(expected, loaded.quarantine)
    assert loaded.total("duplicate_count") == len(expected.duplicates)
    assert loaded.total("differing_count") == expected.differing
    assert loaded.total("hidden_count") == expected.hidden
    assert loaded.total("unusable_count") == expected.unusable
    _check_values(expected, loaded.rows)


def _check_reasons(expected: Expected, quarantined: list[dict[str, Any]]) -> None:
    assert set(places(quarantined)) == set(expected.quarantine)
    for place, row in zip(places(quarantined), quarantined, strict=True):
        assert (row["reason"], row["field"]) in expected.quarantine[place], place


def _check_values(expected: Expected, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        for name, value in expected.rows[row["landing_file"], row["line_number"]].items():
            actual = row[name]
            if isinstance(actual, dt.datetime):
                actual = round(actual.replace(tzinfo=dt.UTC).timestamp() * 1000)
            assert actual == value, (name, row)


def parse_and_expect(
    files: dict[str, bytes], record: Record = EVENT_LINES
) -> tuple[list[dict[str, Any]], Expected]:
    """The lines of files of one day as the function reads them, and the second implementation."""
    with _landed(files, record) as root:
        parsed = parse(root, record=record).to_pylist()
    return parsed, _expected(files, record)


def load_and_expect(
    spark: SparkSession, files: dict[str, bytes], record: Record = EVENT_LINES
) -> tuple[Loaded, Expected]:
    """What becomes of files of one day, and what the second implementation makes of them."""
    with _landed(files, record) as root:
        loaded = load(spark, root, record=record)
    return loaded, _expected(files, record)


@contextmanager
def _landed(files: dict[str, bytes], record: Record) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            land(Path(folder), data, name, kind=record.kind)
        yield Path(folder)


def _expected(files: dict[str, bytes], record: Record) -> Expected:
    names: dict[bytes, int] = {}
    epochs = {
        name: names.setdefault(files[name], epoch_ms_in_name(name) or DAY_START_MS)
        for name in sorted(files)
    }
    return expect(files, DAY, epochs, record)
