"""Old runs go with their logs; what they materialized stays, and nothing is computed again."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.days import SEOUL
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.lock import locked
from kpop_assets.settings import Settings
from kpop_assets.wiring.upkeep import (
    KEEP_RUNS_DAYS,
    clean_tables,
    old_runs,
    purge_runs,
    upkeep_job,
    vacuum,
)
from kpop_assets_tests.operate.checkup.kit import TODAY, write
from kpop_assets_tests.operate.kit import broken, instance

# A fixture that tests name.
__all__ = ["instance"]

LATER = dt.timedelta(days=KEEP_RUNS_DAYS + 1)
DAYS = dg.DailyPartitionsDefinition("2026-11-02", end_offset=1)
# Dagster itself uses a parameter in beta to evaluate conditions.
pytestmark = pytest.mark.filterwarnings("ignore::dagster.BetaWarning")


@dg.asset(partitions_def=DAYS)
def upstream() -> None:
    """A day of something."""


@dg.asset(
    partitions_def=DAYS,
    deps=[upstream],
    check_specs=[dg.AssetCheckSpec("is_good", asset="downstream")],
    automation_condition=dg.AutomationCondition.eager() | dg.AutomationCondition.missing(),
)
def downstream() -> dg.MaterializeResult:
    """What follows it."""
    return dg.MaterializeResult(
        metadata={"row_count": 3},
        check_results=[dg.AssetCheckResult(check_name="is_good", passed=True)],
    )


def fill(instance: dg.DagsterInstance, day: str) -> str:
    result = dg.materialize([upstream, downstream], instance=instance, partition_key=day)
    return result.run_id


def now() -> dt.datetime:
    return dt.datetime.now(SEOUL)


def files_of(home: Path, run_id: str) -> list[Path]:
    return [path for path in home.rglob("*") if run_id in str(path)]


def checks(instance: dg.DagsterInstance) -> list[str]:
    key = dg.AssetCheckKey(downstream.key, "is_good")
    history = instance.event_log_storage.get_asset_check_execution_history(key, limit=5)
    return [record.status.value for record in history]


def test_a_purge_takes_run_and_logs_and_leaves_what_was_materialized(
    instance: dg.DagsterInstance, settings: Settings
):
    run_id = fill(instance, "2026-11-02")
    failed = broken.execute_in_process(instance=instance, raise_on_error=False).run_id
    keys = [upstream.key, downstream.key]
    before = {key: instance.get_latest_materialization_event(key) for key in keys}
    good = checks(instance)
    assert "SUCCEEDED" in good
    assert files_of(settings.dagster_home, run_id)

    purge = purge_runs(instance, settings.dagster_home, now() + LATER)

    assert purge.run_count == 2
    assert purge.freed_bytes > 0
    assert instance.get_runs() == []
    assert files_of(settings.dagster_home, run_id) == []
    assert files_of(settings.dagster_home, failed) == []
    for key in keys:
        assert instance.get_materialized_partitions(key) == {"2026-11-02"}
        assert instance.get_latest_materialization_event(key) == before[key]
        records = instance.fetch_materializations(
            dg.AssetRecordsFilter(asset_key=key, asset_partitions=["2026-11-02"]), limit=5
        ).records
        assert len(records) == 1
    statuses = instance.get_status_by_partition(downstream.key, ["2026-11-02"], DAYS)
    assert {key: status.value for key, status in (statuses or {}).items()} == {
        "2026-11-02": "MATERIALIZED"
    }
    assert checks(instance) == good


def test_nothing_is_asked_for_again_after_a_purge(instance: dg.DagsterInstance, settings: Settings):
    fill(instance, "2026-11-02")
    defs = dg.Definitions([upstream, downstream])
    at = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)

    def asked(cursor: object = None) -> int:
        result = dg.evaluate_automation_conditions(
            defs,
            instance,
            cursor=cursor,  # type: ignore[arg-type]
            evaluation_time=at,
        )
        return result.total_requested

    assert asked() == 0
    purge_runs(instance, settings.dagster_home, now() + LATER)
    assert asked() == 0


def test_what_dagster_itself_deletes_would_be_asked_for_again(instance: dg.DagsterInstance):
    """Why `delete_run` is not used: should this fail one day, the purge can become one line."""
    instance.delete_run(fill(instance, "2026-11-02"))
    assert instance.get_materialized_partitions(downstream.key) == set()


def test_young_and_unfinished_runs_stay(instance: dg.DagsterInstance, settings: Settings):
    fill(instance, "2026-11-02")
    at_work = instance.create_run_for_job(broken, status=dg.DagsterRunStatus.STARTED)
    young = now() + dt.timedelta(days=KEEP_RUNS_DAYS, minutes=-5)
    assert purge_runs(instance, settings.dagster_home, young).run_count == 0
    assert purge_runs(instance, settings.dagster_home, now() + LATER).run_count == 1
    assert [run.run_id for run in instance.get_runs()] == [at_work.run_id]
    assert old_runs(instance, now() + LATER) == []


def test_days_are_filled_as_before_after_a_purge(instance: dg.DagsterInstance, settings: Settings):
    fill(instance, "2026-11-02")
    purge_runs(instance, settings.dagster_home, now() + LATER)
    for day in ("2026-11-02", "2026-11-03"):
        fill(instance, day)
    assert instance.get_materialized_partitions(downstream.key) == {"2026-11-02", "2026-11-03"}
    assert len(instance.get_runs()) == 2
    again = purge_runs(instance, settings.dagster_home, now() + LATER)
    assert again.run_count == 2


def without_engine(settings: Settings) -> Lake:
    def fails() -> None:
        raise AssertionError("upkeep needs no engine")

    return Lake(settings.lake, fails, lock_seconds=0.1)  # type: ignore[arg-type]


def write_versions(lake: Lake, table: Table, days: float) -> None:
    """Two versions of a table that were written some days ago."""
    for _ in range(2):
        write(lake.root, table, {"ingest_date": TODAY})
    at = time.time() - days * 24 * 3600
    for path in lake.location(table).rglob("*.*"):
        os.utime(path, (at, at))
    for path in (lake.location(table) / "_delta_log").glob("*.json"):
        text = path.read_text()
        # Delta goes by the time that the log gives for a removal.
        for stamp in set(re.findall(r'"deletionTimestamp":(\d+)', text)):
            text = text.replace(stamp, str(int(at * 1000)))
        path.write_text(text)
        os.utime(path, (at, at))


def data_files(lake: Lake, table: Table) -> int:
    paths = lake.location(table).rglob("*.parquet")
    return sum("_delta_log" not in path.parts for path in paths)


def test_versions_of_a_week_ago_go_from_every_table(settings: Settings):
    lake = without_engine(settings)
    for table, days in ((ARTIST_DAILY, 8), (ARTIST_FEATURES, 6)):
        write_versions(lake, table, days)
        assert data_files(lake, table) == 2
    rows = lake.arrow(ARTIST_DAILY, TODAY, TODAY + dt.timedelta(days=1)).to_pylist()
    assert clean_tables(lake, logging.getLogger("kpop.test.upkeep")) > 0
    assert (data_files(lake, ARTIST_DAILY), data_files(lake, ARTIST_FEATURES)) == (1, 2)
    assert lake.arrow(ARTIST_DAILY, TODAY, TODAY + dt.timedelta(days=1)).to_pylist() == rows


def test_a_table_in_use_does_not_keep_the_others_from_being_cleaned(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    lake, log = without_engine(settings), logging.getLogger("kpop.test.upkeep")
    for table in (ARTIST_DAILY, ARTIST_FEATURES):
        write_versions(lake, table, days=8)
    with locked(lake.root / ".locks", ARTIST_DAILY.path, 1):
        clean_tables(lake, log)
    assert (data_files(lake, ARTIST_DAILY), data_files(lake, ARTIST_FEATURES)) == (2, 1)
    assert "silver/artist_daily is cleaned next time" in caplog.text
    monkeypatch.setattr("kpop_assets.wiring.upkeep.CLEANING_SECONDS", -1.0)
    clean_tables(lake, log)
    assert data_files(lake, ARTIST_DAILY) == 2


def test_the_job_purges_the_instance_it_runs_on(instance: dg.DagsterInstance, settings: Settings):
    fill(instance, "2026-11-02")
    lake = without_engine(settings)
    write_versions(lake, ARTIST_DAILY, days=8)
    result = upkeep_job.execute_in_process(
        instance=instance, resources={"settings": settings, "lake": lake}
    )
    assert result.success
    assert data_files(lake, ARTIST_DAILY) == 1
    assert len(instance.get_runs()) == 2


def test_a_database_shrinks_when_much_of_it_is_free(tmp_path: Path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (x TEXT)")
        database.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 2000)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert vacuum(path) == 0
        database.execute("DELETE FROM t WHERE rowid > 100")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = path.stat().st_size
    saved = vacuum(path)
    assert saved is not None
    assert saved == size - path.stat().st_size > size / 2
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM t").fetchone() == (100,)


def test_a_database_in_use_is_left_for_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE t (x TEXT)")
        database.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 200)
        database.execute("DELETE FROM t")
        monkeypatch.setattr("kpop_assets.wiring.upkeep.BUSY_SECONDS", 0.1)
        database.execute("BEGIN IMMEDIATE")
        assert vacuum(path) is None
        database.execute("ROLLBACK")
        assert vacuum(path)
