"""Engines: one PySpark session, embedded (Sail), local or clustered (Spark), or remote (Connect).

Belongs here: how each engine's session is opened and the settings both must share. Does not
belong here: reading or writing tables (lake/) or any transform.
"""

from __future__ import annotations

import logging
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
from pyspark.sql.connect.session import SparkSession as ConnectSession

from kpop_assets.engine.cluster import driver_conf, is_local, read_conf_file, ship_package
from kpop_assets.engine.jars import jars_conf
from kpop_assets.engine.jvm import start_session
from kpop_assets.lake.errors import EngineError
from kpop_assets.settings import Settings

# Same meaning on every engine: timestamps are UTC, and a bad cast is an error. Sail 0.7 wraps a
# 64-bit overflow all the same, so bronze bounds the counters (bronze/parse.py, MAX_COUNT).
SHARED_CONF = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}


DEFAULT_CONNECT_PORT = 15002


def open_session(settings: Settings) -> SparkSession:
    """The process's session for the configured engine; opened once, then shared.

    Raises:
        EngineError: Java, Delta's jars or the master are missing for `spark`, its file of settings
            cannot be used, or the endpoint of `connect` does not answer.
    """
    if settings.engine == "sail":
        return _remote_session(_sail_url())
    if settings.engine == "connect":
        return _remote_session(settings.connect_url)
    return _classic_session(
        settings.spark_master, settings.spark_jars, settings.spark_conf, settings.s3_region
    )


def can_stream(session: SparkSession) -> bool:
    """Whether the session is Spark's own, in this process: Sail has no stream with a watermark."""
    return not isinstance(session, ConnectSession)


class EngineResource(LazyPySparkResource):
    """Dagster's lazy PySpark session, on the engine that the settings name."""

    spark_config: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies field defaults
    home: str
    engine: str = "sail"
    spark_master: str = "local[*]"
    connect_url: str = ""
    spark_jars: str = ""
    spark_conf: str = ""
    s3_region: str = ""

    @classmethod
    def of(cls, settings: Settings) -> EngineResource:
        """The resource for `settings`; nothing is started."""
        return cls(
            home=str(settings.home),
            engine=settings.engine,
            spark_master=settings.spark_master,
            connect_url=settings.connect_url,
            spark_jars=settings.spark_jars,
            spark_conf=settings.spark_conf,
            s3_region=settings.s3_region,
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
            spark_conf=self.spark_conf,
            s3_region=self.s3_region,
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
    # What fails is raised here; PySpark would print the same as JSON, line after line.
    logging.getLogger("pyspark.sql.connect.logging").setLevel(logging.CRITICAL)
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
            f"no Spark Connect server answers at {host}:{port} ({error})",
            "start it, or mend KPOP_CONNECT_URL",
        ) from error


@cache
def _classic_session(
    master: str, jars: str, conf_file: str = "", s3_region: str = ""
) -> SparkSession:
    if shutil.which("java") is None:
        raise EngineError(
            "engine spark needs Java 17", "install it, or set KPOP_ENGINE=sail", may_pass=False
        )
    theirs = read_conf_file(conf_file, reserved=(*SHARED_CONF, "spark.master")) if conf_file else {}
    defaults = {**_CLASSIC_CONF, **driver_conf(master), **_bucket_conf(s3_region)}
    conf = {**defaults, **theirs, **SHARED_CONF, "spark.master": master, "spark.app.name": "kpop"}
    conf |= jars_conf(jars, theirs, has_bucket=bool(s3_region))
    # Workers must run this interpreter: a bare `python3` may lack the packages.
    os.environ.setdefault("PYSPARK_PYTHON", conf.get("spark.pyspark.python", sys.executable))
    session = start_session(conf)
    if not is_local(master):
        ship_package(session)
    return session


def _bucket_conf(region: str) -> dict[str, str]:
    """What S3A needs beside endpoint and credentials, which Spark takes from the AWS variables."""
    if not region:
        return {}
    return {
        "spark.hadoop.fs.s3a.endpoint.region": region,
        # Servers other than Amazon's know a bucket by its path alone; Amazon's know both.
        "spark.hadoop.fs.s3a.path.style.access": "true",
    }


_CLASSIC_CONF = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    # Where adaptive execution does not plan. Elsewhere it begins with the number below and merges
    # to about one a core, or more where they hold over 64 MB; it splits what is skewed in a join.
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.adaptive.coalescePartitions.initialPartitionNum": "64",
    # The log of a table here is a few hundred lines; with Delta's default of 50 partitions reading
    # it took most of the time of a small commit.
    "spark.databricks.delta.snapshotPartitions": "2",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # How far back a stream could be taken; every one more keeps its state, with ids, for longer.
    "spark.sql.streaming.minBatchesToRetain": "10",
    # A stream's state lies on disk and not on the JVM's heap: a million events have four million
    # windows.
    "spark.sql.streaming.stateStore.providerClass": (
        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
    ),
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "4g",
    # What fails is raised in Python; the JVM would print the same trace many times over.
    "spark.log.level": "FATAL",
}
