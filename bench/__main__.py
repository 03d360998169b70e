"""Landing to gold: our pipe on each engine against hand-written Polars and DuckDB programs.

Belongs here: running each contestant as a whole process, its clock, its peak memory, the printed
comparison. Does not belong here: what a contestant does (pipe_*.py).
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
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.measure import MeasuredError, run_measured
from drills.compare import Tolerance, compare_outputs
from kpop_assets.landing.sources.demo import write_demo_day

FIRST_DAY = dt.date(2026, 1, 1)
OURS = ("sail", "spark")
PEERS = ("polars", "duckdb")


@dataclass(frozen=True)
class Result:
    """One contestant's best run of `--repeat`: wall seconds, peak memory, seconds by step."""

    engine: str
    seconds: float
    peak_mb: float
    steps: dict[str, float]


def main() -> None:
    """Run the comparison; exit code 1 if a contestant fails or outputs differ."""
    args = _arguments()
    with _work_folder() as folder:
        landing, end = make_landing(folder, args.events, args.days)
        print(f"{args.events:,} events over {args.days} days, {psutil.cpu_count()} cores")
        try:
            results = _run_all(args.engines, folder, landing, end, args.repeat)
        except MeasuredError as error:
            sys.exit(f"bench: {error}")
        _print_table(results)
        _print_steps(results)
        are_equal = _compare(args.engines, folder)
        if not args.keep:
            shutil.rmtree(folder / "out", ignore_errors=True)
    sys.exit(0 if are_equal else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--engines", default="sail,spark,polars,duckdb", help="comma-separated")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the best counts")
    parser.add_argument("--keep", action="store_true", help="keep the tables written")
    args = parser.parse_args()
    args.engines = args.engines.split(",")
    unknown = set(args.engines) - {*OURS, *PEERS}
    if unknown or args.days < 1 or args.events < args.days or args.repeat < 1:
        parser.error(f"unknown engines {unknown}" if unknown else "sizes must be 1 or more")
    return args


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
    engines: list[str], folder: Path, landing: Path, end: dt.date, repeat: int
) -> list[Result]:
    runs: dict[str, list[Result]] = {engine: [] for engine in engines}
    # Round by round, so that a busy minute of the machine does not fall on one contestant alone.
    for _ in range(repeat):
        for engine in engines:
            out = folder / "out" / engine
            shutil.rmtree(out, ignore_errors=True)
            runs[engine].append(run_contestant(engine, landing, out, end))
    return [min(results, key=lambda result: result.seconds) for results in runs.values()]


def run_contestant(engine: str, landing: Path, out: Path, end: dt.date) -> Result:
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
    return Result(engine, usage.seconds, usage.peak_mb, steps)


def _print_table(results: list[Result]) -> None:
    peers = [result.seconds for result in results if result.engine in PEERS]
    print(f"\n{'contestant':12}{'seconds':>10}{'peak MB':>10}{'ratio':>8}  to the faster peer")
    for result in results:
        ratio = f"{result.seconds / min(peers):.2f}" if peers else "-"
        print(f"{result.engine:12}{result.seconds:>10.2f}{result.peak_mb:>10,.0f}{ratio:>8}")
    seconds = {result.engine: result.seconds for result in results}
    if set(OURS) <= set(seconds):
        print(f"spark takes {seconds['spark'] / seconds['sail']:.1f} times as long as sail")


def _print_steps(results: list[Result]) -> None:
    names = list(dict.fromkeys(name for result in results for name in result.steps))
    print("\n" + f"{'step, seconds':26}" + "".join(f"{r.engine:>10}" for r in results))
    for name in names:
        cells = [f"{r.steps[name]:>10.2f}" if name in r.steps else f"{'-':>10}" for r in results]
        print(f"{name:26}" + "".join(cells))
    rest = [f"{r.seconds - sum(r.steps.values()):>10.2f}" for r in results]
    print(f"{'process start and end':26}" + "".join(rest))


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
