"""The day of Seoul: where it begins, when its partition exists, and which day a schedule means."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.days import (
    FIRST_DAY,
    SEOUL,
    day_end,
    day_start_ms,
    days_between,
    seoul_day,
    seoul_now,
)
from kpop_assets.definitions import build_defs
from kpop_assets.graph.partitions import ingest_days, run_days
from kpop_assets.settings import Settings
from kpop_assets.wiring import schedules
from kpop_assets_tests.operate.checkup.kit import write

MIDNIGHT = dt.datetime(2025, 11, 21, tzinfo=SEOUL)
SECOND = dt.timedelta(seconds=1)


def last_partition(now: dt.datetime) -> str:
    return ingest_days.get_partition_keys(current_time=now)[-1]


def tick(
    schedule_name: str,
    at: dt.datetime,
    key: str = "a key",
    late: dt.timedelta = SECOND,
    home: Path = Path("unused"),
) -> Any:
    """What a tick that is due `at` asks for when the daemon comes to it `late`."""
    repository = build_defs().get_repository_def()
    with (
        pytest.MonkeyPatch.context() as patch,
        dg.build_schedule_context(
            scheduled_execution_time=at,
            repository_def=repository,
            resources={"settings": Settings(home=home, youtube_key=key)},
        ) as context,
    ):
        patch.setattr(schedules, "seoul_now", lambda now=None: seoul_now(now or at + late))
        return repository.get_schedule_def(schedule_name).evaluate_tick(context)


def evaluate(schedule_name: str, at: dt.datetime) -> dg.RunRequest:
    (request,) = tick(schedule_name, at).run_requests
    return request


def test_midnight_in_seoul_ends_the_day_though_it_is_afternoon_in_utc():
    assert MIDNIGHT.astimezone(dt.UTC).isoformat() == "2025-11-20T15:00:00+00:00"
    ms = int(MIDNIGHT.timestamp() * 1000)
    assert seoul_day(ms - 1) == dt.date(2025, 11, 20)
    assert seoul_day(ms) == dt.date(2025, 11, 21)
    assert day_start_ms(dt.date(2025, 11, 21)) == ms


def test_the_partition_of_today_exists_from_midnight_in_seoul_on():
    assert last_partition(MIDNIGHT - SECOND) == "2025-11-20"
    assert last_partition(MIDNIGHT) == "2025-11-21"
    assert last_partition(MIDNIGHT + dt.timedelta(hours=23, minutes=59)) == "2025-11-21"


def test_the_clock_means_the_same_in_every_time_zone():
    for zone in (dt.UTC, dt.timezone(dt.timedelta(hours=-11))):
        assert last_partition(MIDNIGHT.astimezone(zone)) == "2025-11-21"
        assert seoul_now(MIDNIGHT.astimezone(zone)).date() == dt.date(2025, 11, 21)


def test_the_first_partition_is_the_first_day():
    assert ingest_days.get_partition_keys(current_time=MIDNIGHT)[0] == FIRST_DAY.isoformat()


def test_a_partition_is_its_day_in_seoul():
    window = ingest_days.time_window_for_partition_key("2025-11-21")
    assert window.start.timestamp() == MIDNIGHT.timestamp()
    assert window.end - window.start == dt.timedelta(days=1)


def test_ranges_are_half_open():
    first, last = dt.date(2025, 11, 3), dt.date(2025, 11, 5)
    assert days_between(first, day_end(last)) == [first, dt.date(2025, 11, 4), last]
    assert days_between(first, first) == []
    context = dg.build_asset_context(
        partition_key_range=dg.PartitionKeyRange(first.isoformat(), last.isoformat())
    )
    assert run_days(context) == (first, dt.date(2025, 11, 6))
    assert run_days(dg.build_asset_context(partition_key="2025-11-03")) == (
        first,
        dt.date(2025, 11, 4),
    )


@pytest.mark.parametrize("hour", [9, 15])
@pytest.mark.parametrize("zone", [SEOUL, dt.UTC], ids=["seoul", "utc"])
def test_a_schedule_collects_the_day_it_is_in_seoul(hour: int, zone: dt.tzinfo):
    schedule = build_defs().resolve_schedule_def(f"collect_at_{hour:02d}")
    assert schedule.cron_schedule == f"0 {hour} * * *"
    assert schedule.execution_timezone == "Asia/Seoul"
    request = evaluate(schedule.name, MIDNIGHT.replace(hour=hour).astimezone(zone))
    assert request.partition_key == "2025-11-21"
    assert request.run_key


def test_a_schedule_that_runs_while_utc_has_the_day_before_means_the_day_in_seoul():
    at = dt.datetime(2025, 11, 20, 15, 30, tzinfo=dt.UTC)
    assert evaluate("collect_at_09", at).partition_key == "2025-11-21"


def test_collection_asks_youtube_where_there_is_a_key_and_nobody_else():
    at = MIDNIGHT.replace(hour=9)
    config = evaluate("collect_at_09", at).run_config
    asked = {"config": {"source": "youtube"}}
    assert config == {"ops": {"landing__events": asked, "landing__reviews": asked}}
    skipped = tick("collect_at_09", at, key="")
    assert skipped.run_requests == []
    assert "KPOP_YOUTUBE_KEY" in str(skipped.skip_message)


@pytest.mark.parametrize("hour", [9, 15])
def test_a_day_that_is_over_is_not_collected_after_a_downtime(hour: int):
    at = MIDNIGHT.replace(hour=hour)
    to_midnight = dt.timedelta(hours=24 - hour)
    (request,) = tick(f"collect_at_{hour:02d}", at, late=to_midnight - SECOND).run_requests
    assert request.partition_key == "2025-11-21"
    missed = tick(f"collect_at_{hour:02d}", at, late=to_midnight)
    assert missed.run_requests == []
    assert "2025-11-21 is over" in str(missed.skip_message)


def test_nothing_is_trained_before_there_is_data(tmp_path: Path):
    sunday = dt.datetime(2025, 11, 23, 10, tzinfo=SEOUL)
    early = tick("train_weekly", sunday, home=tmp_path)
    assert early.run_requests == []
    assert ARTIST_INPUTS.path in str(early.skip_message)
    write(Settings(home=tmp_path).lake, ARTIST_INPUTS, {"ingest_date": dt.date(2025, 11, 22)})
    (request,) = tick("train_weekly", sunday, home=tmp_path).run_requests
    assert request.partition_key == "2025-11-22"
