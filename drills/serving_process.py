"""The HTTP API as processes of its own.

Belongs here: starting and ending `python -m serving`, its workers, and which of them answers. Does
not belong here: requests that keep coming (serving_load.py), or what is done to it
(serving_faults.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

from drills.processes import end_group, free_port, start_apart

START_SECONDS = 90.0
STOP_SECONDS = 30.0


class Service:
    """`python -m serving` on a free port of loopback.

    Args:
        home: the data folder.
        log: where its output goes.
        workers: its processes.
        environ: variables beside those of this process.
        before: a command in front, such as one that makes a namespace.
        module: what is run.

    Attributes:
        worker_count: how many processes it shall have.
    """

    def __init__(
        self,
        home: Path,
        log: Path,
        workers: int = 2,
        environ: dict[str, str] | None = None,
        before: tuple[str, ...] = (),
        module: str = "serving",
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = log
        words = ["-m", module, "--port", str(self.port), "--workers", str(workers)]
        self._command = [*before, sys.executable, *words]
        self._environ = {**os.environ, "KPOP_HOME": str(home), **(environ or {})}
        self.worker_count = workers
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """The process that starts the workers."""
        assert self._process
        return self._process.pid

    def start(self) -> float:
        """Start it; the seconds until it answers.

        Raises:
            TimeoutError: it does not; what it said stands in its log.
        """
        started = time.perf_counter()
        self._process = start_apart(self._command, self._environ, self._log)
        while not (self.answers() and len(self.workers()) >= self.worker_count):
            if time.perf_counter() - started > START_SECONDS or self._process.poll() is not None:
                self.end()
                raise TimeoutError(f"the API does not start: see {self._log}")
            time.sleep(0.1)
        return time.perf_counter() - started

    def answers(self) -> bool:
        """Whether it answers now."""
        try:
            return httpx.get(f"{self.address}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def workers(self) -> list[psutil.Process]:
        """Its workers' processes."""
        children = psutil.Process(self.pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(command_of(child))]

    def told_model(self) -> tuple[int | None, str | None]:
        """The process that takes a new connection, and the bundle that its answer names.

        Raises:
            TransportError: the connection broke.
        """
        with httpx.Client(base_url=self.address, timeout=15) as client:
            answer = client.post("/v1/recommendations", json={"user_id": "drill"})
            port = answer.extensions["network_stream"].get_extra_info("client_addr")[1]
            for worker in self.workers():
                if port in remote_ports(worker):
                    return worker.pid, answer.json().get("model")
        return None, None

    def resident_mb(self) -> float:
        """Memory that its workers hold, shared pages counted in each."""
        return sum(worker.memory_info().rss for worker in self.workers()) / 1e6

    def stop(self) -> float:
        """Ask it to end; the seconds that took."""
        assert self._process
        started = time.perf_counter()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(STOP_SECONDS)
        return time.perf_counter() - started

    def end(self) -> None:
        """End all of its processes."""
        if self._process is None:
            return
        # Its group, since a worker that is just being started is nobody's child yet to be found.
        end_group(self._process)
        self._process = None


def command_of(process: psutil.Process) -> list[str]:
    """A process's command line; empty where it has ended."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def remote_ports(process: psutil.Process) -> set[int]:
    """Ports at the other ends of a process's connections; none where it has ended."""
    try:
        return {one.raddr.port for one in process.net_connections("tcp") if one.raddr}
    except psutil.NoSuchProcess:
        return set()
