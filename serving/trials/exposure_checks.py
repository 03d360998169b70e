"""Whether an exposure that somebody tells of is one of a plan.

Belongs here: what the plans say of such a line. Does not belong here: its form
(serving/intake/line_checks.py), or what is made of good ones (kpop_assets/experiments/).

One line of a variant that nobody planned would be held against the whole experiment, so it is
refused where its sender can still be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpop_assets.days import seoul_day
from serving.trials.trials import Trials

_PLANS = "/v1/experiments names all, with their variants and days"


def unplanned(trials: Trials, line: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong and the way out, or None.

    Args:
        trials: the plans.
        line: of kind `exposures`, with a time as epoch milliseconds.
    """
    plans = {plan.name: plan for plan in trials.plans()}
    plan = plans.get(str(line["experiment"]))
    if plan is None:
        return "experiment has no plan", _PLANS
    if line["variant"] not in plan.shares:
        return f"variant is none of {plan.name}", _PLANS
    if not plan.runs_on(seoul_day(line["exposed_at"])):
        days = f"{plan.starts_on} to {plan.ends_on}"
        return f"exposed_at lies outside {plan.name} ({days})", "leave it out"
    return None
