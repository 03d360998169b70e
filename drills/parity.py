"""Every table equal on both engines, for the demo and for the real imports: `make parity`.

Belongs here: which data sets, running both engines on each, the printed account. Does not belong
here: how tables are compared (compare.py) or filled (bench/pipe_engine.py).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from drills.compare import Tolerance, compare_outputs
from drills.processes import KPOP, ROOT
from kpop_assets.contracts import recommend_models
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.contracts.registry import RECORDS, TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.landing.folders import list_days
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.sources.demo import write_demo_day
from kpop_assets.landing.sources.demo_play_lines import write_demo_plays
from kpop_assets.landing.sources.demo_tracks import write_demo_tracks

SHARED_DATA = ROOT.parent / "shared" / "data"
REAL = {
    "seed_landing": "landing",
    "youtube_popular_kr": "youtube-popular",
    "youtube_trending_kr_2020": "youtube-trending",
    "spotify_kr": "spotify-chart",
}
ENGINES = ("sail", "spark")
LENS = [table for table in TABLES if table.layer == "lens"]
# Tracks and plays from their lines on. What tells how good recommenders are holds measured times.
_MEASURED = {found for found in vars(recommend_models).values() if isinstance(found, Table)}
LISTENING = [
    *(table for record in RECORDS if record != EVENT_LINES for table in record.tables),
    *(table for table in TABLES if table.layer == "recommend" and table not in _MEASURED),
]
FIRST_DEMO_DAY = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class DataSet:
    """A name, and what fills a landing folder and says how many lines were read."""

    name: str
    fill: Callable[[Path], int]


def main() -> None:
    """Compare the chosen data sets; exit code 1 on a difference."""
    parser = argparse.ArgumentParser(prog="python -m drills.parity", description=__doc__)
    parser.add_argument("--only", help="comma-separated: demo, " + ", ".join(REAL))
    parser.add_argument("--demo-days", type=int, default=90)
    parser.add_argument("--demo-events", type=int, default=1000, help="a day")
    parser.add_argument("--demo-plays", type=int, default=4000, help="a day")
    args = parser.parse_args()
    chosen = args.only.split(",") if args.only else ["demo", *REAL]
    data_sets = [_data_set(name, args) for name in chosen]
    # Every data set is shown, also after one that differs.
    equal = [compare_engines(data_set) for data_set in data_sets]
    sys.exit(0 if all(equal) else 1)


def _data_set(name: str, args: argparse.Namespace) -> DataSet:
    if name == "demo":
        size = (args.demo_days, args.demo_events, args.demo_plays)
        return DataSet(name, lambda landing: _simulate(landing, *size))
    if name not in REAL or not (SHARED_DATA / name).exists():
        folder = SHARED_DATA.relative_to(ROOT.parent)
        sys.exit(f"parity: no data set {name}: it belongs in {folder}")
    return DataSet(name, lambda landing: _import(landing, name))


def _simulate(landing: Path, days: int, events_per_day: int, plays_per_day: int) -> int:
    for i in range(days):
        day = FIRST_DEMO_DAY + dt.timedelta(days=i)
        write_demo_day(landing, day, events_per_day)
        if plays_per_day:
            write_demo_tracks(landing, day)
            write_demo_plays(landing, day, plays_per_day)
    return days * events_per_day


def _import(landing: Path, name: str) -> int:
    return import_files(REAL[name], SHARED_DATA / name, landing).lines_read


def compare_engines(data_set: DataSet) -> bool:
    """Run both engines on a data set in a temporary home; print what they hold and what differs."""
    with tempfile.TemporaryDirectory(prefix="kpop-parity-") as name:
        home = Path(name)
        lines_read = data_set.fill(home / "landing")
        days = list_days(home / "landing")
        start, end = days[0], days[-1] + dt.timedelta(days=1)
        for engine in ENGINES:
            _run_engine(engine, home, start, end)
        print(f"\n{data_set.name}: {len(days)} days from {start} to {days[-1]}")
        _print_account(lines_read, home / ENGINES[0])
        tolerance = Tolerance(relative=1e-10)
        left, right = (_lake(home, engine) for engine in ENGINES)
        found = [
            *compare_outputs(home / ENGINES[0], home / ENGINES[1], tolerance),
            *compare_outputs(left, right, tolerance, LENS),
            *compare_outputs(left, right, tolerance, LISTENING),
        ]
        print(*found, sep="\n", flush=True)
        return bool(found) and all(comparison.is_equal for comparison in found)


def _lake(home: Path, engine: str) -> Path:
    return home / f"home-{engine}" / "lake"


def _run_engine(engine: str, home: Path, start: dt.date, end: dt.date) -> None:
    """Fill the core through the pipe; lens and listening, which the graph alone fills, on top."""
    out = _lake(home, engine)
    pipe = [sys.executable, "-m", "bench.pipe_engine", engine, str(home / "landing"), str(out)]
    pipe += [str(start), str(end), "--with-bloom", "--snapshot", str(home / engine)]
    run = [*KPOP, "run", str(start), str(end - dt.timedelta(days=1))]
    lens = [*run, "--select", "silver/video_firsts", "--select", "lens"]
    commands = [pipe, lens]
    if list_days(home / "landing", PLAY_LINES.kind):
        out.parent.mkdir(exist_ok=True)
        (out.parent / "landing").symlink_to(home / "landing")
        commands.append([*run, *(word for t in LISTENING for word in ("--select", t.path))])
    settings = {"KPOP_HOME": str(out.parent), "KPOP_ENGINE": engine}
    for command in commands:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"parity: {engine} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _print_account(lines_read: int, out: Path) -> None:
    files = pl.read_parquet(out / "bronze" / "files.parquet")
    names = ("line_count", "event_count", "duplicate_count", "quarantine_count")
    sums = {name: int(files[name].sum()) for name in names}
    print(
        f"  lines read {lines_read:,}, landed {sums['line_count']:,} = "
        f"events {sums['event_count']:,} + duplicates {sums['duplicate_count']:,} + "
        f"quarantined {sums['quarantine_count']:,}"
    )


if __name__ == "__main__":
    main()
