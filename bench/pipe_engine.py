"""Our own pipe as a whole process: landing files to gold through `Lake`, without Dagster.

Belongs here: the transforms of `kpop_assets/*/assets.py` in their order, timed.
Does not belong here: checks, metadata and exports, which the graph adds, or any rule of its own.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.steps import contestant, step

with step("import"):
    from pyspark.sql import DataFrame

    from kpop_assets.bronze.account import account_for_files, select_quarantine, select_rows
    from kpop_assets.bronze.bloom import build_filters
    from kpop_assets.bronze.events import parse_events
    from kpop_assets.bronze.videos import select_new_videos
    from kpop_assets.catalog.catalog import load_catalog
    from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES, QUARANTINE, VIDEOS
    from kpop_assets.contracts.events import EVENT_LINES
    from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
    from kpop_assets.contracts.silver import ARTIST_DAILY, ARTIST_WINDOWS, VIDEO_DAILY
    from kpop_assets.contracts.table import Table
    from kpop_assets.engine.session import open_session
    from kpop_assets.gold.features import describe_artists
    from kpop_assets.gold.tiers import cut_tiers
    from kpop_assets.lake.lake import Lake
    from kpop_assets.landing.found import find_files
    from kpop_assets.settings import Settings, load_settings
    from kpop_assets.silver.artist_daily import sum_artists
    from kpop_assets.silver.video_daily import measure_videos
    from kpop_assets.silver.windows import slide_windows


# Rows of another table, for the days of the one that is filled.
Read = Callable[[Table], DataFrame]


class Pipe:
    """One run of the days [start, end) from `landing` into the tables below `out`."""

    def __init__(
        self, settings: Settings, landing: Path, out: Path, start: dt.date, end: dt.date
    ) -> None:
        self.landing, self.start, self.end = landing, start, end
        self.lake = Lake(out, lambda: open_session(settings))

    def run(self, with_bloom: bool = False) -> None:
        """Fill every table, each from those before it."""
        with step("engine start"):
            self.lake.spark.range(1).collect()
        self._fill_bronze(with_bloom)
        self._fill(VIDEO_DAILY, lambda read: measure_videos(read(EVENTS), self.start))
        self._fill(ARTIST_DAILY, lambda read: sum_artists(read(VIDEO_DAILY)))
        self._fill(ARTIST_WINDOWS, lambda read: slide_windows(read(EVENTS), read(VIDEO_DAILY)))
        self._fill(
            ARTIST_FEATURES,
            lambda read: describe_artists(read(ARTIST_DAILY), self.start),
        )
        self._fill(TIER_CUTOFFS, lambda read: cut_tiers(read(ARTIST_FEATURES)))

    def _fill_bronze(self, with_bloom: bool) -> None:
        files = find_files(self.landing, self.start, self.end)
        with ExitStack() as stack:
            with step("parse"):
                lines = parse_events(self.lake.spark, files, load_catalog())
                parsed = stack.enter_context(self.lake.staged(lines))
            self._fill(EVENTS, lambda read: select_rows(parsed, EVENT_LINES))
            self._fill(QUARANTINE, lambda read: select_quarantine(parsed, EVENT_LINES))
            self._fill(FILES, lambda read: account_for_files(parsed, files, EVENT_LINES))
        if with_bloom:
            self._fill(BLOOM, lambda read: build_filters(read(EVENTS)))
        self._fill(VIDEOS, lambda read: select_new_videos(read(EVENTS), self.start))

    def _fill(self, table: Table, rows: Callable[[Read], DataFrame]) -> None:
        """Fill a table; `rows` gets what reads another as far back as the table's contract says."""
        since = self.start - dt.timedelta(days=table.look_back_days)
        with step(table.path):
            found = rows(lambda source: self.lake.read(source, since, self.end))
            self.lake.replace_range(table, self.start, self.end, found, "bench")


def main() -> None:
    """Run the pipe that the command line names."""
    parser = contestant("bench.pipe_engine", __doc__, ("sail", "spark", "connect"))
    parser.add_argument("--with-bloom", action="store_true", help="fill bronze/bloom too")
    parser.add_argument("--snapshot", type=Path, help="folder for Parquet copies of the tables")
    args = parser.parse_args()

    settings = load_settings({**os.environ, "KPOP_ENGINE": args.engine})
    pipe = Pipe(settings, args.landing, args.out, args.start, args.end)
    pipe.run(args.with_bloom)
    if args.snapshot:
        from drills.snapshot import write_snapshot

        write_snapshot(pipe.lake, args.snapshot)


if __name__ == "__main__":
    main()
