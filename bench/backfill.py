"""A year of days through every layer: how much of it is Dagster's, on SQLite or PostgreSQL.

Belongs here: the simulated days, and the printed figures. Does not belong here: the clocks
(shares.py), or how the event log writes (kpop_assets/operate/event_log.py).
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy

from bench.arguments import check_disk, count, make_parser, positive, run
from bench.shares import Shares
from drills.postgres import running_postgres
from kpop_assets.days import days_between
from kpop_assets.landing.sources.demo import write_demo_day
from kpop_assets.operate.event_log import BATCH_SIZE_VARIABLE
from kpop_assets.operate.legs import Leg, Listener
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings, load_settings
from kpop_assets.wiring.resources import build_lake

FIRST_DAY = dt.date(2025, 1, 1)
ONE = dt.timedelta(days=1)
# Measured: landing 426, tables 140; and as much again for a moment while a run is staged.
LINE_BYTES = 700


class Legs(Listener):
    """Says how far a range is: each of its runs, when it ends."""

    def planned(self, legs: Sequence[Leg]) -> None:
        """How many there are to come."""
        self._count, self._number, self._begun = len(legs), 0, time.perf_counter()

    def leg_ends(self, leg: Leg) -> None:
        """One more is done."""
        self._number += 1
        seconds = time.perf_counter() - self._begun
        print(
            f"  run {self._number} of {self._count} done after {seconds:,.0f} s: "
            f"{leg.kind}, {leg.start} to {leg.last}",
            file=sys.stderr,
            flush=True,
        )


def main() -> None:
    """Run the days as one range, then a few more as single days."""
    parser = make_parser("bench.backfill", __doc__)
    parser.add_argument("--days", type=positive, default=365, help="of the range")
    parser.add_argument("--events", type=positive, default=150, help="lines a day")
    parser.add_argument("--single", type=count, default=10, help="days that are run one by one")
    parser.add_argument(
        "--storage", choices=["sqlite", "postgres"], default="sqlite", help="of Dagster's events"
    )
    parser.add_argument(
        "--one-by-one", action="store_true", help="store each event by itself, not in batches"
    )
    parser.add_argument(
        "--trainings", choices=["weekly", "demo", "none"], default="weekly", help="demo: one"
    )
    args = parser.parse_args()
    end = FIRST_DAY + args.days * ONE
    training: dict[str, Any] | None = {
        "weekly": None,
        # As `kpop demo` does.
        "demo": {"days": [(end - 15 * ONE).isoformat()], "evaluation_days": 14},
        "none": {"days": []},
    }[args.trainings]
    if args.one_by_one:
        os.environ[BATCH_SIZE_VARIABLE] = "0"
    server = running_postgres() if args.storage == "postgres" else nullcontext("")
    with server as url, tempfile.TemporaryDirectory(prefix="kpop-backfill-") as name:
        check_disk(Path(name), (args.days + args.single) * args.events * LINE_BYTES)
        os.environ.update(KPOP_HOME=name, KPOP_DAGSTER_DB=url)
        settings = load_settings()
        for day in days_between(FIRST_DAY, end + args.single * ONE):
            write_demo_day(settings.landing, day, args.events)
        build_lake(settings).spark.range(1).collect()
        whole = [(FIRST_DAY, end - ONE)]
        print(f"{args.storage}, {args.events:,} lines a day{', unbatched' * args.one_by_one}")
        _measure(f"{args.days} days as one range", settings, whole, training)
        singles = [(day, day) for day in days_between(end, end + args.single * ONE)]
        if singles:
            seconds = _measure(f"{args.single} single days", settings, singles, training)
            scaled = seconds / args.single * args.days
            print(f"  {args.days} single days would be {scaled:,.0f} s (extrapolated, not run)")


def _measure(
    what: str,
    settings: Settings,
    ranges: list[tuple[dt.date, dt.date]],
    training: dict[str, Any] | None,
) -> float:
    """Run the ranges, print where the seconds went, return all of them."""
    shares, materialized, before = Shares(), 0, _database_bytes(settings)
    with shares.watching():
        for first, last in ranges:
            rows = materialize(settings, first, last, training=training, listener=Legs()).rows
            materialized += len(rows) * ((last - first).days + 1)
    total, events = shares.total.wall, shares.of("events").wall
    print(f"{what}: {total:.1f} s")
    print("\n".join(shares.lines()))
    print(
        f"  an event: {events / shares.events.total() * 1000:.2f} ms, "
        f"of a partition and table: {events / materialized * 1000:.2f} ms"
    )
    # The engine is in this process; Linux counts in kB of 1024 bytes.
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"  highest memory so far: {highest:,.0f} MB")
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
    run(main)
