"""Landing to gold: our pipe on each engine against hand-written Polars and DuckDB programs.

Belongs here: running each contestant as a whole process, round by round, and comparing what they
wrote. Does not belong here: what a contestant does (pipe_*.py), clocks (measure.py), or how the
figures are printed (table.py).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.arguments import make_parser, positive
from bench.measure import MeasuredError, run_measured
from bench.table import (
    OURS,
    PEERS,
    Run,
    comparison,
    line_of,
    put_between_markers,
    steps_table,
)
from drills.compare import Tolerance, compare_outputs
from drills.processes import ROOT
from kpop_assets.landing.sources.demo import write_demo_day

FIRST_DAY = dt.date(2026, 1, 1)


def main() -> None:
    """Run the comparison; exit code 1 if a contestant fails or outputs differ."""
    args = _arguments()
    with _work_folder() as folder:
        landing, end = make_landing(folder, args.events, args.days)
        try:
            runs = _run_all(args, folder, landing, end)
        except MeasuredError as error:
            sys.exit(f"bench: {error}")
        what = (
            f"{args.events:,} lines, {args.days} days, {psutil.cpu_count()} cores, {_rounds(args)}"
        )
        lines = [line_of(engine, found) for engine, found in runs.items()]
        table = comparison(what, args.events, lines)
        print(f"{table}\n\n{steps_table(runs)}")
        are_equal = _compare(args.engines, folder)
        if not args.keep:
            shutil.rmtree(folder / "out", ignore_errors=True)
    if args.readme and are_equal:
        page = ROOT / "README.md"
        page.write_text(put_between_markers(page.read_text(), table))
    sys.exit(0 if are_equal else 1)


def _arguments() -> argparse.Namespace:
    parser = make_parser("bench", __doc__)
    parser.add_argument("--events", type=positive, default=1_000_000, help="lines, all days")
    parser.add_argument("--days", type=positive, default=30, help="over which they lie")
    parser.add_argument("--engines", default="sail,spark,polars,duckdb", help="comma-separated")
    parser.add_argument("--repeat", type=positive, default=3, help="rounds")
    parser.add_argument("--spark-repeat", type=positive, help="rounds of spark, if fewer")
    parser.add_argument("--keep", action="store_true", help="keep the tables written")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    args = parser.parse_args()
    args.engines = args.engines.split(",")
    args.spark_repeat = min(args.spark_repeat or args.repeat, args.repeat)
    if unknown := sorted(set(args.engines) - {*OURS, *PEERS}):
        parser.error(f"{', '.join(unknown)} unknown: choose from {', '.join((*OURS, *PEERS))}")
    if args.events < args.days:
        parser.error(f"{args.events} lines are fewer than one a day: --days {args.events} or less")
    if args.readme and not {"sail", *PEERS} <= set(args.engines):
        parser.error("the README's table has sail, polars and duckdb at least")
    return args


def _rounds(args: argparse.Namespace) -> str:
    rounds = "1 round" if args.repeat == 1 else f"medians of {args.repeat} rounds"
    fewer = "spark" in args.engines and args.spark_repeat < args.repeat
    return f"{rounds} (spark {args.spark_repeat})" if fewer else rounds


@contextmanager
def _work_folder() -> Iterator[Path]:
    """`$KPOP_HOME/bench`, which keeps the landing files for the next time, or a temporary one."""
    home = os.environ.get("KPOP_HOME")
    if home:
        folder = Path(home).expanduser().absolute() / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="kpop-bench-") as name:
        yield Path(name)


def make_landing(folder: Path, events: int, days: int) -> tuple[Path, dt.date]:
    """Simulated landing files, made once; also the first day after them."""
    landing = folder / f"landing-{events}-{days}"
    done = landing / ".complete"
    if not done.exists():
        shutil.rmtree(landing, ignore_errors=True)
        for i in range(days):
            share = events // days + (i < events % days)
            write_demo_day(landing, FIRST_DAY + dt.timedelta(days=i), share)
        done.touch()
    return landing, FIRST_DAY + dt.timedelta(days=days)


def _run_all(
    args: argparse.Namespace, folder: Path, landing: Path, end: dt.date
) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {engine: [] for engine in args.engines}
    # Round by round, so that a busy minute of the machine does not fall on one contestant alone.
    for number in range(args.repeat):
        for engine in args.engines:
            if engine == "spark" and number >= args.spark_repeat:
                continue
            out = folder / "out" / engine
            shutil.rmtree(out, ignore_errors=True)
            run = run_contestant(engine, landing, out, end)
            print(f"round {number + 1}, {engine}: {run.seconds:.1f} s", file=sys.stderr)
            runs[engine].append(run)
    return runs


def run_contestant(engine: str, landing: Path, out: Path, end: dt.date) -> Run:
    """Run one contestant as a process of its own; sample the memory of it and its children."""
    module = ["bench.pipe_engine", engine] if engine in OURS else [f"bench.pipe_{engine}"]
    command = [sys.executable, "-m", *module, str(landing), str(out), str(FIRST_DAY), str(end)]
    out.mkdir(parents=True)
    try:
        usage = run_measured(command, out / "stderr.txt")
    except MeasuredError as error:
        raise MeasuredError(f"{engine} failed:\n{error}") from error
    lines = [line.split("\t") for line in usage.printed.splitlines() if "\t" in line]
    steps = {name: float(value) for name, value in lines}
    return Run(usage.seconds, usage.cpu_seconds, usage.peak_mb, steps)


def _compare(engines: list[str], folder: Path) -> bool:
    """Compare everyone's tables with the first contestant of ours, or the first of all."""
    first = next((engine for engine in engines if engine in OURS), engines[0])
    are_equal = True
    for other in engines:
        if other == first:
            continue
        is_mixed = (first in OURS) != (other in OURS)
        tolerance = Tolerance(estimates=0.03 if is_mixed else 0.0)
        print(f"\n{first} against {other}")
        found = compare_outputs(folder / "out" / first, folder / "out" / other, tolerance)
        print(*found, sep="\n")
        are_equal &= bool(found) and all(comparison.is_equal for comparison in found)
    return are_equal


if __name__ == "__main__":
    main()
