"""Delta's jars for engine `spark`: by coordinates, or from a folder on a machine without registry.

Belongs here: which jars the installed packages need, and whether a folder holds them. Does not
belong here: starting the JVM that loads or fetches them (jvm.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pyspark

from kpop_assets.lake.errors import EngineError

# PySpark 4 is built for this Scala alone.
SCALA = "2.13"
_KAFKA = f"spark-sql-kafka-0-10_{SCALA}"
# What Spark's resolver puts before the names of the jars it fetched.
_RESOLVED_PREFIX = "io.delta_"


def delta_coordinates() -> str:
    """Maven coordinates of Delta for the installed PySpark and delta-spark."""
    return f"io.delta:{_artifact()}:{version('delta-spark')}"


def bucket_coordinates() -> str:
    """The same of S3A, of the very version of the Hadoop that PySpark brings."""
    folder = Path(pyspark.__file__).parent / "jars"
    name = next(folder.glob("hadoop-client-api-*.jar")).stem
    return f"org.apache.hadoop:hadoop-aws:{name.removeprefix('hadoop-client-api-')}"


def kafka_coordinates() -> str:
    """The same of what reads Kafka, of the version of PySpark; it brings three more jars."""
    return f"org.apache.spark:{_KAFKA}:{version('pyspark')}"


def jars_conf(
    folder: str, theirs: Mapping[str, str], has_bucket: bool = False, has_kafka: bool = False
) -> dict[str, str]:
    """The settings that bring Delta's jars to driver and executors, beside the user's own jars.

    Args:
        folder: `KPOP_SPARK_JARS`; empty means by coordinates.
        theirs: the settings of `KPOP_SPARK_CONF`.
        has_bucket: whether S3A's jars are fetched too; a folder has them or the user's settings do.
        has_kafka: whether those that read Kafka are wanted too; a folder must have them.

    Raises:
        EngineError: the folder lacks a jar, or has one of another version.
    """
    if folder:
        key, ours = "spark.jars", ",".join(str(jar) for jar in _jars_of(Path(folder), has_kafka))
    else:
        packages = [delta_coordinates(), *([bucket_coordinates()] if has_bucket else [])]
        packages += [kafka_coordinates()] if has_kafka else []
        key, ours = "spark.jars.packages", ",".join(packages)
    return {key: ",".join(filter(None, (theirs.get(key), ours)))}


def _artifact() -> str:
    spark = ".".join(version("pyspark").split(".")[:2])
    return f"delta-spark_{spark}_{SCALA}"


def _jars_of(folder: Path, has_kafka: bool) -> list[Path]:
    """Every jar of a folder that has what Delta needs, and nothing of it in another version."""
    jars = sorted(folder.absolute().glob("*.jar"))
    if not jars:
        raise EngineError(
            f"KPOP_SPARK_JARS={folder} holds no jar", "put Delta's jars there", may_pass=False
        )
    release = version("delta-spark")
    # Everything else that Delta lists is among Spark's own jars.
    needed = {f"{_artifact()}-{release}.jar", f"delta-storage-{release}.jar"}
    names = {jar.name.removeprefix(_RESOLVED_PREFIX) for jar in jars}
    others = {n for n in names if re.match(r"delta-(spark|storage|core)[_-]", n)} - needed
    if others:
        found = ", ".join(sorted(others))
        raise EngineError(
            f"KPOP_SPARK_JARS={folder} holds {found}, of another Delta, Spark or Scala",
            f"have only {' and '.join(sorted(needed))} there",
            may_pass=False,
        )
    if missing := needed - names:
        raise EngineError(
            f"KPOP_SPARK_JARS={folder} lacks {' and '.join(sorted(missing))}",
            "docs/clusters.md says how to fill it",
            may_pass=False,
        )
    if has_kafka:
        _refuse_without_kafka(folder, names)
    return jars


def _refuse_without_kafka(folder: Path, names: set[str]) -> None:
    for wanted in (_KAFKA, "spark-token-provider-kafka-0-10", "kafka-clients", "commons-pool2"):
        if not any(wanted in name for name in names):
            raise EngineError(
                f"KPOP_SPARK_JARS={folder} lacks {wanted}, with which Spark reads Kafka",
                "docs/clusters.md says which jars, or unset KPOP_KAFKA",
                may_pass=False,
            )
