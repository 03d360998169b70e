"""A run that is killed after each of its trainings goes on with the next, and loses none.

    python -m drills.trainings CSV [--days 60]

Belongs here: the real chart's last days, killing after each training, and the verdict. Does not
belong here: kills at random moments (kills.py).

The chart (Spotify's of Korea) is imported into two homes, and `kpop run` carries its last days to
forecasts. In the first home nothing disturbs it. In the second it is killed (SIGKILL) as soon as
a training stands, and started anew, until it ends by itself. All the while the engine
ends sessions that idle for two seconds. Each training must be done once, with its runs and models,
and its backtests and scores must be those of the undisturbed run to the last bit, but for what is
measured in time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import polars as pl

from drills.processes import KPOP, ROOT
from kpop_assets.contracts.models import CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.registry import tables_of_rhythm
from kpop_assets.contracts.table import Table
from kpop_assets.lake.reader import LakeReader

IDLE = {"SAIL_SPARK__SESSION_TIMEOUT_SECS": "2"}
# All that a training leaves, but for the champion's contest, of which the days are compared.
TRAINED = [table for table in tables_of_rhythm("weekly") if table.layer == "models"]
OF_THE_RUN = ("latency_ms", "run_id", "model_uri")
LOOK_SECONDS = 0.2


def main() -> None:
    """Run both homes and compare; exit code 1 where a training is lost, doubled or another."""
    parser = argparse.ArgumentParser(prog="python -m drills.trainings", description=__doc__)
    parser.add_argument("csv", type=Path)
    parser.add_argument("--days", type=int, default=60)
    args = parser.parse_args()
    last = max(dt.date.fromisoformat(day) for day in pl.read_csv(args.csv)["file_date"].unique())
    days = [str(last - dt.timedelta(days=args.days - 1)), str(last)]
    with tempfile.TemporaryDirectory() as folder:
        whole, stopped = Path(folder) / "whole", Path(folder) / "stopped"
        if _kpop(whole, "import", "spotify-chart", str(args.csv)).wait():
            raise SystemExit("the chart was not imported")
        shutil.copytree(whole, stopped)
        started = time.monotonic()
        if _kpop(whole, "run", *days).wait():
            raise SystemExit("the undisturbed run failed")
        seconds = time.monotonic() - started
        kills, kept = _run_killed(stopped, days)
        faults = [*kept, *_differences(whole, stopped)]
    print(f"undisturbed {seconds:.0f} s; killed after {kills} trainings")
    print(*faults, sep="\n", end="\n" if faults else "")
    raise SystemExit(1 if faults or not kills else 0)


def _run_killed(home: Path, days: list[str]) -> tuple[int, list[str]]:
    """Kill the run whenever a training more stands; how often, and trainings that changed."""
    kills, faults, before = 0, [], _run_ids(home)
    while True:
        run = _kpop(home, "run", *days)
        while run.poll() is None and len(_run_ids(home)) <= len(before):
            time.sleep(LOOK_SECONDS)
        if run.poll() is None:
            run.kill()
            kills += 1
        run.wait()
        now = _run_ids(home)
        faults += [f"{day} was trained again" for day in before if now.get(day) != before[day]]
        if run.returncode == 0:
            return kills, faults
        if run.returncode > 0 or len(now) <= len(before):
            return kills, [*faults, f"exit code {run.returncode} with {len(now)} trainings"]
        before = now


def _kpop(home: Path, *words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, **IDLE, "KPOP_HOME": str(home), "DAGSTER_HOME": ""}
    return subprocess.Popen([*KPOP, *words], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)


def _run_ids(home: Path) -> dict[dt.date, list[str]]:
    """The runs of MLflow of each training that stands."""
    rows = _rows(home, TRAININGS)
    scores = _rows(home, CANDIDATE_SCORES)
    if rows is None or scores is None:
        return {}
    done = rows.filter(pl.col("refusal").is_null())["ingest_date"]
    return {day: sorted(scores.filter(pl.col("ingest_date") == day)["run_id"]) for day in done}


def _rows(home: Path, table: Table) -> pl.DataFrame | None:
    reader = LakeReader(home / "lake")
    if not reader.exists(table):
        return None
    rows = pl.from_arrow(reader.arrow(table, dt.date.min, dt.date.max))
    return pl.DataFrame(rows).sort(table.primary_key)


def _differences(whole: Path, stopped: Path) -> list[str]:
    faults = []
    for table in TRAINED:
        left, right = (_rows(home, table) for home in (whole, stopped))
        if left is None or right is None:
            return [f"{table.path} is missing"]
        columns = [name for name in left.columns if name not in OF_THE_RUN]
        faults += [] if left[columns].equals(right[columns]) else [f"{table.path} differs"]
    crowned = [_rows(home, CHAMPION) for home in (whole, stopped)]
    days = [[] if rows is None else rows["ingest_date"].to_list() for rows in crowned]
    print(f"champions of {len(days[0])} and {len(days[1])} days")
    return faults if days[0] == days[1] else [*faults, "other days have a champion"]


if __name__ == "__main__":
    main()
