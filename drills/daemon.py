"""The real daemon and webserver take dropped files to gold by themselves, though they are killed.

    python -m drills.daemon [--days 4] [--lines 300] [--kills 2]

Belongs here: starting, killing and restarting Dagster's own processes, and the verdict. Does not
belong here: any rule of what follows what (kpop_assets/wiring/sensors.py).

Files of simulated days are dropped into the inbox in pieces. Every process of the daemon and of
the runs it started is killed (SIGKILL) while a run works, and started anew as `make dev` would.
In the end the tables must be those of one `kpop run` over the same files, to the last bit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psutil

from drills.compare import Tolerance, compare_outputs
from drills.processes import start_apart
from drills.snapshot import write_snapshot
from kpop_assets.contracts.registry import tables_of_rhythm
from kpop_assets.days import days_between, seoul_now
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.sources.demo import DEMO_SEED, write_demo_day
from kpop_assets.operate.instance import open_instance
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings, load_settings
from kpop_assets.wiring.resources import build_lake

LAST = dg.AssetKey(["models", "artist_inputs"])
POLL_SECONDS = 2.0
PATIENCE_SECONDS = 1800.0
_ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def main() -> None:
    """Drop, kill, restart, wait, compare; exit code 1 where anything is missing or doubled."""
    parser = argparse.ArgumentParser(prog="python -m drills.daemon", description=__doc__)
    parser.add_argument("--days", type=int, default=4)
    parser.add_argument("--lines", type=int, default=300, help="a day")
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    yesterday = seoul_now().date() - dt.timedelta(days=1)
    days = days_between(yesterday - dt.timedelta(days=args.days - 1), seoul_now().date())
    with tempfile.TemporaryDirectory(prefix="kpop-daemon-") as name:
        folder = Path(name)
        files = _simulate(folder / "files", days, args.lines)
        watched, single = _home(folder / "watched"), _home(folder / "single")
        _run_by_itself(watched, files, days, args.kills, random.Random(args.seed))
        for path in files:
            import_files("landing", path, single.landing)
        materialize(single, days[0], days[-1], (), {}, {"days": []})
        write_snapshot(build_lake(watched), folder / "a")
        write_snapshot(build_lake(single), folder / "b")
        found = compare_outputs(folder / "a", folder / "b", Tolerance(relative=0.0))
        print(*found, sep="\n", flush=True)
    sys.exit(0 if found and all(comparison.is_equal for comparison in found) else 1)


def _home(folder: Path) -> Settings:
    settings = load_settings({**os.environ, "KPOP_HOME": str(folder)})
    settings.landing.mkdir(parents=True)
    return settings


def _simulate(root: Path, days: list[dt.date], lines: int) -> list[Path]:
    """Landing files of simulated days, in the order of their days."""
    for day in days:
        write_demo_day(root, day, lines, DEMO_SEED)
    return [path for day in list_days(root) for path in list_landed(root, day)]


def _drop(settings: Settings, files: list[Path]) -> None:
    """Put files into the inbox as a collector does: under a hidden name, then renamed."""
    inbox = settings.landing / "inbox"
    inbox.mkdir(exist_ok=True)
    for path in files:
        hidden = inbox / f".{path.name}"
        shutil.copy(path, hidden)
        hidden.rename(inbox / path.name)


def _run_by_itself(
    settings: Settings, files: list[Path], days: list[dt.date], kills: int, rng: random.Random
) -> None:
    keys = {day.isoformat() for day in days}
    pieces = [files[i :: kills + 1] for i in range(kills + 1)]
    started = time.perf_counter()
    for number, piece in enumerate(pieces):
        with _dagster(settings) as instance:
            _drop(settings, piece)
            if number < kills:
                _wait(lambda instance=instance: _is_at_work(instance), "a run at work")
                time.sleep(rng.uniform(0, 15))
                print(f"{time.perf_counter() - started:6.0f} s  killed", flush=True)
                continue
            _wait(lambda instance=instance: _is_done(instance, keys), "all days and no run")
            print(f"{time.perf_counter() - started:6.0f} s  done", flush=True)
            _report(instance)


@contextmanager
def _dagster(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Daemon and webserver on a data folder; at the end all their processes are killed."""
    with open_instance(settings) as instance:
        environ = {**os.environ, "KPOP_HOME": str(settings.home)}
        environ["DAGSTER_HOME"] = str(settings.dagster_home)
        binaries = Path(sys.executable).parent
        commands = (
            [str(binaries / "dagster-daemon"), "run", "-w", "workspace.yaml"],
            [
                str(binaries / "dagster-webserver"),
                "-h",
                "127.0.0.1",
                "-p",
                "0",
                "-w",
                "workspace.yaml",
            ],
        )
        # What each starts is killed with it, as by a power cut.
        log = settings.home / "daemon.log"
        processes = [start_apart(command, environ, log) for command in commands]
        try:
            yield instance
        finally:
            for process in processes:
                _kill_session(process.pid)
                process.wait()


def _kill_session(session: int) -> None:
    """Kill every process of a session that this program started."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session:
                process.kill()
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    psutil.wait_procs(found, timeout=30)


def _wait(condition, what: str) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"no {what} after {PATIENCE_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def _is_at_work(instance: dg.DagsterInstance) -> bool:
    return instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])) > 0


def _is_done(instance: dg.DagsterInstance, keys: set[str]) -> bool:
    if not keys <= instance.get_materialized_partitions(LAST):
        return False
    unfinished = [status for status in dg.DagsterRunStatus if status not in _ENDED]
    if instance.get_runs_count(dg.RunsFilter(statuses=unfinished)):
        return False
    # Two ticks of the sensors may still ask for something.
    time.sleep(70)
    return instance.get_runs_count(dg.RunsFilter(statuses=unfinished)) == 0


def _report(instance: dg.DagsterInstance) -> None:
    runs = instance.get_runs()
    counts = {status.value: 0 for status in _ENDED}
    for run in runs:
        counts[run.status.value] = counts.get(run.status.value, 0) + 1
    left_out = ", ".join(table.path for table in tables_of_rhythm("weekly"))
    print(f"{len(runs)} runs: {counts}; not compared: {left_out}", flush=True)


if __name__ == "__main__":
    main()
