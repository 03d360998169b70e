"""Assembly of the graph: layers, resources, jobs, schedules and sensors.

Belongs here: the registry of layers and `build_defs`. Does not belong here: any asset, policy or
setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import dagster as dg

from kpop_assets.bronze import assets as bronze
from kpop_assets.gold import assets as gold
from kpop_assets.graph import policies
from kpop_assets.landing import assets as landing
from kpop_assets.models import assets as models
from kpop_assets.pareto import assets as pareto
from kpop_assets.retention import assets as retention
from kpop_assets.silver import assets as silver
from kpop_assets.wiring import schedules, sensors, upkeep, watch
from kpop_assets.wiring.resources import default_resources

LAYERS: dict[str, ModuleType] = {
    "landing": landing,
    "bronze": bronze,
    "silver": silver,
    "gold": gold,
    "models": models,
    "pareto": pareto,
    "retention": retention,
}


def build_defs(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The whole graph, on `resources` in place of those the environment names."""
    assets = [
        asset
        for group, module in LAYERS.items()
        for asset in policies.keep_fresh(dg.load_assets_from_modules([module], group))
    ]
    take_in = dg.define_asset_job("take_in", selection=policies.TAKE_IN)
    training = dg.define_asset_job("training", selection=policies.TRAINING)
    return dg.Definitions(
        assets=assets,
        resources={**default_resources(), **(resources or {})},
        jobs=[take_in, training, retention.purge_job, upkeep.purge_job],
        schedules=[
            *schedules.build_schedules(take_in.name, training.name),
            retention.build_purge_schedule(),
            upkeep.build_purge_schedule(),
        ],
        sensors=[*sensors.build_sensors(take_in.name), *watch.build_sensors()],
        executor=dg.in_process_executor,
    )


defs = build_defs()
