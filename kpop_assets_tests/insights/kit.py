"""Rows of `silver/video_daily` for tests: a video by when it was published and what it gained.

Belongs here: building such frames. Does not belong here: any rule about releases.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

DAY = dt.date(2026, 11, 2)  # a Monday
# 18:00 in Seoul: when the observations of a day are made.
SEEN_AT = dt.time(9, tzinfo=dt.UTC)
SCHEMA = {
    "ingest_date": pl.Date,
    "video_id": pl.String,
    "artist": pl.String,
    "observed_at": pl.Datetime("us", "UTC"),
    "published_at": pl.Datetime("us", "UTC"),
    "launched_at": pl.Datetime("us", "UTC"),
    "views_gained": pl.Int64,
    "gained_days": pl.Int32,
}


def on(number: int) -> dt.date:
    """The day of a number; 0 is `DAY`."""
    return DAY + dt.timedelta(days=number)


def video(
    video_id: str, artist: str, gains: dict[int, int], hours_old: float | None = 12
) -> list[dict[str, Any]]:
    """A video that gained `gains` by day number, published so long before it was first seen."""
    first = dt.datetime.combine(on(min(gains)), SEEN_AT)
    days = sorted(gains)
    published = None if hours_old is None else first - dt.timedelta(hours=hours_old)
    return [
        {
            "ingest_date": on(number),
            "video_id": video_id,
            "artist": artist,
            "observed_at": dt.datetime.combine(on(number), SEEN_AT),
            "published_at": published,
            "launched_at": None,
            "views_gained": gains[number],
            "gained_days": None if before is None else number - before,
        }
        for before, number in zip([None, *days], days, strict=False)
    ]


def frame(*videos: list[dict[str, Any]]) -> pl.DataFrame:
    """All rows of some videos."""
    return pl.DataFrame([row for rows in videos for row in rows], schema=SCHEMA)
