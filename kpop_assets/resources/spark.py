"""Engines: one PySpark session, embedded (Sail), local or clustered (Spark), or remote (Connect).

Belongs here: how each engine's session is opened and the settings both must share. Does not
belong here: reading or writing tables (lake.py) or any transform.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dagster_pyspark import LazyPySparkResource
from pyspark.sql import SparkSession

from kpop_assets.settings import Settings

# Same meaning on every engine: timestamps are UTC, and a bad cast is an error. Sail 0.7 wraps a
# 64-bit overflow all the same, so bronze bounds the counters (parse.py, MAX_COUNT).
SHARED_CONF = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}


DEFAULT_CONNECT_PORT = 15002


class EngineError(RuntimeError):
    """The engine cannot be started; the message names what is missing and the way out."""


def open_session(settings: Settings) -> SparkSession:
    """The process's session for the configured engine; opened once, then shared.

    Raises:
        EngineError: Java is missing for `spark`, or the endpoint of `connect` does not answer.
    """
    if settings.engine == "sail":
        return _remote_session(_sail_url())
    if settings.engine == "connect":
        return _remote_session(settings.connect_url)
    return _classic_session(settings.spark_master, settings.spark_jars)


class EngineResource(LazyPySparkResource):
    """Dagster's lazy PySpark session, on the engine that the settings name."""

    spark_config: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies field defaults
    home: str
    engine: str = "sail"
    spark_master: str = "local[*]"
    connect_url: str = ""
    spark_jars: str = ""

    @classmethod
    def of(cls, settings: Settings) -> EngineResource:
        """The resource for `settings`; nothing is started."""
        return cls(
            home=str(settings.home),
            engine=settings.engine,
            spark_master=settings.spark_master,
            connect_url=settings.connect_url,
            spark_jars=settings.spark_jars,
        )

    @property
    def settings(self) -> Settings:
        """The settings this resource was made of."""
        return Settings(
            home=Path(self.home),
            engine=self.engine,  # type: ignore[arg-type]  # checked by load_settings
            spark_master=self.spark_master,
            connect_url=self.connect_url,
            spark_jars=self.spark_jars,
        )

    def _init_session(self) -> None:
        if self._spark_session is None:
            self._spark_session = open_session(self.settings)


@cache
def _sail_server() -> Any:
    """Sail's Spark Connect server inside this process, kept until it ends."""
    from pysail.spark import SparkConnectServer

    # Its start and stop lines say nothing a reader of our output needs.
    os.environ.setdefault("RUST_LOG", "error")
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    return server


def _sail_url() -> str:
    _, port = _sail_server().listening_address
    return f"sc://127.0.0.1:{port}"


@cache
def _remote_session(url: str) -> SparkSession:
    _check_reachable(url)
    session = SparkSession.builder.remote(url).getOrCreate()
    for key, value in SHARED_CONF.items():
        session.conf.set(key, value)
    return session


def _check_reachable(url: str) -> None:
    """Raise EngineError if nobody listens; PySpark by itself would try for ten minutes."""
    # What follows the port may hold a token, so only host and port are named.
    place = urlsplit(url)
    host, port = place.hostname or "localhost", place.port or DEFAULT_CONNECT_PORT
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        raise EngineError(
            f"no Spark Connect server answers at {host}:{port} ({error}): start it, or mend "
            "KPOP_CONNECT_URL"
        ) from error


@cache
def _classic_session(master: str, jars: str) -> SparkSession:
    if shutil.which("java") is None:
        raise EngineError("engine spark needs Java 17: install it, or set KPOP_ENGINE=sail")
    # Workers must run this interpreter: a bare `python3` may lack the packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("kpop")
    for key, value in {**SHARED_CONF, **_CLASSIC_CONF}.items():
        builder = builder.config(key, value)
    if jars:
        found = ",".join(str(path) for path in sorted(Path(jars).glob("*.jar")))
        if not found:
            raise EngineError(f"KPOP_SPARK_JARS={jars} holds no jar: put Delta's jars there")
        return builder.config("spark.jars", found).getOrCreate()
    from delta import configure_spark_with_delta_pip

    return configure_spark_with_delta_pip(builder).getOrCreate()


_CLASSIC_CONF = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    # Days are small next to a cluster's default of 200 partitions; adaptive execution
    # merges what is left over.
    "spark.sql.shuffle.partitions": "8",
    # The log of a table here is a few hundred lines; with Delta's default of 50 partitions reading
    # it took most of the time of a small commit.
    "spark.databricks.delta.snapshotPartitions": "2",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "4g",
    # What fails is raised in Python; the JVM would print the same trace many times over.
    "spark.log.level": "FATAL",
}
