"""Who listens to a run hears of every leg, step, day and training, in the order they are done."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import dagster as dg

from kpop_assets.operate.legs import Leg, Listener
from kpop_assets.operate.runner import materialize, plan
from kpop_assets.settings import Settings
from kpop_assets_tests.graph.kit import DAY, demo, instance

__all__ = ["instance"]
ONE = dt.timedelta(days=1)


class Notes(Listener):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.legs: list[Leg] = []
        self.heard: list[tuple[str, ...]] = []

    def planned(self, legs: Sequence[Leg]) -> None:
        self.legs = list(legs)

    def leg_begins(self, leg: Leg) -> None:
        self.heard.append(("begins", leg.kind))

    def step_begins(self, leg: Leg, paths: Sequence[str]) -> None:
        self.heard.append(("step", *paths))

    def training_done(self, leg: Leg, day: dt.date) -> None:
        self.heard.append(("trained", day.isoformat()))

    def day_done(self, leg: Leg, path: str, day: dt.date) -> None:
        self.heard.append(("day", path, day.isoformat()))

    def leg_ends(self, leg: Leg) -> None:
        self.heard.append(("ends", leg.kind))


def test_every_day_of_every_planned_asset_is_heard_of_once_and_after_its_step_began(
    settings: Settings, instance: dg.DagsterInstance
):
    notes, training = Notes(), {"days": [DAY.isoformat()]}
    expected = plan(settings, DAY - ONE, DAY, (), demo(20), training)
    materialize(settings, DAY - ONE, DAY, (), demo(20), training, notes)
    assert notes.legs == expected
    assert [leg.kind for leg in expected] == ["fill", "train", "forecast"]
    fill, train, _ = expected
    days = {("day", path, day) for path in fill.paths for day in (str(DAY - ONE), str(DAY))}
    days |= {("day", path, str(DAY)) for path in train.paths}
    counts = Counter(one for one in notes.heard if one[0] == "day")
    assert counts == dict.fromkeys(days, 1)
    steps = [one for one in notes.heard if one[0] == "step"]
    assert ("step", "bronze/events", "bronze/files", "bronze/quarantine") in steps
    for step in steps:
        first = min(notes.heard.index(one) for one in days if one[1] in step)
        assert notes.heard.index(step) < first
    # Too little to train on: refused, so that nothing forecasts.
    assert notes.heard.count(("trained", str(DAY))) == 1
    assert [one for one in notes.heard if one[0] in ("begins", "ends")] == [
        *(("begins", "fill"), ("ends", "fill")),
        *(("begins", "train"), ("ends", "train")),
    ]
