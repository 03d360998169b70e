"""When things run: named conditions, schedules, sensors and retry of the whole graph.

Belongs here: every policy of time and order, with its reason. Does not belong here: what a day is
(partitions.py) or what an asset does.
"""

import calendar
import datetime as dt
import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from kpop_assets.bronze.lines import LandingFile, find_files
from kpop_assets.contracts.bronze import FILES
from kpop_assets.days import FIRST_DAY, TIME_ZONE, day_end, days_between, seoul_now
from kpop_assets.landing.files import list_days
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.resources.lake import Lake
from kpop_assets.retention.marks import purged_days
from kpop_assets.settings import Settings

# One engine run at a time: two sessions on one laptop would share its memory and cores, and
# writers of one table wait for each other anyway.
ENGINE_POOL = "engine"

# How Dagster marks a run over a range of partitions.
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"

# A lock or a full disk may pass. A broken contract will not: it is not tried again (report.py).
RETRY_TWICE = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)

# The training of Sunday 10:00 uses Saturday's data, the newest whole day.
TRAINING_WEEKDAY = calendar.SATURDAY
TRAINED = (
    "models/trainings",
    "models/backtests",
    "models/candidate_scores",
    "pareto/front",
    "pareto/champion",
)
TRAINING = dg.AssetSelection.assets(*TRAINED)

# The day's data is there by 20:00: the round of 15:00 in Seoul, and five hours for what follows and
# its retries. What came with the round of 09:00 alone is late, but the day is not lost.
DAILY_DEADLINE_HOUR = 20
DAILY_FRESHNESS = dg.FreshnessPolicy.cron(
    f"0 {DAILY_DEADLINE_HOUR} * * *", dt.timedelta(hours=11), TIME_ZONE
)
# Sunday's training takes minutes; six hours leave room for a backfill before it in the queue.
TRAINING_DEADLINE_HOUR = 16
TRAINING_FRESHNESS = dg.FreshnessPolicy.cron(
    f"0 {TRAINING_DEADLINE_HOUR} * * 0", dt.timedelta(hours=6), TIME_ZONE
)

# Housekeeping runs by the clock alone, never as part of a range of days.
HOUSEKEEPING = ("retention/purges", "retention/compaction")
PURGING = dg.AssetSelection.assets(*HOUSEKEEPING)

# What takes in files: landing and the tables that its lines become. The rest follows of itself.
TAKE_IN = dg.AssetSelection.groups("landing").downstream(depth=1)

_FINISHED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_UNFINISHED = [status for status in dg.DagsterRunStatus if status not in _FINISHED]

# `bronze/files` is the account of what was taken in, and no asset reads it: so this always means
# the day itself, where a dependency would mean any of the days that it looks back at.
_day_is_taken_in = dg.AutomationCondition.asset_matches(
    ["bronze", "files"], ~dg.AutomationCondition.missing()
)

# Whatever lies downstream of an updated day is brought up to date, however old the day is: the
# partition mappings say which later days look back at it. Days that nobody collected stay empty,
# and missing upstream days do not block, because history begins somewhere. `newly_missing` catches
# days that were taken in before the first tick. Landing is left out: the sensor below looks at
# its files, and a day asked for by both would run twice. A day whose blocking check failed is not
# materialized (report.py), so nothing follows it.
follow_upstream = (
    (
        dg.AutomationCondition.any_deps_updated().ignore(dg.AssetSelection.groups("landing"))
        | dg.AutomationCondition.newly_missing()
    ).since(dg.AutomationCondition.newly_requested() | dg.AutomationCondition.newly_updated())
    & _day_is_taken_in
    & ~dg.AutomationCondition.in_progress()
    & ~dg.AutomationCondition.any_deps_in_progress()
).with_label("follow_upstream")


def weekly_days(start: dt.date, end: dt.date) -> list[dt.date]:
    """The training days of [start, end); of a single day, that day."""
    days = days_between(start, end)
    return days if len(days) == 1 else [day for day in days if day.weekday() == TRAINING_WEEKDAY]


def keep_fresh(assets: Iterable[Any]) -> Iterator[dg.AssetsDefinition]:
    """The assets, each with the freshness policy of its rhythm unless it has its own."""

    def with_policy(spec: dg.AssetSpec) -> dg.AssetSpec:
        rhythm = TRAINING_FRESHNESS if "/".join(spec.key.path) in TRAINED else DAILY_FRESHNESS
        return spec.replace_attributes(freshness_policy=spec.freshness_policy or rhythm)

    return (asset.map_asset_specs(with_policy) for asset in assets)


def looks_back(days: int) -> dg.TimeWindowPartitionMapping:
    """The mapping of an asset that reads an upstream day and the `days` before it."""
    with warnings.catch_warnings():
        # Beta since Dagster 1.3, and the only way to look back from the first partition.
        warnings.simplefilter("ignore", dg.BetaWarning)
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
    # A purge takes lines out of files that were taken in (retention/lines.py).
    purged = purged_days(lake)
    cut = {(day, name) for day, name, _ in taken if day in purged}
    found: dict[dt.date, list[LandingFile]] = {}
    for day in list_days(settings.landing):
        files = find_files(settings.landing, day, day_end(day))
        new = [f for f in files if (day, f.path.name, f.size_bytes) not in taken]
        if any((day, file.path.name) not in cut for file in new):
            found[day] = files
    return found


def consecutive(days: Iterable[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of each gapless stretch of days."""
    ordered = sorted(days)
    breaks = [i for i in range(1, len(ordered)) if ordered[i] != day_end(ordered[i - 1])]
    for i, j in zip([0, *breaks], [*breaks, len(ordered)], strict=True):
        if i < j:
            yield ordered[i], ordered[j - 1]


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


def build_sensors(job_name: str) -> list[dg.SensorDefinition]:
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
        for path, problem in sort_inbox(settings.landing).failed.items():
            context.log.error(f"{path.name} stays in the inbox: {problem}")
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
