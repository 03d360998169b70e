"""One day from file to gold in a running process: the seconds, and how many are the engine's.

Belongs here: a warm process, and what runs in it. Does not belong here: the clocks (shares.py), or
the pipe without Dagster (pipe_engine.py).
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile

from bench.arguments import make_parser, positive, run
from bench.shares import Shares
from kpop_assets.landing.sources.demo import write_demo_day
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import load_settings

WARM_UP = (dt.date(2026, 1, 1), dt.date(2026, 1, 3))
DAY = dt.date(2026, 1, 4)


def main() -> None:
    """Warm up on small days, then time one large day."""
    parser = make_parser("bench.day", __doc__)
    parser.add_argument("--events", type=positive, default=100_000, help="lines of the day")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpop-day-") as name:
        os.environ["KPOP_HOME"] = name
        settings = load_settings()
        warm_up = {"source": "demo", "events_per_day": 1000}
        materialize(settings, *WARM_UP, landing=warm_up)
        write_demo_day(settings.landing, DAY, args.events)
        shares = Shares()
        with shares.watching():
            outcome = materialize(settings, DAY, DAY)
    _print(args.events, shares, outcome.rows)


def _print(events: int, shares: Shares, rows: dict[str, int]) -> None:
    for path, count in rows.items():
        print(f"  {path:24}{count:>12,} rows")
    print(f"one day of {events:,} lines from file to gold: {shares.total.wall:.2f} s")
    print("\n".join(shares.lines()))


if __name__ == "__main__":
    run(main)
