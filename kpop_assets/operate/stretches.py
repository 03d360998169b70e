"""Cuts a long range of days into stretches that one run can hold in memory.

Belongs here: where to cut. Does not belong here: what is run for a stretch (runner.py) and what a
day looks back at: each stretch reads the days before it from the tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from kpop_assets.days import day_end, days_between

# A run takes memory in proportion to its lines: 1 M of the demo's, 434 MB, took it 1.7 GB on Sail.
# 512 MB of lines stay near 2 GB, which a laptop of 8 GB has beside a browser.
STRETCH_BYTES = 512 << 20
# What simulated lines take, for days that are not written yet: observations, plays, reviews, and
# all lines about tracks of a day.
DEMO_LINE_BYTES, DEMO_PLAY_BYTES, DEMO_REVIEW_BYTES = 460, 210, 400
DEMO_TRACKS_BYTES = 250_000


def simulated_bytes(landing: Mapping[str, Any]) -> int:
    """What a day takes that is yet to be simulated, by the configuration of landing."""
    plays = landing.get("plays_per_day", 0)
    of_tracks = DEMO_TRACKS_BYTES if plays else 0
    of_events = landing.get("events_per_day", 0) * DEMO_LINE_BYTES
    of_reviews = landing.get("reviews_per_day", 0) * DEMO_REVIEW_BYTES
    return of_events + plays * DEMO_PLAY_BYTES + of_reviews + of_tracks


def cut(
    sizes: Mapping[dt.date, int], start: dt.date, last: dt.date, most: int
) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of each stretch from `start` to `last`, oldest first.

    A stretch holds as many days as have at most `most` bytes together, and at least one day.

    Args:
        sizes: bytes of each day's landing files; a day that is not named has none.
        start: first day.
        last: last day, included.
        most: bytes of a stretch.
    """
    first, held = start, 0
    for day in days_between(start, day_end(last)):
        size = sizes.get(day, 0)
        if day > first and held + size > most:
            yield first, day - dt.timedelta(days=1)
            first, held = day, 0
        held += size
    yield first, last
