"""A command as a whole process: its wall time, its CPU time, and its highest memory.

Belongs here: the clocks, and looking at a process and its children. Does not belong here: what is
run or how its figures are printed.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from drills.processes import ROOT

SAMPLE_SECONDS = 0.05


class MeasuredError(RuntimeError):
    """What was measured ended with an error; the message is the end of what it said."""


@dataclass(frozen=True)
class Usage:
    """What a process took.

    Attributes:
        seconds: wall time from start to end.
        cpu_seconds: of the process and its children (a JVM is one), up to the last look at each.
        peak_mb: highest sum of their resident memory in 10^6 bytes, looked at every 50 ms.
        printed: its standard output.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    printed: str


def run_measured(command: list[str], errors: Path) -> Usage:
    """Run a command at the root of the repository.

    Args:
        command: program and arguments; it should print less than a pipe holds (64 kB).
        errors: file for its standard error.

    Raises:
        MeasuredError: its exit code is not 0.
    """
    started = time.perf_counter()
    with errors.open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT)
    peak = 0
    cpu: dict[int, float] = {}
    root = psutil.Process(process.pid)
    while process.poll() is None:
        memory, seconds = _look(root)
        peak = max(peak, memory)
        cpu |= seconds
        time.sleep(SAMPLE_SECONDS)
    taken = time.perf_counter() - started
    printed = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise MeasuredError(errors.read_text()[-2000:])
    return Usage(taken, sum(cpu.values()), peak / 1e6, printed)


def _look(root: psutil.Process) -> tuple[int, dict[int, float]]:
    """Bytes of a process and its children now, and the CPU seconds of each so far."""
    memory, seconds = 0, {}
    try:
        tree = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0, {}
    for process in tree:
        try:
            memory += process.memory_info().rss
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds[process.pid] = times.user + times.system
    return memory, seconds
