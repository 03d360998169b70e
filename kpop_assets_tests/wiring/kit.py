"""Sensors of the graph at a time of the test's, and tables for them to look at.

Belongs here: set-up without an assertion. Does not belong here: what is told when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest
from deltalake import write_deltalake

from kpop_assets.contracts.table import Table
from kpop_assets.days import SEOUL
from kpop_assets.definitions import build_defs
from kpop_assets.settings import Settings
from kpop_assets.wiring import watch, watch_audience, watch_serving, watch_videos
from kpop_assets_tests.notify.kit import WebReceiver, serving

TODAY = dt.date(2026, 11, 20)  # a Friday
repository = build_defs().get_repository_def()


def at(hour: int, day: dt.date = TODAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=SEOUL)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


class Watcher:
    """Sensors of the graph at a time of the test's, with a receiver for what they tell."""

    def __init__(self, settings: Settings, web: WebReceiver, patch: pytest.MonkeyPatch) -> None:
        self.web = web
        hook = f"http://127.0.0.1:{web.server_port}/x"
        self.settings = replace(settings, notify_webhook=hook, youtube_key="a key")
        self.cursors: dict[str, str | None] = {}
        self.now = at(21)
        self.instance = dg.DagsterInstance.ephemeral()
        for module in (watch, watch_audience, watch_serving, watch_videos):
            patch.setattr(module, "seoul_now", lambda now=None: (now or self.now).astimezone(SEOUL))

    def tick(self, name: str) -> list[str]:
        """Titles of what one tick of a sensor tells; its cursor is all that it remembers."""
        before = len(self.web.bodies)
        with dg.build_sensor_context(
            instance=self.instance,
            repository_def=repository,
            cursor=self.cursors.get(name),
            resources={"settings": self.settings},
        ) as context:
            data = repository.get_sensor_def(name).evaluate_tick(context)
        self.cursors[name] = data.cursor
        return [body["title"] for body in self.web.bodies[before:]]

    def materialize(self, day: dt.date, *paths: str) -> None:
        """Report a day of assets as materialized."""
        for path in paths:
            key = dg.AssetKey(path.split("/"))
            event = dg.AssetMaterialization(key, partition=day.isoformat())
            self.instance.report_runless_asset_event(event)


@pytest.fixture
def watcher(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    with serving(WebReceiver()) as web:
        watcher = Watcher(settings, web, monkeypatch)
        yield watcher
        watcher.instance.dispose()


def write(root: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    """Replace a table by rows; what they do not name is null."""
    columns = {c.name: [row.get(c.name) for row in rows] for c in table.columns}
    schema = pa.schema([field.with_nullable(True) for field in table.arrow_schema()])
    path = root / table.layer / table.name
    write_deltalake(str(path), pa.table(columns, schema=schema), mode="overwrite")
