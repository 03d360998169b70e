"""What Dagster says to its instance, by names that Dagster has not published.

Belongs here: the one place of the tests where they are used, to plant what a daemon would have
said, or another process stored; a test that calls it fails when Dagster changes them. Does not
belong here: what Dagster publishes, or what the product makes of it.
"""

from __future__ import annotations

import datetime as dt

import dagster as dg
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange
from dagster._core.storage.event_log.schema import ConcurrencySlotsTable, DynamicPartitionsTable
from dagster._daemon.types import DaemonHeartbeat

__all__ = ["ConcurrencySlotsTable", "DynamicPartitionsTable", "beat", "turn_stale"]


def beat(instance: dg.DagsterInstance, at: dt.datetime) -> None:
    """Say that the daemon of sensors was alive."""
    instance.add_daemon_heartbeat(DaemonHeartbeat(at.timestamp(), "SENSOR", "id", None))


def turn_stale(instance: dg.DagsterInstance, key: dg.AssetKey, at: dt.datetime) -> None:
    """Say that an asset is later than its freshness policy allows."""
    change = FreshnessStateChange(
        key=key,
        new_state=FreshnessState.FAIL,
        previous_state=FreshnessState.PASS,
        state_change_timestamp=at.timestamp(),
    )
    instance.report_runless_asset_event(change)
