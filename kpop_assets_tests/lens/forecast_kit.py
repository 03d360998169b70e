"""Rows of videos for the tests of forecasts.

Belongs here: making rows that have all that methods read. Does not belong here: what is expected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl

DAY = dt.date(2026, 3, 2)
# The longest step of age that a test's videos have; far below an edge of the next.
_SCHEMA: dict[str, Any] = {
    "ingest_date": pl.Date,
    "video_id": pl.String,
    "artist": pl.String,
    "age_band": pl.String,
    "video_format": pl.String,
    "observed_at": pl.Datetime("us", "UTC"),
    "age_hours": pl.Float64,
    "view_count": pl.Int64,
    "like_count": pl.Int64,
    "comment_count": pl.Int64,
    "author_subscriber_count": pl.Int64,
    "views_per_hour": pl.Float64,
    "views_per_hour_basis": pl.String,
    "engagement_rate_pct": pl.Float64,
    "snapshot_count": pl.Int64,
    "slope_per_hour": pl.Float64,
    "trend_views": pl.Float64,
    "r_squared": pl.Float64,
    "growth_class": pl.String,
}


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(3), dt.UTC)


def video(video_id: str = "a", day: int = 0, views: int = 1000, **more: Any) -> dict[str, Any]:
    """A row of a video, so many days after `DAY`, two days old if it does not say otherwise."""
    of_day = DAY + dt.timedelta(days=day)
    known = {
        "ingest_date": of_day,
        "video_id": video_id,
        "artist": "OTHER",
        "age_band": "1-3d",
        "video_format": "video",
        "observed_at": noon(of_day),
        "age_hours": 48.0,
        "view_count": views,
        "views_per_hour": 10.0,
        "views_per_hour_basis": "pair",
        "snapshot_count": 1,
    }
    return {name: {**known, **more}.get(name) for name in _SCHEMA}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=_SCHEMA, orient="row")


def history(
    views_at: Callable[[int, float], float], videos: int = 40, days: int = 12
) -> pl.DataFrame:
    """Videos that were launched on successive hours before `DAY`, seen at noon of each day.

    Args:
        views_at: views of a video, by its number and its age in hours.
        videos: how many there are.
        days: on how many days each is seen.
    """
    rows = []
    for number in range(videos):
        for day in range(days):
            age = 24.0 * day + 12 + number
            views, before = views_at(number, age), views_at(number, max(age - 24, 0))
            pace = (views - before) / min(age, 24)
            has = {"age_hours": age, "views_per_hour": pace, "trend_views": None}
            rows.append(video(f"v{number:03}", day, round(views), **has))
    return frame(*rows)
