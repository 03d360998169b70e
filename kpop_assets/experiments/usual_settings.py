"""What the product does where no experiment says otherwise, and how a variant becomes that.

Belongs here: the file of usual settings, and what of a plan could be written into it. Does not
belong here: which settings there are (plan_faults.py), or what they do (whoever asks for them).

`KPOP_HOME/usual.toml`, a line a setting; what it does not name is as it was built:

    order = "mix"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.experiments.plan_faults import SWITCHES, setting_fault
from kpop_assets.experiments.plans import (
    Experiment,
    PlanError,
    plans_folder,
    usable_experiments,
)

USUAL_FILE = "usual.toml"


@dataclass(frozen=True)
class VariantSettings:
    """What a variant of an experiment sets.

    Attributes:
        told: lines of its plan; none is what is usual.
        to_write: lines of the file of usual settings that make it usual; none where it is so.
    """

    told: tuple[str, ...]
    to_write: tuple[str, ...]


def usual_file(home: Path) -> Path:
    """Where the usual settings of a data folder lie."""
    return home / USUAL_FILE


def usable_usual(path: Path) -> tuple[dict[str, str], PlanError | None]:
    """What a file says, or what keeps it from being used; nothing where there is no file."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, PlanError(f"{path} cannot be read: {error}", "mend the file")
    for switch, value in told.items():
        if wrong := setting_fault(switch, value):
            return {}, PlanError(f"{path}: {wrong}", "mend the file; docs/experiments.md has one")
    return told, None


def with_built_in(usual: Mapping[str, str]) -> dict[str, str]:
    """Every setting: what a file says, and of the others what was built."""
    return {switch: usual.get(switch, known[0]) for switch, known in SWITCHES.items()}


def as_line(switch: str, value: str) -> str:
    """A setting as a line of a file."""
    return f'{switch} = "{value}"'


def variant_settings(home: Path, experiment: str) -> dict[str, VariantSettings]:
    """By variant, what it sets; nothing of an experiment without a plan, or that sets nothing.

    Args:
        home: the data folder.
        experiment: its name.
    """
    plans, _ = usable_experiments(plans_folder(home))
    usual, _ = usable_usual(usual_file(home))
    found = next((plan for plan in plans if plan.name == experiment), None)
    if found is None or not found.switches:
        return {}
    return {variant: settings_of(found, variant, usual) for variant in found.shares}


def settings_of(plan: Experiment, variant: str, usual: Mapping[str, str]) -> VariantSettings:
    """What a variant sets; of what others set and it does not, it is the usual.

    Args:
        plan: of the experiment.
        variant: one of it.
        usual: what the file of usual settings says.
    """
    told = plan.settings.get(variant, {})
    before = with_built_in(usual)
    return VariantSettings(
        told=tuple(as_line(switch, value) for switch, value in told.items()),
        to_write=tuple(as_line(s, value) for s, value in told.items() if before[s] != value),
    )
