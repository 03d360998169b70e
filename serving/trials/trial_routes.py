"""Experiments by HTTP: which there are, and which variant a listener gets.

Belongs here: routes and the shape of their answers. Does not belong here: what came of an
experiment, or plans as such (kpop_assets/experiments/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from kpop_assets.days import seoul_now
from kpop_assets.experiments.assignment import variant_of
from kpop_assets.experiments.plans import Experiment, State
from kpop_assets.experiments.usual_settings import with_built_in
from kpop_assets.landing.persons import PersonIds
from serving.entrance.checked_routes import CheckedRoute
from serving.problems import ProblemError, without_home
from serving.trials.trials import Trials

_NAME = Annotated[
    str, Path(max_length=100, description="Of an experiment.", examples=["none_such"])
]
_MOST_ID = 512


class VariantPlan(BaseModel):
    """One variant as it was planned."""

    name: str
    share: float = Field(description="Of units, 0 to 1.")
    settings: dict[str, str] = Field(description="What of the product it sets.")


class ExperimentPlan(BaseModel):
    """One experiment as it was planned."""

    name: str
    question: str
    state: State = Field(description="Of today in Seoul.")
    unit: str
    starts_on: dt.date
    ends_on: dt.date
    primary_metric: str
    guardrail_metrics: list[str]
    least_effect: float = Field(description="Smallest change that matters, as a share of control.")
    decides: str = Field(description="Which p-value counts: that of the end, or of any_day.")
    variants: list[VariantPlan]


class ExperimentPlans(BaseModel):
    """All experiments, and what is wrong with files that are left out."""

    experiments: list[ExperimentPlan]
    usual: dict[str, str] = Field(description="What holds where no variant sets it.")
    faults: list[str]


class Assignment(BaseModel):
    """Which variant a unit gets."""

    experiment: str
    unit_id: str = Field(description="Keyed hash of who it is.")
    variant: str
    is_running: bool = Field(description="Whether the variant is in force today.")
    settings: dict[str, str]


def trials_router(trials: Trials, ids: Callable[[], PersonIds]) -> APIRouter:
    """The routes.

    Args:
        trials: the experiments.
        ids: what makes ids of listeners, once it is asked for.
    """
    router = APIRouter(route_class=CheckedRoute, prefix="/v1/experiments", tags=["experiments"])

    @router.get("", summary="All experiments as they were planned")
    def list_experiments() -> ExperimentPlans:
        """Planned, running and past experiments, by name."""
        plans = [_described(plan) for plan in trials.plans()]
        home = trials.usual_file.parent
        faults = [without_home(str(fault), home) for fault in trials.faults()]
        usual = with_built_in(trials.usual())
        return ExperimentPlans(experiments=plans, usual=usual, faults=faults)

    @router.get("/{name}", summary="One experiment as it was planned")
    def read_plan(name: _NAME) -> ExperimentPlan:
        """One experiment as it was planned."""
        return _described(_plan_called(trials, name))

    @router.get("/{name}/assignment", summary="Which variant a listener gets")
    def assign(
        name: _NAME,
        unit_id: Annotated[
            str,
            Query(
                min_length=1,
                max_length=_MOST_ID,
                pattern=r"\S",
                description="The listener as collectors call them, or the hashed id.",
                examples=["listener-1"],
            ),
        ],
    ) -> Assignment:
        """The same listener gets the same variant always; asking is no exposure."""
        plan = _plan_called(trials, name)
        hashed = ids().id_of(unit_id)
        variant = variant_of(plan, hashed)
        return Assignment(
            experiment=name,
            unit_id=hashed,
            variant=variant,
            is_running=plan.runs_on(seoul_now().date()),
            settings=dict(plan.settings.get(variant, {})),
        )

    return router


def _plan_called(trials: Trials, name: str) -> Experiment:
    for plan in trials.plans():
        if plan.name == name:
            return plan
    raise ProblemError(404, "no experiment has that name", "/v1/experiments names all")


def _described(plan: Experiment) -> ExperimentPlan:
    return ExperimentPlan(
        name=plan.name,
        question=plan.question,
        state=plan.state_on(seoul_now().date()),
        unit=plan.unit,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        primary_metric=plan.primary_metric,
        guardrail_metrics=list(plan.guardrail_metrics),
        least_effect=plan.least_effect,
        decides=plan.decides,
        variants=[
            VariantPlan(name=name, share=share, settings=dict(plan.settings.get(name, {})))
            for name, share in plan.shares.items()
        ],
    )
