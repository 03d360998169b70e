"""A command as a whole process: its wall time, its CPU time, and its highest memory.

Belongs here: the clocks, and looking at a process and its children. Does not belong here: what is
run or how its figures are printed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from drills.processes import ROOT

SAMPLE_SECONDS = 0.05
_PR_SET_CHILD_SUBREAPER = 36


class MeasuredError(RuntimeError):
    """What was measured ended with an error; the message is the end of what it said."""


@dataclass(frozen=True)
class Usage:
    """What a process took.

    Attributes:
        seconds: wall time from start to end.
        cpu_seconds: user and system, of the process and all that it started (a JVM, its workers).
        peak_mb: highest sum of their resident memory in 10^6 bytes, looked at every 50 ms. A page
            that processes share counts once for each.
        printed: its standard output.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    printed: str


def run_measured(command: list[str], errors: Path) -> Usage:
    """Run a command at the root of the repository; no other child of ours may end meanwhile.

    Args:
        command: program and arguments; it should print less than a pipe holds (64 kB).
        errors: file for its standard error.

    Raises:
        MeasuredError: its exit code is not 0.
    """
    _adopt_orphans()
    before, started = _cpu_of_ended(), time.perf_counter()
    with errors.open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT)
    peak, seen = 0, {process.pid}
    root = psutil.Process(process.pid)
    while process.poll() is None:
        memory, pids = _look(root)
        peak = max(peak, memory)
        seen |= pids
        time.sleep(SAMPLE_SECONDS)
    taken = time.perf_counter() - started
    _await_orphans(seen - {process.pid})
    printed, _ = process.communicate()
    if process.returncode:
        raise MeasuredError(errors.read_text()[-2000:])
    return Usage(taken, _cpu_of_ended() - before, peak / 1e6, printed)


def _adopt_orphans() -> None:
    """Be told of what outlives its parent, as a JVM does by a moment: its CPU time counts too."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _await_orphans(pids: Iterable[int]) -> None:
    for pid in pids:
        # What its own parent has waited for is counted there.
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)


def _cpu_of_ended() -> float:
    """User and system seconds of all children so far, theirs included, as Linux keeps them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _look(root: psutil.Process) -> tuple[int, set[int]]:
    """Bytes of a process and its children now, and who they are."""
    memory, pids = 0, set()
    # Whoever ends meanwhile is left out.
    with suppress(psutil.NoSuchProcess):
        for process in (root, *root.children(recursive=True)):
            pids.add(process.pid)
            with suppress(psutil.NoSuchProcess):
                memory += process.memory_info().rss
    return memory, pids
