"""Runs that fail: what stops with them, what is found by the next, what is not tried again."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import dagster as dg
import pyarrow as pa
import pytest

from kpop_assets.bronze import assets as bronze_assets
from kpop_assets.contracts.bronze import EVENTS, FILES
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.registry import TABLES
from kpop_assets.days import day_end
from kpop_assets.definitions import build_defs
from kpop_assets.graph.reach import downstream, look_backs
from kpop_assets.operate import runner
from kpop_assets.operate.execution import RunError
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import (
    DAY,
    instance,
    land,
    use_home,
)

__all__ = ["instance"]


EVE = DAY - dt.timedelta(days=1)


# Dagster itself calls `AssetSelection.all(include_sources=True)`, a parameter in beta.
@pytest.mark.filterwarnings("ignore::dagster.BetaWarning")
def test_a_failed_blocking_check_stops_what_follows(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    land(settings, DAY, "a", "b")
    account = bronze_assets.account_for_files

    def one_line_too_many(*args: object) -> object:
        rows = account(*args)
        return rows.withColumn("line_count", rows["line_count"] + 1)

    monkeypatch.setattr(bronze_assets, "account_for_files", one_line_too_many)
    with pytest.raises(RunError) as failure:
        materialize(settings, DAY, DAY)
    assert str(failure.value) == (
        "check bronze/files:accounting failed: {'days_that_differ': {'2025-11-08': [3, 2]}}"
    )
    lake = build_lake(settings)
    taken_in = [table.path for table in EVENT_LINES.tables]
    # What other kinds' lines became is no concern of these.
    rest = downstream(look_backs(build_defs().resolve_all_asset_specs()), taken_in)
    assert [t.path for t in TABLES if lake.exists(t) and t.path in {*taken_in, *rest}] == taken_in
    # Not even the tables that passed: a day counts as a whole, and what follows asks the day.
    for key in ("bronze/events", "bronze/files", "silver/video_daily"):
        assert instance.get_latest_materialization_event(dg.AssetKey(key.split("/"))) is None
    monkeypatch.undo()
    use_home(settings, monkeypatch)
    monkeypatch.setattr(runner, "open_instance", lambda settings: nullcontext(instance))
    land(settings, EVE, "a")
    materialize(settings, EVE, EVE, ["bronze/events"])
    result = dg.evaluate_automation_conditions(build_defs(), instance)
    asked = result.get_requested_partitions(dg.AssetKey(["silver", "video_daily"]))
    assert asked == {EVE.isoformat()}, "the next day that passes must not free this one"


def test_a_table_spoilt_between_two_runs_is_found_by_the_next(
    settings: Settings, instance: dg.DagsterInstance
):
    land(settings, DAY, "a", "b")
    materialize(settings, DAY, DAY, ["bronze"])
    lake = build_lake(settings)
    spoilt = lake.read(EVENTS, DAY, day_end(DAY)).where("video_id = 'a'")
    materialize(settings, DAY, DAY, ["silver/video_daily"])
    lake.replace_range(EVENTS, DAY, day_end(DAY), spoilt)
    with pytest.raises(RunError, match=r"^check silver/artist_daily:events_add_up failed: "):
        materialize(settings, DAY, DAY, ["silver/artist_daily"])


def test_a_broken_contract_is_not_tried_again(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    land(settings, DAY, "a")
    monkeypatch.setattr(
        bronze_assets,
        "account_for_files",
        lambda parsed, files, record: parsed.sparkSession.createDataFrame(
            pa.table({"ingest_date": pa.array([DAY], pa.date32())}).to_pandas()
        ),
    )
    with pytest.raises(RunError, match=r"^step bronze_events failed: table bronze/files: column"):
        materialize(settings, DAY, DAY)
    (run,) = instance.get_runs()
    assert instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_UP_FOR_RETRY) == []
    assert not build_lake(settings).exists(FILES)
