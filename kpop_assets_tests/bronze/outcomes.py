"""What became of lines, against the account and against the second implementation.

Belongs here: comparisons that the tests of any kind make. Does not belong here: lines (kit.py) or
the second implementation (reference.py).
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.landing.folders import epoch_ms_in_name
from kpop_assets_tests.bronze.kit import DAY, DAY_START_MS, Loaded, land, load
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


def check_against(expected: Expected, loaded: Loaded) -> None:
    """Every line ended where the second implementation has it, with the same values."""
    assert set(places(loaded.rows)) == set(expected.rows)
    reasons = {
        (row["landing_file"], row["line_number"]): (row["reason"], row["field"])
        for row in loaded.quarantine
    }
    assert set(reasons) == set(expected.quarantine)
    for place, reason in reasons.items():
        assert reason in expected.quarantine[place], place
    assert loaded.total("duplicate_count") == len(expected.duplicates)
    assert loaded.total("differing_count") == expected.differing
    assert loaded.total("hidden_count") == expected.hidden
    assert loaded.total("unusable_count") == expected.unusable
    for row in loaded.rows:
        for name, value in expected.rows[row["landing_file"], row["line_number"]].items():
            actual = row[name]
            if isinstance(actual, dt.datetime):
                actual = round(actual.replace(tzinfo=dt.UTC).timestamp() * 1000)
            assert actual == value, (name, row)


def load_and_expect(
    spark: SparkSession, files: dict[str, bytes], record: Record = EVENT_LINES
) -> tuple[Loaded, Expected]:
    """What the engine and the second implementation make of files of one day."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            land(Path(folder), data, name, kind=record.kind)
        loaded = load(spark, Path(folder), record=record)
    names: dict[bytes, int] = {}
    epochs = {
        name: names.setdefault(files[name], epoch_ms_in_name(name) or DAY_START_MS)
        for name in sorted(files)
    }
    return loaded, expect(files, DAY, epochs, record)
