"""One run through the Dagster instance: what is selected, what it wrote, and why it failed.

Belongs here: executing a selection for a range of days, in this process. Does not belong here:
which runs a range of days needs (plan.py).
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import dagster as dg

from kpop_assets.contracts.models import TRAININGS
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.definitions import LAYERS, build_defs
from kpop_assets.errors import KpopError
from kpop_assets.graph.failures import cause_of
from kpop_assets.graph.policies import HOUSEKEEPING, RANGE_END_TAG, RANGE_START_TAG
from kpop_assets.graph.reach import path_of
from kpop_assets.models.experiment import open_tracking
from kpop_assets.operate.legs import Leg, Listener, RangeRequest
from kpop_assets.operate.lost_runs import PROCESS_TAG, SPACE_TAG, space_of_here
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake

# What a run has to say stands in the instance; the command line prints the outcome.
_QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}


class RunError(KpopError):
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


class Graph:
    """The built graph on one data folder: what may be selected, and how it is run."""

    def __init__(self, settings: Settings) -> None:
        resources = {
            "settings": settings,
            "lake": build_lake(settings),
            "tracking": open_tracking(settings.home),
        }
        definitions = build_defs(resources)
        self.specs = definitions.resolve_all_asset_specs()
        self.job = definitions.resolve_implicit_global_asset_job_def()
        # By the function that fills them.
        self.steps = {
            assets.op.name: sorted(map(path_of, assets.keys))
            for assets in definitions.assets or ()
            if isinstance(assets, dg.AssetsDefinition)
        }

    def paths(self, select: Sequence[str]) -> set[str]:
        """The assets that a selection names, as `layer/table`."""
        return {path_of(key) for key in self.keys(select)}

    def keys(self, select: Sequence[str]) -> list[dg.AssetKey]:
        """The assets named by layer (`silver`), key (`silver/artist_daily`) or selection.

        Nothing named is all but housekeeping.

        Raises:
            RunError: one names nothing.
        """
        graph = self.job.asset_layer.asset_graph
        if not select:
            return sorted(graph.materializable_asset_keys - HOUSEKEEPING.resolve(graph))
        try:
            chosen = {key for word in select for key in _selection(word).resolve(graph)}
        except dg.DagsterError as error:
            raise _unknown(select) from error
        if not chosen:
            raise _unknown(select)
        # Tables that one function fills can only be filled together.
        together = {other for key in chosen for other in graph.get(key).execution_set_asset_keys}
        return sorted(together)


class Runs:
    """Runs of one graph on one instance, and what they wrote."""

    def __init__(self, graph: Graph, instance: dg.DagsterInstance, listener: Listener) -> None:
        self._graph, self._instance, self._listener = graph, instance, listener
        self.outcome = Outcome()

    def run(self, leg: Leg, request: RangeRequest) -> None:
        """Materialize the assets of a leg for its days.

        Raises:
            RunError: a step or blocking check failed.
        """
        self._listener.leg_begins(leg)
        run_id = str(uuid.uuid4())
        self._instance.add_event_listener(run_id, partial(self._hear, leg))
        result = self._graph.job.execute_in_process(
            run_id=run_id,
            instance=self._instance,
            asset_selection=self._graph.keys(sorted(leg.paths)),
            run_config={"loggers": _QUIET, "ops": _config(leg, request)},
            tags={
                RANGE_START_TAG: leg.start.isoformat(),
                RANGE_END_TAG: leg.last.isoformat(),
                PROCESS_TAG: str(os.getpid()),
                SPACE_TAG: space_of_here(),
            },
            raise_on_error=False,
        )
        _raise_failure(result)
        self.outcome.run_ids.append(result.run_id)
        found = self.outcome.refreshed if leg.kind == "refresh" else self.outcome.rows
        for path, count in _rows(result).items():
            found[path] = found.get(path, 0) + count
        self._listener.leg_ends(leg)

    def _hear(self, leg: Leg, entry: dg.EventLogEntry) -> None:
        """Pass on what an event of the log says of progress."""
        event = entry.dagster_event
        if event is None:
            return
        if event.is_step_start and event.step_key:
            self._listener.step_begins(leg, self._graph.steps[event.step_key])
        elif event.asset_key and event.partition:
            day = dt.date.fromisoformat(event.partition)
            if event.is_asset_observation:
                self._listener.training_done(leg, day)
            elif event.is_step_materialization:
                self._listener.day_done(leg, path_of(event.asset_key), day)


def _config(leg: Leg, request: RangeRequest) -> dict[str, Any]:
    """What is configured of the leg's functions, by their names."""
    config: dict[str, Any] = {}
    if leg.kind == "fill" and request.landing:
        asked = {"config": dict(request.landing)}
        config |= {f"landing__{record.kind}": asked for record in RECORDS}
    if TRAININGS.path in leg.paths:
        days = [day.isoformat() for day in leg.training_days]
        config["models_trainings"] = {"config": {**request.training, "days": days}}
    return config


def _selection(word: str) -> dg.AssetSelection:
    if word in LAYERS:
        return dg.AssetSelection.groups(word)
    return dg.AssetSelection.from_string(word)


def _unknown(select: Sequence[str]) -> RunError:
    layers = ", ".join(LAYERS)
    return RunError(f"--select {' '.join(select)} names no asset", f"use {layers} or layer/table")


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
            cause = cause_of(event)
            raise RunError(f"step {event.step_key} failed: {cause.what}", cause.way_out)
    if not result.success:
        raise RunError(f"run {result.run_id} failed", "see `make dev`")
