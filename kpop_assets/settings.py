"""Where the product keeps its data and which engine it runs on: the environment, read in one place.

Belongs here: the `KPOP_*` variables, their defaults, and the folders that follow from them.
Does not belong here: sessions (resources/spark.py) and anything that touches a disk.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

Engine = Literal["sail", "spark", "connect"]
ENGINES: tuple[Engine, ...] = get_args(Engine)


CHAMPION_METRICS = ("rps", "accuracy", "f1", "brier", "latency_ms")


class SettingsError(ValueError):
    """A variable has a value that cannot be used; the message names it and the way out."""


@dataclass(frozen=True)
class Settings:
    """Everything that is configured from outside.

    Attributes:
        home: the data folder (`KPOP_HOME`, default `data/`).
        engine: `sail` (embedded, no Java), `spark` or `connect` (`KPOP_ENGINE`).
        spark_master: master URL of engine `spark` (`KPOP_SPARK_MASTER`, default `local[*]`).
        connect_url: `sc://host:port` of engine `connect` (`KPOP_CONNECT_URL`).
        champion_metric: by which figure the front's best is chosen (`KPOP_CHAMPION_METRIC`).
        spark_jars: folder with Delta's jars for machines without a package registry
            (`KPOP_SPARK_JARS`); empty means fetch them by coordinates.
    """

    home: Path
    engine: Engine = "sail"
    spark_master: str = "local[*]"
    connect_url: str = ""
    spark_jars: str = ""
    champion_metric: str = "rps"

    @property
    def landing(self) -> Path:
        """Folder of the landing files."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """Folder of the Delta tables, `<layer>/<table>`."""
        return self.home / "lake"

    @property
    def artifacts(self) -> Path:
        """Folder of the exported files (filters, cut-offs, features)."""
        return self.home / "artifacts"

    @property
    def dagster_home(self) -> Path:
        """Folder of the Dagster instance: runs, schedules, logs."""
        return self.home / "dagster"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (default: the process environment).

    Raises:
        SettingsError: `KPOP_ENGINE` is unknown, or `connect` has no `KPOP_CONNECT_URL`.
    """
    env = os.environ if environ is None else environ
    engine = env.get("KPOP_ENGINE") or "sail"
    if engine not in ENGINES:
        raise SettingsError(f"KPOP_ENGINE={engine!r} is unknown: use one of {', '.join(ENGINES)}")
    url = env.get("KPOP_CONNECT_URL", "")
    if engine == "connect" and not url.startswith("sc://"):
        raise SettingsError("KPOP_ENGINE=connect needs KPOP_CONNECT_URL=sc://host:port")
    metric = env.get("KPOP_CHAMPION_METRIC") or "rps"
    if metric not in CHAMPION_METRICS:
        known = ", ".join(CHAMPION_METRICS)
        raise SettingsError(f"KPOP_CHAMPION_METRIC={metric!r} is unknown: use one of {known}")
    return Settings(
        home=Path(env.get("KPOP_HOME") or "data").expanduser().absolute(),
        engine=cast(Engine, engine),
        spark_master=env.get("KPOP_SPARK_MASTER") or "local[*]",
        connect_url=url,
        spark_jars=env.get("KPOP_SPARK_JARS", ""),
        champion_metric=metric,
    )
