"""A second process that writes to a lake, for tests of what two processes do to one table.

Run as `python -m kpop_assets_tests.lake.worker ENGINE`: a command in JSON per line on standard
input, an answer in JSON per line on standard output. It can be killed at any time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import FileLock
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kpop_assets.engine.session import open_session
from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets.lake.place import on_machine
from kpop_assets_tests.engines import settings_on
from kpop_assets_tests.lake.kit import MARKS, data_files, day

# The folders of `Worker.scratch` that only the worker sees so: a small disk and a locked door.
SEALED = """
mkdir -p "$0/full" "$0/lake" "$0/readonly" &&
mount -t tmpfs -o size=1m none "$0/full" &&
mount --bind "$0/lake" "$0/readonly" && mount -o remount,ro,bind "$0/readonly" &&
exec "$@"
"""


def can_mount() -> bool:
    """Whether this machine lets a process have mounts of its own."""
    try:
        command = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


class Worker:
    """The process, as a test sees it.

    Args:
        engine: engine of its session.
        scratch: a folder; `lake/` in it is shared, `full/` (1 MiB) and `readonly/` (`lake/`
            that cannot be written) exist where the machine allows mounts.
    """

    def __init__(self, engine: str, scratch: Path) -> None:
        self.scratch = scratch
        command = [sys.executable, "-m", __name__, engine]
        if can_mount():
            command = ["unshare", "-rm", "sh", "-c", SEALED, str(scratch), *command]
        with (scratch / "worker.log").open("a") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.answer()

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, **command: Any) -> None:
        """Start a command; its answer is due."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the answer of the oldest command."""
        assert self._process.stdout is not None
        text = self._process.stdout.readline()
        assert text, f"the worker has ended: see {self.scratch / 'worker.log'}"
        return json.loads(text)

    def ask(self, **command: Any) -> dict[str, Any]:
        """Send a command and wait for the answer."""
        self.send(**command)
        return self.answer()

    def kill(self) -> None:
        """End it as the kernel does when memory runs out: SIGKILL, no clean-up."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()


def _rows(spark: SparkSession, number: int, count: int, stall_seconds: float) -> DataFrame:
    """Rows that do not compress, 64 random-looking characters each; the last keeps one waiting."""

    def stall(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from batches
        time.sleep(stall_seconds)

    numbers = spark.range(count)
    return (numbers.mapInArrow(stall, "id bigint") if stall_seconds else numbers).select(
        F.lit(day(number)).alias("ingest_date"),
        F.sha2(F.col("id").cast("string"), 256).alias("name"),
        F.col("id").alias("mark_count"),
    )


def _write(spark: SparkSession, command: dict[str, Any]) -> dict[str, Any]:
    lake = Lake(Path(command["root"]), lambda: spark, lock_seconds=60)
    number = command["day"]
    rows = _rows(spark, number, command["rows"], command.get("stall_seconds", 0))
    try:
        done = lake.replace_range(MARKS, day(number), day(number + 1), rows)
    except LakeError as error:
        return {"error": type(error).__name__, "message": str(error)}
    return {"version": done.version, "row_count": done.row_count}


def _look(spark: SparkSession, command: dict[str, Any]) -> dict[str, Any]:
    lake = Lake(Path(command["root"]), lambda: spark)
    names = {Path(uri).name for uri in lake.delta(MARKS).file_uris()}
    found = {Path(name).name for name in data_files(on_machine(lake.location(MARKS)))}
    return {
        "version": lake.delta(MARKS).version(),
        "row_count": lake.row_count(MARKS),
        "uncommitted": sorted(found - names),
    }


def _fill(spark: SparkSession, command: dict[str, Any]) -> dict[str, Any]:
    try:
        with (Path(command["root"]) / "filler").open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    except OSError as error:
        return {"errno": error.errno}


def _drain(spark: SparkSession, command: dict[str, Any]) -> dict[str, Any]:
    (Path(command["root"]) / "filler").unlink()
    return {}


def _hold(spark: SparkSession, command: dict[str, Any]) -> dict[str, Any]:
    folder = Path(command["root"]) / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test.marks.holder").write_text(json.dumps({"pid": os.getpid()}))
    _HELD.append(FileLock(folder / "test.marks.lock"))
    _HELD[-1].acquire()
    return {}


def _release(spark: SparkSession, command: dict[str, Any]) -> dict[str, Any]:
    _HELD.pop().release()
    return {}


_HELD: list[FileLock] = []
_COMMANDS = {
    "write": _write,
    "look": _look,
    "fill": _fill,
    "drain": _drain,
    "hold": _hold,
    "release": _release,
}


def main(engine: str) -> None:
    """Answer commands until the input ends."""
    # Java prints on the standard output too, and an answer must stand alone there.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    spark = open_session(settings_on(engine, Path(os.devnull)))
    spark.range(1).collect()
    answers.write(json.dumps({"ready_at": time.time()}) + "\n")
    answers.flush()
    for text in sys.stdin:
        command = json.loads(text)
        answers.write(json.dumps(_COMMANDS[command["do"]](spark, command)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
