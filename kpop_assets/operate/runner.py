"""Runs a range of ingest dates through the Dagster instance, and whatever looks back at it.

Belongs here: which runs a range needs: its days, later days that a late day makes stale, training
days, forecasts. Does not belong here: executing one (execution.py), where a long range is cut
(stretches.py) or what is printed (cli.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.models import TRAININGS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.rules import CHAMPION_DAYS, RANK_CHANGE_DAYS
from kpop_assets.contracts.rules import COUNTERS_LOOK_BACK_DAYS as COUNTERS_LOOK_BACK
from kpop_assets.contracts.rules import FEATURES_LOOK_BACK_DAYS as FEATURES_LOOK_BACK
from kpop_assets.contracts.rules import PACES_LOOK_BACK_DAYS as PACES_LOOK_BACK
from kpop_assets.contracts.rules import PEAKS_LOOK_BACK_DAYS as PEAKS_LOOK_BACK
from kpop_assets.days import FIRST_DAY, consecutive, day_end, days_between, seoul_now
from kpop_assets.graph.policies import HOUSEKEEPING, TRAINED, TRAINING_WEEKDAY
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.purged import purged_days, refuse_purged
from kpop_assets.landing.found import find_files
from kpop_assets.models.dataset import HORIZON_DAYS
from kpop_assets.operate.execution import Outcome, RunError, Runs
from kpop_assets.operate.instance import open_instance
from kpop_assets.operate.stretches import DEMO_LINE_BYTES, STRETCH_BYTES, cut
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake

# A day's events change the gains of the days that look back at it, those the features and inputs
# of the days that look back at them, those the forecasts up to a week later, and those the
# scorecard a week after.
INPUTS_REACH = COUNTERS_LOOK_BACK + max(FEATURES_LOOK_BACK + PEAKS_LOOK_BACK, PACES_LOOK_BACK)
REACH_DAYS = INPUTS_REACH + RANK_CHANGE_DAYS + HORIZON_DAYS
# What a late day makes stale on days after it. Trainings are not among it: each stands as it was
# decided on its day, and the next one learns from what has come since.
FOLLOWING = ("bronze/videos", "silver", "gold", "models/artist_inputs")
# What needs a champion, so it comes after the trainings.
FORECAST = tuple(table.path for table in TABLES if table.needs_champion)
# Trainings of a long range: two months of track record.
TRAINING_WEEKS = 8


def run_range(
    settings: Settings,
    start: dt.date,
    last: dt.date,
    select: Sequence[str] = (),
    landing: dict[str, Any] | None = None,
    training: dict[str, Any] | None = None,
) -> Outcome:
    """Materialize the days from `start` to `last`, both included.

    One run fills all that is daily, or one for each stretch of a range whose lines would not fit
    in memory. Where later days are in the lake, another brings those up to date that look back at
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

    Raises:
        RunError: the range is empty or outside the partitions, a selection names nothing, or a
            step or blocking check failed; where earlier stretches are done, it says from where
            to go on.
        PurgedError: a day of the range was purged; no table was touched. Later days that were
            purged stay as they are.
    """
    check_range(start, last)
    lake = build_lake(settings)
    with open_instance(settings) as instance:
        runs = Runs(settings, instance)
        chosen = runs.paths(select).difference(() if select else HOUSEKEEPING)
        refuse_purged(lake, chosen, start, day_end(last))
        _fill(runs, settings, start, last, chosen.difference(TRAINED, FORECAST), landing)
        until = _last_stale_day(lake, last) if not select else None
        if until is not None:
            for open_days in _open_stretches(lake, day_end(last), until):
                for begin, end in _cut(settings, *open_days):
                    runs.run(begin, end, FOLLOWING, is_refresh=True)
        trained = chosen.intersection(TRAINED)
        days = training_days(lake, start, last, training or {}, bool(select)) if trained else []
        if days:
            plan = {**(training or {}), "days": [day.isoformat() for day in days]}
            asked = {"models_trainings": {"config": plan}} if "models/trainings" in trained else {}
            runs.run(days[0], days[-1], trained, asked)
        forecast = chosen.intersection(FORECAST)
        first = start if select else first_champion_day(lake, start)
        if forecast and first is not None:
            reign = days[-1] + dt.timedelta(days=CHAMPION_DAYS) if days else last
            until = max(until or last, min(reign, max(_taken_in(lake), default=last)))
            for begin, end in _open_stretches(lake, first, until):
                runs.run(begin, end, forecast)
    return runs.outcome


def _fill(
    runs: Runs,
    settings: Settings,
    start: dt.date,
    last: dt.date,
    paths: set[str],
    landing: dict[str, Any] | None,
) -> None:
    """Materialize `paths` stretch by stretch, oldest first: a day reads none after it."""
    config = {"landing__events": {"config": landing}} if landing else {}
    for begin, end in _cut(settings, start, last, landing):
        try:
            runs.run(begin, end, paths, config)
        except RunError as error:
            if begin == start:
                raise
            done = f"the days before {begin} are done, go on with `kpop run {begin} {last}`"
            raise RunError(f"{error}; {done}") from error


def _cut(
    settings: Settings, start: dt.date, last: dt.date, landing: dict[str, Any] | None = None
) -> list[tuple[dt.date, dt.date]]:
    """The stretches from `start` to `last`, by what stands in landing or will be simulated."""
    sizes = dict.fromkeys(
        days_between(start, day_end(last)),
        (landing or {}).get("events_per_day", 0) * DEMO_LINE_BYTES,
    )
    standing: Counter[dt.date] = Counter()
    for file in find_files(settings.landing, start, day_end(last)):
        standing[file.day] += file.size_bytes
    return list(cut({**sizes, **standing}, start, last, STRETCH_BYTES))


def check_range(start: dt.date, last: dt.date) -> None:
    """Raise RunError unless the days are a range of partitions."""
    today = seoul_now().date()
    if last < start:
        raise RunError(f"{start} lies after {last}: give the first day first")
    if start < FIRST_DAY:
        raise RunError(f"{start} lies before the first partition: start at {FIRST_DAY} or later")
    if last > today:
        raise RunError(f"{last} lies in the future: end at {today}, today in Seoul, or earlier")


def _taken_in(lake: Lake) -> list[dt.date]:
    """The days that were taken in."""
    return [file["ingest_date"] for file in lake.file_statistics(EVENTS)]


def _open_stretches(lake: Lake, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each stretch of days from `first` to `last` that were not purged."""
    purged = purged_days(lake)
    return list(consecutive(day for day in days_between(first, day_end(last)) if day not in purged))


def _last_stale_day(lake: Lake, last: dt.date) -> dt.date | None:
    """The last day in the lake after `last` that looks back at it, if there is one."""
    stale = [day for day in _taken_in(lake) if last < day <= last + dt.timedelta(days=REACH_DAYS)]
    return max(stale, default=None)


def training_days(
    lake: Lake, start: dt.date, last: dt.date, training: dict[str, Any], is_selected: bool
) -> list[dt.date]:
    """The days from `start` to `last` to train on, oldest first.

    A training that was decided stands; one that was refused is tried again.
    """
    if "days" in training:
        return sorted(dt.date.fromisoformat(day) for day in training["days"])
    if start == last and is_selected:
        return [start]
    days = days_between(start, day_end(last))
    weekly = [day for day in days if day.weekday() == TRAINING_WEEKDAY]
    decided = set()
    if lake.exists(TRAININGS):
        rows = lake.arrow(TRAININGS, start, day_end(last), ["ingest_date", "refusal"]).to_pylist()
        decided = {row["ingest_date"] for row in rows if row["refusal"] is None}
    return [day for day in weekly[-TRAINING_WEEKS:] if day not in decided]


def first_champion_day(lake: Lake, start: dt.date) -> dt.date | None:
    """The first day from `start` on that a champion can forecast."""
    if not lake.exists(CHAMPION):
        return None
    days = lake.arrow(CHAMPION, dt.date.min, dt.date.max)["ingest_date"].to_pylist()
    return max(start, min(days)) if days else None
