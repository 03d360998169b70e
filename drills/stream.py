"""`kpop stream`, killed at random moments while files land: nothing is lost, nothing doubled.

    python -m drills.stream [--kills 30] [--files 60] [--lines 40] [--seed 1]

Belongs here: landing files, killing and starting the real command, and the verdict. Does not
belong here: the same between any two steps in one process (kpop_assets_tests/live).

Event time goes on with the files: each brings videos of the last minute, and one in ten lines is of
a video published hours before, which comes too late for its windows. At the end, the windows are
compared with those that plain Python sums, and with `silver/artist_windows` as Sail computes it in
one batch of the same files. Simulated data.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from drills.processes import KPOP, end_group, start_apart
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.live import LIVE_DAYS, LIVE_EVENTS, LIVE_WINDOWS
from kpop_assets.contracts.silver import ARTIST_WINDOWS
from kpop_assets.days import day_start_ms, seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.files import write_day
from kpop_assets.live.checkpoints import EVER

ARTISTS = ("IVE", "aespa", "NewJeans", "LE SSERAFIM", "ENHYPEN", "RIIZE")
MINUTE_MS = 60_000
LATE_MS = 3 * 60 * MINUTE_MS
_SLIDES = 12
_SLIDE_MS = 5 * MINUTE_MS


class Line(NamedTuple):
    """One observation; times in epoch milliseconds."""

    video_id: str
    artist: str
    author_id: str
    event_ms: int
    observed_ms: int
    is_late: bool


def main() -> None:
    """Land, kill, start again, compare; exit code 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m drills.stream", description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--lines", type=int, default=40, help="a file")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    day = seoul_now().date() - dt.timedelta(days=1)
    files = [_lines(rng, day, number, args.lines) for number in range(args.files)]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kpop-stream-") as name:
        home = Path(name)
        # The first file alone: with no watermark yet, nothing in it can be late.
        _land(home, day, files[0], 0)
        _kpop(home, "spark", "stream", "--once")
        places = _kill(home, day, files[1:], args.kills, rng)
        print(_kpop(home, "spark", "stream", "--once").strip(), flush=True)
        _kpop(home, "sail", "run", str(day), str(day), "--select", "bronze", "--select", "silver")
        problems = _problems(LakeReader(home / "lake"), [line for file in files for line in file])
    for place, count in places.most_common():
        print(f"{count:>6}  {place}")
    minutes = (time.monotonic() - started) / 60
    print(f"{sum(places.values())} kills, {len(files)} files, {minutes:.1f} minutes")
    print("\n".join(problems) or "nothing lost, nothing doubled")
    sys.exit(1 if problems else 0)


def _lines(rng: random.Random, day: dt.date, number: int, count: int) -> list[Line]:
    # From noon on, so that a late video is of the same day's morning.
    begin = day_start_ms(day) + 12 * 60 * MINUTE_MS + number * MINUTE_MS
    found = []
    for i in range(count):
        is_late = number > 0 and rng.random() < 0.1
        event = begin + rng.randrange(MINUTE_MS) - (LATE_MS if is_late else 0)
        author = f"c{rng.randrange(20)}"
        video = f"v{number}-{i}"
        artist = rng.choice(ARTISTS)
        found.append(Line(video, artist, author, event, begin + MINUTE_MS, is_late))
    return found


def _land(home: Path, day: dt.date, lines: list[Line], number: int) -> None:
    rows = [
        json.dumps(
            {
                "video_id": line.video_id,
                "text": f"{line.artist} - live",
                "ts": line.event_ms,
                "observed_at": line.observed_ms,
                "author_id": line.author_id,
                "source": "demo",
            }
        ).encode()
        for line in lines
    ]
    write_day(home / "landing", day, rows, lines[0].observed_ms + number)


def _kill(
    home: Path, day: dt.date, files: list[list[Line]], kills: int, rng: random.Random
) -> Counter[str]:
    """Start the stream and kill it, `kills` times, while the files land one by one."""
    places: Counter[str] = Counter()
    waiting = list(enumerate(files, start=1))
    log = home / "stream.log"
    for attempt in range(kills):
        share = -(-len(waiting) // (kills - attempt))
        process = start_apart(_command("stream", "--every", "1"), _environ(home, "spark"), log)
        for number, lines in waiting[:share]:
            _land(home, day, lines, number)
        del waiting[:share]
        # From the start of the JVM to some micro-batches later.
        time.sleep(rng.uniform(5, 40))
        if process.poll() is not None:
            raise SystemExit(f"the stream ended by itself: {log.read_text()[-2000:]}")
        end_group(process)
        places[_place(home)] += 1
        print(f"kill {attempt + 1}: {len(waiting)} files to land", flush=True)
    return places


def _place(home: Path) -> str:
    """Where the stream was when it was killed."""
    checkpoints = [*(home / "lake" / ".checkpoints").glob("*")]
    numbers = [
        {int(path.name) for path in folder.glob(f"events/{kind}/*") if path.name.isdigit()}
        for folder in checkpoints
        for kind in ("offsets", "commits")
    ]
    is_open = bool(numbers) and bool(numbers[0] - numbers[1])
    count = len(numbers[1]) if numbers else 0
    return f"in micro-batch {count}" if is_open else f"after micro-batch {count - 1}"


def _problems(lake: LakeReader, lines: list[Line]) -> list[str]:
    """What is not as it should be, a line each."""
    found = []
    keys = [(r["video_id"], _ms(r["observed_at"])) for r in _rows(lake, LIVE_EVENTS)]
    if Counter(keys) != Counter((line.video_id, line.observed_ms) for line in lines):
        found.append(f"live/events has {len(keys)} rows of {len(lines)}, or others")
    if len(keys) != lake.row_count(EVENTS):
        found.append(f"bronze/events has {lake.row_count(EVENTS)} rows")
    counted = {
        row["artist"]: (row["event_count"], row["late_count"]) for row in _rows(lake, LIVE_DAYS)
    }
    late = Counter(line.artist for line in lines if line.is_late)
    if counted != {a: (n, late[a]) for a, n in Counter(line.artist for line in lines).items()}:
        found.append(f"live/days counts {counted}, late were {dict(late)}")
    streamed = {_window(row): _figures(row) for row in _rows(lake, LIVE_WINDOWS)}
    summed = _windows([line for line in lines if not line.is_late])
    wrong = sum(streamed.get(key) != summed.get(key) for key in streamed.keys() | summed.keys())
    if wrong:
        found.append(f"{wrong} of {len(summed)} windows differ from those that Python sums")
    touched = _windows([line for line in lines if line.is_late]).keys()
    batch = {_window(row): _figures(row) for row in _rows(lake, ARTIST_WINDOWS)}
    same = streamed.keys() - touched
    wrong = sum(streamed[key] != batch.get(key) for key in same)
    if wrong or batch.keys() - touched != same:
        found.append(f"{wrong} of {len(same)} windows differ from silver/artist_windows")
    print(f"{len(streamed)} windows, {len(same)} of them without late events; {late.total()} late")
    return found


def _windows(lines: list[Line]) -> dict[tuple[str, int], tuple[int, int, int]]:
    cells: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        slide = line.event_ms // _SLIDE_MS * _SLIDE_MS
        for back in range(_SLIDES):
            cells[line.artist, slide - back * _SLIDE_MS].append(line)
    return {
        key: (len(cell), len({a.video_id for a in cell}), len({a.author_id for a in cell}))
        for key, cell in cells.items()
    }


def _rows(lake: LakeReader, table: Any) -> list[dict[str, Any]]:
    return lake.arrow(table, *EVER).to_pylist()


def _window(row: dict[str, Any]) -> tuple[str, int]:
    return row["artist"], _ms(row["window_start_at"])


def _figures(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["video_count"], row["unique_videos"], row["unique_authors"]


def _ms(at: dt.datetime) -> int:
    return round(at.timestamp() * 1000)


def _command(*arguments: str) -> list[str]:
    return [*KPOP, *arguments]


def _environ(home: Path, engine: str) -> dict[str, str]:
    return {**os.environ, "KPOP_HOME": str(home), "KPOP_ENGINE": engine, "COLUMNS": "120"}


def _kpop(home: Path, engine: str, *arguments: str) -> str:
    done = subprocess.run(
        _command(*arguments),
        env=_environ(home, engine),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"kpop {' '.join(arguments)} failed: {done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
