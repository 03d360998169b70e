"""Everything that runs by itself: jobs, the schedules that ask for them, and sensors.

Belongs here: which there are. Does not belong here: what any of them does (its own module).
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from kpop_assets.graph import policies
from kpop_assets.retention import assets as retention
from kpop_assets.wiring import (
    rising_hours,
    schedules,
    sensors,
    upkeep,
    watch,
    watch_audience,
    watch_serving,
    watch_videos,
)


def build_automation() -> dict[str, Any]:
    """Jobs, schedules and sensors, as `dg.Definitions` takes them."""
    take_in = dg.define_asset_job("take_in", selection=policies.TAKE_IN)
    training = dg.define_asset_job("training", selection=policies.TRAINING)
    return {
        "jobs": [
            take_in,
            training,
            retention.purge_job,
            upkeep.upkeep_job,
            rising_hours.rising_job,
        ],
        "schedules": [
            *schedules.build_schedules(take_in.name, training.name),
            retention.build_purge_schedule(),
            upkeep.build_upkeep_schedule(),
            rising_hours.build_rising_schedule(),
        ],
        "sensors": [
            *sensors.follow_sensors(take_in.name),
            *watch.notice_sensors(),
            *watch_videos.video_sensors(),
            *watch_serving.service_sensors(),
            *watch_audience.audience_sensors(),
        ],
    }
