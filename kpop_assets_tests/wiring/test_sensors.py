"""The sensor over the landing folder: the right days, none missed, none asked for twice."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator

import dagster as dg
import pytest

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.days import FIRST_DAY, day_end, seoul_now
from kpop_assets.definitions import build_defs
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.files import write_day
from kpop_assets.settings import Settings
from kpop_assets.wiring import sensors
from kpop_assets_tests.bronze.kit import NOON_MS
from kpop_assets_tests.bronze.toy import HEARD_LINES, heard
from kpop_assets_tests.graph.kit import DAY, frame, land

Ask = Callable[[], dict[tuple[str, str], str]]


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def look(settings: Settings, lake: Lake, instance: dg.DagsterInstance) -> dg.SensorExecutionData:
    repository = build_defs().get_repository_def()
    with dg.build_sensor_context(
        instance=instance,
        repository_def=repository,
        resources={"settings": settings, "lake": lake},
    ) as context:
        return repository.get_sensor_def("new_landing_files").evaluate_tick(context)


@pytest.fixture
def ask(settings: Settings, lake: Lake, instance: dg.DagsterInstance) -> Ask:
    """One tick, as a restarted process would see it: the key by first and last day."""

    def requests() -> dict[tuple[str, str], str]:
        fresh = Lake(lake.root, lambda: lake.spark)
        return {
            (r.tags[sensors.RANGE_START_TAG], r.tags[sensors.RANGE_END_TAG]): r.run_key
            for r in look(settings, fresh, instance).run_requests
        }

    return requests


def take_in(lake: Lake, settings: Settings, *days: dt.date, record: Record = EVENT_LINES) -> None:
    """What a run of the job leaves behind: the account of the files that stand there."""
    for day in days:
        files = sensors.find_files(settings.landing, day, day_end(day), record.kind)
        rows = [
            {"ingest_date": day, "landing_file": file.path.name, "size_bytes": file.size_bytes}
            for file in files
        ]
        lake.replace_range(record.files, day, day_end(day), frame(lake.spark, record.files, *rows))


def after(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def test_an_empty_folder_asks_for_nothing(ask: Ask):
    assert ask() == {}


def test_gapless_days_are_one_request_and_a_gap_begins_another(ask: Ask, settings: Settings):
    for day in (DAY, after(1), after(2), after(5)):
        land(settings, day, "v")
    assert ask().keys() == {
        ("2025-11-08", "2025-11-10"),
        ("2025-11-13", "2025-11-13"),
    }


def test_the_same_files_give_the_same_key(ask: Ask, settings: Settings):
    land(settings, DAY, "v")
    assert ask() == ask() != {}


def test_a_day_that_was_taken_in_is_not_asked_for(ask: Ask, settings: Settings, lake: Lake):
    for day in (DAY, after(1), after(2)):
        land(settings, day, "v")
    take_in(lake, settings, after(1))
    assert ask().keys() == {("2025-11-08", "2025-11-08"), ("2025-11-10", "2025-11-10")}
    take_in(lake, settings, DAY, after(2))
    assert ask() == {}


def test_a_new_file_of_an_old_day_is_another_request(ask: Ask, settings: Settings, lake: Lake):
    land(settings, DAY, "v")
    before = ask()
    take_in(lake, settings, DAY)
    land(settings, DAY, "w", hour=2)
    later = ask()
    assert later.keys() == before.keys()
    assert later != before


def test_a_file_that_grew_is_another_request(ask: Ask, settings: Settings, lake: Lake):
    path = land(settings, DAY, "v")
    take_in(lake, settings, DAY)
    path.write_bytes(path.read_bytes() * 2)
    assert ask().keys() == {("2025-11-08", "2025-11-08")}


def test_what_a_failed_run_left_is_asked_for_again_ten_minutes_later(settings: Settings):
    land(settings, DAY, "v")
    found = {DAY: sensors.find_files(settings.landing, DAY, day_end(DAY))}
    now = seoul_now().replace(minute=0)

    def key(minutes: int) -> str | None:
        (request,) = sensors.request_days(found, now + dt.timedelta(minutes=minutes))
        return request.run_key

    assert key(0) == key(9) != key(10)


def test_nothing_is_asked_for_while_a_run_is_at_work(
    ask: Ask, settings: Settings, instance: dg.DagsterInstance
):
    land(settings, DAY, "v")
    job = build_defs().resolve_job_def("take_in")
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert ask() == {}
    instance.report_run_canceled(run)
    assert ask() != {}


def test_a_file_dropped_into_the_inbox_is_sorted_and_asked_for(ask: Ask, settings: Settings):
    inbox = settings.landing / "inbox"
    inbox.mkdir(parents=True)
    # 2025-12-28 12:25 in Seoul, as an earlier collector names its files.
    path = inbox / "events_1766892339.json"
    path.write_text('{"video_id": "a", "text": "t", "ts": 1766892000000, "source": "x"}\n')
    os.utime(path, (time.time() - 60,) * 2)
    assert ask().keys() == {("2025-12-28", "2025-12-28")}
    assert not path.exists()


def test_a_bad_file_in_the_inbox_is_logged_and_stops_no_other(
    settings: Settings, lake: Lake, instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
):
    inbox = settings.landing / "inbox"
    inbox.mkdir(parents=True)
    for name in ("a_1766892339.json", "events.json"):
        path = inbox / name
        path.write_text('{"video_id": "a", "text": "t", "ts": 1766892000000, "source": "x"}\n')
    # No time in its name, and none in its attributes.
    os.utime(inbox / "events.json", (0, 0))
    os.utime(inbox / "a_1766892339.json", (1766892400, 1766892400))
    requests = look(settings, lake, instance).run_requests
    assert len(requests) == 1
    assert "events.json stays in the inbox" in capsys.readouterr().err


@pytest.mark.parametrize("day", [FIRST_DAY - dt.timedelta(days=1), dt.date(2099, 1, 1)])
def test_a_day_that_is_no_partition_is_logged_and_left_out(
    day: dt.date,
    settings: Settings,
    lake: Lake,
    instance: dg.DagsterInstance,
    capsys: pytest.CaptureFixture[str],
):
    name = land(settings, day, "v").name
    land(settings, DAY, "v")
    (request,) = look(settings, lake, instance).run_requests
    assert request.tags[sensors.RANGE_START_TAG] == DAY.isoformat()
    assert f"{day} is not a day from 2017-01-01 to today: {name}" in capsys.readouterr().err


def test_the_day_it_is_in_seoul_is_a_partition(ask: Ask, settings: Settings):
    today = seoul_now().date()
    land(settings, today, "v")
    assert ask().keys() == {(today.isoformat(), today.isoformat())}


def test_gapless_stretches_of_days():
    days = [after(4), DAY, after(1)]
    assert list(sensors.consecutive(days)) == [(DAY, after(1)), (after(4), after(4))]
    assert list(sensors.consecutive([])) == []


def test_new_files_of_a_second_kind_are_found_until_its_own_account_has_them(
    settings: Settings, lake: Lake
):
    land(settings, DAY, "v")
    write_day(settings.landing, DAY, [heard()], NOON_MS, "heard")
    write_day(settings.landing, after(1), [heard()], NOON_MS, "heard")
    records = (EVENT_LINES, HEARD_LINES)

    def names() -> dict[dt.date, list[str]]:
        found = sensors.new_landing_days(settings, lake, records)
        return {
            day: [file.path.name.split("_")[0] for file in files] for day, files in found.items()
        }

    assert names() == {DAY: ["events", "heard"], after(1): ["heard"]}
    take_in(lake, settings, DAY, after(1))
    assert names() == {DAY: ["heard"], after(1): ["heard"]}, "the account of events is not theirs"
    take_in(lake, settings, DAY, record=HEARD_LINES)
    assert names() == {after(1): ["heard"]}
    assert sensors.new_landing_days(settings, lake) == {}
