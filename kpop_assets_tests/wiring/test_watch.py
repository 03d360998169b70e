"""Notices of the graph: a failed run, a stale asset, a spike; each once, restarts included."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest
from deltalake import write_deltalake

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.days import SEOUL
from kpop_assets.definitions import build_defs
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
from kpop_assets.settings import Settings
from kpop_assets.wiring import watch
from kpop_assets_tests.notify.kit import WebReceiver, serving
from kpop_assets_tests.unpublished import turn_stale

TODAY = dt.date(2026, 11, 20)  # a Friday
defs = build_defs()
repository = defs.get_repository_def()
nodes = {node.key.to_user_string(): node for node in repository.asset_graph.asset_nodes}


def at(hour: int, day: dt.date = TODAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=SEOUL)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


class Watcher:
    """Sensors of the graph at a time of the test's, with a receiver for what they tell."""

    def __init__(self, settings: Settings, web: WebReceiver, patch: pytest.MonkeyPatch) -> None:
        self.web = web
        hook = f"http://127.0.0.1:{web.server_port}/x"
        self.settings = replace(settings, notify_webhook=hook, youtube_key="a key")
        self.cursors: dict[str, str | None] = {}
        self.now = at(21)
        self.instance = dg.DagsterInstance.ephemeral()
        patch.setattr(watch, "seoul_now", lambda now=None: (now or self.now).astimezone(SEOUL))

    def tick(self, name: str) -> list[str]:
        """Titles of what one tick of a sensor tells; its cursor is all that it remembers."""
        before = len(self.web.bodies)
        with dg.build_sensor_context(
            instance=self.instance,
            repository_def=repository,
            cursor=self.cursors.get(name),
            resources={"settings": self.settings},
        ) as context:
            data = repository.get_sensor_def(name).evaluate_tick(context)
        self.cursors[name] = data.cursor
        return [body["title"] for body in self.web.bodies[before:]]

    def materialize(self, day: dt.date, *paths: str) -> None:
        """Report a day of assets as materialized."""
        for path in paths:
            key = dg.AssetKey(path.split("/"))
            event = dg.AssetMaterialization(key, partition=day.isoformat())
            self.instance.report_runless_asset_event(event)


@pytest.fixture
def watcher(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    with serving(WebReceiver()) as web:
        watcher = Watcher(settings, web, monkeypatch)
        yield watcher
        watcher.instance.dispose()


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


def write(root: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    """Replace a table by rows; what they do not name is null."""
    columns = {c.name: [row.get(c.name) for row in rows] for c in table.columns}
    schema = pa.schema([field.with_nullable(True) for field in table.arrow_schema()])
    path = root / table.layer / table.name
    write_deltalake(str(path), pa.table(columns, schema=schema), mode="overwrite")


def series(*last: int, artist: str = "IVE", end: dt.date = TODAY) -> list[dict[str, Any]]:
    values = [*[1000, 1100, 950, 1050, 1000, 900, 1020] * 4, *last]
    first = end - dt.timedelta(days=len(values) - 1)
    return [
        {"ingest_date": first + dt.timedelta(days=i), "artist": artist, "engagement": value}
        for i, value in enumerate(values)
    ]


def give(watcher: Watcher, *rows: list[dict[str, Any]], source: str = "youtube") -> None:
    write(watcher.settings.lake, ARTIST_DAILY, [row for some in rows for row in some])
    events = [{"ingest_date": ago(i), "source": source} for i in range(5)]
    write(watcher.settings.lake, EVENTS, events)


def test_a_spike_is_told_once(watcher: Watcher):
    assert watcher.tick("tell_spikes") == []
    give(watcher, series(5000))
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("IVE gains")
    body = watcher.web.bodies[-1]
    assert (body["kind"], body["artist"], body["day"]) == ("spike", "IVE", "2026-11-20")
    assert "SIMULATED" not in title
    assert watcher.tick("tell_spikes") == []
    give(watcher, series(6000))
    assert watcher.tick("tell_spikes") == []


def test_another_artists_spike_is_told_beside_it(watcher: Watcher):
    give(watcher, series(5000))
    assert len(watcher.tick("tell_spikes")) == 1
    give(watcher, series(5000), series(7000, artist="izna"))
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("izna gains")


def test_many_spikes_of_one_look_are_one_notice(watcher: Watcher):
    gains = [series(5000 + i, artist=f"artist {i:02}") for i in range(16)]
    # Were it most of all artists, it would be the market.
    calm = [series(1000, artist=f"calm {i:02}") for i in range(40)]
    give(watcher, *gains, *calm)
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("16 spikes")
    text = watcher.web.bodies[-1]["text"]
    assert all(f"artist {i:02}: " in text for i in range(16))
    assert watcher.tick("tell_spikes") == []


def test_a_rerun_that_moves_the_first_day_of_an_event_tells_nothing_new(watcher: Watcher):
    give(watcher, series(5000, 6000))
    assert len(watcher.tick("tell_spikes")) == 1
    give(watcher, series(1000, 6000))
    assert watcher.tick("tell_spikes") == []
    give(watcher, series(5000, 5000, 6000))
    assert watcher.tick("tell_spikes") == []


@pytest.mark.parametrize(("days", "told"), [(0, 1), (2, 1), (3, 0), (40, 0)])
def test_only_the_last_three_days_are_news(watcher: Watcher, days: int, told: int):
    give(watcher, series(5000, *[1000] * days))
    assert len(watcher.tick("tell_spikes")) == told


def test_a_spike_of_simulated_data_says_so(watcher: Watcher):
    give(watcher, series(5000), source="demo")
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("SIMULATED DATA: IVE")


def test_a_later_event_of_the_same_artist_is_told_again(watcher: Watcher):
    give(watcher, series(5000))
    assert len(watcher.tick("tell_spikes")) == 1
    watcher.now = at(21, ago(-10))
    give(watcher, series(5000, *[1000] * 9, 6000, end=ago(-10)))
    write(watcher.settings.lake, EVENTS, [{"ingest_date": ago(-10), "source": "x"}])
    assert len(watcher.tick("tell_spikes")) == 1
    assert len(json.loads(watcher.cursors["tell_spikes"] or "")["told"]) == 2
