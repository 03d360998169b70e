"""Lines about the simulated plays of a day: any number, the same bytes every time.

Belongs here: plays as lines, and planted repeats, late and broken lines and bots of known number.
Does not belong here: what is played (`demo_plays.py`), or how an id is hidden (`landing/door.py`).

Of `n` lines of a day: 1 % are exact repeats of another line, 0.2 % cannot be used, 0.3 % are good
ones that are delivered the next morning, in a second file; up to 2 % are of bots, each of which
plays one track 40 times within an hour, which nobody can. All others are plays of listeners, each
delivered when it ends. Listeners are named here, and hashed on their way to the landing folder.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.days import day_start_ms
from kpop_assets.landing.choices import DEMO_LISTENERS, DEMO_PLAYS, DEMO_SEED, MOST_PLAYS_OF_ONE
from kpop_assets.landing.door import door_of
from kpop_assets.landing.files import AlreadyLanded, LandedFile, write_day
from kpop_assets.landing.sources.base import Repairs, json_line
from kpop_assets.landing.sources.demo_listeners import listener_name
from kpop_assets.landing.sources.demo_plays import DAY_MS, Played, draws_of_day, play_day
from kpop_assets.landing.sources.demo_tracks import demo_track_id
from kpop_assets.landing.sources.demo_works import simulate_works
from kpop_assets.landing.sources.demo_world import WORLD_START

MAX_PLAYS_PER_DAY = 10_000_000
BOT_PLAYS = 40
_BOT_EVERY_MS = 75_000
_LATE_FILE_AT_MS = DAY_MS + 9 * 3_600_000
_CHANCE = 120
_MAIN, _REPEATED, _LATE, _BROKEN = range(4)


@dataclass(frozen=True)
class DemoPlayCounts:
    """What a day's files hold: `line_count` = `play_count` + `duplicate_count` + `broken_count`.

    Attributes:
        line_count: lines of both files.
        play_count: good lines, each another play; late ones and those of bots are among them.
        duplicate_count: lines that repeat a good line byte for byte.
        broken_count: lines that cannot be used.
        late_count: good lines of the late file.
        bot_count: listeners who are bots, with `BOT_PLAYS` plays each.
    """

    line_count: int
    play_count: int
    duplicate_count: int
    broken_count: int
    late_count: int
    bot_count: int


def expected_play_counts(plays_per_day: int = DEMO_PLAYS) -> DemoPlayCounts:
    """Return how many lines of each sort every day of this size holds, exactly."""
    if not 1 <= plays_per_day <= MAX_PLAYS_PER_DAY:
        raise ValueError(f"plays_per_day must be 1 to {MAX_PLAYS_PER_DAY:,}: {plays_per_day}")
    duplicates, broken, late = ((plays_per_day * n + 500) // 1000 for n in (10, 2, 3))
    good = plays_per_day - duplicates - broken
    bots = plays_per_day // (50 * BOT_PLAYS)
    return DemoPlayCounts(plays_per_day, good, duplicates, broken, late, bots)


@dataclass(frozen=True)
class PlayBlock:
    """Some lines of a day: those of the main file and those that come late.

    A line is an object, or bytes where it is broken.
    """

    main: list[dict[str, object] | bytes]
    late: list[dict[str, object] | bytes]


def simulate_plays_day(
    day: dt.date,
    plays_per_day: int = DEMO_PLAYS,
    listener_count: int = DEMO_LISTENERS,
    seed: int = DEMO_SEED,
) -> Iterator[PlayBlock]:
    """Yield the simulated lines of a day in blocks of bounded size; no day needs another.

    Args:
        day: the ingest date; any from 2017 to 2099.
        plays_per_day: lines in all, in both files.
        listener_count: listeners who are there on any day.
        seed: of the whole simulated world.
    """
    counts = expected_play_counts(plays_per_day)
    if plays_per_day > MOST_PLAYS_OF_ONE * listener_count:
        raise ValueError(
            f"{plays_per_day:,} plays a day are over {MOST_PLAYS_OF_ONE} for each of "
            f"{listener_count:,} listeners"
        )
    rng = np.random.default_rng([seed, _CHANCE, day.toordinal()])
    count = counts.play_count - counts.bot_count * BOT_PLAYS
    roles = _roles(counts, count, rng)
    done = 0
    for played in play_day(seed, day, count, listener_count, rng):
        yield _block(seed, day, played, roles[done : done + len(played)])
        done += len(played)
    if counts.bot_count:
        yield PlayBlock(list(_bot_lines(seed, day, counts.bot_count)), [])


def write_demo_plays(
    root: Path,
    day: dt.date,
    plays_per_day: int = DEMO_PLAYS,
    listener_count: int = DEMO_LISTENERS,
    seed: int = DEMO_SEED,
) -> list[LandedFile | AlreadyLanded]:
    """Land the simulated plays of a day: the main file and, if it has lines, the late one."""
    door, repairs, late = door_of(PLAY_LINES, root), Repairs(), list[bytes]()
    pass_door = door.line if door else lambda given, _: json_line(given)

    def main_lines() -> Iterator[bytes]:
        for block in simulate_plays_day(day, plays_per_day, listener_count, seed):
            late.extend(pass_door(line, repairs) for line in block.late)
            yield b"".join(pass_door(line, repairs) for line in block.main)

    start = day_start_ms(day)
    written = [write_day(root, day, main_lines(), start + DAY_MS, PLAY_LINES.kind)]
    if late:
        written.append(write_day(root, day, late, start + _LATE_FILE_AT_MS, PLAY_LINES.kind))
    return written


def _roles(counts: DemoPlayCounts, count: int, rng: np.random.Generator) -> NDArray[np.int8]:
    """Which listeners' plays are repeated, late, or have a broken copy beside them."""
    roles = np.zeros(count, dtype=np.int8)
    sizes = {
        _REPEATED: counts.duplicate_count,
        _LATE: counts.late_count,
        _BROKEN: counts.broken_count,
    }
    places = rng.permutation(count)
    done = 0
    for role, size in sizes.items():
        roles[places[done : done + size]] = role
        done += size
    return roles


def _block(seed: int, day: dt.date, played: Played, roles: NDArray[np.int8]) -> PlayBlock:
    works, next_morning = simulate_works(seed), day_start_ms(day) + _LATE_FILE_AT_MS
    columns = (
        *(played.place, played.turn, works.act[played.work], works.number[played.work]),
        *(played.version, played.played_at, played.played_ms, played.is_charted, played.rating),
        roles,
    )
    block = PlayBlock([], [])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for n, (place, turn, act, number, version, at, lasted, is_charted, rating, role) in enumerate(
        rows
    ):
        line: dict[str, object] = {
            "user_id": listener_name(place, turn),
            "track_id": demo_track_id(act, number, version),
            "played_at": at,
            "played_ms": lasted,
            "received_at": next_morning if role == _LATE else at + lasted,
            "context": "chart" if is_charted else "library",
            "source": SIMULATED_SOURCE,
        }
        if not math.isnan(rating):
            line["rating"] = rating
        (block.late if role == _LATE else block.main).append(line)
        if role == _REPEATED:
            block.main.append(line)
        elif role == _BROKEN:
            block.main.append(_broken(line, n))
    return block


def _bot_lines(seed: int, day: dt.date, bot_count: int) -> Iterator[dict[str, object]]:
    """Each bot plays one of the day's great works, again and again, within one hour."""
    works, today = simulate_works(seed), (day - WORLD_START).days
    top = np.argsort(-draws_of_day(seed, works, today), kind="stable")
    rng = np.random.default_rng([seed, _CHANCE + 1, day.toordinal()])
    hours = rng.integers(0, 24, bot_count).tolist()
    for bot, hour in enumerate(hours):
        work = int(top[bot % 10])
        track = demo_track_id(int(works.act[work]), int(works.number[work]), 0)
        begin, lasted = day_start_ms(day) + hour * 3_600_000, int(works.length_ms[work])
        for play in range(BOT_PLAYS):
            at = begin + play * _BOT_EVERY_MS
            yield {
                "user_id": f"demo-bot-{bot}",
                "track_id": track,
                "played_at": at,
                "played_ms": lasted,
                "received_at": at + lasted,
                "context": "chart",
                "source": SIMULATED_SOURCE,
            }


def _broken(line: dict[str, object], number: int) -> dict[str, object] | bytes:
    """A line that cannot be used, in one of five ways."""
    ways: tuple[dict[str, object], ...] = (
        {"track_id": None},
        {"user_id": None},
        {"played_at": "yesterday"},
        {"played_at": 86_400_000},
    )
    if number % 5 == 0:
        return json_line(line)[:40] + b"\n"
    return line | ways[number % 5 - 1]
