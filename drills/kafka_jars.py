"""Apache Kafka's own jars, for a broker on this machine: by coordinates, or from a folder.

Belongs here: which jars a broker needs and where they come from. Does not belong here: starting it
(kafka_broker.py), or the jars with which Spark reads Kafka (kpop_assets/engine/jars.py).

They are fetched by Ivy, which PySpark brings and by which it fetches Delta's: from the registry
that it is set to, kept in a cache of this user's. On a machine without registry `KPOP_KAFKA_JARS`
names a folder that holds them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pyspark
from filelock import FileLock

RELEASE = "4.3.1"
MODULES = ("kafka_2.13", "kafka-tools")
FOLDER_VARIABLE = "KPOP_KAFKA_JARS"

_FETCH_SECONDS = 600
_DEPENDENCY = (
    '<dependency org="org.apache.kafka" name="{}" rev="{}" conf="default->default,runtime"/>'
)
_WANTED = """<ivy-module version="2.0">
<info organisation="kpop" module="broker"/>
<configurations><conf name="default"/></configurations>
<dependencies>{}</dependencies>
</ivy-module>
"""


class NoJarsError(Exception):
    """A broker cannot be had on this machine; the text says why."""


def kafka_jars() -> Path:
    """The folder with a broker's jars, fetched once for each release.

    Raises:
        NoJarsError: there is no Java, or the jars cannot be had.
    """
    if shutil.which("java") is None:
        raise NoJarsError("Apache Kafka needs Java 17: not installed")
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return _checked(Path(named), f"{FOLDER_VARIABLE}={named}")
    folder = Path.home() / ".cache" / "kpop" / f"kafka-{RELEASE}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            _fetch(folder)
    return _checked(folder, str(folder))


def _fetch(folder: Path) -> None:
    """Have all jars in a folder, or no folder."""
    staged = folder.with_suffix(".part")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    wanted = staged / "ivy.xml"
    wanted.write_text(_WANTED.format("".join(_DEPENDENCY.format(m, RELEASE) for m in MODULES)))
    brought = Path(pyspark.__file__).parent / "jars" / "*"
    command = ["java", "-cp", str(brought), "org.apache.ivy.Main", "-ivy", str(wanted)]
    command += ["-retrieve", f"{staged}/[artifact]-[revision].[ext]", "-confs", "default"]
    # Some jars are packed as bundles.
    command += ["-types", "jar", "bundle"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_FETCH_SECONDS)
    wanted.unlink()
    if done.returncode or not any(staged.glob(f"kafka_2.13-{RELEASE}.jar")):
        said = [
            line for line in done.stdout.splitlines() if "UNRESOLVED" in line or "ERROR" in line
        ]
        shutil.rmtree(staged)
        raise NoJarsError(f"Kafka's jars cannot be had: {(said or ['no registry answers'])[0]}")
    staged.rename(folder)


def _checked(folder: Path, name: str) -> Path:
    missing = [m for m in MODULES if not (folder / f"{m}-{RELEASE}.jar").exists()]
    if missing:
        raise NoJarsError(f"{name} lacks {missing[0]}-{RELEASE}.jar")
    return folder
