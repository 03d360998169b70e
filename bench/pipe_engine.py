"""Our own pipe as a whole process: landing files to gold through `Lake`, without Dagster.

Belongs here: the reads, transforms and writes of `kpop_assets/*/assets.py` in their order, timed.
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

    from kpop_assets.bronze import bloom, videos
    from kpop_assets.bronze.account import account_for_files, select_quarantine
    from kpop_assets.bronze.events import select_events
    from kpop_assets.bronze.line_frame import read_files
    from kpop_assets.bronze.parse import parse_lines
    from kpop_assets.catalog.catalog import load_catalog
    from kpop_assets.contracts import rules
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
    from kpop_assets.silver import video_daily
    from kpop_assets.silver.artist_daily import sum_artists
    from kpop_assets.silver.windows import slide_windows


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
        self._fill_bronze()
        if with_bloom:
            self._fill(BLOOM, lambda: bloom.build_filters(self._read(EVENTS)))
        self._fill(
            VIDEOS,
            lambda: videos.select_new_videos(
                self._read(EVENTS, rules.NEW_VIDEO_LOOK_BACK_DAYS), self.start
            ),
        )
        self._fill_silver()
        self._fill(
            ARTIST_FEATURES,
            lambda: describe_artists(
                self._read(ARTIST_DAILY, rules.FEATURES_LOOK_BACK_DAYS), self.start
            ),
        )
        self._fill(TIER_CUTOFFS, lambda: cut_tiers(self._read(ARTIST_FEATURES)))

    def _fill_bronze(self) -> None:
        files = find_files(self.landing, self.start, self.end)
        with ExitStack() as stack:
            with step("parse"):
                lines = read_files(self.lake.spark, files)
                parsed = stack.enter_context(self.lake.staged(parse_lines(lines, EVENT_LINES)))
            self._fill(EVENTS, lambda: select_events(parsed, load_catalog()))
            self._fill(QUARANTINE, lambda: select_quarantine(parsed, EVENT_LINES))
            self._fill(FILES, lambda: account_for_files(parsed, files, EVENT_LINES))

    def _fill_silver(self) -> None:
        look_back = rules.COUNTERS_LOOK_BACK_DAYS
        self._fill(
            VIDEO_DAILY,
            lambda: video_daily.measure_videos(self._read(EVENTS, look_back), self.start),
        )
        self._fill(ARTIST_DAILY, lambda: sum_artists(self._read(VIDEO_DAILY)))
        self._fill(
            ARTIST_WINDOWS, lambda: slide_windows(self._read(EVENTS), self._read(VIDEO_DAILY))
        )

    def _fill(self, table: Table, rows: Callable[[], DataFrame]) -> None:
        with step(table.path):
            self.lake.replace_range(table, self.start, self.end, rows(), "bench")

    def _read(self, table: Table, look_back_days: int = 0) -> DataFrame:
        return self.lake.read(table, self.start - dt.timedelta(days=look_back_days), self.end)


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
