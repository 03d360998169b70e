"""The results of checks in Dagster's store, a real one and planted ones."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from app.notices import PageEnd
from app.queries.trust.checks import read_checks
from kpop_assets_tests.app.conftest import OpenPage

CHECKS = """CREATE TABLE asset_check_executions (id INTEGER PRIMARY KEY, asset_key TEXT,
    check_name TEXT, partition TEXT, run_id TEXT, execution_status TEXT, evaluation_event TEXT,
    evaluation_event_timestamp DATETIME, create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP)"""
INSERT = """INSERT INTO asset_check_executions
    (asset_key, check_name, partition, run_id, execution_status, evaluation_event,
     create_timestamp) VALUES (?, ?, ?, ?, ?, ?, '2026-03-10 01:02:03')"""


def event(**metadata: Any) -> str:
    entries = {
        name: {"__class__": "JsonMetadataEntryData", "data": value}
        for name, value in metadata.items()
    }
    return json.dumps({"dagster_event": {"event_specific_data": {"metadata": entries}}})


def plant(home: Path, rows: list[tuple[Any, ...]], runs: dict[str, str] | None = None) -> Path:
    """A store with executions (asset, check, partition, run, status, event) and states of runs."""
    folder = home / "dagster" / "history" / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "index.db")) as store, store:
        store.execute(CHECKS)
        store.executemany(INSERT, [(json.dumps(row[0].split("/")), *row[1:]) for row in rows])
    with closing(sqlite3.connect(folder.parent / "runs.db")) as store, store:
        store.execute("CREATE TABLE runs (run_id TEXT, status TEXT)")
        store.executemany("INSERT INTO runs VALUES (?, ?)", list((runs or {}).items()))
    return home / "dagster"


def test_the_last_run_of_a_check_counts(tmp_path: Path):
    bad = event(repeated_keys=3, note="<b>한국어</b>")
    # A name with marks that mean something in an address.
    home = plant(
        tmp_path / "a b#c?d%20e",
        [
            ("gold/a", "schema", None, "1", "FAILED", bad),
            ("gold/a", "schema", None, "2", "SUCCEEDED", event()),
            ("gold/a", "unique_key", None, "1", "SUCCEEDED", event()),
            ("gold/a", "unique_key", None, "2", "FAILED", bad),
            # A run over days: planned for each of them, reported once.
            ("gold/b", "schema", None, "2", "SUCCEEDED", event()),
            ("gold/b", "schema", "2026-03-01", "2", "PLANNED", None),
            # Retried within a run.
            ("gold/b", "unique_key", None, "2", "FAILED", bad),
            ("gold/b", "unique_key", None, "2", "SUCCEEDED", event()),
            ("gold/c", "schema", "2026-03-01", "2", "PLANNED", None),
            ("gold/c", "unique_key", "2026-03-01", "3", "PLANNED", None),
            # Its run was deleted.
            ("gold/d", "schema", "2026-03-01", "4", "PLANNED", None),
        ],
        {"1": "SUCCESS", "2": "FAILURE", "3": "STARTED"},
    )
    results = read_checks(home)
    assert results.counts == {"passed": 3, "failed": 1, "never_ran": 2, "running": 1}
    at = dt.datetime(2026, 3, 10, 1, 2, 3, tzinfo=dt.UTC)
    told = 'repeated_keys: 3; note: "<b>한국어</b>"'
    assert results.problems.rows() == [
        ("gold/a", "unique_key", "failed", at, told, "2"),
        ("gold/c", "schema", "never_ran", at, None, "2"),
        ("gold/d", "schema", "never_ran", at, None, "4"),
    ]


@pytest.mark.parametrize("is_in_use", [True, False])
def test_looking_leaves_no_file_beside_the_store(tmp_path: Path, is_in_use: bool):
    home = plant(tmp_path, [("gold/a", "schema", None, "1", "SUCCEEDED", event())])
    stores = [home / "history" / "runs.db", home / "history" / "runs" / "index.db"]
    with ExitStack() as stack:
        writers = [stack.enter_context(closing(sqlite3.connect(store))) for store in stores]
        for writer in writers:
            writer.execute("PRAGMA journal_mode = WAL")
        planned = (json.dumps(["gold", "b"]), "schema", None, "2", "SUCCEEDED", event())
        with writers[1]:
            writers[1].execute(INSERT, planned)
        with writers[0]:
            writers[0].execute("INSERT INTO runs VALUES ('2', 'SUCCESS')")
        if not is_in_use:
            stack.close()
        before = sorted(path.name for path in home.rglob("*"))
        assert any(name.endswith("-wal") for name in before) == is_in_use
        assert read_checks(home).counts["passed"] == 2, "what stands in the log counts"
        assert sorted(path.name for path in home.rglob("*")) == before


@pytest.mark.parametrize("text", ["[]", "{}", '{"dagster_event": null}', "null"])
def test_an_event_of_another_form_has_no_metadata(tmp_path: Path, text: str):
    home = plant(tmp_path, [("a/b", "schema", None, "1", "FAILED", text)])
    assert read_checks(home).problems.get_column("check_metadata").to_list() == [None]


def test_what_cannot_be_read_is_a_notice(tmp_path: Path):
    with pytest.raises(PageEnd, match=r"health\.no_checks"):
        read_checks(tmp_path / "dagster")
    home = plant(tmp_path / "columns", [])
    store = home / "history" / "runs" / "index.db"
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("ALTER TABLE asset_check_executions RENAME COLUMN run_id TO run")
    with pytest.raises(PageEnd, match=r"health\.no_checks"):
        read_checks(home)
    store.write_bytes(b"no database at all" * 100)
    with pytest.raises(PageEnd, match=r"health\.no_checks"):
        read_checks(home)


def test_a_new_result_is_seen(tmp_path: Path):
    home = plant(tmp_path, [("a/b", "schema", None, "1", "SUCCEEDED", None)])
    assert read_checks(home).counts["failed"] == 0
    store = sqlite3.connect(home / "history" / "runs" / "index.db")
    # As Dagster opens it: the newest rows are in the log beside the file.
    store.execute("PRAGMA journal_mode=WAL")
    with store:
        store.execute(INSERT, ('["a", "b"]', "schema", None, "2", "FAILED", event(x=1)))
    assert read_checks(home).counts["failed"] == 1
    store.close()


def test_a_real_store(full_home: Path):
    results = read_checks(full_home / "dagster")
    assert results.counts["passed"] > 50
    assert results.problems.is_empty()
    assert sum(results.counts.values()) == results.counts["passed"]


def test_a_failure_planted_in_a_real_store_is_on_the_page(
    full_home: Path, tmp_path: Path, open_page: OpenPage
):
    shutil.copytree(full_home / "dagster" / "history", tmp_path / "dagster" / "history")
    with closing(sqlite3.connect(tmp_path / "dagster/history/runs/index.db")) as store, store:
        of_events = """check_name = 'accounting' AND asset_key = '["bronze", "files"]'"""
        last = f"SELECT max(id) FROM asset_check_executions WHERE {of_events}"
        store.execute(
            "UPDATE asset_check_executions SET execution_status = 'FAILED', evaluation_event = ? "
            f"WHERE id = ({last} AND execution_status = 'SUCCEEDED')",
            (event(days_that_differ={"2026-11-20": [1, 2]}),),
        )
    page = open_page(tmp_path, "data_health", tab="checks")
    assert page.warning[0].value.startswith("Checks of the data that failed in their last run: 1.")
    row = page.dataframe[-1].value.iloc[0]
    assert (row["table_name"], row["check_name"]) == ("bronze/files", "accounting")
    assert row["check_metadata"] == 'days_that_differ: {"2026-11-20": [1, 2]}'
