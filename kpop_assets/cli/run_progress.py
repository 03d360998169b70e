"""How far a run of days is: its legs, days and trainings told as progress.

Belongs here: how much work each part is, and the words. Does not belong here: how progress is
shown (progress.py) or what a run does (operate/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kpop_assets.cli.progress import Progress
from kpop_assets.contracts.registry import tables_of_rhythm
from kpop_assets.operate.legs import Leg, Listener

# On the demo, a training takes as long as so many days of a table: of three one in the mean.
TRAINING_WORK = 1000
# The tables whose steps train, a row each training.
TRAINERS = frozenset(
    table.path for table in tables_of_rhythm("weekly") if table.name.endswith("trainings")
)
_KINDS = {"fill": "", "refresh": "later days:", "train": "training:", "forecast": "forecasts:"}


@dataclass(frozen=True)
class Amount:
    """Days of tables, and trainings."""

    days: int = 0
    trainings: int = 0

    @property
    def work(self) -> int:
        """Both in one number, which grows about as time does."""
        return self.days + TRAINING_WORK * self.trainings

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.days + other.days, self.trainings + other.trainings)


def amount_of(leg: Leg) -> Amount:
    """What there is to do in a leg."""
    trainings = len(leg.training_days) * len(leg.paths & TRAINERS)
    return Amount(len(leg.paths) * leg.day_count, trainings)


class RunProgress(Listener):
    """Tells a `Progress` what a `Listener` hears.

    Args:
        progress: who shows it.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._doing = ""
        # Training days that are still to come while a step trains, and trainings done before it.
        self._to_train: tuple[dt.date, ...] = ()
        self._trained_before = 0
        # Work done, days of tables done and trainings done; of all legs, and at the leg's end.
        self._done, self._total, self._leg_end = Amount(), Amount(), Amount()

    def planned(self, legs: Sequence[Leg]) -> None:
        """The whole of the work is known."""
        self._total = sum(map(amount_of, legs), Amount())

    def leg_begins(self, leg: Leg) -> None:
        """What is done next, and where its end is."""
        self._leg_end, self._to_train = self._done + amount_of(leg), ()
        self._tell(leg, "")

    def step_begins(self, leg: Leg, paths: Sequence[str]) -> None:
        """The tables that are filled next."""
        self._to_train = () if TRAINERS.isdisjoint(paths) else leg.training_days
        self._trained_before = self._done.trainings
        self._tell(leg, ", ".join(paths[:2]) + (f" and {len(paths) - 2} more" * bool(paths[2:])))

    def training_done(self, leg: Leg, day: dt.date) -> None:
        """One training less to wait for."""
        self._to_train = tuple(one for one in leg.training_days if one > day)
        # A step that is tried again tells once more of those that it keeps.
        trainings = self._trained_before + len(leg.training_days) - len(self._to_train)
        self._done = Amount(self._done.days, max(self._done.trainings, trainings))
        self._show()

    def day_done(self, leg: Leg, path: str, day: dt.date) -> None:
        """One day of a table less."""
        self._done += Amount(days=1)
        if path in TRAINERS:
            self.training_done(leg, day)
        self._show()

    def leg_ends(self, leg: Leg) -> None:
        """What was not told day by day is done as well."""
        self._done = self._leg_end
        self._show()

    def _tell(self, leg: Leg, tables: str) -> None:
        days = f"{leg.start}" if leg.start == leg.last else f"{leg.start} .. {leg.last}"
        self._doing = " ".join(filter(None, (_KINDS[leg.kind], tables, days)))
        self._show()

    def _show(self) -> None:
        done, total = self._done, self._total
        parts = [self._doing, f"{done.days:,} of {total.days:,} days of tables"]
        if self._to_train:
            number = done.trainings + 1
            parts.append(f"training {number} of {total.trainings}: {self._to_train[0]}")
        elif total.trainings:
            parts.append(f"{done.trainings} of {total.trainings} trainings")
        self._progress.say("; ".join(parts))
        self._progress.done(min(done.work, self._leg_end.work), total.work)
