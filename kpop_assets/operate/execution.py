"""One run through the Dagster instance: what is selected, what it wrote, and why it failed.

Belongs here: executing a selection for a range of days, in this process. Does not belong here:
which runs a range of days needs (runner.py).
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from kpop_assets.definitions import LAYERS, build_defs
from kpop_assets.graph.policies import RANGE_END_TAG, RANGE_START_TAG
from kpop_assets.models.experiment import open_tracking
from kpop_assets.operate.instance import PROCESS_TAG
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets.wiring.watch import root_cause

# What a run has to say stands in the instance; the command line prints the outcome.
_QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}


class RunError(RuntimeError):
    """A run failed or was asked for something that does not exist; one line says what."""


@dataclass
class Outcome:
    """What finished runs wrote.

    Attributes:
        run_ids: the Dagster runs, in order.
        rows: rows of the days asked for, by asset path.
        refreshed: rows of later days that look back at them, by asset path.
    """

    run_ids: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    refreshed: dict[str, int] = field(default_factory=dict)


class Runs:
    """Runs of one graph on one instance, and what they wrote."""

    def __init__(self, settings: Settings, instance: dg.DagsterInstance) -> None:
        resources = {
            "settings": settings,
            "lake": build_lake(settings),
            "tracking": open_tracking(settings.home),
        }
        self._instance = instance
        self._job = build_defs(resources).resolve_implicit_global_asset_job_def()
        self.outcome = Outcome()

    def paths(self, select: Sequence[str]) -> set[str]:
        """The assets that a selection names, as `layer/table`."""
        return {"/".join(key.path) for key in _keys(self._job, select)}

    def run(
        self,
        start: dt.date,
        last: dt.date,
        paths: Iterable[str],
        config: dict[str, Any] | None = None,
        is_refresh: bool = False,
    ) -> None:
        """Materialize `paths` for the days from `start` to `last`; none is none."""
        select = sorted(paths)
        if not select:
            return
        result = self._job.execute_in_process(
            instance=self._instance,
            asset_selection=_keys(self._job, select),
            run_config={"loggers": _QUIET, "ops": config or {}},
            tags={
                RANGE_START_TAG: start.isoformat(),
                RANGE_END_TAG: last.isoformat(),
                PROCESS_TAG: str(os.getpid()),
            },
            raise_on_error=False,
        )
        _raise_failure(result)
        self.outcome.run_ids.append(result.run_id)
        found = self.outcome.refreshed if is_refresh else self.outcome.rows
        for path, count in _rows(result).items():
            found[path] = found.get(path, 0) + count


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


def _rows(result: dg.ExecuteInProcessResult) -> Counter[str]:
    rows: Counter[str] = Counter()
    for event in result.get_asset_materialization_events():
        data = event.materialization
        count = data.metadata.get("dagster/partition_row_count")
        if count is not None:
            rows["/".join(data.asset_key.path)] += int(count.value)  # type: ignore[arg-type]
    return rows


def _raise_failure(result: dg.ExecuteInProcessResult) -> None:
    for check in result.get_asset_check_evaluations():
        if not check.passed:
            name = f"{'/'.join(check.asset_key.path)}:{check.check_name}"
            figures = {key: value.value for key, value in check.metadata.items()}
            raise RunError(f"check {name} failed: {figures}")
    for event in result.all_events:
        if event.is_step_failure:
            raise RunError(f"step {event.step_key} failed: {root_cause(event)}")
    if not result.success:
        raise RunError(f"run {result.run_id} failed: see `make dev`")
