"""The systemd units without systemd: a supervisor that honours what they say of restarts.

Belongs here: reading `deploy/systemd/`, starting the commands as a user would be by systemd, and
starting them anew. Does not belong here: what is done to them (composed.py), and limits (user,
file system, system calls), which only systemd gives.
"""

from __future__ import annotations

import configparser
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from drills.processes import ROOT, free_port, start_apart

FOLDER = ROOT / "deploy" / "systemd"
# Only where a cluster is named: what needs one is left out.
NEEDS_KAFKA = "take-"
# TimeoutStopSec of the units.
STOP_SECONDS = 20


class Unit:
    """A unit's command, started anew as its `Restart` and `RestartSec` say.

    Args:
        path: the unit.
        environ: what its process gets.
        words: that are added to its command.
        log: where its output goes.
    """

    def __init__(self, path: Path, environ: dict[str, str], words: list[str], log: Path) -> None:
        said = read_unit(FOLDER / "kpop-.service.d" / "all.conf", path)
        program, *rest = said["Service"]["ExecStart"].split()
        self._command = [str(Path(sys.executable).with_name(Path(program).name)), *rest, *words]
        self._pause_seconds = float(said["Service"]["RestartSec"])
        self._starts_anew = said["Service"]["Restart"] == "always"
        self._environ, self._log = environ, log
        self._is_ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
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
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End it in order, and what is left of it."""
        self._is_ending.set()
        process = self._process
        if process and process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=STOP_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._is_ending.is_set():
            self._process = start_apart(self._command, self._environ, self._log)
            self._process.wait()
            if not self._starts_anew:
                return
            self._is_ending.wait(self._pause_seconds)


class ComposedUnits:
    """The product's units on loopback, with SQLite and files, as systemd would run them."""

    name = "systemd units under a supervisor of this drill"

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        ports = {part: free_port() for part in ("viewer", "api", "webserver")}
        self.addresses = {part: f"http://127.0.0.1:{port}" for part, port in ports.items()}
        self.parts = tuple(
            path.stem.removeprefix("kpop-")
            for path in sorted(FOLDER.glob("*.service"))
            if NEEDS_KAFKA not in path.stem
        )
        self._folder = folder
        self._environ = {**os.environ, "KPOP_HOME": str(self.home)}
        self._words = {part: ["--port", str(port)] for part, port in ports.items()}
        self._units: dict[str, Unit] = {}

    def start(self) -> None:
        """Start all units."""
        self.home.mkdir()
        for part in self.parts:
            path, log = FOLDER / f"kpop-{part}.service", self._folder / f"{part}.log"
            self._units[part] = Unit(path, self._environ, self._words.get(part, []), log)

    def pid(self, part: str) -> int | None:
        """A part's process, while it runs."""
        return self._units[part].pid

    def kill(self, part: str) -> None:
        """End all processes of a part at once."""
        self._units[part].kill()

    def kpop(self, *words: str) -> None:
        """Run a command of the product beside them."""
        code = "from kpop_assets.cli.main import main; main()"
        with (self._folder / "command.log").open("ab") as log:
            command = [sys.executable, "-c", code, *words]
            subprocess.run(command, cwd=ROOT, env=self._environ, stdout=log, stderr=log, check=True)

    def is_healthy(self, part: str) -> bool:
        """Whether a part without an address is at work: its process has run for a while."""
        pid = self.pid(part)
        time.sleep(5)
        return pid is not None and pid == self.pid(part)

    def end(self) -> None:
        """End all."""
        for unit in self._units.values():
            unit.end()


def read_unit(*paths: Path) -> configparser.ConfigParser:
    """What units say, the later ones last."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    # As systemd: names of settings are written in one way.
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read(paths)
    return unit
