"""Notices of the graph: a failed run, a stale asset; each once, restarts included."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import dagster as dg
import pytest

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.registry import TABLES
from kpop_assets.engine.session import EngineError
from kpop_assets.graph.failures import told_failures
from kpop_assets.graph.policies import (
    DAILY_FRESHNESS,
    RANGE_END_TAG,
    RANGE_START_TAG,
    TRAINED,
    TRAINING_FRESHNESS,
    TRAINING_WEEKDAY,
)
from kpop_assets.wiring import watch
from kpop_assets_tests.unpublished import turn_stale
from kpop_assets_tests.wiring.kit import TODAY, Watcher, ago, at, repository, watcher, write

# A fixture that tests name.
__all__ = ["watcher"]

nodes = {node.key.to_user_string(): node for node in repository.asset_graph.asset_nodes}


def test_every_asset_has_the_freshness_policy_of_its_rhythm():
    policies = {path: node.freshness_policy for path, node in nodes.items()}
    assert {policies[path] for path in TRAINED} == {TRAINING_FRESHNESS}
    assert {p for path, p in policies.items() if path not in TRAINED} <= {DAILY_FRESHNESS, None}
    assert all(policies[path] for path in ("landing/events", *(table.path for table in TABLES)))


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        (at(19), ago(1), ago(6)),
        (at(20), ago(0), ago(6)),
        (at(15, ago(-2)), ago(-1), ago(6)),
        (at(16, ago(-2)), ago(-1), ago(-1)),
        (at(23, ago(-2)), ago(-2), ago(-1)),
    ],
)
def test_what_has_to_be_there_when(now: dt.datetime, daily: dt.date, weekly: dt.date):
    assert watch.expected_day(DAILY_FRESHNESS, now) == daily
    assert watch.expected_day(TRAINING_FRESHNESS, now) == weekly
    assert weekly.weekday() == TRAINING_WEEKDAY


def test_assets_that_were_never_filled_are_not_stale(watcher: Watcher):
    assert watcher.tick("tell_stale_assets") == []


def test_a_stale_asset_is_told_once_until_it_is_fresh_again(watcher: Watcher):
    name, paths = "tell_stale_assets", ("bronze/files", "gold/artist_features")
    watcher.materialize(ago(1), *paths)
    watcher.now = at(19)
    assert watcher.tick(name) == []
    watcher.now = at(20)
    assert watcher.tick(name) == ["2 assets are stale"]
    assert "gold/artist_features: newest day 2026-11-19" in watcher.web.bodies[-1]["text"]
    watcher.now = at(22)
    assert watcher.tick(name) == []
    watcher.materialize(TODAY, *paths)
    assert watcher.tick(name) == []
    watcher.now = at(21, ago(-1))
    assert watcher.tick(name) == ["2 assets are stale"]


def test_an_old_day_that_is_run_again_makes_nothing_look_fresh(watcher: Watcher):
    watcher.materialize(ago(1), "bronze/files")
    assert watcher.tick("tell_stale_assets") == ["1 asset is stale"]
    watcher.materialize(ago(30), "bronze/files")
    assert watcher.tick("tell_stale_assets") == []


def test_what_dagsters_policy_calls_stale_is_told_too(watcher: Watcher):
    watcher.materialize(TODAY, "bronze/files", "bronze/bloom")
    turn_stale(watcher.instance, dg.AssetKey(["bronze", "bloom"]), watcher.now)
    assert watcher.tick("tell_stale_assets") == ["1 asset is stale"]
    assert "bronze/bloom" in watcher.web.bodies[-1]["text"]


@pytest.mark.parametrize(
    ("days", "source", "told"),
    [
        (1, "demo", 0),
        (14, "spotify_chart", 1),
        (15, "spotify_chart", 0),
        (40, "youtube_popular_kr", 0),
    ],
)
def test_without_a_key_data_is_expected_of_a_collector_that_delivered_lately(
    watcher: Watcher, days: int, source: str, told: int
):
    watcher.settings = replace(watcher.settings, youtube_key="")
    watcher.materialize(ago(1), "bronze/files")
    assert watcher.tick("tell_stale_assets") == []
    write(watcher.settings.lake, EVENTS, [{"ingest_date": ago(days), "source": source}])
    assert len(watcher.tick("tell_stale_assets")) == told
    watcher.settings = replace(watcher.settings, youtube_key="a key")
    assert len(watcher.tick("tell_stale_assets")) == 1 - told


@dg.op(name="landing__events")
def breaks() -> None:
    try:
        raise ValueError("the disk is full\nand more lines")
    except ValueError as error:
        raise RuntimeError("outer") from error


@dg.job
def take_in():
    breaks()


@dg.op(retry_policy=dg.RetryPolicy(max_retries=1))
@told_failures()
def has_no_server() -> None:
    try:
        raise ConnectionRefusedError("[Errno 111] Connection refused")
    except OSError as error:
        raise EngineError("no server answers", "start it") from error


@dg.job
def needs_server():
    has_no_server()


def failed_run(watcher: Watcher, job: dg.JobDefinition = take_in) -> str:
    tags = {RANGE_START_TAG: "2026-11-19", RANGE_END_TAG: "2026-11-20"}
    result = job.execute_in_process(instance=watcher.instance, raise_on_error=False, tags=tags)
    context = dg.build_run_status_sensor_context(
        sensor_name="tell_failed_runs",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=watcher.instance,
        dagster_run=result.dagster_run,
        resources={"settings": watcher.settings},
    ).for_run_failure()
    watch.build_failure_sensor()(context)
    return watcher.web.bodies[-1]["text"] if watcher.web.bodies else ""


# Dagster marks the function that makes such a context as beta.
@pytest.mark.filterwarnings("ignore::dagster.BetaWarning")
def test_a_failed_run_is_told_with_its_step_and_reason(watcher: Watcher):
    lines = failed_run(watcher).splitlines()
    assert lines[0] == "Run failed: take_in of 2026-11-19 to 2026-11-20"
    assert lines[1] == "step landing__events failed: ValueError: the disk is full"


@pytest.mark.filterwarnings("ignore::dagster.BetaWarning")
def test_our_own_error_is_the_reason_for_it_says_the_way_out(watcher: Watcher):
    line = failed_run(watcher, needs_server).splitlines()[1]
    assert line == "step has_no_server failed: no server answers: start it"


@pytest.mark.filterwarnings("ignore::dagster.BetaWarning")
def test_a_receiver_that_is_down_fails_no_sensor(watcher: Watcher, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kpop_assets.notify.channels.RETRY_DELAYS_SECONDS", ())
    watcher.settings = replace(watcher.settings, notify_webhook="http://127.0.0.1:1/x")
    watcher.materialize(ago(1), "bronze/files")
    failed_run(watcher)
    assert watcher.tick("tell_stale_assets") == []
    assert json.loads(watcher.cursors["tell_stale_assets"] or "")["stale"] == ["bronze/files"]
