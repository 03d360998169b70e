"""What is asked of a run of days, the legs it becomes, and who hears of them: plain data.

Belongs here: words that planning, executing and showing share. Does not belong here: any of the
three (plan.py, execution.py, cli/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class RangeRequest:
    """What was asked for; `runner.materialize` says what each field means."""

    start: dt.date
    last: dt.date
    select: Sequence[str] = ()
    landing: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Leg:
    """One run: some assets for some days.

    Attributes:
        kind: `fill`: the days asked for; `refresh`: later days that look back at them; `train`:
            training days; `forecast`: days that a champion can forecast.
        start: first day.
        last: last day, included.
        paths: the assets, as `layer/table`.
        training_days: of a `train` leg, the days on which is trained, oldest first.
    """

    kind: Literal["fill", "refresh", "train", "forecast"]
    start: dt.date
    last: dt.date
    paths: frozenset[str]
    training_days: tuple[dt.date, ...] = ()

    @property
    def day_count(self) -> int:
        """Days of the leg, or trainings where it trains."""
        return len(self.training_days) or (self.last - self.start).days + 1


class Listener:
    """Hears of a run while it runs; each method does nothing until it is overridden.

    Methods are called in the thread that runs, between two events of it: they should be quick.
    """

    def planned(self, legs: Sequence[Leg]) -> None:
        """The legs that are to come, before the first; forecasts may turn out fewer."""

    def leg_begins(self, leg: Leg) -> None:
        """The next leg begins."""

    def step_begins(self, leg: Leg, paths: Sequence[str]) -> None:
        """The assets that one function fills together are being filled, for all days of the leg."""

    def training_done(self, leg: Leg, day: dt.date) -> None:
        """A training day of the leg is done, while its step goes on with the next."""

    def day_done(self, leg: Leg, path: str, day: dt.date) -> None:
        """A day of an asset is done and checked; the days of a step come all at once."""

    def leg_ends(self, leg: Leg) -> None:
        """All of the leg is done."""
