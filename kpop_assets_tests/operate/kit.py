"""A Dagster instance on disk, as the product opens it, and a job that fails.

Belongs here: set-up without an assertion. Does not belong here: instances in memory (graph/kit.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from kpop_assets.operate.instance import open_instance
from kpop_assets.settings import Settings


@dg.op
def breaks() -> None:
    raise ValueError("broken on purpose")


@dg.job
def broken():
    breaks()


@pytest.fixture
def instance(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """Runs, schedules and logs of the test's own data folder."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    with open_instance(settings) as instance:
        yield instance
