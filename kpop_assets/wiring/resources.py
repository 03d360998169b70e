"""The resources of the graph, made from the environment when a run starts.

Belongs here: which object stands behind each resource key. Does not belong here: how an engine
starts (engine/session.py) or a table is written (lake/).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from kpop_assets.engine.session import Engine
from kpop_assets.lake.lake import Lake
from kpop_assets.ml.tracking import Tracking
from kpop_assets.models.experiment import open_tracking
from kpop_assets.settings import Settings, load_settings


@dg.resource(description="Folders and engine, from the KPOP_* variables of the run's process.")
def settings_resource(context: dg.InitResourceContext) -> Settings:
    """Key `settings`: read when a run or a sensor tick starts, never on import."""
    return load_settings()


@dg.resource(description="The Delta tables, written through the engine that the settings name.")
def lake_resource(context: dg.InitResourceContext) -> Lake:
    """Key `lake`: the engine starts with the first read or write."""
    return build_lake(load_settings())


@dg.resource(description="The MLflow store of the data folder.")
def tracking_resource(context: dg.InitResourceContext) -> Tracking:
    """Key `tracking`: the store is made with the first run logged."""
    return open_tracking(load_settings().home)


def build_lake(settings: Settings) -> Lake:
    """The lake of `settings`, with an engine that starts when it is first needed."""
    engine = Engine(settings)
    return Lake(settings.lake, engine.session, kept=engine.kept)


def default_resources() -> Mapping[str, Any]:
    """Every resource of the graph; nothing is read or started yet."""
    return {
        "settings": settings_resource,
        "lake": lake_resource,
        "tracking": tracking_resource,
    }
