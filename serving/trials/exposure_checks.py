"""Whether an exposure that somebody tells of is one of a plan.

Belongs here: what the plans say of such a line. Does not belong here: its form
(serving/intake/line_checks.py), or what is made of good ones (kpop_assets/experiments/).

Lines of a variant that nobody planned, or that is not the listener's own, would be held against the
whole experiment, so they are refused where their sender can still be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kpop_assets.days import seoul_day
from kpop_assets.experiments.assignment import variant_of
from kpop_assets.landing.persons import PersonIds
from serving.trials.trials import Trials

_PLANS = "/v1/experiments names all, with their variants and days"


def unplanned(
    trials: Trials, ids: Callable[[], PersonIds], line: Mapping[str, Any]
) -> tuple[str, str] | None:
    """What is wrong and the way out, or None.

    Args:
        trials: the plans.
        ids: what makes ids of listeners, once it is asked for.
        line: of kind `exposures`, with a time as epoch milliseconds and the listener as they came.

    Raises:
        LandingError: the key of listeners cannot be used.
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
    if line["variant"] != variant_of(plan, ids().id_of(str(line["unit_id"]))):
        way_out = f"/v1/experiments/{plan.name}/assignment says which one it gets"
        return "variant is not the one that unit_id gets", way_out
    return None
