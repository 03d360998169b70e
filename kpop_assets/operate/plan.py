"""Which runs a range of days needs, before any of them runs.

Belongs here: the days themselves, later days that a late day makes stale, training days, and the
forecasts that come of them. Does not belong here: executing a run (execution.py), where a long
range is cut (stretches.py), or how far a day reaches, which the graph says (graph/reach.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import dagster as dg

from kpop_assets.contracts.models import TRAININGS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.days import DaysError, check_days, consecutive, day_end, days_between
from kpop_assets.graph.policies import TRAINED, TRAINING_WEEKDAY
from kpop_assets.graph.reach import downstream, followers, look_backs, reach
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.purged import purged_days
from kpop_assets.landing.found import find_files
from kpop_assets.operate.execution import RunError
from kpop_assets.operate.legs import Leg, RangeRequest
from kpop_assets.operate.stretches import STRETCH_BYTES, cut, simulated_bytes
from kpop_assets.settings import Settings

# Trainings of a long range: two months of track record.
TRAINING_WEEKS = 8


class Planner:
    """The legs of one request, from the graph and from what stands in lake and landing.

    Args:
        settings: folders.
        lake: the tables.
        specs: the graph.
        chosen: the assets that the request selects.
        request: the days, and what is asked of them.
    """

    def __init__(
        self,
        settings: Settings,
        lake: Lake,
        specs: Sequence[dg.AssetSpec],
        chosen: Iterable[str],
        request: RangeRequest,
    ) -> None:
        self._landing, self._lake, self._request = settings.landing, lake, request
        self._reads, self._follow = look_backs(specs), followers(specs)
        self.chosen = frozenset(chosen)
        # What needs a champion, so it comes after the trainings.
        self._forecast = self._follow & downstream(self._reads, TRAINED)
        is_trained = not self.chosen.isdisjoint(TRAINED)
        is_crowned = CHAMPION.path in self.chosen
        self._trainings = tuple(training_days(lake, request, is_crowned) if is_trained else ())
        self._purged = purged_days(lake)
        self._taken_in = landed_days(lake)

    def legs(self) -> list[Leg]:
        """All legs, as far as can be known before: each training counts as giving a champion."""
        return [
            *self.before_forecasts(),
            *self.forecasts({*champion_days(self._lake), *self._trainings}),
        ]

    def before_forecasts(self) -> list[Leg]:
        """The days asked for, later days that look back at them, and the trainings."""
        request, daily = self._request, self.chosen.difference(TRAINED, self._forecast)
        # Oldest first: a day reads none after it.
        found = [Leg("fill", *days, daily) for days in self._cut(request.start, request.last)]
        for until, paths in _by_end(self._stale(self._follow - self._forecast)).items():
            for days in self._open(day_end(request.last), until):
                found += [Leg("refresh", *stretch, paths) for stretch in self._cut(*days)]
        if trained := self._trainings:
            paths = self.chosen.intersection(TRAINED)
            found.append(Leg("train", trained[0], trained[-1], paths, trained))
        return [leg for leg in found if leg.paths]

    def forecasts(self, champions: Iterable[dt.date]) -> list[Leg]:
        """The forecasts of the days that one of the champions can forecast."""
        request, paths = self._request, self.chosen & self._forecast
        crowned = min(champions, default=None)
        first = request.start if request.select else crowned and max(request.start, crowned)
        if first is None:
            return []
        reigned = self._after([CHAMPION.path], self._trainings[-1]) if self._trainings else {}
        ends = dict.fromkeys(paths, request.last)
        for found in (self._stale(paths), reigned):
            ends |= {path: max(ends[path], found[path]) for path in paths & found.keys()}
        return [
            Leg("forecast", *days, together)
            for until, together in _by_end(ends).items()
            for days in self._open(first, until)
        ]

    def _stale(self, paths: Set[str]) -> dict[str, dt.date]:
        """Of `paths`, those that look back at the range from later days, with the last such day."""
        if self._request.select:
            return {}
        landing = [f"landing/{record.kind}" for record in RECORDS]
        found = self._after(landing, self._request.last)
        return {path: found[path] for path in paths & found.keys()}

    def _after(self, sources: Iterable[str], day: dt.date) -> dict[str, dt.date]:
        """Of all that rests on `day` of a source: the last such day in the lake after the range."""
        last, found = self._request.last, dict[str, dt.date]()
        for source in sources:
            for path, days in reach(self._reads, source, self._follow).items():
                end = day + dt.timedelta(days=days)
                within = [one for one in self._taken_in if last < one <= end]
                found[path] = max([*within, found.get(path, last)])
        return {path: until for path, until in found.items() if until > last}

    def _open(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
        """First and last day of each stretch of days from `first` to `last` that is not purged."""
        days = days_between(first, day_end(last))
        return consecutive(day for day in days if day not in self._purged)

    def _cut(self, start: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
        """The stretches from `start` to `last`, by what stands in landing or will be simulated."""
        is_asked = start <= self._request.last
        simulated = simulated_bytes(self._request.landing) if is_asked else 0
        sizes = Counter(dict.fromkeys(days_between(start, day_end(last)), simulated))
        standing: Counter[dt.date] = Counter()
        for record in RECORDS:
            for file in find_files(self._landing, start, day_end(last), record.kind):
                standing[file.day] += file.size_bytes
        return cut({**sizes, **standing}, start, last, STRETCH_BYTES)


def check_range(start: dt.date, last: dt.date) -> None:
    """Raise RunError unless the days are a range of partitions."""
    try:
        check_days(start, last)
    except DaysError as error:
        raise RunError(error.what, error.way_out) from error


def landed_days(lake: Lake) -> set[dt.date]:
    """The days of which the lake has lines, of whatever kind."""
    tables = [record.rows for record in RECORDS if lake.exists(record.rows)]
    return {file["ingest_date"] for table in tables for file in lake.file_statistics(table)}


def training_days(lake: Lake, request: RangeRequest, is_crowned: bool = False) -> list[dt.date]:
    """The days of the request to train on, oldest first.

    A training that was decided stands; one that was refused is tried again. Where it is to be
    crowned too and was not, its run was stopped after it: it is a day of the next, which keeps it.

    Args:
        lake: the tables.
        request: the days that are asked for.
        is_crowned: whether what follows a training is asked for as well.
    """
    if "days" in request.training:
        return sorted(dt.date.fromisoformat(day) for day in request.training["days"])
    if request.start == request.last and request.select:
        return [request.start]
    end = day_end(request.last)
    weekly = [d for d in days_between(request.start, end) if d.weekday() == TRAINING_WEEKDAY]
    decided = set()
    if lake.exists(TRAININGS):
        rows = lake.arrow(TRAININGS, request.start, end, ["ingest_date", "refusal"]).to_pylist()
        decided = {row["ingest_date"] for row in rows if row["refusal"] is None}
        decided &= champion_days(lake) if is_crowned else decided
    return [day for day in weekly[-TRAINING_WEEKS:] if day not in decided]


def champion_days(lake: Lake) -> set[dt.date]:
    """The days on which a champion was crowned or confirmed."""
    if not lake.exists(CHAMPION):
        return set()
    return set(lake.arrow(CHAMPION, dt.date.min, dt.date.max)["ingest_date"].to_pylist())


def _by_end(ends: Mapping[str, dt.date]) -> dict[dt.date, frozenset[str]]:
    """What ends on the same day together, the earliest first: nothing rests on what ends later."""
    days = sorted(set(ends.values()))
    return {day: frozenset(path for path, end in ends.items() if end == day) for day in days}
