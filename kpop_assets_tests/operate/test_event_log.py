"""The event log holds the rows that Dagster's own would, in batches or event by event."""

import os
import sqlite3
import threading
import uuid
from collections import Counter
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.graph.policies import RANGE_END_TAG, RANGE_START_TAG
from kpop_assets.operate import event_log
from kpop_assets.operate.event_log import BATCH_SIZE_VARIABLE, BatchedEventLog
from kpop_assets.operate.instance import open_existing, open_instance
from kpop_assets.settings import Settings

DAYS = ["2026-01-01", "2026-01-02", "2026-01-03"]
KEYS = [dg.AssetKey("left"), dg.AssetKey("right")]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(key, partitions_def=dg.DailyPartitionsDefinition("2026-01-01")) for key in KEYS
    ],
    check_specs=[dg.AssetCheckSpec("holds", asset=KEYS[0])],
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def pair(context: dg.AssetExecutionContext):
    for key in KEYS:
        yield dg.MaterializeResult(key, metadata={"n": 1}, tags={"colour": "red"})
    yield dg.AssetCheckResult(passed=True, asset_key=KEYS[0], check_name="holds")


def fill(instance: dg.DagsterInstance) -> None:
    job = dg.Definitions(assets=[pair]).resolve_implicit_global_asset_job_def()
    tags = {RANGE_START_TAG: DAYS[0], RANGE_END_TAG: DAYS[-1]}
    assert job.execute_in_process(instance=instance, tags=tags).success


def rows_of(home: Path) -> dict[str, Counter]:
    """What stands in the index and in the run's own log, without ids, times and texts."""
    events = "SELECT dagster_event_type, step_key, asset_key, partition FROM event_logs"
    queries = {
        "events": events,
        "checks": "SELECT check_name, partition, execution_status FROM asset_check_executions",
        "assets": "SELECT asset_key, last_materialization IS NULL FROM asset_keys",
        "tags": "SELECT asset_key, key FROM asset_event_tags",
    }
    with closing(sqlite3.connect(home / "history/runs/index.db")) as index:
        found = {name: Counter(index.execute(query)) for name, query in queries.items()}
    (log,) = [path for path in home.glob("history/runs/*.db") if path.stem != "index"]
    with closing(sqlite3.connect(log)) as run:
        return {**found, "log": Counter(run.execute(events))}


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events each batch held."""
    sizes: list[int] = []
    store = BatchedEventLog.store_event_batch
    monkeypatch.setattr(
        BatchedEventLog,
        "store_event_batch",
        lambda log, events: (sizes.append(len(events)), store(log, events)),
    )
    return sizes


def test_batches_and_single_events_leave_the_rows_that_dagsters_own_log_leaves(
    tmp_path: Path, batches: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, "0")
    (own := tmp_path / "own").mkdir()
    with dg.DagsterInstance.local_temp(str(own)) as instance:
        fill(instance)
    expected = rows_of(own)
    for size in (0, 4):
        monkeypatch.setenv(BATCH_SIZE_VARIABLE, str(size))
        settings = Settings(home=tmp_path / str(size))
        with open_instance(settings) as instance:
            fill(instance)
            for key in KEYS:
                assert instance.get_materialized_partitions(key) == set(DAYS)
                latest = instance.get_latest_materialization_event(key)
                assert (
                    latest and latest.dagster_event and latest.dagster_event.partition == DAYS[-1]
                )
        assert rows_of(settings.dagster_home) == expected
    # Seven planned, and each asset's three days.
    assert batches == [4, 3, 3, 3]


def test_whoever_watches_a_run_from_another_process_hears_of_its_events_while_it_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")
    run_id = str(uuid.uuid4())
    with open_instance(settings) as runs, open_existing(settings) as watches:
        runs.report_engine_event("first", job_name="any", run_id=run_id)
        heard = threading.Event()
        watches.watch_event_logs(run_id, None, lambda entry, cursor: heard.set())
        runs.report_engine_event("second", job_name="any", run_id=run_id)
        assert heard.wait(30)
        watches.event_log_storage.dispose()


def test_the_size_of_a_batch_is_set_unless_the_environment_says_otherwise(
    settings: Settings, batches: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, "")
    monkeypatch.delenv(BATCH_SIZE_VARIABLE)
    with open_instance(settings) as instance:
        assert os.environ[BATCH_SIZE_VARIABLE] == str(event_log.BATCH_SIZE)
        fill(instance)
    # Each plan and output whole.
    assert batches == [7, 3, 3]
