"""What journals hold becomes landing files, or messages of a topic, each line once.

Belongs here: the way of a finished segment out of the journal. Does not belong here: writing
segments (journal.py), a cluster's client (landing/kafka/), or the minute in which it happens
(serving/intake/).

A segment is landed as one file a day, named after its own beginning and its bytes: killed in
between, whoever lands it again finds these files already there, and removes the segment. Segments
of a process that was killed are finished like any other, and landed by whoever comes next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.errors import KpopError
from kpop_assets.landing.errors import LandingError, landing_errors
from kpop_assets.landing.files import write_day
from kpop_assets.landing.journal.segments import (
    SegmentLines,
    began_ms,
    held,
    kinds_in,
    read_segment,
    segments_in,
)
from kpop_assets.landing.leftovers import sweep_leftovers

# Brings the lines of a segment to where they belong: kind, beginning in epoch milliseconds, lines.
Sink = Callable[[str, int, Mapping[dt.date, list[bytes]]], None]


@dataclass
class LandedSegments:
    """What one turn did.

    Attributes:
        segment_count: segments that were brought away.
        line_count: their lines.
        torn_count: lines that were not written to their end.
        errors: by kind, why one could not be; it stays, and so do those behind it.
    """

    segment_count: int = 0
    line_count: int = 0
    torn_count: int = 0
    errors: dict[str, KpopError] = field(default_factory=dict)


def landing_sink(root: Path) -> Sink:
    """Where lines go that no cluster takes: into the landing folder."""

    def land(kind: str, epoch_ms: int, days: Mapping[dt.date, list[bytes]]) -> None:
        for day, lines in sorted(days.items()):
            write_day(root, day, lines, epoch_ms, kind)

    return land


def land_segments(root: Path, sink_of: Callable[[str], Sink | None]) -> LandedSegments:
    """Bring away every segment that nobody holds.

    Args:
        root: the folder of all journals.
        sink_of: where the lines of a kind go; None leaves them.

    Raises:
        LandingError: the folder cannot be looked at.
    """
    done = LandedSegments()
    for kind in kinds_in(root):
        sink = sink_of(kind)
        if sink is None:
            continue
        try:
            sweep_leftovers(root / kind, ".*.part")
            for path in _named_rightly(root / kind, kind, done):
                _land(path, kind, sink, done)
        except KpopError as error:
            done.errors[kind] = error
    return done


def _named_rightly(folder: Path, kind: str, done: LandedSegments) -> Iterator[Path]:
    """The segments of a kind; others stay, but keep nothing behind them."""
    for path in segments_in(folder):
        try:
            began_ms(path)
        except LandingError as error:
            done.errors[kind] = error
        else:
            yield path


def _land(path: Path, kind: str, sink: Sink, done: LandedSegments) -> None:
    with held(path) as is_held:
        if not is_held:
            return
        found = read_segment(path)
        if found.days:
            sink(kind, began_ms(path), found.days)
        with landing_errors("remove", path):
            path.unlink()
        done.segment_count += 1
        done.line_count += _line_count(found)
        done.torn_count += found.torn_count


def _line_count(found: SegmentLines) -> int:
    return sum(map(len, found.days.values()))


def held_in_journals(root: Path) -> tuple[int, float | None]:
    """Bytes that are not landed yet, and when the oldest of their segments was begun.

    That is in epoch seconds; None where nothing waits.
    """
    sizes: list[int] = []
    began: list[int] = []
    for path in (path for kind in kinds_in(root) for path in segments_in(root / kind)):
        # It may be landed while it is looked at.
        with landing_errors("look at", path), suppress(FileNotFoundError):
            sizes.append(path.stat().st_size)
            # What has no such name is told of by whoever lands.
            with suppress(LandingError):
                began.append(began_ms(path))
    return sum(sizes), min(began) / 1000 if began else None
