"""The HTTP API as a process of its own, and requests that keep coming at it.

Belongs here: starting and ending `python -m serving`, its workers, and a client that sends at a
fixed rate whatever comes back. Does not belong here: what is done to it (serving_faults.py).
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from drills.processes import end_group, free_port, start_apart

START_SECONDS = 90.0
STOP_SECONDS = 30.0
# A client of a site asks once more where a connection broke.
REPEAT_PAUSE_SECONDS = 0.1


class Service:
    """`python -m serving` on a free port of loopback.

    Args:
        home: the data folder.
        log: where its output goes.
        workers: its processes.
        environ: variables beside those of this process.
        before: a command in front, such as one that makes a namespace.
        module: what is run.
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
        self._workers = workers
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
        while not (self.answers() and len(self.workers()) >= self._workers):
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

    def loaded_count(self) -> int:
        """How many workers have come as far as to answer since the log was begun."""
        return self._log.read_bytes().count(b"Application startup complete")

    def workers(self) -> list[psutil.Process]:
        """Its workers' processes."""
        children = psutil.Process(self.pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(command_of(child))]

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


@dataclass
class Tally:
    """What came of requests.

    Attributes:
        sent: how many there were.
        answered: with less than 400 at the first time.
        repeated: at the second, after the connection broke at the first.
        statuses: other answers, by number.
        broken: connections that broke at both times, by how at the second.
        broken_first: those that broke at the first, by how.
        seconds: how long each answer took.
    """

    sent: int = 0
    answered: int = 0
    repeated: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    broken_first: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        told = f"{self.answered} of {self.sent} answered at once, {self.repeated} at a repeat"
        others = ", ".join(f"{n} of {k}" for k, n in (*self.statuses.items(), *self.broken.items()))
        longest = max(self.seconds, default=0.0) * 1000
        return f"{told}; others: {others or 'none'}; the longest took {longest:.0f} ms"


Ask = Callable[[httpx.AsyncClient, int], Any]


class Load:
    """Requests at a fixed rate, from a thread of its own, for as long as a block runs.

    Args:
        address: of the service.
        ask: sends the request of a number.
        per_second: the rate; nobody waits for an answer to send the next one.
    """

    def __init__(self, address: str, ask: Ask, per_second: float = 40.0) -> None:
        self.tally = Tally()
        self._address, self._ask, self._pause = address, ask, 1 / per_second
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
        async with httpx.AsyncClient(base_url=self._address, timeout=15, limits=limits) as client:
            due, tasks = time.perf_counter(), set()
            while not self._is_over.is_set():
                task = asyncio.create_task(self._send(client, self.tally.sent))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                self.tally.sent += 1
                due += self._pause
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await asyncio.gather(*tasks)

    async def _send(self, client: httpx.AsyncClient, number: int) -> None:
        started = time.perf_counter()
        for attempt in (1, 2):
            try:
                answer = await self._ask(client, number)
            except httpx.TransportError as error:
                if attempt == 1:
                    self.tally.broken_first[type(error).__name__] += 1
                else:
                    self.tally.broken[type(error).__name__] += 1
                    return
                await asyncio.sleep(REPEAT_PAUSE_SECONDS)
                continue
            self.tally.seconds.append(time.perf_counter() - started)
            if answer.status_code >= 400:
                self.tally.statuses[answer.status_code] += 1
            elif attempt == 1:
                self.tally.answered += 1
            else:
                self.tally.repeated += 1
            return
