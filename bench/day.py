"""One day from file to gold in a running process: the seconds, and how many are the engine's.

Belongs here: a warm process, the clocks around the engine's calls, the printed figures. Does not
belong here: the pipe without Dagster (pipe_engine.py).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.sql import DataFrame

from kpop_assets.lake.lake import Lake
from kpop_assets.landing.sources.demo import write_demo_day
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import load_settings
from kpop_assets.wiring.resources import build_lake

WARM_UP = (dt.date(2026, 1, 1), dt.date(2026, 1, 3))
DAY = dt.date(2026, 1, 4)


def main() -> None:
    """Warm up on small days, then time one large day."""
    parser = argparse.ArgumentParser(prog="python -m bench.day", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpop-day-") as name:
        os.environ["KPOP_HOME"] = name
        settings = load_settings()
        warm_up = {"source": "demo", "events_per_day": 1000}
        materialize(settings, *WARM_UP, landing=warm_up)
        write_demo_day(settings.landing, DAY, args.events)
        clock = EngineClock()
        with clock.watching(type(build_lake(settings).spark.range(1))):
            started = time.perf_counter()
            outcome = materialize(settings, DAY, DAY)
            seconds = time.perf_counter() - started
    _print(args.events, seconds, clock.seconds, outcome.rows)


class EngineClock:
    """Seconds inside the engine's calls by kind; a call inside a call counts once."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._is_inside = False

    @contextmanager
    def watching(self, frame: type[DataFrame]) -> Iterator[None]:
        """Time `Lake.replace_range`, `Lake.staged` up to its block, and every `collect`."""
        kept = (Lake.replace_range, Lake.staged, frame.collect)
        Lake.replace_range = self._timed("writing tables", kept[0])  # type: ignore[method-assign]
        Lake.staged = self._timed_entry(kept[1])  # type: ignore[method-assign]
        frame.collect = self._timed("checks", kept[2])  # type: ignore[method-assign]
        try:
            yield
        finally:
            Lake.replace_range, Lake.staged, frame.collect = kept  # type: ignore[method-assign]

    @contextmanager
    def _count(self, kind: str) -> Iterator[None]:
        if self._is_inside:
            yield
            return
        self._is_inside, started = True, time.perf_counter()
        try:
            yield
        finally:
            self._is_inside = False
            self.seconds[kind] += time.perf_counter() - started

    def _timed(self, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self._count(kind):
                return call(*args, **kwargs)

        return timed

    def _timed_entry(self, staged: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def timed(*args: Any, **kwargs: Any) -> Iterator[DataFrame]:
            manager = staged(*args, **kwargs)
            with self._count("parsing and staging"):
                frame = manager.__enter__()
            try:
                yield frame
            finally:
                manager.__exit__(None, None, None)

        return timed


def _print(events: int, seconds: float, engine: dict[str, float], rows: dict[str, int]) -> None:
    for path, count in rows.items():
        print(f"  {path:24}{count:>12,} rows")
    print(f"one day of {events:,} lines from file to gold: {seconds:.2f} s")
    inside = sum(engine.values())
    print(f"  in the engine: {inside:.2f} s")
    for kind, value in sorted(engine.items(), key=lambda item: -item[1]):
        print(f"    {kind}: {value:.2f} s")
    print(f"  orchestration, metadata, exports: {seconds - inside:.2f} s")


if __name__ == "__main__":
    main()
