"""What follows an update, tick by tick, over the whole graph and without running an engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import dagster as dg
import pytest

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.registry import RECORDS, TABLES
from kpop_assets.contracts.tracks import TRACK_LINES
from kpop_assets.days import SEOUL
from kpop_assets.definitions import build_defs
from kpop_assets.graph.partitions import ingest_days
from kpop_assets.graph.policies import TRAINED, TRAINING_WEEKDAY, taken_in
from kpop_assets.graph.reach import followers, look_backs, reach
from kpop_assets.settings import Settings
from kpop_assets_tests.bronze.toy import HEARD_LINES
from kpop_assets_tests.operate.checkup.kit import write

NOW = dt.datetime(2025, 11, 21, 10, tzinfo=SEOUL)
TAKEN_IN = [table.path for record in RECORDS for table in record.tables]
LANDED = {f"landing/{record.kind}" for record in RECORDS}
FOLLOWERS = {table.path for table in TABLES} - set(TAKEN_IN) - set(TRAINED) - {"retention/purges"}

defs = build_defs()
graph = defs.resolve_asset_graph()


# Dagster itself calls `AssetSelection.all(include_sources=True)`, a parameter in beta.
pytestmark = pytest.mark.filterwarnings("ignore::dagster.BetaWarning")


class Deployment:
    """An instance, and the sensor's memory from tick to tick."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.cursor = None

    def tick(self) -> dict[str, set[str]]:
        """What one tick asks for: days by asset."""
        result = dg.evaluate_automation_conditions(
            defs, self.instance, cursor=self.cursor, evaluation_time=NOW
        )
        self.cursor = result.cursor
        asked = {
            key.to_user_string(): result.get_requested_partitions(key)
            for key in graph.materializable_asset_keys
        }
        return {key: {str(day) for day in days} for key, days in asked.items() if days}

    def materialize(self, keys: list[str], *days: str) -> None:
        """Report days of assets as materialized."""
        for key in keys:
            for day in days:
                event = dg.AssetMaterialization(dg.AssetKey.from_user_string(key), partition=day)
                self.instance.report_runless_asset_event(event)

    def run(self, asked: dict[str, set[str]]) -> None:
        """Do what a tick asked for."""
        for key, days in asked.items():
            self.materialize([key], *sorted(days))

    def settle(self) -> dict[str, set[str]]:
        """Tick and run until nothing is asked for; all that was."""
        total: dict[str, set[str]] = {}
        for _ in range(10):
            asked = self.tick()
            if not asked:
                return total
            for key, days in asked.items():
                assert not total.get(key, set()) & days, f"{key} is asked for twice: {days}"
                total[key] = total.get(key, set()) | days
            self.run(asked)
        raise AssertionError("the graph does not come to rest")


@pytest.fixture
def fresh() -> Iterator[Deployment]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Deployment(instance)


@pytest.fixture
def running(fresh: Deployment) -> Deployment:
    """A deployment that has ticked before."""
    assert fresh.tick() == {}
    return fresh


def every_follower(*days: str) -> dict[str, set[str]]:
    return {key: set(days) for key in FOLLOWERS}


def test_a_fresh_deployment_asks_for_nothing(fresh: Deployment):
    assert [fresh.tick() for _ in range(3)] == [{}, {}, {}]


def test_all_that_follows_a_new_day_is_asked_for_once_and_together(running: Deployment):
    running.materialize(["landing/events", *TAKEN_IN], "2025-11-21")
    asked = running.tick()
    assert asked == every_follower("2025-11-21")
    assert running.tick() == {}
    running.run(asked)
    assert running.settle() == {}


def test_a_day_of_years_ago_is_followed_too(running: Deployment):
    running.materialize(TAKEN_IN, "2017-01-01", "2018-02-03")
    assert running.settle() == every_follower("2017-01-01", "2018-02-03")


def test_nothing_is_asked_for_when_nothing_changed(running: Deployment):
    running.materialize(TAKEN_IN, "2025-11-20")
    running.settle()
    assert [running.tick() for _ in range(3)] == [{}, {}, {}]


def day(offset: int) -> str:
    # Early enough that a day as far off as any change reaches has been, by the clock of NOW.
    return (dt.date(2024, 3, 1) + dt.timedelta(days=offset)).isoformat()


def test_a_late_day_brings_the_days_that_look_back_at_it_up_to_date(running: Deployment):
    specs = defs.resolve_all_asset_specs()
    days: dict[str, int] = {}
    for landed in sorted(LANDED):
        for path, most in reach(look_backs(specs), landed, followers(specs)).items():
            days[path] = max(most, days.get(path, 0))
    # Dagster itself is the other opinion: the last day within reach, and the first beyond it.
    offsets = sorted({offset for most in days.values() for offset in (most, most + 1)} - {0})
    running.materialize(TAKEN_IN, *map(day, offsets))
    running.settle()
    running.materialize(TAKEN_IN, day(0))
    asked = running.settle()

    def within(days: int) -> set[str]:
        return {day(offset) for offset in (0, *offsets) if offset <= days}

    assert asked == {path: within(most) for path, most in days.items() if path not in TAKEN_IN}


def test_days_that_nobody_collected_are_left_alone(running: Deployment):
    running.materialize(TAKEN_IN, "2025-11-01", "2025-11-04")
    asked = running.settle()
    assert set().union(*asked.values()) == {"2025-11-01", "2025-11-04"}


def test_days_taken_in_before_the_first_tick_are_not_missed(fresh: Deployment):
    fresh.materialize(TAKEN_IN, "2025-11-01")
    assert fresh.settle() == every_follower("2025-11-01")


def test_what_was_filled_before_the_first_tick_is_not_filled_again(fresh: Deployment):
    fresh.materialize([*TAKEN_IN, *sorted(FOLLOWERS)], "2025-11-01", "2025-11-02")
    assert fresh.settle() == {}


def test_a_run_of_every_layer_leaves_nothing_to_do(running: Deployment):
    running.materialize([*TAKEN_IN, *sorted(FOLLOWERS)], "2025-11-20", "2025-11-21")
    assert running.settle() == {}


def test_landing_alone_is_the_sensors_matter(running: Deployment):
    running.materialize(["landing/events"], "2025-11-21")
    assert running.settle() == {}
    running.materialize(TAKEN_IN, "2025-11-21")
    assert running.settle().keys() == FOLLOWERS


def test_a_day_taken_in_again_is_followed_again(running: Deployment):
    for _ in range(2):
        running.materialize(["landing/events", *TAKEN_IN], "2025-11-21")
        assert running.settle() == every_follower("2025-11-21")


def test_an_update_of_quarantine_or_files_alone_moves_nothing_that_was_filled(running: Deployment):
    running.materialize(TAKEN_IN, "2025-11-21")
    running.settle()
    running.materialize(["bronze/quarantine", "bronze/files"], "2025-11-21")
    assert running.settle() == {}


def test_an_update_of_silver_moves_only_what_reads_it(running: Deployment):
    running.materialize(TAKEN_IN, "2025-11-21")
    running.settle()
    running.materialize(["silver/artist_daily"], "2025-11-21")
    assert running.settle().keys() == {
        "gold/artist_features",
        "gold/tier_cutoffs",
        "lens/artist_outliers",
        "lens/entities",
        "lens/signals",
        "models/artist_inputs",
        "models/viral_outcomes",
        "pareto/next_viral",
        "pareto/scorecard",
        "pareto/viral_record",
    }


def test_a_day_on_which_lines_of_one_kind_alone_came_is_taken_in():
    files = [record.files.path.split("/") for record in (EVENT_LINES, HEARD_LINES)]
    condition = dg.AutomationCondition.missing() & taken_in((EVENT_LINES, HEARD_LINES))
    follower = dg.AssetSpec(
        "follower", deps=files, partitions_def=ingest_days, automation_condition=condition
    )
    specs = [dg.AssetSpec(key, partitions_def=ingest_days) for key in files]
    with dg.DagsterInstance.ephemeral() as instance:
        for key, came in zip(files, ("2025-11-20", "2025-11-21"), strict=True):
            event = dg.AssetMaterialization(key, partition=came)
            instance.report_runless_asset_event(event)
        result = dg.evaluate_automation_conditions(
            dg.Definitions([*specs, follower]), instance, evaluation_time=NOW
        )
        asked = result.get_requested_partitions(dg.AssetKey("follower"))
    assert asked == {"2025-11-20", "2025-11-21"}


def test_lines_of_another_kind_free_no_day_whose_own_were_not_taken_in(running: Deployment):
    """A failed check of videos leaves `bronze/files` missing, and that of tracks is there."""
    of_tracks = [table.path for table in TRACK_LINES.tables]
    running.materialize(of_tracks, "2025-11-21")
    asked = running.tick()
    assert "recommend/tracks" in asked
    assert not asked.keys() & {"bronze/videos", "silver/video_daily", "lens/video_metrics"}


def test_one_day_is_one_run(running: Deployment):
    running.materialize(TAKEN_IN, "2025-11-21")
    sensor = defs.get_repository_def().get_sensor_def("follow_upstream")
    assert isinstance(sensor, dg.AutomationConditionSensorDefinition)
    # Several days become one backfill, which keeps their order and runs gapless days as one.
    assert sensor.emit_backfills
    result = dg.evaluate_automation_conditions(
        defs, running.instance, cursor=running.cursor, evaluation_time=NOW
    )
    assert result.total_requested == len(FOLLOWERS)


def test_the_job_that_takes_files_in_fills_what_the_lines_become_and_no_more():
    keys = defs.resolve_job_def("take_in").asset_layer.executable_asset_keys
    assert {key.to_user_string() for key in keys} == {*LANDED, *TAKEN_IN}


def test_the_training_job_fills_what_a_training_decides_and_no_more():
    keys = defs.resolve_job_def("training").asset_layer.executable_asset_keys
    assert {key.to_user_string() for key in keys} == set(TRAINED)


def test_training_runs_on_sundays_at_ten_in_seoul_on_saturdays_data(settings: Settings):
    schedule = defs.get_repository_def().get_schedule_def("train_weekly")
    assert schedule.execution_timezone == "Asia/Seoul"
    assert schedule.cron_schedule == "0 10 * * 0"
    at = dt.datetime(2025, 11, 23, 10, tzinfo=SEOUL)
    write(settings.lake, ARTIST_INPUTS, {"ingest_date": dt.date(2025, 11, 22)})
    with dg.build_schedule_context(
        scheduled_execution_time=at,
        repository_def=defs.get_repository_def(),
        resources={"settings": settings},
    ) as context:
        (request,) = schedule.evaluate_tick(context).run_requests
    assert request.partition_key == "2025-11-22"
    assert dt.date.fromisoformat(request.partition_key).weekday() == TRAINING_WEEKDAY
