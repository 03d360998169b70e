"""Cost of an event as a lake grows to millions: time, memory, bytes and files, by stretch of days.

Belongs here: growing one lake stretch by stretch on a bounded disk, and the printed figures. Does
not belong here: what a run does (pipe_engine.py), or clocks (measure.py).

    python -m bench.scale --events 1000000,10000000 --engine sail
    python -m bench.scale --events 1000000 --skew 0.3     one artist has 30 % of the events
    python -m bench.scale --events 999999 --stretch 333333     the same in three runs
    python -m bench.scale --events 10000000,50000000 --per-day 1000000     large days, not many
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from deltalake import DeltaTable

from bench.arguments import check_disk, make_parser, positive
from bench.measure import MeasuredError, Usage, run_measured
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.days import day_start_ms, days_between
from kpop_assets.lake.log import data_files
from kpop_assets.lake.place import on_machine
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.files import write_day
from kpop_assets.landing.sources.demo import simulate_day

FIRST_DAY = dt.date(2018, 1, 1)
# A title of this act takes the place of a video's own with --skew; simulated as all of it is.
SKEWED_ARTIST = "BTS"
# Measured: 410 bytes a line in landing, as much again for a moment while it is parsed and staged,
# and 140 an event in the tables.
STRETCH_BYTES, LAKE_BYTES = 820, 140
_TITLE = re.compile(rb'"video_id": "([^"]+)", "text": "(?:\\.|[^"\\])*"')


def main() -> None:
    """Grow a lake to the largest size, and print what each stretch of days took."""
    args = _arguments()
    with tempfile.TemporaryDirectory(prefix="kpop-scale-", dir=args.folder) as name:
        folder = Path(name)
        check_disk(folder, args.stretch * STRETCH_BYTES + args.events[-1] * LAKE_BYTES)
        try:
            _grow(folder, args)
        except MeasuredError as error:
            sys.exit(f"bench: {args.engine} failed:\n{error}")


def _arguments() -> argparse.Namespace:
    parser = make_parser("bench.scale", __doc__)
    parser.add_argument(
        "--events",
        type=lambda text: sorted(map(positive, text.split(","))),
        default="1000000",
        help="sizes of the lake, comma-separated",
    )
    parser.add_argument("--engine", choices=("sail", "spark"), default="sail")
    parser.add_argument("--per-day", type=positive, default=33_333, help="lines of a day")
    parser.add_argument("--stretch", type=positive, default=1_000_000, help="lines of one run")
    parser.add_argument(
        "--every", type=positive, default=10, help="runs from one printed to the next"
    )
    parser.add_argument("--skew", type=float, default=0.0, help="part that one artist has")
    parser.add_argument("--folder", type=Path, help="where the temporary folder is made")
    args = parser.parse_args()
    if not 0 <= args.skew < 1 or args.per_day > args.stretch:
        parser.error("a day fits in a stretch, and the skew lies from 0 to below 1")
    if args.folder and not args.folder.is_dir():
        parser.error(f"{args.folder} is no folder")
    return args


def _grow(folder: Path, args: argparse.Namespace) -> None:
    """Stretch by stretch: make landing files, run them, look, remove the landing files."""
    lake, landing = LakeReader(folder / "lake"), folder / "landing"
    on_machine(lake.root).mkdir()
    start, done, sizes, number = FIRST_DAY, 0, list(args.events), 0
    runs = -(-args.events[-1] // args.stretch)
    skew = f", {SKEWED_ARTIST} has {args.skew:.0%}" if args.skew else ""
    print(f"{args.engine}, {args.per_day:,} lines a day, {args.stretch:,} a run{skew}\n")
    print(_HEAD)
    while sizes:
        lines = min(args.stretch, sizes[0] - done)
        days = -(-lines // args.per_day)
        end = start + dt.timedelta(days=days)
        landed = _land(landing, start, end, lines, args.skew)
        command = [sys.executable, "-m", "bench.pipe_engine", args.engine]
        command += [str(landing), str(lake.root), str(start), str(end)]
        usage = run_measured(command, folder / "stderr.txt")
        # Ours alone, in our own temporary folder: the disk would not hold those of 50 M lines.
        shutil.rmtree(landing)
        done, start, number = done + lines, end, number + 1
        said = f"run {number} of about {runs}: {done:,} lines, {usage.seconds:.1f} s"
        print(said, file=sys.stderr, flush=True)
        if runs <= args.every or number % args.every == 0 or number == 1 or done == sizes[0]:
            print(_row(done, days, lines, usage, landed, lake), flush=True)
        if done == sizes[0]:
            sizes.pop(0)
            _print_tables(lake, done)
            print(f"\n{_HEAD}" if sizes else "")


def _land(landing: Path, start: dt.date, end: dt.date, lines: int, skew: float) -> int:
    """Write the landing files of some days; returns their bytes."""
    days, total = days_between(start, end), 0
    for i, day in enumerate(days):
        share = lines // len(days) + (i < lines % len(days))
        blocks = list(simulate_day(day, share))
        at = day_start_ms(day) + 16 * 3_600_000
        for number, kind in enumerate(("main", "late")):
            parts = _skewed((getattr(block, kind) for block in blocks), skew)
            landed = write_day(landing, day, parts, at + number)
            total += landed.path.stat().st_size
    return total


def _skewed(blocks: Iterator[bytes], share: float) -> Iterator[bytes]:
    """Give a part of all videos a title of `SKEWED_ARTIST`; a video keeps its own on all days."""

    def title(found: re.Match[bytes]) -> bytes:
        video_id = found[1]
        if zlib.crc32(video_id) >= share * 2**32:
            return found[0]
        return b'"video_id": "%b", "text": "%b stage %b"' % (
            video_id,
            SKEWED_ARTIST.encode(),
            video_id[:3],
        )

    return (_TITLE.sub(title, block) if share else block for block in blocks)


_HEAD = (
    f"{'events':>11}{'days':>5}{'seconds':>9}{'us/event':>9}{'CPU us/event':>13}{'peak MB':>9}"
    f"{'landing MB':>11}{'lake MB':>9}{'files':>7}"
)


def _row(done: int, days: int, lines: int, usage: Usage, landed: int, lake: LakeReader) -> str:
    """One stretch: what its run took, and the whole lake after it."""
    sizes = [size for table in TABLES if lake.exists(table) for size in _sizes(lake.delta(table))]
    return (
        f"{done:>11,}{days:>5}{usage.seconds:>9.1f}{usage.seconds / lines * 1e6:>9.1f}"
        f"{usage.cpu_seconds / lines * 1e6:>13.1f}{usage.peak_mb:>9,.0f}{landed / 1e6:>11,.0f}"
        f"{sum(sizes) / 1e6:>9,.0f}{len(sizes):>7,}"
    )


def _sizes(table: DeltaTable) -> list[int]:
    return data_files(table)["size_bytes"].to_list()


def _print_tables(lake: LakeReader, done: int) -> None:
    """Files and bytes of each table of the lake as it stands, and its most frequent artist."""
    print(f"\nthe lake of {done:,} lines")
    print(f"{'table':24}{'rows':>12}{'files':>7}{'mean kB':>9}{'most kB':>9}{'MB':>8}{'log kB':>9}")
    for table in (table for table in TABLES if lake.exists(table)):
        sizes = _sizes(lake.delta(table))
        log = on_machine(lake.location(table)) / "_delta_log"
        log_bytes = sum(path.stat().st_size for path in log.iterdir())
        print(
            f"{table.path:24}{lake.row_count(table):>12,}{len(sizes):>7,}"
            f"{sum(sizes) / len(sizes) / 1e3:>9,.0f}{max(sizes) / 1e3:>9,.0f}"
            f"{sum(sizes) / 1e6:>8,.0f}{log_bytes / 1e3:>9,.0f}"
        )
    daily = lake.arrow(ARTIST_DAILY, dt.date.min, dt.date.max, ["artist", "event_count"])
    by_artist = daily.group_by("artist").aggregate([("event_count", "sum")])
    most = by_artist.sort_by([("event_count_sum", "descending")]).to_pylist()[0]
    share = most["event_count_sum"] / lake.row_count(EVENTS)
    print(f"{most['artist']} has most events: {share:.1%}")


if __name__ == "__main__":
    main()
