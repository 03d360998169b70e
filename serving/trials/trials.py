"""Which variants a listener gets now: by the plans as they stand in their folder.

Belongs here: what of the product the variants of a listener set, what is usual where none does, and
that they met them. Does not belong here: the draw (kpop_assets/experiments/assignment.py), or what
a setting does.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.days import seoul_now
from kpop_assets.experiments.assignment import variant_of
from kpop_assets.experiments.plans import (
    Experiment,
    PlanError,
    plans_folder,
    usable_experiments,
)
from kpop_assets.experiments.usual_settings import usable_usual, usual_file

# A plan counts this long after its file was changed, at the latest.
LOOK_SECONDS = 1.0
# Of listeners who met a variant today as many are remembered; who is told of twice counts once.
_MOST_TOLD = 1 << 20

_log = logging.getLogger("kpop.trials")


@dataclass(frozen=True)
class Applied:
    """What holds for one answer.

    Attributes:
        variants: by experiment that runs now and sets something.
        settings: what these variants set, and what is usual; of what neither names whoever asks
            does as it was built.
    """

    variants: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def named(self) -> list[str]:
        """As a line of the log has them: `experiment=variant`."""
        return [f"{name}={variant}" for name, variant in self.variants.items()]


class Trials:
    """The experiments of a data folder as one process sees them.

    A file that cannot be used is told once and ignored: answers never wait for a plan. Of usual
    settings those of before stay.

    Args:
        home: the data folder.
        clock: seconds that never go back.

    Attributes:
        folder: where the plans lie.
        usual_file: where the usual settings lie.
    """

    def __init__(self, home: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder, self.usual_file = plans_folder(home), usual_file(home)
        self._clock = clock
        self._looked = -LOOK_SECONDS
        self._seen: tuple[tuple[str, int, int], ...] | None = None
        self._plans: tuple[Experiment, ...] = ()
        self._usual: dict[str, str] = {}
        self._faults: tuple[PlanError, ...] = ()
        self._told: set[tuple[str, str]] = set()
        self._told_on = dt.date.min
        self._lock = threading.Lock()

    def plans(self) -> tuple[Experiment, ...]:
        """All experiments that can be run, by name, whenever they run."""
        now = self._clock()
        if now - self._looked >= LOOK_SECONDS:
            with self._lock:
                self._look()
                self._looked = now
        return self._plans

    def usual(self) -> Mapping[str, str]:
        """What the file of usual settings says."""
        self.plans()
        return self._usual

    def faults(self) -> tuple[PlanError, ...]:
        """What keeps the other files from being used."""
        self.plans()
        return self._faults

    def applied(self, unit_id: str | None, now: dt.datetime) -> Applied:
        """What holds for a listener; for nobody in particular what is usual.

        Args:
            unit_id: hashed id of the listener.
            now: the instant of the answer.
        """
        plans = self.plans()
        if not (plans and unit_id):
            return Applied(settings=self._usual)
        day = seoul_now(now).date()
        variants: dict[str, str] = {}
        settings = {**self._usual}
        for plan in plans:
            # Who is answered has met nothing of a plan that is carried out elsewhere.
            if plan.switches and plan.runs_on(day):
                variants[plan.name] = variant = variant_of(plan, unit_id)
                settings.update(plan.settings.get(variant, {}))
        return Applied(variants, settings)

    def exposures(
        self, unit_id: str | None, applied: Applied, now: dt.datetime
    ) -> list[dict[str, str | int]]:
        """Lines of kind `exposures` that say so, once a day of each experiment.

        Args:
            unit_id: as for `applied`.
            applied: what held for the answer that the listener gets.
            now: the same instant.
        """
        if not (applied.variants and unit_id):
            return []
        self._begin_day(seoul_now(now).date())
        new = [name for name in applied.variants if (name, unit_id) not in self._told]
        self._told.update((name, unit_id) for name in new)
        at = int(now.timestamp() * 1000)
        return [
            {
                "experiment": name,
                "variant": applied.variants[name],
                "unit_id": unit_id,
                "exposed_at": at,
            }
            for name in new
        ]

    def _begin_day(self, day: dt.date) -> None:
        if day != self._told_on or len(self._told) >= _MOST_TOLD:
            self._told_on, self._told = day, set()

    def _look(self) -> None:
        seen = tuple(sorted(_marks([self.usual_file, *self.folder.glob("*.toml")])))
        if seen == self._seen:
            return
        plans, faults = usable_experiments(self.folder)
        usual, fault = usable_usual(self.usual_file)
        before = {str(fault) for fault in self._faults}
        self._tell("experiment left out", faults, before)
        if fault is None:
            self._usual = usual
        else:
            self._tell("usual settings stay as they were", [fault], before)
            faults = (*faults, fault)
        self._seen, self._plans, self._faults = seen, plans, faults

    def _tell(self, what: str, faults: Iterable[PlanError], before: set[str]) -> None:
        for fault in faults:
            if str(fault) not in before:
                _log.warning("%s: %s", what, fault)


def _marks(paths: Iterable[Path]) -> list[tuple[str, int, int]]:
    """What tells that a file is another: its name, time and size."""
    marks = []
    for path in paths:
        try:
            found = path.stat()
        except FileNotFoundError:
            # There is none, or it was removed between the two looks.
            continue
        marks.append((str(path), found.st_mtime_ns, found.st_size))
    return marks
