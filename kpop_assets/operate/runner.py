"""Materializes a range of ingest dates through the Dagster instance, leg by leg.

Belongs here: the one call that runs days, and the one that says what it would run. Does not belong
here: which runs a range needs (plan.py), executing one (execution.py) or what is printed (cli/).

What a terminal shows meanwhile comes by two ways, and needs nothing of Dagster:

- `plan(settings, start, last, ...)` takes the arguments of `materialize` and returns the `Leg`s
  that it would run, each with its kind, days, assets and training days; nothing is started.
- `materialize(..., listener=...)` calls the methods of a `Listener` (legs.py) as legs begin
  and end, as steps begin, and as days of an asset and trainings are done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from kpop_assets.days import day_end
from kpop_assets.lake.purged import refuse_purged
from kpop_assets.operate.execution import Graph, Outcome, RunError, Runs
from kpop_assets.operate.instance import open_instance
from kpop_assets.operate.legs import Leg, Listener, RangeRequest
from kpop_assets.operate.plan import Planner, champion_days, check_range
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake


def materialize(
    settings: Settings,
    start: dt.date,
    last: dt.date,
    select: Sequence[str] = (),
    landing: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
    listener: Listener | None = None,
) -> Outcome:
    """Materialize the days from `start` to `last`, both included.

    One run fills all that is daily, or one for each stretch of a range whose lines would not fit
    in memory. Where later days are in the lake, others bring those up to date that look back at
    the range, so that the order in which days are run changes nothing. Then one trains on the
    training days, and one forecasts the days that have a champion.

    Args:
        settings: folders and engine.
        start: first ingest date.
        last: last ingest date.
        select: asset selections; empty means every layer.
        landing: configuration of the landing asset (see `LandingConfig`).
        training: configuration of the trainings (see `TrainingConfig`); without `days` these are
            those of the last `TRAINING_WEEKS` weekly training days of the range that are not
            decided yet, or a single day that was asked for by selecting trainings.
        listener: hears what is done, while it is done.

    Raises:
        RunError: the range is empty or outside the partitions, a selection names nothing, or a
            step or blocking check failed; where earlier stretches are done, it says from where
            to go on.
        PurgedError: a day of the range was purged; no table was touched. Later days that were
            purged stay as they are.
    """
    check_range(start, last)
    request = RangeRequest(start, last, select, landing or {}, training or {})
    lake, listener = build_lake(settings), listener or Listener()
    with open_instance(settings) as instance:
        graph = Graph(settings)
        planner = Planner(settings, lake, graph.specs, graph.paths(select), request)
        refuse_purged(lake, planner.chosen, start, day_end(last))
        listener.planned(planner.legs())
        runs = Runs(graph, instance, listener)
        for leg in planner.before_forecasts():
            _run(runs, leg, request)
        for leg in planner.forecasts(champion_days(lake)):
            _run(runs, leg, request)
    return runs.outcome


def plan(
    settings: Settings,
    start: dt.date,
    last: dt.date,
    select: Sequence[str] = (),
    landing: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
) -> list[Leg]:
    """What `materialize` would run, in order; nothing is started or written.

    Forecasts are those there will be if each training gives a champion.

    Raises:
        RunError, PurgedError: as `materialize`, before it runs anything.
    """
    check_range(start, last)
    request = RangeRequest(start, last, select, landing or {}, training or {})
    lake, graph = build_lake(settings), Graph(settings)
    planner = Planner(settings, lake, graph.specs, graph.paths(select), request)
    refuse_purged(lake, planner.chosen, start, day_end(last))
    return planner.legs()


def _run(runs: Runs, leg: Leg, request: RangeRequest) -> None:
    try:
        runs.run(leg, request)
    except RunError as error:
        if leg.kind == "train" and not (request.select or request.training):
            again = f"`kpop run {request.start} {request.last}`"
            rest = f"the days are done, and trainings that are stay: go on with {again}"
        elif leg.kind == "fill" and leg.start != request.start:
            on = f"go on with `kpop run {leg.start} {request.last}`"
            rest = f"the days before {leg.start} are done, {on}"
        else:
            raise
        raise RunError(error.what, "; ".join(filter(None, (error.way_out, rest)))) from error
