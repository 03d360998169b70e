"""Engines: one PySpark session, embedded (Sail), local or clustered (Spark), or remote (Connect).

Belongs here: which engine the settings mean, and what Spark's own session is set to. Does not
belong here: a session of a server (remote.py), the JVM (jvm.py), reading or writing tables (lake/),
or any transform.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import AbstractContextManager, nullcontext
from functools import cache

from pyspark.sql import SparkSession
from pyspark.sql.connect.session import SparkSession as ConnectSession

from kpop_assets.engine.cluster import driver_conf, is_local, read_conf_file, ship_package
from kpop_assets.engine.jars import jars_conf
from kpop_assets.engine.jvm import is_stopped, start_session
from kpop_assets.engine.remote import SHARED_CONF, embedded, ends_idle_sessions, keep_alive, remote
from kpop_assets.lake.errors import EngineError
from kpop_assets.settings import Settings


def open_session(settings: Settings) -> SparkSession:
    """The process's session for the configured engine: opened once, shared, and asked each time.

    Where the engine has ended it meanwhile, a new one is opened: whoever asks for the session
    where it is needed, and keeps neither it nor a frame over long work, never meets an ended one.

    Raises:
        EngineError: Java, Delta's jars or the master are missing for `spark`, its file of settings
            cannot be used or its JVM has ended, or the endpoint of `connect` does not answer.
    """
    if settings.engine == "sail":
        return embedded().session()
    if settings.engine == "connect":
        return remote(settings.connect_url).session()
    asked = settings.spark_master, settings.spark_jars, settings.spark_conf, settings.s3_region
    has_kafka = bool(settings.kafka)
    session = _classic_session(*asked, has_kafka)
    if is_stopped(session):
        session.stop()
        _classic_session.cache_clear()
        session = _classic_session(*asked, has_kafka)
    return session


def can_stream(session: SparkSession) -> bool:
    """Whether the session is Spark's own, in this process: Sail has no stream with a watermark."""
    return not isinstance(session, ConnectSession)


class Engine:
    """The engine that the settings name, which starts when its session is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: SparkSession | None = None

    def session(self) -> SparkSession:
        """The process's session, as of `open_session`."""
        self._opened = open_session(self._settings)
        return self._opened

    def kept(self) -> AbstractContextManager[None]:
        """Keep the session alive inside the block, where its engine ends what idles; opens none."""
        if ends_idle_sessions(self._settings.engine):
            return keep_alive(lambda: self._opened)
        return nullcontext()


@cache
def _classic_session(
    master: str, jars: str, conf_file: str = "", s3_region: str = "", has_kafka: bool = False
) -> SparkSession:
    if shutil.which("java") is None:
        raise EngineError(
            "engine spark needs Java 17", "install it, or set KPOP_ENGINE=sail", may_pass=False
        )
    theirs = read_conf_file(conf_file, reserved=(*SHARED_CONF, "spark.master")) if conf_file else {}
    defaults = {**_CLASSIC_CONF, **driver_conf(master), **_bucket_conf(s3_region)}
    conf = {**defaults, **theirs, **SHARED_CONF, "spark.master": master, "spark.app.name": "kpop"}
    conf |= jars_conf(jars, theirs, bool(s3_region), has_kafka)
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
