"""Lines about the simulated tracks: each is told of once a week, and on the day it comes out.

Belongs here: which tracks a day's lines are about, what they say, and planted repeats and broken
lines of known number. Does not belong here: what acts release (`demo_works.py`), or who plays it.

A day tells of about a seventh of all tracks that are out. One line in 100 is repeated, one more in
200 cannot be used. Of 8 % of the tracks no audio feature is known, of another 6 % no valence; 80 %
have an ISRC, and a recording that came out twice has it twice. Works from before the world began
are dated by their year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.tracks import TRACK_LINES
from kpop_assets.days import day_start_ms
from kpop_assets.landing.choices import DEMO_SEED
from kpop_assets.landing.files import AlreadyLanded, LandedFile, write_day
from kpop_assets.landing.sources.base import json_line
from kpop_assets.landing.sources.demo_acts import DEMO_ACTS
from kpop_assets.landing.sources.demo_chance import normal, uniform, whole
from kpop_assets.landing.sources.demo_sounds import (
    MEASURED_SPREAD,
    SOUND_LIMITS,
    SOUND_NAMES,
    SOUND_SPREAD,
)
from kpop_assets.landing.sources.demo_works import ALBUM_VERSION, VERSIONS, Works, simulate_works
from kpop_assets.landing.sources.demo_world import WORLD_START

_TOLD_AT_MS = 3 * 3_600_000
_INSTRUMENTAL = 1
_TRIM_MS = 1_200
_SPEECH, _VOICELESS = SOUND_NAMES.index("speechiness"), SOUND_NAMES.index("instrumentalness")
(_WEEKDAY, _MEASURED, _KNOWN, _ISRC, _KEY, _MODE, _TRIM, _ORDER) = range(70, 78)


@dataclass(frozen=True)
class DemoTrackCounts:
    """What a day's file holds: `line_count` is the sum of the others.

    Attributes:
        line_count: lines of the file.
        track_count: good lines, each of another track.
        duplicate_count: lines that repeat a good one byte for byte.
        broken_count: lines that cannot be used.
    """

    line_count: int
    track_count: int
    duplicate_count: int
    broken_count: int


def demo_track_id(act: int, number: int, version: int) -> str:
    """The id of a version of a work."""
    return f"demo-{act:02d}-{number:03d}-{version}"


def expected_track_counts(day: dt.date, seed: int = DEMO_SEED) -> DemoTrackCounts:
    """Return how many lines of each sort a day holds, exactly."""
    told = len(_told_on(simulate_works(seed), seed, day)[0])
    repeated, broken = (told + 50) // 100, (told + 100) // 200
    return DemoTrackCounts(told + repeated + broken, told, repeated, broken)


def simulate_tracks_day(day: dt.date, seed: int = DEMO_SEED) -> Iterator[bytes]:
    """Yield the lines about tracks of a day; any from 2017 to 2099, none needs another."""
    works = simulate_works(seed)
    lines = _lines(works, seed, day)
    counts = expected_track_counts(day, seed)
    order = np.argsort(uniform(seed, _ORDER, day.toordinal(), np.arange(len(lines))))
    yield from (lines[place] for place in order)
    yield from (lines[place] for place in order[: counts.duplicate_count])
    for number, place in enumerate(order[: counts.broken_count]):
        yield _broken(lines[place], number)


def write_demo_tracks(
    root: Path, day: dt.date, seed: int = DEMO_SEED
) -> LandedFile | AlreadyLanded:
    """Land the simulated lines about tracks of a day."""
    at = day_start_ms(day) + _TOLD_AT_MS
    return write_day(root, day, simulate_tracks_day(day, seed), at, TRACK_LINES.kind)


def _told_on(works: Works, seed: int, day: dt.date) -> tuple[NDArray, NDArray]:
    """Works and versions that a day tells of."""
    today = (day - WORLD_START).days
    out = works.version_day <= today
    versions = np.arange(len(VERSIONS))
    keys = (works.act[:, None], works.number[:, None], versions)
    is_turn = whole(7, seed, _WEEKDAY, *keys) == today % 7
    work, version = np.nonzero(out & (is_turn | (works.version_day == today)))
    return work, version


def _lines(works: Works, seed: int, day: dt.date) -> list[bytes]:
    """A good line about each track that a day tells of."""
    work, version = _told_on(works, seed, day)
    act, number = works.act[work], works.number[work]
    trim = whole(2 * _TRIM_MS, seed, _TRIM, act, number, version) - _TRIM_MS
    length = works.length_ms[work] + np.where(version > 0, trim, 0)
    # The same recording on an album is the same recording.
    has_isrc = uniform(seed, _ISRC, act, number) < 0.8
    rows = zip(
        *(column.tolist() for column in (work, version, act, number, length, has_isrc)),
        _released(works.version_day[work, version]),
        _measured(works, seed, work, version),
        strict=True,
    )
    told_at = day_start_ms(day) + _TOLD_AT_MS
    return [json_line(_line(works, told_at, *row)) for row in rows]


def _line(
    works: Works,
    told_at: int,
    work: int,
    version: int,
    act: int,
    number: int,
    length: int,
    has_isrc: bool,
    released: str,
    measured: dict[str, object],
) -> dict[str, object]:
    title = works.title[work]
    is_album = version == ALBUM_VERSION or not works.is_title[work]
    line = {
        "track_id": demo_track_id(act, number, version),
        "source": SIMULATED_SOURCE,
        "title": f"{title}{VERSIONS[version][0]}",
        "artist_name": DEMO_ACTS[act].name,
        "observed_at": told_at,
        "album_name": f"{title}: The Album" if is_album else title,
        "album_type": "album" if is_album else "single",
        "release_date": released,
        "genre": "k-pop",
        "duration_ms": length,
    }
    if has_isrc:
        line["isrc"] = f"QZDM{act:02d}{number:04d}{version % ALBUM_VERSION}0"
    return line | measured


def _released(days: NDArray[np.int64]) -> list[str]:
    """When tracks came out: the day, or before the world the year."""
    dates = np.datetime64(WORLD_START) + days
    texts = np.where(days < 0, dates.astype("datetime64[Y]").astype(str), dates.astype(str))
    return texts.tolist()


def _measured(works: Works, seed: int, work: NDArray, version: NDArray) -> list[dict]:
    """What a table of tracks knows of the sound of each."""
    keys = (works.act[work], works.number[work])
    features = np.arange(len(SOUND_NAMES))
    off = normal(seed, _MEASURED, keys[0][:, None], keys[1][:, None], version[:, None], features)
    near = works.sound[work] + off * SOUND_SPREAD * MEASURED_SPREAD
    values = np.clip(near, *SOUND_LIMITS.T).round(3)
    is_voiceless = version == _INSTRUMENTAL
    known = uniform(seed, _KNOWN, *keys, version)
    values[is_voiceless, _SPEECH] = 0.03
    values[is_voiceless, _VOICELESS] = (0.8 + 0.15 * known[is_voiceless]).round(3)
    pitch, mode = whole(12, seed, _KEY, *keys), uniform(seed, _MODE, *keys) < 0.55
    found: list[dict] = []
    for row in zip(known.tolist(), values.tolist(), pitch.tolist(), mode.tolist(), strict=True):
        share, sound, key, is_major = row
        said = dict(zip(SOUND_NAMES, sound, strict=True))
        if share > 0.94:
            del said["valence"]
        said |= {"musical_key": key, "mode": int(is_major), "time_signature": 4}
        found.append({} if share < 0.08 else said)
    return found


def _broken(line: bytes, number: int) -> bytes:
    """A line that cannot be used, in one of three ways."""
    if number % 3 == 0:
        return line[: len(line) // 2] + b"\n"
    missing = (b'"title"', b'"track_id"')[number % 3 - 1]
    return line.replace(missing, b'"no_' + missing[1:], 1)
