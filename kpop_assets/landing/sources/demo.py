"""The demo source: simulated observations for any day, of any size, the same bytes every time.

Belongs here: sampling the pool of simulated videos as two collecting rounds a day would, writing
the sample as NDJSON, and planting duplicates, late and broken lines of known number. Attention,
videos and titles are the `demo_*` modules beside this one. All of it is simulated: no number here
was ever observed, and `source` says "demo" on every line.

Of `n` lines of a day: 1 % are exact repeats of another line, 0.2 % are broken, 0.3 % stand in a
second file that arrives the next morning, the rest are good observations of the main file. The
rounds are at 09:00 and 15:00 Seoul and take 20 minutes each; a round sees about 70 % of the videos
that are out, drawn anew each time. About 10 % of the videos are about no act.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kpop_assets.days import FIRST_DAY, day_start_ms
from kpop_assets.landing.choices import DEMO_SEED
from kpop_assets.landing.files import AlreadyLanded, LandedFile, write_day
from kpop_assets.landing.sources.demo_acts import DEMO_ACTS
from kpop_assets.landing.sources.demo_lines import break_line, format_lines
from kpop_assets.landing.sources.demo_videos import (
    Videos,
    official_videos,
    pool_batches,
    pool_size,
    view_counts,
)
from kpop_assets.landing.sources.demo_world import World, simulate_world

__all__ = [
    "DEMO_SEED",
    "IS_SIMULATED",
    "DemoBlock",
    "DemoCounts",
    "expected_artists",
    "expected_counts",
    "simulate_day",
    "write_demo_day",
]

IS_SIMULATED = True
MAX_EVENTS_PER_DAY = 20_000_000

_HOUR_MS = 3_600_000
_ROUNDS_MS = (9 * _HOUR_MS, 15 * _HOUR_MS)
_ROUND_TAKES_MS = _HOUR_MS // 3
# A video pool of 71 % of the lines (20.35 publishing days of 3.5 %): two rounds of half the lines
# each then see 70 % of it, and about 65 distinct videos stand behind 100 lines.
_FAN_VIDEOS_PER_LINE = 0.035
_MAIN_FILE_AT_MS = 15 * _HOUR_MS + _HOUR_MS // 2
_LATE_FILE_AT_MS = 30 * _HOUR_MS


@dataclass(frozen=True)
class DemoBlock:
    """Some lines of a day as NDJSON: those of the main file and those that arrive late."""

    main: bytes
    late: bytes


@dataclass(frozen=True)
class DemoCounts:
    """What a day's files hold: `line_count` = `event_count` + `duplicate_count` + `broken_count`.

    Attributes:
        line_count: Lines of both files.
        event_count: Good lines, each (video_id, observed_at) once; late ones are among them.
        duplicate_count: Lines that repeat a good line byte for byte.
        broken_count: Lines that cannot be used.
        late_count: Good lines of the late file.
    """

    line_count: int
    event_count: int
    duplicate_count: int
    broken_count: int
    late_count: int


@dataclass(frozen=True)
class _Rows:
    """Observations of one batch; the row numbers in `broken`, `late`, `repeated` are disjoint."""

    videos: Videos
    observed_ms: np.ndarray
    broken: np.ndarray
    late: np.ndarray
    repeated: np.ndarray
    rng: np.random.Generator


def expected_counts(events_per_day: int = 1000) -> DemoCounts:
    """Return how many lines of each sort every day of this size holds, exactly."""
    if not 1 <= events_per_day <= MAX_EVENTS_PER_DAY:
        raise ValueError(f"events_per_day must be 1 to {MAX_EVENTS_PER_DAY:,}: {events_per_day}")
    duplicates, broken, late = (
        (events_per_day * per_mille + 500) // 1000 for per_mille in (10, 2, 3)
    )
    good = events_per_day - duplicates - broken
    return DemoCounts(events_per_day, good, duplicates, broken, late)


def expected_artists(
    day: dt.date, events_per_day: int = 1000, seed: int = DEMO_SEED
) -> dict[str, int]:
    """Return how many good events of a day are about each act; "OTHER" for none."""
    names = [*(act.name for act in DEMO_ACTS), "OTHER"]
    total: Counter[str] = Counter()
    for rows in _day_rows(day, events_per_day, seed, simulate_world(seed)):
        acts = np.delete(rows.videos.act, rows.broken)
        total.update({names[a]: int(n) for a, n in enumerate(np.bincount(acts)) if n})
    return dict(total)


def simulate_day(
    day: dt.date, events_per_day: int = 1000, seed: int = DEMO_SEED
) -> Iterator[DemoBlock]:
    """Yield the simulated lines of a day in blocks of bounded size.

    Args:
        day: The ingest date; any from 2017 to 2099, none needs another.
        events_per_day: Lines in all, in both files.
        seed: Of the whole simulated world; days of one seed belong together.
    """
    world = simulate_world(seed)
    for rows in _day_rows(day, events_per_day, seed, world):
        views = view_counts(world, rows.videos, rows.observed_ms).astype(np.int64)
        lines = format_lines(rows.videos, rows.observed_ms, views)
        for row, kind in zip(
            rows.broken, rows.rng.integers(0, 1 << 30, len(rows.broken)), strict=True
        ):
            lines[row] = break_line(lines[row], int(kind))
        main = np.append(np.delete(np.arange(len(lines)), rows.late), rows.repeated)
        order = rows.rng.permutation(main)
        yield DemoBlock(_block(lines, order), _block(lines, rows.late))


def write_demo_day(
    root: Path, day: dt.date, events_per_day: int = 1000, seed: int = DEMO_SEED
) -> list[LandedFile | AlreadyLanded]:
    """Land a simulated day: the main file and, if it has lines, the late one."""
    late: list[bytes] = []

    def main_blocks() -> Iterator[bytes]:
        for block in simulate_day(day, events_per_day, seed):
            late.append(block.late)
            yield block.main

    start = day_start_ms(day)
    written = [write_day(root, day, main_blocks(), start + _MAIN_FILE_AT_MS)]
    if any(late):
        written.append(write_day(root, day, late, start + _LATE_FILE_AT_MS))
    return written


def _day_rows(day: dt.date, events_per_day: int, seed: int, world: World) -> Iterator[_Rows]:
    """Sample the day's pool batch by batch.

    How much of each quota falls on a batch follows from the running totals alone, so the totals
    of the day are exact whatever the batches are.
    """
    if not FIRST_DAY <= day < dt.date(2099, 12, 31):
        raise ValueError(f"the demo knows the days from {FIRST_DAY} to 2099-12-30, not {day}")
    counts = expected_counts(events_per_day)
    fan_count = int(np.ceil(events_per_day * _FAN_VIDEOS_PER_LINE))
    official = official_videos(world, seed, day)
    pool = pool_size(len(official), fan_count)
    row_count = counts.event_count + counts.broken_count
    rounds = (row_count - row_count // 2, row_count // 2)
    quotas = (counts.broken_count, counts.late_count, counts.duplicate_count)
    seen = drawn = 0
    batches = pool_batches(world, seed, day, fan_count, official)
    for number, batch in enumerate(batches):
        rng = np.random.default_rng([seed, 20, day.toordinal(), number])
        picks = [_share(total, seen, len(batch), pool) for total in rounds]
        seen += len(batch)
        special = [_share(total, drawn, sum(picks), row_count) for total in quotas]
        drawn += sum(picks)
        yield _sample(rng, batch, day, picks, special)


def _share(total: int, done: int, size: int, whole: int) -> int:
    """The part of `total` that falls on positions done to done + size of `whole`."""
    return (done + size) * total // whole - done * total // whole


def _sample(
    rng: np.random.Generator, batch: Videos, day: dt.date, picks: list[int], special: list[int]
) -> _Rows:
    """Draw each round's videos without repetition, and which rows are broken, late, repeated."""
    chosen = [rng.permutation(len(batch))[:count] for count in picks]
    at = [
        day_start_ms(day) + start + rng.integers(0, _ROUND_TAKES_MS, count)
        for start, count in zip(_ROUNDS_MS, picks, strict=True)
    ]
    roles = rng.permutation(sum(picks))
    broken, late, repeated, _ = np.split(roles, np.cumsum(special))
    return _Rows(
        batch.take(np.concatenate(chosen)), np.concatenate(at), broken, late, repeated, rng
    )


def _block(lines: list[bytes], order: np.ndarray) -> bytes:
    return b"".join(lines[i] for i in order)
