"""The graph's named policies: pools, retries, freshness, conditions, partition mappings.

Belongs here: every policy of time and order that assets share, with its reason. Does not belong
here: what a day is (partitions.py), what an asset does, or sensors and schedules (wiring/).
"""

import calendar
import datetime as dt
import warnings
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

import dagster as dg

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS, tables_of_rhythm
from kpop_assets.days import TIME_ZONE, days_between

# One engine run at a time: two sessions on one laptop would share its memory and cores, and
# writers of one table wait for each other anyway.
ENGINE_POOL = "engine"

# How Dagster marks a run over a range of partitions.
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"

# A lock or a full disk may pass. A broken contract will not: it is not tried again
# (lake_asset.py).
RETRY_TWICE = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)

# The training of Sunday 10:00 uses Saturday's data, the newest whole day.
TRAINING_WEEKDAY = calendar.SATURDAY
TRAINED = tuple(table.path for table in tables_of_rhythm("weekly"))
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

# Housekeeping runs by the clock alone, never as part of a range of days (graph/lake_asset.py).
HOUSEKEEPING_TAG = "kpop/housekeeping"
HOUSEKEEPING = dg.AssetSelection.tag(HOUSEKEEPING_TAG, "")

# What takes in files: landing and the tables that its lines become. The rest follows of itself.
TAKE_IN = dg.AssetSelection.groups("landing").downstream(depth=1)


def taken_in(records: Iterable[Record]) -> dg.AutomationCondition[Any]:
    """The condition that lines of the day were taken in, of any of these kinds.

    A kind's table of files is the account of what was taken in, and no asset reads it: so this
    always means the day itself, where a dependency would mean any of the days it looks back at.
    """
    is_there = ~dg.AutomationCondition.missing()
    of_kinds = [
        dg.AutomationCondition.asset_matches(record.files.path.split("/"), is_there)
        for record in records
    ]
    return reduce(or_, of_kinds)


# Whatever lies downstream of an updated day is brought up to date, however old the day is: the
# partition mappings say which later days look back at it. Days that nobody collected stay empty,
# and missing upstream days do not block, because history begins somewhere. `newly_missing` catches
# days that were taken in before the first tick. Landing is left out: the sensor below looks at
# its files, and a day asked for by both would run twice. A day whose blocking check failed is not
# materialized (graph/lake_asset.py), so nothing follows it.
def following(records: Iterable[Record]) -> dg.AutomationCondition[Any]:
    """The condition of what follows lines of these kinds."""
    return (
        (
            dg.AutomationCondition.any_deps_updated().ignore(dg.AssetSelection.groups("landing"))
            | dg.AutomationCondition.newly_missing()
        ).since(dg.AutomationCondition.newly_requested() | dg.AutomationCondition.newly_updated())
        & taken_in(records)
        & ~dg.AutomationCondition.in_progress()
        & ~dg.AutomationCondition.any_deps_in_progress()
    ).with_label("follow_upstream")


follow_upstream = following(RECORDS)


def follow_own_kinds(assets: Iterable[dg.AssetsDefinition]) -> list[dg.AssetsDefinition]:
    """The assets; each that follows waits for lines of kinds that it rests on, and no others.

    Else a day whose videos could not be taken in would count as taken in by its tracks.
    """
    found = list(assets)
    reads = {spec.key: {dep.asset_key for dep in spec.deps} for one in found for spec in one.specs}

    def with_kinds(spec: dg.AssetSpec) -> dg.AssetSpec:
        rests_on, more = set[dg.AssetKey](), reads[spec.key]
        while more:
            rests_on |= more
            more = {up for key in more for up in reads.get(key, ())} - rests_on
        paths = {"/".join(key.path) for key in rests_on}
        kinds = [record for record in RECORDS if record.rows.path in paths]
        if spec.automation_condition is None or not kinds:
            return spec
        return spec.replace_attributes(automation_condition=following(kinds))

    return [one.map_asset_specs(with_kinds) for one in found]


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
