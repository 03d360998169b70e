"""Runs a range of ingest dates through the Dagster instance, and whatever looks back at it.

Belongs here: range runs, and which later days a late day makes stale. Does not belong here: the
instance itself (instance.py), what is printed (cli.py) or how an asset is filled.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from kpop_assets.automation import RANGE_END_TAG, RANGE_START_TAG
from kpop_assets.bronze.videos import LOOK_BACK_DAYS as VIDEOS_LOOK_BACK
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.definitions import LAYERS, build_defs
from kpop_assets.gold.features import LOOK_BACK_DAYS as FEATURES_LOOK_BACK
from kpop_assets.instance import open_instance
from kpop_assets.partitions import FIRST_DAY, day_end, seoul_now
from kpop_assets.resources.build import build_lake
from kpop_assets.settings import Settings
from kpop_assets.silver.video_daily import LOOK_BACK_DAYS as COUNTERS_LOOK_BACK

# A day's events change the gains of the days that look back at it, and those the features of the
# days that look back at them.
REACH_DAYS = max(VIDEOS_LOOK_BACK, COUNTERS_LOOK_BACK + FEATURES_LOOK_BACK)

# What a run has to say stands in the instance; the command line prints the outcome.
_QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}


class RunError(RuntimeError):
    """A run failed or was asked for something that does not exist; one line says what."""


@dataclass(frozen=True)
class Outcome:
    """What a finished run wrote: rows by asset path."""

    run_id: str
    rows: dict[str, int]


def run_range(
    settings: Settings,
    start: dt.date,
    last: dt.date,
    select: Sequence[str] = (),
    landing: dict[str, Any] | None = None,
) -> list[Outcome]:
    """Materialize the days from `start` to `last`, both included, in one run.

    Where later days are already in the lake, those that look back at the range are brought up to
    date by a second run, so that the order in which days are run changes nothing.

    Args:
        settings: folders and engine.
        start: first ingest date.
        last: last ingest date.
        select: asset selections; empty means every layer.
        landing: configuration of the landing asset (see `LandingConfig`).

    Raises:
        RunError: the range is empty or outside the partitions, a selection names nothing, or a
            step or blocking check failed.
    """
    check_range(start, last)
    with open_instance(settings) as instance:
        outcomes = [_run(settings, instance, start, last, select, landing)]
        later = _last_stale_day(settings, last)
        if later is not None and not select:
            downstream = [name for name in LAYERS if name not in ("landing", "bronze")]
            again = ["bronze/videos", *downstream]
            outcomes.append(_run(settings, instance, day_end(last), later, again))
    return outcomes


def check_range(start: dt.date, last: dt.date) -> None:
    """Raise RunError unless the days are a range of partitions."""
    today = seoul_now().date()
    if last < start:
        raise RunError(f"{start} lies after {last}: give the first day first")
    if start < FIRST_DAY:
        raise RunError(f"{start} lies before the first partition: start at {FIRST_DAY} or later")
    if last > today:
        raise RunError(f"{last} lies in the future: end at {today}, today in Seoul, or earlier")


def _last_stale_day(settings: Settings, last: dt.date) -> dt.date | None:
    """The last day in the lake after `last` that looks back at it, if there is one."""
    lake = build_lake(settings)
    days = [file["ingest_date"] for file in lake.file_statistics(EVENTS)]
    stale = [day for day in days if last < day <= last + dt.timedelta(days=REACH_DAYS)]
    return max(stale, default=None)


def _run(
    settings: Settings,
    instance: dg.DagsterInstance,
    start: dt.date,
    last: dt.date,
    select: Sequence[str],
    landing: dict[str, Any] | None = None,
) -> Outcome:
    resources = {"settings": settings, "lake": build_lake(settings)}
    job = build_defs(resources).resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance,
        asset_selection=_keys(job, select),
        run_config={"loggers": _QUIET, "ops": _landing_config(landing)},
        tags={RANGE_START_TAG: start.isoformat(), RANGE_END_TAG: last.isoformat()},
        raise_on_error=False,
    )
    _raise_failure(result)
    return Outcome(result.run_id, _rows(result))


def _keys(job: dg.JobDefinition, select: Sequence[str]) -> list[dg.AssetKey]:
    """The assets named by layer (`silver`), key (`silver/artist_daily`) or Dagster selection."""
    graph = job.asset_layer.asset_graph
    if not select:
        return sorted(graph.materializable_asset_keys)
    try:
        chosen = {key for word in select for key in _selection(word).resolve(graph)}
    except dg.DagsterError as error:
        raise _unknown(select) from error
    if not chosen:
        raise _unknown(select)
    # Tables that one function fills can only be filled together.
    together = {other for key in chosen for other in graph.get(key).execution_set_asset_keys}
    return sorted(together)


def _selection(word: str) -> dg.AssetSelection:
    if word in LAYERS:
        return dg.AssetSelection.groups(word)
    return dg.AssetSelection.from_string(word)


def _unknown(select: Sequence[str]) -> RunError:
    layers = ", ".join(LAYERS)
    return RunError(f"--select {' '.join(select)} names no asset: use {layers} or layer/table")


def _landing_config(landing: dict[str, Any] | None) -> dict[str, Any]:
    return {"landing__events": {"config": landing}} if landing else {}


def _rows(result: dg.ExecuteInProcessResult) -> dict[str, int]:
    rows = {}
    for event in result.get_asset_materialization_events():
        data = event.materialization
        count = data.metadata.get("dagster/partition_row_count")
        if count is not None:
            rows["/".join(data.asset_key.path)] = int(count.value)  # type: ignore[arg-type]
    return rows


def _raise_failure(result: dg.ExecuteInProcessResult) -> None:
    for check in result.get_asset_check_evaluations():
        if not check.passed:
            name = f"{'/'.join(check.asset_key.path)}:{check.check_name}"
            figures = {key: value.value for key, value in check.metadata.items()}
            raise RunError(f"check {name} failed: {figures}")
    for event in result.all_events:
        if event.is_step_failure:
            raise RunError(f"step {event.step_key} failed: {_root_cause(event)}")
    if not result.success:
        raise RunError(f"run {result.run_id} failed: see `make dev`")


def _root_cause(event: dg.DagsterEvent) -> str:
    """First line of the innermost error of a failed step; our own errors without their class."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    text = error.message.strip().splitlines()[0] if error else "unknown"
    return re.sub(r"^kpop_assets\.[\w.]+: ", "", text)
