"""Runs that were lost with their process, also where each process sees other process ids.

Belongs here: whether the process of a run is still there, from outside. Does not belong here: the
instance that runs are recorded in (instance.py), or doing a lost run again.

In a container ids begin anew, so the same number is another process there. All that share ids are
a *space*. What is of another space is known by a lock alone: everybody who opens the instance
holds the lock of his space, and the system frees it with the last of them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from kpop_assets.stopping import is_alive

# The process of a run that no launcher has started: a run is recorded a moment before Dagster
# notes its process, and one that is killed in between would be unfinished for ever.
PROCESS_TAG = "kpop/pid"
SPACE_TAG = "kpop/space"
_UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


def fail_lost_runs(instance: dg.DagsterInstance, home: Path) -> None:
    """Mark every run as failed whose process is gone.

    Such a run would hold the engine's pool, and all others would wait for it: Dagster notices
    only the end of processes that a code server of its own has started and outlives.

    Args:
        instance: where the runs are recorded.
        home: its folder.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=_UNFINISHED)):
        # Without a process of its own it is the daemon's: all others let that start their runs.
        space = run.tags.get(SPACE_TAG) if PROCESS_TAG in run.tags else _space_of_daemon(home)
        if space in (None, space_of_here()):
            is_lost = _is_gone(instance, run)
        else:
            is_lost = not _is_held(_lock_of(home, space))
        if is_lost:
            instance.report_run_failed(run, "The process of this run is gone.")


def space_of_here() -> str:
    """The name of this process's space: its number in the system, and since when it is there."""
    try:
        number = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
        since = Path("/proc/1/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        # Another system, or one that hides it: no containers that could share a folder.
        return "machine"
    return f"{number}-{since}"


@contextmanager
def held_space(home: Path) -> Iterator[None]:
    """Tell other spaces that a process of this one lives, for as long as the block runs."""
    lock = _hold(home)
    try:
        yield
    finally:
        os.close(lock)


def become_daemon(home: Path) -> None:
    """Say that the daemon is in this space, and hold it as the program that this one becomes."""
    os.set_inheritable(_hold(home), True)
    hidden = home / f".daemon.space.{os.getpid()}"
    hidden.write_text(space_of_here())
    hidden.rename(home / "daemon.space")


def _space_of_daemon(home: Path) -> str | None:
    """The daemon's space; None where none has said it."""
    try:
        return (home / "daemon.space").read_text()
    except FileNotFoundError:
        return None


def _hold(home: Path) -> int:
    path = _lock_of(home, space_of_here())
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def _is_held(path: Path) -> bool:
    try:
        lock = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _lock_of(home: Path, space: str) -> Path:
    return home / "spaces" / f"{space}.lock"


def _is_gone(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether all processes are gone that a run of this space is known to have."""
    logs = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    figures = [log.get_dagster_event().engine_event_data.metadata for log in logs]
    pids = {int(str(found["pid"].value)) for found in figures if "pid" in found}
    pids |= {int(run.tags[PROCESS_TAG])} if PROCESS_TAG in run.tags else set()
    return bool(pids) and not any(is_alive(pid) for pid in pids)
