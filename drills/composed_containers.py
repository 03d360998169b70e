"""The composed system of `compose.yaml` in containers, by podman-compose or Docker's compose.

Belongs here: starting it from empty volumes, killing a container's first process, and looking at
the data folder's volume. Does not belong here: what must hold then (composed.py).

The images are there before (`--build` makes them). On a machine without image registry the base
comes from `deploy/base.sh`.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import yaml

from drills.composed_sight import runs_on
from drills.processes import ROOT, free_port, run_logged

PORTS = {"viewer": "KPOP_VIEWER_PORT", "api": "KPOP_API_PORT", "webserver": "KPOP_DAGSTER_PORT"}


def find_compose() -> str:
    """The command that reads compose files here; empty where there is none."""
    if shutil.which("podman") and shutil.which("podman-compose"):
        return "podman-compose --in-pod false"
    return "docker compose" if shutil.which("docker") else ""


class ComposedContainers:
    """All services of `compose.yaml` on ports of their own.

    Args:
        folder: for what compose is told, and what it says.
        compose: the command that reads compose files.
        is_built: whether the images are built first.
    """

    def __init__(self, folder: Path, compose: str, is_built: bool = False) -> None:
        ports = {part: free_port() for part in PORTS}
        self.addresses = {part: f"http://127.0.0.1:{port}" for part, port in ports.items()}
        self._services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
        self.parts = tuple(self._services)
        self.outside: tuple[str, ...] = ("redis", "kafka", "postgres")
        self._engine = "podman" if "podman" in compose else "docker"
        self.name = f"containers by {compose.split()[0]}"
        self._project = f"kpopdrill{os.getpid()}"
        self._build = ["--build"] if is_built else ["--no-build"]
        self._log = folder / "compose.log"
        env = folder / "env"
        lines = [f"{PORTS[part]}={port}" for part, port in ports.items()]
        for name in ("KPOP_POSTGRES_PASSWORD", "KPOP_REDIS_PASSWORD"):
            lines.append(f"{name}={secrets.token_hex(16)}")
        env.touch(mode=0o600)
        env.write_text("\n".join([*lines, ""]))
        self._compose = [*shlex.split(compose), "--env-file", str(env), "-p", self._project]

    @property
    def home(self) -> Path:
        """Where the data folder's volume lies on this machine."""
        volume = f"{self._project}_home"
        return Path(self._asked("volume", "inspect", "-f", "{{.Mountpoint}}", volume))

    def start(self) -> None:
        """Start all services from empty volumes."""
        self._run(*self._compose, "up", "--detach", *self._build)

    def pid(self, part: str) -> int | None:
        """The first process of a container, while it runs."""
        return self._state(part)["Pid"] or None

    def kill(self, part: str) -> None:
        """End the first process of a container, and with it the others; compose is not told."""
        pid = self.pid(part)
        if pid:
            os.kill(pid, signal.SIGKILL)

    def stop(self, part: str) -> None:
        """End a container in order; it stays ended."""
        self._run(self._engine, "stop", self._container(part))

    def resume(self, part: str) -> None:
        """Start a container that was stopped."""
        self._run(self._engine, "start", self._container(part))

    def kpop(self, *words: str) -> None:
        """Run a command of the product in the container of the daemon."""
        self._run(self._engine, "exec", self._container("daemon"), "kpop", *words)

    def is_healthy(self, part: str) -> bool:
        """Whether a service is well by its own check; one without a check where it runs on."""
        if "healthcheck" not in self._services[part]:
            return runs_on(lambda: self.pid(part))
        if self._engine == "docker":
            return self._state(part)["Health"]["Status"] == "healthy"
        command = [self._engine, "healthcheck", "run", self._container(part)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def end(self) -> None:
        """End all services and remove their volumes."""
        self._run(*self._compose, "down", "--volumes", "--timeout", "5")

    def _container(self, part: str) -> str:
        between = "_" if self._engine == "podman" else "-"
        return f"{self._project}{between}{part}{between}1"

    def _state(self, part: str) -> dict[str, Any]:
        return json.loads(self._asked("inspect", "-f", "{{json .State}}", self._container(part)))

    def _asked(self, *words: str) -> str:
        command = [self._engine, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def _run(self, *command: str) -> None:
        run_logged(command, os.environ, self._log)
