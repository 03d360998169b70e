"""What an experiment is before it begins: a file that says what is tried, on whom, and what counts.

Belongs here: an experiment, and reading its file. Does not belong here: what is wrong with a file
(plan_faults.py), who gets which variant (assignment.py), or results.

`KPOP_HOME/experiments/<name>.toml`:

    question = "Does the rising act in place three bring more listeners to it?"
    unit = "listener"
    starts_on = 2026-12-01
    ends_on = 2026-12-28
    primary_metric = "completed_plays"
    guardrail_metrics = ["skips"]
    least_effect = 0.05
    pre_period_days = 28
    decides = "end"
    [shares]
    control = 0.5
    rising = 0.5
    [settings.rising]
    rising_slot = "linucb"
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kpop_assets.contracts.experiment_rules import MOST_PRE_PERIOD_DAYS
from kpop_assets.days import day_end
from kpop_assets.errors import KpopError
from kpop_assets.experiments.plan_faults import CONTROL, plan_fault

Decides = Literal["end", "any_day"]
State = Literal["planned", "running", "over"]


class PlanError(KpopError):
    """An experiment's file cannot be used; it names the file and the field."""


@dataclass(frozen=True)
class Experiment:
    """One experiment as it was planned.

    Attributes:
        name: of the file.
        question: what it is to answer, in one sentence.
        unit: what is assigned: `listener`.
        starts_on: first day of exposures.
        ends_on: last day of exposures.
        primary_metric: what decides.
        guardrail_metrics: what must not get worse.
        least_effect: the smallest change of the primary metric that matters, as a share of control.
        pre_period_days: days before the start from which a unit's usual value is known.
        shares: of units by variant, which add up to 1; `control` is among them.
        salt: what the assignment is drawn with; the name unless the file says another.
        decides: `end`: one look when the last day is known; `any_day`: whenever it is sure enough,
            for which it needs more units. Said beforehand, because both together would err too
            often.
        settings: by variant, what of the product it sets; nothing for a variant without any.
    """

    name: str
    question: str
    unit: str
    starts_on: dt.date
    ends_on: dt.date
    primary_metric: str
    guardrail_metrics: tuple[str, ...]
    least_effect: float
    pre_period_days: int
    shares: Mapping[str, float]
    salt: str
    decides: Decides
    settings: Mapping[str, Mapping[str, str]]

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that are measured, the primary one first."""
        return (self.primary_metric, *self.guardrail_metrics)

    @property
    def treatments(self) -> tuple[str, ...]:
        """Variants but for control."""
        return tuple(name for name in self.shares if name != CONTROL)

    @property
    def switches(self) -> frozenset[str]:
        """What of the product any of its variants sets."""
        return frozenset(name for told in self.settings.values() for name in told)

    @property
    def day_count(self) -> int:
        """Days from the first to the last."""
        return (self.ends_on - self.starts_on).days + 1

    def runs_on(self, day: dt.date) -> bool:
        """Whether units are exposed on a day."""
        return self.starts_on <= day <= self.ends_on

    def state_on(self, day: dt.date) -> State:
        """Whether it is to come, runs, or is over on a day."""
        if day < self.starts_on:
            return "planned"
        return "running" if self.runs_on(day) else "over"

    def is_measured_on(self, day: dt.date) -> bool:
        """Whether a day has results: on the one after the last day all is known."""
        return self.starts_on <= day <= day_end(self.ends_on)

    def is_known_by(self, day: dt.date) -> bool:
        """Whether all that was done in the experiment is told by the end of a day."""
        return day > self.ends_on


def plans_folder(home: Path) -> Path:
    """Where the plans of a data folder lie."""
    return home / "experiments"


def read_experiments(folder: Path) -> tuple[Experiment, ...]:
    """All experiments of a folder, by name; none where there is no folder.

    Raises:
        PlanError: a file cannot be used, or two experiments contest one switch.
    """
    found, faults = usable_experiments(folder)
    if faults:
        raise faults[0]
    return found


def usable_experiments(folder: Path) -> tuple[tuple[Experiment, ...], tuple[PlanError, ...]]:
    """The experiments of a folder that can be run, by name, and what keeps the others from it."""
    found: list[Experiment] = []
    faults: list[PlanError] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(read_experiment(path))
        except PlanError as fault:
            faults.append(fault)
    kept: list[Experiment] = []
    # Of two that contest a switch the one that began first goes on.
    for one in sorted(found, key=lambda one: (one.starts_on, one.name)):
        contested = _contested(one, kept)
        if contested:
            faults.append(contested)
        else:
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.name)), tuple(faults)


def _contested(one: Experiment, earlier: Iterable[Experiment]) -> PlanError | None:
    """What is wrong with an experiment that sets what an earlier one sets on the same day."""
    for other in earlier:
        shared = sorted(one.switches & other.switches)
        if shared and one.starts_on <= other.ends_on:
            return PlanError(
                f"experiments {other.name} and {one.name} both set {shared[0]} on {one.starts_on}",
                "let one begin after the other has ended",
            )
    return None


def read_experiment(path: Path) -> Experiment:
    """The experiment of a file.

    Raises:
        PlanError: the file cannot be used; it names the field and what is wrong with it.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(f"{path} cannot be read: {error}", "mend the file") from error
    wrong = plan_fault(path.stem, told)
    if wrong:
        raise PlanError(f"{path}: {wrong}", "mend the file; docs/experiments.md has one")
    return Experiment(
        name=path.stem,
        question=told["question"],
        unit=told["unit"],
        starts_on=told["starts_on"],
        ends_on=told["ends_on"],
        primary_metric=told["primary_metric"],
        guardrail_metrics=tuple(told.get("guardrail_metrics", ())),
        least_effect=float(told["least_effect"]),
        pre_period_days=told.get("pre_period_days", MOST_PRE_PERIOD_DAYS),
        shares={name: float(share) for name, share in told["shares"].items()},
        salt=told.get("salt", path.stem),
        decides=told.get("decides", "end"),
        settings=told.get("settings", {}),
    )
