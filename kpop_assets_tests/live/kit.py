"""What the tests of the stream share: landing files, a plain second implementation, and looks."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.live import LIVE_DAYS, LIVE_EVENTS, LIVE_WINDOWS
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.files import write_day
from kpop_assets.live.checkpoints import EVER
from kpop_assets.live.stream import LiveStream, MicroBatch

UTC = dt.UTC
DAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 3, tzinfo=UTC)  # 12:00 in Seoul
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def few_partitions(spark: SparkSession) -> Iterator[None]:
    """States are opened partition by partition; rows here are few."""
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", "1")
    yield
    spark.conf.set("spark.sql.shuffle.partitions", before)


@dataclass(frozen=True)
class Seen:
    """One observation: a video's id, its act, minutes from `NOON` of publishing and seeing it."""

    video_id: str
    published: float
    observed: float
    artist: str = "IVE"
    author_id: str | None = None

    @property
    def event_at(self) -> dt.datetime:
        """When it was published."""
        return NOON + self.published * MINUTE

    @property
    def is_ahead(self) -> bool:
        """Whether it is announced for later."""
        return self.published > self.observed


def land(landing: Path, seen: Sequence[Seen], number: int = 0, day: dt.date = DAY) -> Path:
    """A landing file of these observations."""
    lines = [
        json.dumps(
            {
                "video_id": one.video_id,
                "text": f"{one.artist} new song",
                "ts": int(one.event_at.timestamp() * 1000),
                "observed_at": int((NOON + one.observed * MINUTE).timestamp() * 1000),
                "source": "test",
                **({"author_id": one.author_id} if one.author_id else {}),
            }
        ).encode()
        for one in seen
    ]
    epoch_ms = int(NOON.timestamp() * 1000) + number
    return write_day(landing, day, lines, epoch_ms).path


def stream(lake: Lake, landing: Path, anew: bool = False, today: dt.date = DAY) -> list[MicroBatch]:
    """Take in what is there; what each micro-batch reported."""
    reports: list[MicroBatch] = []
    LiveStream(lake, landing, reports.append, lambda: today).run(None, threading.Event(), anew)
    return reports


def windows(lake: Lake) -> dict[tuple[str, dt.datetime], tuple[int, int, int]]:
    """Artist and start of each window: events, videos, channels."""
    return {
        (row["artist"], row["window_start_at"]): (
            row["video_count"],
            row["unique_videos"],
            row["unique_authors"],
        )
        for row in lake.arrow(LIVE_WINDOWS, *EVER).to_pylist()
    }


def expected(seen: Iterable[Seen]) -> dict[tuple[str, dt.datetime], tuple[int, int, int]]:
    """The same from the definition: each event in the 12 windows that hold its time."""
    cells = defaultdict(list)
    for one in seen:
        slide = one.event_at.replace(minute=one.event_at.minute // 5 * 5, second=0, microsecond=0)
        for back in range(12):
            cells[one.artist, slide - 5 * back * MINUTE].append(one)
    return {
        key: (
            len(cell),
            len({one.video_id for one in cell}),
            len({one.author_id for one in cell} - {None}),
        )
        for key, cell in cells.items()
    }


def split(batches: Sequence[Sequence[Seen]]) -> tuple[list[Seen], list[Seen], list[Seen]]:
    """Events on time, late and ahead, by the watermark that each batch meets."""
    on_time, late, ahead = [], [], []
    mark = None
    for batch in batches:
        usual = [one for one in batch if not one.is_ahead]
        ahead += [one for one in batch if one.is_ahead]
        on_time += [one for one in usual if mark is None or one.event_at > mark]
        late += [one for one in usual if mark is not None and one.event_at <= mark]
        marks = [one.event_at - 10 * MINUTE for one in usual]
        mark = max([*marks, *([mark] if mark else [])], default=None)
    return on_time, late, ahead


def counts(lake: Lake) -> dict[str, tuple[int, int, int]]:
    """Events, late and ahead by artist, over all days."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in lake.arrow(LIVE_DAYS, *EVER).to_pylist():
        for i, name in enumerate(("event_count", "late_count", "ahead_count")):
            found[row["artist"]][i] += row[name]
    return {artist: (a, b, c) for artist, (a, b, c) in found.items()}


def event_keys(lake: Lake) -> list[tuple[str, dt.datetime]]:
    """Video and instant of every event taken in."""
    rows = lake.arrow(LIVE_EVENTS, *EVER).to_pylist()
    return sorted((row["video_id"], row["observed_at"]) for row in rows)


def look(lake: Lake) -> tuple[object, ...]:
    """All that the stream keeps, to be compared."""
    return event_keys(lake), windows(lake), counts(lake)
