"""Assembly of the graph: layers, resources, and what runs by itself.

Belongs here: the registry of layers, `build_defs`. Does not: any asset, policy or setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import dagster as dg

from kpop_assets.audience import assets as audience
from kpop_assets.bronze import assets as bronze
from kpop_assets.experiments import assets as experiments
from kpop_assets.gold import assets as gold
from kpop_assets.graph import policies
from kpop_assets.landing import assets as landing
from kpop_assets.lens import assets as lens
from kpop_assets.models import assets as models
from kpop_assets.pareto import assets as pareto
from kpop_assets.recommend import assets as recommend
from kpop_assets.retention import assets as retention
from kpop_assets.rising_slot import assets as rising_slot
from kpop_assets.scouting import assets as scouting
from kpop_assets.silver import assets as silver
from kpop_assets.wiring.automation import build_automation
from kpop_assets.wiring.resources import default_resources

LAYERS: dict[str, ModuleType] = {
    "landing": landing,
    "bronze": bronze,
    "silver": silver,
    "catalog": scouting,
    "gold": gold,
    "lens": lens,
    "audience": audience,
    "models": models,
    "pareto": pareto,
    "recommend": recommend,
    "rising_slot": rising_slot,
    "experiments": experiments,
    "retention": retention,
}


def build_defs(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The whole graph, on `resources` in place of those the environment names."""
    layers = (dg.load_assets_from_modules([module], group) for group, module in LAYERS.items())
    assets = [asset for layer in layers for asset in policies.keep_fresh(layer)]
    return dg.Definitions(
        assets=policies.follow_own_kinds(assets),
        resources={**default_resources(), **(resources or {})},
        **build_automation(),
        executor=dg.in_process_executor,
    )


defs = build_defs()
