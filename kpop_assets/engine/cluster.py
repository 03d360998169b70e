"""What a cluster needs beside a master's URL: the driver's address, settings, and our code.

Belongs here: the driver's place in the network, the file of settings (`KPOP_SPARK_CONF`), and the
package for the executors' Python. Does not belong here: opening sessions (session.py).
"""

from __future__ import annotations

import atexit
import re
import shutil
import socket
import tempfile
import zipfile
from collections.abc import Collection
from pathlib import Path

from pyspark.sql import SparkSession

import kpop_assets
from kpop_assets.lake.errors import EngineError

LOOPBACK = "127.0.0.1"
DEFAULT_MASTER_PORT = 7077
MASTER_SECONDS = 5


def is_local(master: str) -> bool:
    """Whether driver and executors are one process (`local`, `local[4]`)."""
    return re.fullmatch(r"local(\[.*\])?", master) is not None


def driver_conf(master: str) -> dict[str, str]:
    """Where executors find the driver.

    On one machine that is loopback. On a standalone cluster it is the address from which this
    machine reaches the master. Elsewhere (YARN, Kubernetes) Spark chooses, or the user.

    Raises:
        EngineError: no master of a standalone cluster answers.
    """
    if is_local(master) or master.startswith("local-cluster"):
        address = LOOPBACK
    elif master.startswith("spark://"):
        address = _address_towards(master)
    else:
        return {}
    return {"spark.driver.host": address, "spark.driver.bindAddress": address}


def _address_towards(master: str) -> str:
    """This machine's address as the master sees it; Spark alone would wait a minute for nobody."""
    failures = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.partition(":")
        try:
            with socket.create_connection(
                (host, int(port or DEFAULT_MASTER_PORT)), MASTER_SECONDS
            ) as connection:
                return connection.getsockname()[0]
        except (OSError, ValueError) as error:
            failures.append(f"{place} ({error})")
    raise EngineError(
        f"no Spark master answers at {', '.join(failures)}", "start it, or mend KPOP_SPARK_MASTER"
    )


def read_conf_file(path: str, reserved: Collection[str] = ()) -> dict[str, str]:
    """The settings of a file in the form of spark-defaults.conf: `key value` or `key=value` a line.

    Args:
        path: the file.
        reserved: keys that it may not set.

    Raises:
        EngineError: it cannot be read, or a line is no setting that may be set; names the line.
    """
    try:
        lines = Path(path).expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"KPOP_SPARK_CONF={path} cannot be read: {error}") from error
    found = {}
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        key, value = [*re.split(r"\s*=\s*|\s+", line, maxsplit=1), ""][:2]
        if not key.startswith("spark.") or not value:
            # The line itself is not shown: it may hold a secret.
            raise EngineError(
                f"KPOP_SPARK_CONF={path}: line {number} is no setting",
                "write `spark.name value`",
                may_pass=False,
            )
        if key in reserved:
            way_out = "set KPOP_SPARK_MASTER" if key == "spark.master" else "remove it: it is fixed"
            raise EngineError(
                f"KPOP_SPARK_CONF={path}: line {number} sets {key}", way_out, may_pass=False
            )
        found[key] = value
    return found


def ship_package(session: SparkSession) -> None:
    """Send this package to the executors, whose Python need not have it."""
    folder = Path(tempfile.mkdtemp(prefix="kpop-code-"))
    # Executors that come later fetch it too, so it stays until the driver ends.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    session.sparkContext.addPyFile(str(write_package(folder)))


def write_package(folder: Path) -> Path:
    """Write this package's modules to `<folder>/kpop_assets.zip`; returns its path."""
    package = Path(kpop_assets.__path__[0])
    target = folder / f"{package.name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(package.rglob("*.py")):
            archive.write(path, path.relative_to(package.parent))
    return target
