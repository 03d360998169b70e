"""The engine of a test run as settings: the same for a test, a session and a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from kpop_assets.settings import Engine, Settings

SPARK_CONF = Path(__file__).with_name("spark.conf")


def settings_on(engine: str, home: Path) -> Settings:
    """Settings of a data folder on an engine of tests."""
    # Two threads are what the smallest machine has; a test that needs more tests the machine.
    return Settings(home, cast(Engine, engine), spark_master="local[2]", spark_conf=str(SPARK_CONF))
