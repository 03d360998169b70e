"""What a killed run leaves behind, and whether the next one made it good.

Belongs here: the run, and everything that is looked at after it. Does not belong here: killing
(kills.py).
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from drills.compare import Tolerance, compare_outputs
from drills.snapshot import write_snapshot
from kpop_assets.contracts.registry import TABLES
from kpop_assets.lake.place import on_machine
from kpop_assets.landing.leftovers import sweep_leftovers
from kpop_assets.operate.instance import open_instance
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets.wiring.upkeep import KEEP_VERSIONS_HOURS

_ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}
# Older than any rule of cleaning up waits.
LONG_AGO_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Work:
    """Simulated days that are carried through every layer in one data folder."""

    settings: Settings
    first: dt.date
    last: dt.date
    lines: int

    @property
    def snapshot(self) -> Path:
        """Where a copy of its tables is kept."""
        return self.settings.home.with_name(f"{self.settings.home.name}-tables")


def clear(work: Work) -> None:
    """Begin with an empty folder."""
    shutil.rmtree(work.settings.home, ignore_errors=True)


def run_days(work: Work) -> bool:
    """The run itself."""
    os.environ["KPOP_HOME"] = str(work.settings.home)
    landing = {"source": "demo", "events_per_day": work.lines}
    plan = {"days": [work.last.isoformat()], "evaluation_days": 14}
    materialize(work.settings, work.first, work.last, (), landing, plan)
    return True


def keep_tables(work: Work) -> bool:
    """Keep a copy of the tables to compare with."""
    shutil.rmtree(work.snapshot, ignore_errors=True)
    write_snapshot(build_lake(work.settings), work.snapshot)
    return True


def last_step(work: Work) -> str:
    """The step that the newest run was in; the file is read as it lies there, without Dagster."""
    folder = work.settings.dagster_home / "history" / "runs"
    logs = [path for path in folder.glob("*.db") if path.name != "index.db"]
    if not logs:
        return "before the first run"
    newest = max(logs, key=lambda path: path.stat().st_mtime)
    query = "SELECT dagster_event_type, step_key FROM event_logs ORDER BY id"
    try:
        with closing(sqlite3.connect(f"file:{newest}?mode=ro", uri=True)) as database:
            events = [row for row in database.execute(query) if row[0]]
    except sqlite3.OperationalError:
        return "while the log of a run was made"
    open_steps: dict[str, None] = {}
    for kind, step in events:
        if kind == "STEP_START":
            open_steps[step] = None
        elif kind in ("STEP_SUCCESS", "STEP_FAILURE"):
            open_steps.pop(step, None)
    if open_steps:
        return next(reversed(open_steps))
    has_ended = events and events[-1][0] in ("PIPELINE_SUCCESS", "PIPELINE_FAILURE")
    return "before or between runs" if has_ended else "between two steps"


def judge(work: Work, whole: Work) -> bool:
    """Whether a finished run left what the undisturbed one did; prints what is not so."""
    keep_tables(work)
    found = compare_outputs(whole.snapshot, work.snapshot, Tolerance(relative=0.0))
    faults = [str(comparison) for comparison in found if not comparison.is_equal]
    faults += [] if found else ["no table to compare"]
    faults += _differing_landing(work.settings.landing, whole.settings.landing)
    faults += _held_locks(work.settings)
    faults += _unfinished_runs(work.settings)
    # On a copy: a log that was made old and shortened would not name what earlier versions had.
    aged = replace(work.settings, home=work.settings.home.with_name("aged"))
    shutil.rmtree(aged.home, ignore_errors=True)
    shutil.copytree(work.settings.home, aged.home)
    before = _leftovers(aged)
    _sweep_all(aged)
    after = [path for path in before if path.exists()]
    print(f"left by kills: {len(before)} files and folders; after a week's sweeps: {len(after)}")
    faults += [f"never swept: {path}" for path in after[:3]]
    print(*faults, sep="\n", end="\n" if faults else "", flush=True)
    return not faults


def _differing_landing(left: Path, right: Path) -> list[str]:
    """Landing files that are not the same bytes in both."""
    ours, theirs = (
        {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("events_*.json")}
        for root in (left, right)
    )
    names = sorted(ours.keys() | theirs.keys())
    return [f"landing/{name} differs" for name in names if ours.get(name) != theirs.get(name)]


def _held_locks(settings: Settings) -> list[str]:
    held = []
    for path in sorted((on_machine(settings.lake) / ".locks").glob("*.lock")):
        try:
            FileLock(path, timeout=0).acquire().lock.release()
        except Timeout:
            held.append(f"locked: {path.name}")
    return held


def _unfinished_runs(settings: Settings) -> list[str]:
    with open_instance(settings) as instance:
        runs = [run for run in instance.get_runs() if run.status not in _ENDED]
    return [f"run {run.run_id[:8]} is {run.status.value} for ever" for run in runs]


def _leftovers(settings: Settings) -> list[Path]:
    """Files that killed processes left: staged rows, data files no version names, parts."""
    lake, found = build_lake(settings), [*(on_machine(settings.lake) / ".staged").glob("*")]
    found += [*settings.landing.rglob(".*"), *settings.artifacts.glob(".*")]
    for table in TABLES:
        folder = on_machine(lake.location(table))
        if lake.exists(table):
            log = folder / "_delta_log"
            # Also files that a commit took out: they go a week after it, killed or not.
            named = "".join(path.read_text() for path in log.glob("*.json"))
            data = [path for path in folder.rglob("*.parquet") if log not in path.parents]
            found += [path for path in data if path.name not in named]
            found += [path for path in log.iterdir() if "tmp" in path.name]
    return found


def _sweep_all(settings: Settings) -> None:
    """What the daemon's daily job and the next writers remove, as if all were a month old."""
    past, lake = time.time() - LONG_AGO_SECONDS, build_lake(settings)
    for path in [*settings.landing.rglob("*"), *on_machine(settings.lake).rglob("*")]:
        os.utime(path, (past, past))
    lake.sweep_staged()
    for table in TABLES:
        if lake.exists(table):
            lake.clean(table, KEEP_VERSIONS_HOURS)
    for folder in [settings.landing, *settings.landing.glob("20*")]:
        sweep_leftovers(folder, ".*")
