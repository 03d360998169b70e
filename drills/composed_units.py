"""The systemd units without systemd: a supervisor that honours what they say of restarts.

Belongs here: reading `deploy/systemd/`, starting the commands as a user would be by systemd, and
starting them anew; beside them Redis and Kafka, as a machine of one's own has them. Does not belong
here: what is done to them (composed.py), and limits (user, file system, system calls), which only
systemd gives.
"""

from __future__ import annotations

import configparser
import contextlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from drills.composed_sight import runs_on
from drills.kafka_broker import Broker
from drills.kafka_jars import NoJarsError
from drills.processes import (
    KPOP,
    LOOPBACK,
    ROOT,
    end_group,
    free_port,
    is_listening,
    run_logged,
    start_apart,
)

FOLDER = ROOT / "deploy" / "systemd"
# What takes from Kafka, by the topic that is made for it.
TAKERS = {"take-plays": "plays", "take-feedback": "feedback"}
# TimeoutStopSec of the units.
STOP_SECONDS = 20
# Of what is no unit of ours.
PAUSE_SECONDS = 2.0


class Unit:
    """A command that is started anew whenever it ends.

    Args:
        command: its words.
        environ: what its process gets.
        log: where its output goes.
        pause_seconds: before it is started anew; None never does.
    """

    def __init__(
        self,
        command: list[str],
        environ: dict[str, str],
        log: Path,
        pause_seconds: float | None = PAUSE_SECONDS,
    ) -> None:
        self._command, self._environ, self._log = command, environ, log
        self._pause_seconds = pause_seconds
        self._is_ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, and go on doing so."""
        self._is_ending.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Its process, while that runs."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def kill(self) -> None:
        """End its processes as a power cut does: systemd would kill those of its cgroup."""
        if self._process:
            end_group(self._process)

    def end(self) -> None:
        """End it in order, and what is left of it."""
        self._is_ending.set()
        process = self._process
        if process and process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=STOP_SECONDS)
            end_group(process)
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._is_ending.is_set():
            self._process = start_apart(self._command, self._environ, self._log)
            self._process.wait()
            if self._pause_seconds is None:
                return
            self._is_ending.wait(self._pause_seconds)


def start_unit(path: Path, environ: dict[str, str], words: list[str], log: Path) -> Unit:
    """Start what a unit says, as its `Restart` and `RestartSec` say, with more words behind."""
    said = read_unit(FOLDER / "kpop-.service.d" / "all.conf", path)["Service"]
    program, *rest = said["ExecStart"].split()
    command = [str(Path(sys.executable).with_name(Path(program).name)), *rest, *words]
    pause = float(said["RestartSec"]) if said["Restart"] == "always" else None
    return Unit(command, environ, log, pause)


class ComposedUnits:
    """The product's units on loopback, with SQLite and files, as systemd would run them.

    Args:
        folder: of all that they write.
        is_alone: without Redis and Kafka, also where this machine has them.
    """

    def __init__(self, folder: Path, is_alone: bool = False) -> None:
        self.home = folder / "home"
        ports = {part: free_port() for part in ("viewer", "api", "webserver")}
        self.addresses = {part: f"http://{LOOPBACK}:{port}" for part, port in ports.items()}
        self._folder = folder
        self._environ = {**os.environ, "KPOP_HOME": str(self.home)}
        self._words = {part: ["--port", str(port)] for part, port in ports.items()}
        self._units: dict[str, Unit] = {}
        self._redis = None if is_alone else shutil.which("redis-server")
        self._redis_port = free_port()
        self._broker = None if is_alone else _broker(folder / "kafka")
        if self._redis:
            self._environ["KPOP_REDIS"] = f"redis://{LOOPBACK}:{self._redis_port}/0"
        if self._broker:
            self._environ["KPOP_KAFKA"] = self._broker.address
        there = {"redis": self._redis, "kafka": self._broker}
        self.outside = tuple(name for name, found in there.items() if found)
        units = sorted(path.stem.removeprefix("kpop-") for path in FOLDER.glob("*.service"))
        # As their ExecCondition says: only where a cluster is named.
        self._ours = tuple(u for u in units if self._broker or u not in TAKERS)
        self.parts = self._ours + self.outside
        self.name = "systemd units under a supervisor of this drill, beside "
        self.name += " and ".join(self.outside) if self.outside else "nothing"

    def start(self) -> None:
        """Start all."""
        self.home.mkdir()
        if self._redis:
            command = [self._redis, "--port", str(self._redis_port), "--bind", LOOPBACK]
            command += ["--save", "", "--dir", str(self._folder)]
            self._units["redis"] = Unit(command, self._environ, self._folder / "redis.log")
        if self._broker:
            log = self._folder / "kafka.log"
            self._units["kafka"] = Unit(self._broker.command, self._environ, log)
            self._broker.wait()
            for topic in TAKERS.values():
                self._broker.create_topic(topic)
        for part in self._ours:
            path, log = FOLDER / f"kpop-{part}.service", self._folder / f"{part}.log"
            self._units[part] = start_unit(path, self._environ, self._words.get(part, []), log)

    def pid(self, part: str) -> int | None:
        """A part's process, while it runs."""
        return self._units[part].pid

    def kill(self, part: str) -> None:
        """End all processes of a part at once."""
        self._units[part].kill()

    def stop(self, part: str) -> None:
        """End a part in order; it stays ended."""
        self._units[part].end()

    def resume(self, part: str) -> None:
        """Start a part that was stopped."""
        self._units[part].start()

    def kpop(self, *words: str) -> None:
        """Run a command of the product beside them."""
        run_logged([*KPOP, *words], self._environ, self._folder / "command.log")

    def is_healthy(self, part: str) -> bool:
        """Whether a part without an address is at work: it answers, or has run for a while."""
        if part == "redis":
            return is_listening(LOOPBACK, self._redis_port)
        if part == "kafka" and self._broker:
            return self._broker.answers()
        return runs_on(lambda: self.pid(part))

    def end(self) -> None:
        """End all."""
        for unit in self._units.values():
            unit.end()


def _broker(folder: Path) -> Broker | None:
    try:
        return Broker(folder)
    except NoJarsError:
        return None


def read_unit(*paths: Path) -> configparser.ConfigParser:
    """What units say, the later ones last."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    # As systemd: names of settings are written in one way.
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read(paths)
    return unit
