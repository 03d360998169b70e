"""One video's observations and its forecasts.

Belongs here: what the growth page reads. Does not belong here: a forecast's computation
(kpop_assets/lens/), or the drawing (charts/lens/growth.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app.queries.lens.days import IS_OF_ACT, read_lens_day, read_lens_day_if_any, with_titles
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_forecasts import (
    FORECAST_METHODS,
    FORECAST_SCORES,
    VIDEO_FORECASTS,
    VIDEO_MILESTONES,
)
from kpop_assets.days import TIME_ZONE, day_end

CURVE = dt.timedelta(days=14)
MOST_OFFERED = 200
LEVELS = (80, 95)


@reads(VIDEO_FORECASTS, EVENTS)
def list_forecast_videos(snapshot: Snapshot, day: dt.date, asked: str | None) -> pl.DataFrame:
    """video_id, artist, video_title: videos of acts that a day has forecasts of.

    By what they are to gain in the shortest horizon, the most first; the one that is asked for is
    among them whatever it gains, and whosever it is.
    """
    rows = read_lens_day(snapshot, VIDEO_FORECASTS, day)
    shortest = rows.filter(pl.col("horizon_hours") == pl.col("horizon_hours").min())
    gain = pl.col("forecast_views") - pl.col("view_count")
    ordered = shortest.with_columns(gain.alias("gain")).sort(
        "gain", "video_id", descending=[True, False], nulls_last=True
    )
    most = ordered.filter(IS_OF_ACT).head(MOST_OFFERED)
    is_asked = pl.col("video_id") == (asked or "")
    chosen = ordered.filter(is_asked).join(most, on="video_id", how="anti")
    return with_titles(snapshot, pl.concat([most, chosen]).select("video_id", "artist"), day)


@reads(VIDEO_FORECASTS)
def read_forecasts(snapshot: Snapshot, video_id: str, day: dt.date) -> pl.DataFrame:
    """Rows of `lens/video_forecasts` of a video on a day, the nearest horizon first."""
    rows = read_lens_day(snapshot, VIDEO_FORECASTS, day, pl.col("video_id") == video_id)
    return rows.sort("horizon_hours")


@reads(VIDEO_MILESTONES)
def read_milestone(snapshot: Snapshot, video_id: str, day: dt.date) -> dict[str, Any] | None:
    """The row of `lens/video_milestones` of a video on a day; None where none is in sight."""
    is_video = pl.col("video_id") == video_id
    rows = read_lens_day_if_any(snapshot, VIDEO_MILESTONES, day, is_video)
    return rows.row(0, named=True) if rows.height else None


@reads(EVENTS)
def read_observations(snapshot: Snapshot, video_id: str, day: dt.date) -> pl.DataFrame:
    """seoul_time, view_count: every observation of a video in the days that end on one."""
    start, end = day_end(day) - CURVE, day_end(day)
    columns = ["observed_at", "view_count"]
    seen = snapshot.read(EVENTS, start, end, columns, pl.col("video_id") == video_id)
    return (
        seen.drop_nulls()
        .sort("observed_at")
        .select(seoul_time(pl.col("observed_at")).alias("seoul_time"), "view_count")
    )


def seoul_time(instant: pl.Expr) -> pl.Expr:
    """An instant as clocks in Seoul showed it, without a zone: charts draw it as it stands."""
    return instant.dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None)


def fan_of(forecasts: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """seoul_time, forecast_views, low_80, high_80, low_95, high_95, from the last observation on.

    Args:
        forecasts: rows of `read_forecasts`.
        seen: rows of `read_observations`.
    """
    bounds = [f"{end}_{level}" for level in LEVELS for end in ("low", "high")]
    last = seen.tail(1)
    now = last.select(
        "seoul_time",
        *(
            pl.col("view_count").cast(pl.Float64).alias(name)
            for name in ("forecast_views", *bounds)
        ),
    )
    ahead = forecasts.drop_nulls("forecast_views").select(
        (pl.lit(last.item(0, "seoul_time")) + pl.duration(hours=pl.col("horizon_hours"))).alias(
            "seoul_time"
        ),
        *(pl.col(name).cast(pl.Float64) for name in ("forecast_views", *bounds)),
    )
    return pl.concat([now, ahead], how="vertical_relaxed")


@reads(FORECAST_SCORES)
def read_scores(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Rows of `lens/forecast_scores` of a day; none before anything could be checked."""
    if snapshot.version(FORECAST_SCORES) is None:
        return pl.DataFrame(schema={"horizon_hours": pl.Int32, "method": pl.String})
    return snapshot.read(FORECAST_SCORES, day, day_end(day)).drop("ingest_date")


def compare_methods(forecasts: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """horizon_hours, method, forecast_views and how well it did so far, a row each."""
    long = pl.concat(
        [
            forecasts.select(
                "horizon_hours",
                pl.lit(method).alias("method"),
                pl.col(f"{method}_views").cast(pl.Float64).alias("method_views"),
                (pl.col("method") == method).fill_null(value=False).alias("is_chosen"),
            )
            for method in FORECAST_METHODS
        ]
    )
    kept = [name for name in _SCORES if name in scores.columns]
    scored = scores.select("horizon_hours", "method", *kept)
    return long.join(scored, on=["horizon_hours", "method"], how="left").sort(
        "horizon_hours", "is_chosen", "method", descending=[False, True, False]
    )


_SCORES = ("forecast_count", "median_relative_error", "mase", "coverage_80", "coverage_95")
