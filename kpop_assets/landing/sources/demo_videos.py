r"""The simulated videos: which ones exist on a day, and their counters at any instant.

Belongs here: the video pool and the counter formula. Attention over time is `demo_world.py`,
sampling and writing lines is `demo.py`.

A video published at instant `p` for act `a` has at instant `t`

    views(t) = q * base[a] * x0 * ((1 + dA / x0) ** g - 1) / g * (1 - f if t >= c else 1)
    dA       = attention clock of a at t minus at p (days of ordinary attention)
    x0 = 1.5 days, g = 0.35

so views come at the rate `q * base[a] * rel[a, t]` a day at first and ever slower with age, and
all videos of an act move with its attention. `q` (quality) is log-normal, times a factor for the
kind (a music video 300). Counters rise, but for 2 % of the videos, where a share f of 1 to 8 % is
taken back once at instant c, as YouTube does. Likes and comments are fixed shares of the views.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from kpop_assets.days import day_start_ms
from kpop_assets.landing.sources.demo_acts import (
    FAN_PATTERNS,
    OFFICIAL_PATTERNS,
    OTHER,
    SONGS,
    TOPIC_PATTERN,
)
from kpop_assets.landing.sources.demo_world import WORLD_START, World

POOL_DAYS = 21  # collectors look for videos of the last three weeks
# and at music videos for longer: without them an act would all but vanish between comebacks.
MUSIC_VIDEO_DAYS = 240
_MUSIC_VIDEO = 300.0  # the quality factor that marks one
CHUNK = 50_000  # videos drawn at a time: bounds memory, and is part of what the seed means
CHANNELS = 200  # fan channels per act
DAY_MS = 86_400_000
# Of a day's fan videos, the share published before 09:00, which the same day's rounds can see.
EARLY_SHARE = 0.35

_X0, _G = 1.5, 0.35
# (days after the comeback, hour, pattern, quality factor) of what an act publishes for it.
_RELEASES = (
    (-7, 0, 1, 40.0),
    (-3, 0, 1, 60.0),
    (0, 18, 0, _MUSIC_VIDEO),
    (0, 18, TOPIC_PATTERN, 50.0),
    (1, 18, 3, 60.0),
    (4, 20, 2, 120.0),
    (6, 19, 4, 50.0),
    (10, 19, 4, 40.0),
)


@dataclass(frozen=True)
class Videos:
    """Some videos as columns of equal length; `id_bits` become the 11 characters of the id."""

    act: np.ndarray
    pattern: np.ndarray
    song: np.ndarray
    channel: np.ndarray
    id_bits: np.ndarray
    published_ms: np.ndarray
    quality: np.ndarray
    like_share: np.ndarray
    comment_share: np.ndarray
    has_comments: np.ndarray
    correction_ms: np.ndarray
    correction: np.ndarray
    duration_seconds: np.ndarray

    def __len__(self) -> int:
        return len(self.act)

    def take(self, rows: np.ndarray | slice) -> Videos:
        """Return the chosen rows."""
        return Videos(*(getattr(self, f.name)[rows] for f in fields(self)))


def join_videos(parts: list[Videos]) -> Videos:
    """Put several sets of videos into one."""
    return Videos(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Videos)))


def view_counts(world: World, videos: Videos, at_ms: np.ndarray) -> np.ndarray:
    """Views of each video at an instant of its own, by the formula at the top, as floats."""
    clock = _clock(world, videos.act, at_ms) - _clock(world, videos.act, videos.published_ms)
    growth = _X0 * ((1 + clock / _X0) ** _G - 1) / _G
    kept = np.where(at_ms >= videos.correction_ms, 1 - videos.correction, 1.0)
    return videos.quality * world.base[videos.act] * growth * kept


def pool_size(official_count: int, fan_count: int) -> int:
    """How many videos `pool_batches` yields in all."""
    return official_count + early_count(fan_count) + (POOL_DAYS - 1) * fan_count


def early_count(fan_count: int) -> int:
    """How many of a day's fan videos are out before the first round."""
    return int(fan_count * EARLY_SHARE)


def pool_batches(
    world: World, seed: int, day: dt.date, fan_count: int, official: Videos
) -> Iterator[Videos]:
    """Yield the videos a collector can see on `day`: official ones first, then fan videos by age.

    Args:
        world: The world of `seed`.
        seed: The seed.
        day: The day of observation.
        fan_count: Fan videos published per day.
        official: The official videos, from `official_videos`.
    """
    batch: list[Videos] = [official]
    for age in range(POOL_DAYS):
        visible = fan_count if age else early_count(fan_count)
        for part, start in enumerate(range(0, visible, CHUNK)):
            drawn = _fan_videos(world, seed, day - dt.timedelta(days=age), part, fan_count)
            batch.append(drawn.take(slice(0, visible - start)))
            if sum(map(len, batch)) >= CHUNK:
                yield join_videos(batch)
                batch = []
    if batch:
        yield join_videos(batch)


def official_videos(world: World, seed: int, day: dt.date) -> Videos:
    """What the acts themselves published in the days before `day` that a collector looks at."""
    today = (day - WORLD_START).days
    is_music_video = np.array([factor == _MUSIC_VIDEO for *_, factor in _RELEASES])
    kept_days = np.where(is_music_video, MUSIC_VIDEO_DAYS, POOL_DAYS)
    found = []
    for act in range(OTHER):
        for comeback in world.comebacks[act]:
            if today - MUSIC_VIDEO_DAYS <= comeback < today + 8:
                releases = _releases(seed, act, int(comeback))
                age = today - np.array([comeback + days_after for days_after, *_ in _RELEASES])
                found.append(releases.take((age > 0) & (age <= kept_days)))
    empty = _releases(seed, 0, 0).take(slice(0, 0))
    return join_videos([empty, *found])


def _clock(world: World, act: np.ndarray, at_ms: np.ndarray) -> np.ndarray:
    """The acts' attention clocks at given instants: straight lines within a day."""
    days = (at_ms - day_start_ms(WORLD_START)) / DAY_MS
    whole = days.astype(np.int64)
    return world.clock[act, whole] + (days - whole) * world.rel[act, whole]


def _fan_videos(world: World, seed: int, day: dt.date, part: int, fan_count: int) -> Videos:
    """Draw a part of the fan videos of a publishing day; early ones have the lower positions.

    Acts get videos by the square root of the attention, so that small acts are seen too; about
    a tenth of the videos is about no act.
    """
    rng = np.random.default_rng([seed, 10, day.toordinal(), part])
    position = np.arange(part * CHUNK, min((part + 1) * CHUNK, fan_count))
    today = (day - WORLD_START).days
    weight = np.sqrt(world.base[:OTHER] * world.rel[:OTHER, today])
    edges = weight.cumsum() / weight.sum() * 0.89
    act = np.searchsorted(edges, rng.random(len(position)), side="right")
    pattern = rng.integers(0, len(FAN_PATTERNS), len(position)) + len(OFFICIAL_PATTERNS)
    hours = rng.random(len(position))
    hours = np.where(position < early_count(fan_count), hours * 9, 9 + hours * 15)
    published_ms = day_start_ms(day) + (hours * 3600).astype(np.int64) * 1000
    return _draw(rng, act, pattern, published_ms, np.ones(len(position)))


def _releases(seed: int, act: int, comeback: int) -> Videos:
    """The videos of one comeback, always all of them, so that each is the same on every day."""
    rng = np.random.default_rng([seed, 11, act, comeback])
    size = len(_RELEASES)
    at = np.array([(comeback + days) * 24 + hour for days, hour, *_ in _RELEASES]) * 3_600_000
    pattern = np.array([release[2] for release in _RELEASES])
    factor = np.array([release[3] for release in _RELEASES])
    start = day_start_ms(WORLD_START)
    videos = _draw(rng, np.full(size, act), pattern, start + at, factor)
    # One title track per comeback; channel numbers after the fans' are the act's own and its Topic.
    videos.song[:] = videos.song[0]
    videos.channel[:] = np.where(pattern == TOPIC_PATTERN, CHANNELS + 1, CHANNELS)
    return videos


def _draw(
    rng: np.random.Generator,
    act: np.ndarray,
    pattern: np.ndarray,
    published_ms: np.ndarray,
    factor: np.ndarray,
) -> Videos:
    """Draw all that is left to chance about videos of which act, pattern and time are known."""
    size = len(act)
    is_official = pattern < len(OFFICIAL_PATTERNS)
    age_at_correction = rng.uniform(1, POOL_DAYS, size) * DAY_MS
    is_corrected = rng.random(size) < 0.02
    return Videos(
        act=act,
        pattern=pattern,
        song=rng.integers(0, len(SONGS), size),
        channel=(rng.random(size) ** 2 * CHANNELS).astype(np.int64),
        id_bits=rng.integers(0, 2**64, size, dtype=np.uint64),
        published_ms=published_ms,
        quality=factor * rng.lognormal(0, np.where(is_official, 0.4, 1.0)),
        like_share=np.where(is_official, 0.08, 0.03) * rng.lognormal(0, 0.4, size),
        comment_share=np.where(is_official, 0.006, 0.002) * rng.lognormal(0, 0.5, size),
        has_comments=rng.random(size) >= 0.02,
        correction_ms=published_ms + age_at_correction.astype(np.int64),
        correction=np.where(is_corrected, rng.uniform(0.01, 0.08, size), 0.0),
        duration_seconds=rng.integers(15, 900, size),
    )
