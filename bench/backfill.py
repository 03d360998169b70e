"""A year of days through every layer: how much of it is Dagster's, on SQLite or PostgreSQL.

Belongs here: the simulated days, the clock around Dagster's event log, the printed figures. Does
not belong here: how the event log writes (kpop_assets/operate/event_log.py).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy

from bench.day import EngineClock
from drills.postgres import running_postgres
from kpop_assets.days import days_between
from kpop_assets.landing.sources.demo import write_demo_day
from kpop_assets.operate.event_log import BATCH_SIZE_VARIABLE
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings, load_settings
from kpop_assets.wiring.resources import build_lake

FIRST_DAY = dt.date(2025, 1, 1)
ONE = dt.timedelta(days=1)


@dataclass
class EventClock:
    """What Dagster's event log was handed, and the seconds that took.

    Attributes:
        events: events written.
        seconds: wall seconds in it.
        cpu: seconds of this process's CPU in it.
    """

    events: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    _kept: Callable[..., Any] = field(default=dg.DagsterInstance.handle_new_event, repr=False)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Time every event until the block ends."""
        kept = self._kept

        def timed(*args: Any, **kwargs: Any) -> None:
            wall, cpu = time.perf_counter(), time.thread_time()
            kept(*args, **kwargs)
            self.events += 1
            self.seconds += time.perf_counter() - wall
            self.cpu += time.thread_time() - cpu

        dg.DagsterInstance.handle_new_event = timed  # type: ignore[method-assign]
        try:
            yield
        finally:
            dg.DagsterInstance.handle_new_event = kept  # type: ignore[method-assign]


def main() -> None:
    """Run the days as one range, then a few more as single days."""
    parser = argparse.ArgumentParser(prog="python -m bench.backfill", description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--events", type=int, default=150, help="lines a day")
    parser.add_argument("--single", type=int, default=10, help="days that are run one by one")
    parser.add_argument("--storage", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--one-by-one", action="store_true", help="events, as Dagster does alone")
    parser.add_argument("--untrained", action="store_true", help="no trainings and forecasts")
    args = parser.parse_args()
    training: dict[str, Any] | None = {"days": []} if args.untrained else None
    if args.one_by_one:
        os.environ[BATCH_SIZE_VARIABLE] = "0"
    server = running_postgres() if args.storage == "postgres" else nullcontext("")
    with server as url, tempfile.TemporaryDirectory(prefix="kpop-backfill-") as name:
        os.environ.update(KPOP_HOME=name, KPOP_DAGSTER_DB=url)
        settings = load_settings()
        end = FIRST_DAY + args.days * ONE
        for day in days_between(FIRST_DAY, end + args.single * ONE):
            write_demo_day(settings.landing, day, args.events)
        frame = type(build_lake(settings).spark.range(1))
        whole = [(FIRST_DAY, end - ONE)]
        print(f"{args.storage}, {args.events} lines a day{', unbatched' * args.one_by_one}")
        _measure(f"{args.days} days as one range", settings, whole, frame, training)
        singles = [(day, day) for day in days_between(end, end + args.single * ONE)]
        if singles:
            seconds = _measure(f"{args.single} single days", settings, singles, frame, training)
            scaled = seconds / args.single * args.days
            print(f"  {args.days} single days would be {scaled:,.0f} s (extrapolated, not run)")


def _measure(
    what: str,
    settings: Settings,
    ranges: list[tuple[dt.date, dt.date]],
    frame: type,
    training: dict[str, Any] | None,
) -> float:
    """Run the ranges, print where the seconds went, return all of them."""
    events, engine = EventClock(), EngineClock()
    materialized, before = 0, _database_bytes(settings)
    started = time.perf_counter()
    with events.watching(), engine.watching(frame):
        for first, last in ranges:
            rows = materialize(settings, first, last, training=training).rows
            materialized += len(rows) * ((last - first).days + 1)
    total = time.perf_counter() - started
    inside = sum(engine.seconds.values())
    print(f"{what}: {total:.1f} s")
    print(f"  in the engine: {inside:.1f} s")
    print(
        f"  in Dagster's event log: {events.seconds:.1f} s ({events.cpu:.1f} s CPU), "
        f"{events.events:,} events, {events.seconds / events.events * 1000:.2f} ms an event, "
        f"{events.seconds / materialized * 1000:.2f} ms a partition and table"
    )
    rest = total - inside - events.seconds
    print(f"  elsewhere (trainings, forecasts, metadata, exports): {rest:.1f} s")
    print(f"  Dagster's databases grew by {(_database_bytes(settings) - before) / 1e6:.1f} MB")
    return total


def _database_bytes(settings: Settings) -> int:
    if not settings.dagster_db:
        files = Path(settings.dagster_home).rglob("*.db*")
        return sum(file.stat().st_size for file in files)
    engine = sqlalchemy.create_engine(settings.dagster_db, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        query = sqlalchemy.text("SELECT pg_database_size(current_database())")
        return int(connection.execute(query).scalar_one())


if __name__ == "__main__":
    main()
