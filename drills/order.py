"""Backfilling days at once, one by one in random order, or twice leaves identical tables.

Belongs here: the three ways of running the same days, and the verdict: `make soak`. Does not
belong here: how later days are brought up to date (kpop_assets/operate/plan.py).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from drills.compare import Tolerance, compare_outputs
from drills.snapshot import write_snapshot
from kpop_assets.operate.execution import Outcome
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings, load_settings
from kpop_assets.wiring.resources import build_lake

FIRST_DAY = dt.date(2026, 1, 1)


def main() -> None:
    """Run the days in the three ways; exit code 1 where tables differ."""
    parser = argparse.ArgumentParser(prog="python -m drills.order", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--events", type=int, default=300, help="a day")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    days = [FIRST_DAY + dt.timedelta(days=i) for i in range(args.days)]
    shuffled = random.Random(args.seed).sample(days, len(days))
    landing = {"source": "demo", "events_per_day": args.events}
    with tempfile.TemporaryDirectory(prefix="kpop-order-") as name:
        folder = Path(name)
        whole, single = _home(folder / "whole"), _home(folder / "single")
        _timed("one run", whole, [(days[0], days[-1])], landing, folder / "a")
        _timed("single days", single, [(day, day) for day in shuffled], landing, folder / "b")
        _timed("one run again", whole, [(days[0], days[-1])], landing, folder / "c")
        equal = [
            _compare(folder, "a", "b", "single days in random order"),
            _compare(folder, "a", "c", "the same run twice"),
        ]
    sys.exit(0 if all(equal) else 1)


def _home(folder: Path) -> Settings:
    return load_settings({**os.environ, "KPOP_HOME": str(folder)})


def _timed(
    what: str, home: Settings, ranges: list[tuple[dt.date, dt.date]], landing: dict, out: Path
) -> None:
    """Run the ranges one after the other, then keep a copy of the tables."""
    started = time.perf_counter()
    runs = sum(len(_run(home, first, last, landing).run_ids) for first, last in ranges)
    print(f"{what:16}{runs:>4} runs {time.perf_counter() - started:>8.1f} s", flush=True)
    write_snapshot(build_lake(home), out)


def _run(home: Settings, first: dt.date, last: dt.date, landing: dict) -> Outcome:
    # Without trainings, which decide by what is known when they run.
    return materialize(home, first, last, (), landing, {"days": []})


def _compare(folder: Path, left: str, right: str, what: str) -> bool:
    print(f"\none run against {what}")
    found = compare_outputs(folder / left, folder / right, Tolerance(relative=0.0))
    print(*found, sep="\n", flush=True)
    return bool(found) and all(comparison.is_equal for comparison in found)


if __name__ == "__main__":
    main()
