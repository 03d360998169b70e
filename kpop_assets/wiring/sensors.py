"""The sensors that keep the graph up to date: new landing files, and what follows new data.

Belongs here: what they look at and ask for. Does not belong here: the policies that assets share
(graph/policies.py), schedules (schedules.py), or notices (watch.py).
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.days import FIRST_DAY, consecutive, day_end, seoul_now
from kpop_assets.graph.policies import RANGE_END_TAG, RANGE_START_TAG
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.purged import purged_days
from kpop_assets.landing.folders import list_days
from kpop_assets.landing.found import LandingFile, find_files
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.settings import Settings

_FINISHED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_UNFINISHED = [status for status in dg.DagsterRunStatus if status not in _FINISHED]


def new_landing_days(
    settings: Settings, lake: Lake, records: Sequence[Record] = RECORDS
) -> dict[dt.date, list[LandingFile]]:
    """Days whose landing files, of any kind, differ from those that were taken in, and the files.

    The account of a kind in the lake (`bronze/files` for events) is the memory: nothing can be
    missed after a restart, and nothing is asked for twice once it was taken in.
    """
    found: dict[dt.date, list[LandingFile]] = {}
    for record in records:
        for day, files in _new_days_of(settings, lake, record).items():
            found[day] = found.get(day, []) + files
    return found


def _new_days_of(
    settings: Settings, lake: Lake, record: Record
) -> dict[dt.date, list[LandingFile]]:
    taken: set[tuple[dt.date, str, int]] = set()
    if lake.exists(record.files):
        columns = ["ingest_date", "landing_file", "size_bytes"]
        rows = lake.arrow(record.files, dt.date.min, dt.date.max, columns).to_pylist()
        taken = {(row["ingest_date"], row["landing_file"], row["size_bytes"]) for row in rows}
    # A purge takes lines out of files that were taken in (retention/api_lines.py).
    purged = purged_days(lake)
    cut = {(day, name) for day, name, _ in taken if day in purged}
    found: dict[dt.date, list[LandingFile]] = {}
    for day in list_days(settings.landing, record.kind):
        files = find_files(settings.landing, day, day_end(day), record.kind)
        new = [f for f in files if (day, f.path.name, f.size_bytes) not in taken]
        if any((day, file.path.name) not in cut for file in new):
            found[day] = files
    return found


def request_days(
    found: Mapping[dt.date, list[LandingFile]], now: dt.datetime
) -> Iterator[dg.RunRequest]:
    """One request for each gapless stretch of days: a range costs little more than a day.

    The same files give the same key for ten minutes, so they are asked for once; those that a
    failed or lost run did not take in are asked for again in the next.
    """
    ten_minutes = f"{now:%Y-%m-%dT%H:%M}"[:-1]
    for first, last in consecutive(found):
        files = [file for day, files in found.items() if first <= day <= last for file in files]
        listing = "\n".join(f"{file.day} {file.path.name} {file.size_bytes}" for file in files)
        digest = hashlib.sha256(listing.encode()).hexdigest()[:16]
        yield dg.RunRequest(
            run_key=f"{first}:{last}:{digest}:{ten_minutes}",
            tags={RANGE_START_TAG: first.isoformat(), RANGE_END_TAG: last.isoformat()},
        )


def follow_sensors(job_name: str) -> list[dg.SensorDefinition]:
    """The sensor for new files, which asks for `job_name`, and the one for `follow_upstream`."""
    return [_build_file_sensor(job_name), _build_condition_sensor()]


def _build_file_sensor(job_name: str) -> dg.SensorDefinition:
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
    ) -> dg.SensorResult | dg.SkipReason:
        inbox = sort_inbox(settings.landing)
        for path, problem in inbox.failed.items():
            context.log.error(f"{path.name} stays in the inbox: {problem}")
        for path, reason in inbox.left.items():
            context.log.warning(f"{path.name} stays in the inbox: {reason}")
        if context.instance.get_runs_count(dg.RunsFilter(statuses=_UNFINISHED)):
            return dg.SkipReason("waits for the unfinished run, which may take the files in")
        found = new_landing_days(settings, lake)
        now = seoul_now()
        for day in [day for day in found if not FIRST_DAY <= day <= now.date()]:
            names = ", ".join(file.path.name for file in found.pop(day))
            context.log.error(f"{day} is not a day from {FIRST_DAY} to today: {names} is left out")
        for day in found.keys() & purged_days(lake):
            names = ", ".join(file.path.name for file in found.pop(day))
            context.log.error(f"{day} was purged (retention/purges): {names} is left out")
        return dg.SensorResult(run_requests=list(request_days(found, now)))

    return new_landing_files


def _build_condition_sensor() -> dg.AutomationConditionSensorDefinition:
    """The sensor that evaluates `follow_upstream`, on from the start."""
    return dg.AutomationConditionSensorDefinition(
        name="follow_upstream",
        target=dg.AssetSelection.all(),
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=30,
    )
