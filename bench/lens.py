"""What a day of the lens costs as history grows: seconds and memory, by day, at any size.

    python -m bench.lens [--videos 100000] [--days 50] [--measure 5]

Belongs here: made-up videos of which each is seen every day, and a run a measured day. Does not
belong here: what the lens computes, or clocks (measure.py). No figure in the lake means anything.

The days between the measured ones are filled too, in one run up to the day before: channels, words
and fits look back a month.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.arguments import positive
from bench.big_lake import write_rows
from bench.measure import MeasuredError, Usage, run_measured
from drills.processes import KPOP
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.bronze import EVENTS, VIDEOS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY

FIRST_DAY = dt.date(2026, 3, 1)
CHANNELS = 5_000
_KOREAN = "무대 직캠 안무 신곡 컴백 비하인드 팬미팅 콘서트 앨범 티저 축하 여름 밤 하늘 사랑"
_ENGLISH = (
    "stage dance practice comeback teaser behind live cover reaction album concert summer love"
)


def main() -> None:
    """Make the lake, fill some of its days with the lens, print what each took."""
    parser = argparse.ArgumentParser(prog="python -m bench.lens", description=__doc__)
    parser.add_argument("--videos", type=positive, default=100_000, help="seen on each day")
    parser.add_argument("--days", type=positive, default=50)
    parser.add_argument("--measure", type=positive, default=5, help="days that are measured")
    parser.add_argument("--home", type=Path, help="kept and used again")
    parser.add_argument("--select", nargs="+", default=["lens"], help="as for `kpop run`")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpop-lens-") as folder:
        home = args.home or Path(folder)
        if not (home / "lake").exists():
            fill(home, args.videos, args.days)
        print(f"{args.videos:,} videos a day, {args.days} days, made-up rows")
        print(f"{'day':>5}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}")
        before = FIRST_DAY
        for number in np.linspace(args.days / args.measure, args.days, args.measure).astype(int):
            day = FIRST_DAY + dt.timedelta(days=int(number) - 1)
            if before < day:
                _run(home, before, day - dt.timedelta(days=1), args.select)
            usage = _run(home, day, day, args.select)
            before = day + dt.timedelta(days=1)
            print(
                f"{number:>5}{usage.seconds:>9.1f}{usage.cpu_seconds:>8.1f}{usage.peak_mb:>9,.0f}",
                flush=True,
            )


def _run(home: Path, first: dt.date, last: dt.date, select: list[str]) -> Usage:
    command = ["env", f"KPOP_HOME={home}", *KPOP, "run", str(first), str(last)]
    try:
        return run_measured([*command, "--select", *select], home / "stderr.txt")
    except MeasuredError as error:
        sys.exit(f"bench: {first} to {last} failed:\n{error}")


def fill(home: Path, videos: int, days: int, seed: int = 1) -> None:
    """Write events and silver rows of every day: counters that rise ever slower, with noise."""
    rng = np.random.default_rng(seed)
    fixed = _make_videos(rng, videos)
    final = rng.lognormal(9, 2, videos)
    # A third is young on the last day, the rest was published long before the first.
    age = np.where(
        rng.random(videos) < 1 / 3, rng.uniform(-days, 3, videos), rng.uniform(3, 900, videos)
    )
    before = np.zeros(videos, dtype=np.int64)
    for number in range(days):
        day = FIRST_DAY + dt.timedelta(days=number)
        old = age + number
        is_out = old > 0
        views = np.maximum(
            before, final * np.log1p(np.maximum(old, 0)) * rng.lognormal(0, 0.01, videos)
        )
        views = views.astype(np.int64)
        _write_day(home, rng, day, fixed, views, views - before, old, is_out)
        before = views
    write_rows(home, rng, VIDEOS, FIRST_DAY, {k: v for k, v in fixed.items() if k != "description"})


def _make_videos(rng: np.random.Generator, videos: int) -> dict[str, Any]:
    """What stays with each video: id, act or none, channel, title, length."""
    acts = [act.artist for act in load_catalog()][:200]
    whose = rng.integers(0, 10 * len(acts), videos)
    artist = [acts[i] if i < len(acts) else "OTHER" for i in whose]
    known = [*_KOREAN.split(), *_ENGLISH.split()]
    words = rng.integers(0, len(known), (videos, 6))
    named = zip(artist, words, strict=True)
    return {
        "video_id": [f"video{i:07d}" for i in range(videos)],
        "artist": artist,
        "author_id": [f"UC{i:05d}" for i in rng.integers(0, CHANNELS, videos)],
        "text": [
            " ".join([*([a] if a != "OTHER" else []), *(known[w] for w in ws)]) for a, ws in named
        ],
        "description": ["" for _ in range(videos)],
        "duration_seconds": rng.integers(20, 900, videos),
        "source": ["benchmark"] * videos,
    }


def _write_day(
    home: Path,
    rng: np.random.Generator,
    day: dt.date,
    fixed: dict[str, Any],
    views: np.ndarray,
    gained: np.ndarray,
    age: np.ndarray,
    is_out: np.ndarray,
) -> None:
    shown = np.flatnonzero(is_out)
    noon = dt.datetime.combine(day, dt.time(3), dt.UTC)
    born = [noon - dt.timedelta(days=float(days)) for days in age[shown]]
    rows: dict[str, Any] = {
        name: np.asarray(v, dtype=object)[shown].tolist() for name, v in fixed.items()
    }
    likes, comments = views // 30, views // 400
    rows |= {
        "observed_at": [noon] * len(shown),
        "event_at": born,
        "published_at": born,
        "launched_at": born,
        "view_count": views[shown],
        "like_count": likes[shown],
        "comment_count": comments[shown],
        "views_gained": gained[shown],
        "video_format": ["video"] * len(shown),
        "scheduled_at": [None] * len(shown),
        "began_at": [None] * len(shown),
        "tags": ["[]"] * len(shown),
        "artists": [None] * len(shown),
    }
    write_rows(home, rng, EVENTS, day, rows)
    write_rows(home, rng, VIDEO_DAILY, day, rows)
    names = sorted(set(rows["artist"]))
    write_rows(home, rng, ARTIST_DAILY, day, {"artist": names})


if __name__ == "__main__":
    main()
