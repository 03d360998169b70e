"""When things run: named conditions, schedules, sensors and retry of the whole graph.

Belongs here: every policy of time and order, with its reason. Does not belong here: what a day is
(partitions.py) or what an asset does.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator

import dagster as dg

from kpop_assets.bronze.lines import LandingFile, find_files
from kpop_assets.contracts.bronze import FILES
from kpop_assets.landing.files import list_days
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.partitions import TIME_ZONE, day_end, ingest_days, seoul_now
from kpop_assets.resources.lake import Lake
from kpop_assets.settings import Settings

# One engine run at a time: two sessions on one laptop would share its memory and cores, and
# writers of one table wait for each other anyway.
ENGINE_POOL = "engine"

# A lock or a full disk may pass; a broken contract will not, and two tries cost little.
RETRY_TWICE = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)

# Whatever lies downstream of an updated day is brought up to date, however old the day is: the
# partition mappings say which later days look back at it. Missing upstream days do not block,
# because history begins somewhere; failed blocking checks do.
follow_upstream = (
    (
        dg.AutomationCondition.any_deps_updated().since(
            dg.AutomationCondition.newly_requested() | dg.AutomationCondition.newly_updated()
        )
        & ~dg.AutomationCondition.in_progress()
        & ~dg.AutomationCondition.any_deps_in_progress()
        & dg.AutomationCondition.all_deps_blocking_checks_passed()
    )
    .with_label("follow_upstream")
)


def looks_back(days: int) -> dg.TimeWindowPartitionMapping:
    """The mapping of an asset that reads an upstream day and the `days` before it."""
    return dg.TimeWindowPartitionMapping(
        start_offset=-days, end_offset=0, allow_nonexistent_upstream_partitions=True
    )


def new_landing_days(settings: Settings, lake: Lake) -> dict[dt.date, list[LandingFile]]:
    """Days whose landing files differ from those that `bronze/files` has taken in.

    The lake itself is the memory: nothing can be missed after a restart, and nothing is asked
    for twice once it was taken in.
    """
    taken: set[tuple[dt.date, str, int]] = set()
    if lake.exists(FILES):
        columns = ["ingest_date", "landing_file", "size_bytes"]
        rows = lake.arrow(FILES, dt.date.min, dt.date.max, columns).to_pylist()
        taken = {(row["ingest_date"], row["landing_file"], row["size_bytes"]) for row in rows}
    found: dict[dt.date, list[LandingFile]] = {}
    for day in list_days(settings.landing):
        files = find_files(settings.landing, day, day_end(day))
        if any((day, file.path.name, file.size_bytes) not in taken for file in files):
            found[day] = files
    return found


def request_key(day: dt.date, files: list[LandingFile]) -> str:
    """The same files of a day always give the same key, so they are requested once."""
    listing = "\n".join(f"{file.path.name} {file.size_bytes}" for file in files)
    return f"{day}:{hashlib.sha256(listing.encode()).hexdigest()[:16]}"


def _requests(settings: Settings, lake: Lake) -> Iterator[dg.RunRequest]:
    known = set(ingest_days.get_partition_keys(current_time=seoul_now()))
    for day, files in new_landing_days(settings, lake).items():
        if day.isoformat() in known:
            yield dg.RunRequest(run_key=request_key(day, files), partition_key=day.isoformat())


def build_sensor(job_name: str) -> dg.SensorDefinition:
    """The sensor that sorts the inbox and asks for the days with new landing files."""

    @dg.sensor(
        name="new_landing_files",
        job_name=job_name,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sorts landing/inbox by ingest date and takes in the days with new files.",
    )
    def new_landing_files(
        context: dg.SensorEvaluationContext,
        settings: dg.ResourceParam[Settings],
        lake: dg.ResourceParam[Lake],
    ) -> dg.SensorResult:
        report = sort_inbox(settings.landing)
        for path, problem in report.failed.items():
            context.log.error(f"{path.name} stays in the inbox: {problem}")
        return dg.SensorResult(run_requests=list(_requests(settings, lake)))

    return new_landing_files


def build_schedules(job_name: str) -> list[dg.ScheduleDefinition]:
    """Collection at 09:00 and 15:00 Seoul, for the day it is there."""

    def collect_at(hour: int) -> dg.ScheduleDefinition:
        @dg.schedule(
            name=f"collect_at_{hour:02d}",
            job_name=job_name,
            cron_schedule=f"0 {hour} * * *",
            execution_timezone=TIME_ZONE,
            description=f"Collects the day's data at {hour:02d}:00 in Seoul.",
        )
        def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
            at = context.scheduled_execution_time
            day = seoul_now(at).date().isoformat()
            return dg.RunRequest(run_key=at.isoformat(), partition_key=day)

        return schedule

    return [collect_at(9), collect_at(15)]


def build_condition_sensor() -> dg.AutomationConditionSensorDefinition:
    """The sensor that evaluates `follow_upstream`, on from the start."""
    return dg.AutomationConditionSensorDefinition(
        name="follow_upstream",
        target=dg.AssetSelection.all(),
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=30,
    )
