"""Starts Spark's JVM and session: quiet when it works, one line when it does not.

Belongs here: the JVM's start and what its many lines mean. Does not belong here: any setting
(session.py, cluster.py) or which jars are needed (jars.py).
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock
from py4j.protocol import Py4JError, Py4JJavaError  # type: ignore[import-untyped]
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from kpop_assets.lake.errors import EngineError
from kpop_assets.lake.foreign import first_line

_STDERR = 2


def start_session(settings: Mapping[str, str]) -> SparkSession:
    """The session of a Spark with these settings; one that runs already gets those it can take.

    Raises:
        EngineError: a jar cannot be fetched, or Spark does not start.
    """
    conf = SparkConf().setAll(list(settings.items()))
    said = _Output()
    try:
        # A Spark that was stopped, by its master or by us, leaves its JVM to the next.
        if not is_running() and SparkContext._gateway is None:
            with _fetching():
                gateway = launch_gateway(conf, {"stdout": said.write_end, "stderr": said.write_end})
            SparkContext(conf=conf, gateway=gateway)
        return SparkSession.builder.config(conf=conf).getOrCreate()
    except PySparkRuntimeError as error:
        raise _reason(said.end(), first_line(error), settings) from error
    except Py4JError as error:
        line = first_line(getattr(error, "java_exception", error))
        raise EngineError(f"Spark does not start: {line}") from error
    finally:
        said.pass_on()


def _fetching() -> FileLock:
    """Held while a JVM starts, which fetches jars that its cache does not have.

    Two that filled one cache at the same time broke each other's files, and both said that no
    registry answers.
    """
    return FileLock(Path(tempfile.gettempdir()) / f"kpop-spark-start-{os.getuid()}.lock")


def is_running() -> bool:
    """Whether Spark runs in this process: `getActiveSession` knows only of its own thread's."""
    return SparkContext._active_spark_context is not None


def is_stopped(session: SparkSession) -> bool:
    """Whether Spark gave up by itself: its master went, or this machine slept for too long.

    Raises:
        EngineError: its JVM has ended; no other can be started in this process.
    """
    try:
        # Nothing else that Python is offered says so at the price of a call.
        session.sparkContext.defaultParallelism  # noqa: B018
    except Py4JJavaError:
        return True
    except (Py4JError, OSError) as error:
        raise EngineError(
            "the JVM of Spark has ended: it was killed, or its memory did not suffice",
            "run again; more memory is `spark.driver.memory` (docs/clusters.md)",
            may_pass=False,
        ) from error
    return False


class _Output:
    """What the JVM says: kept until Spark runs, and passed on to our own stderr from then on."""

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        self._kept: list[bytes] | None = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._pump, name="spark-output", daemon=True)
        self._thread.start()

    def end(self) -> str:
        """All that was said by a JVM that has ended."""
        self._close()
        self._thread.join(timeout=10)
        return b"".join(self._kept or []).decode(errors="replace")

    def pass_on(self) -> None:
        """From here on, what is said is passed on; what was is dropped."""
        self._close()
        with self._lock:
            self._kept = None

    def _close(self) -> None:
        # The JVM has its own copy; ours would keep the pipe open after its end.
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1

    def _pump(self) -> None:
        while said := os.read(self._read_end, 65536):
            with self._lock:
                if self._kept is None:
                    os.write(_STDERR, said)
                else:
                    self._kept.append(said)
        os.close(self._read_end)


def _reason(said: str, otherwise: str, settings: Mapping[str, str]) -> EngineError:
    """What a JVM that has ended said: it has no other way to tell of itself."""
    if "unresolved dependency" in said or "download failed" in said:
        return EngineError(
            f"{settings['spark.jars.packages']} cannot be had: no registry answers, and no earlier "
            "start has left it in Spark's cache",
            "set KPOP_SPARK_JARS to a folder with Delta's jars (docs/clusters.md)",
        )
    lines = [line.strip() for line in said.splitlines()]
    telling = [line for line in lines if "Exception" in line or "Error" in line]
    return EngineError(f"Spark does not start: {(telling or [otherwise])[0]}")
