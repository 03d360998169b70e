"""What came of a video's days: each put beside what was seen of it later.

Belongs here: which later days are looked at, what counts as known a horizon later, and which
videos are learned from where there are many. Does not belong here: what is made of them
(forecast_methods.py, forecast_choice.py).

A video is seen when a collector comes by, not a horizon later to the minute. So a case takes the
last observation of each of two days, the hours between them and the mean rate; what came a horizon
later is that rate over the horizon, where the hours are no more than a quarter of it off.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zlib import crc32

import polars as pl

from kpop_assets.contracts import rules

# Views an hour that are as good as none: changes of a pace are told from here on.
LEAST_RATE = 1.0
# A day later, two, three and a week: the horizons, and what a short history has.
_DAYS_LATER = (1, 2, 3, 7)
# Of shorter stretches the time of day says more than the video.
_LEAST_HOURS = 12
_HASHES = 2**32
_HOUR = pl.duration(hours=1)


def pair_cases(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row once for each later day on which its video was seen.

    Args:
        rows: a row a video and day: ingest_date, video_id, observed_at, view_count, and whatever
            is known of it.

    Returns:
        The rows' columns, with outcome_date, elapsed_hours, and mean_rate: views an hour up to the
        later observation, 0 where the counter was corrected downwards.
    """
    later = rows.select(
        pl.col("ingest_date").alias("outcome_date"),
        "video_id",
        pl.col("observed_at").alias("later_at"),
        pl.col("view_count").alias("later_views"),
    )
    parts = [
        rows.with_columns(
            (pl.col("ingest_date") + pl.duration(days=days)).alias("outcome_date")
        ).join(later, on=["outcome_date", "video_id"])
        for days in _DAYS_LATER
    ]
    gained = (pl.col("later_views") - pl.col("view_count")).clip(0)
    return (
        pl.concat(parts)
        .with_columns(((pl.col("later_at") - pl.col("observed_at")) / _HOUR).alias("elapsed_hours"))
        .filter(pl.col("elapsed_hours") >= _LEAST_HOURS)
        .with_columns((gained / pl.col("elapsed_hours")).alias("mean_rate"))
        .drop("later_at", "later_views")
        .sort("ingest_date", "video_id", "outcome_date")
    )


def near_horizon(cases: pl.DataFrame, hours: int) -> pl.DataFrame:
    """The case of each row that tells what came `hours` later: the nearest, where one is near."""
    off = (pl.col("elapsed_hours") - hours).abs()
    return (
        cases.filter(off <= hours * rules.HORIZON_TOLERANCE)
        .with_columns(off.alias("off_hours"))
        .sort("ingest_date", "video_id", "off_hours", "outcome_date")
        .unique(["ingest_date", "video_id"], keep="first", maintain_order=True)
        .drop("off_hours")
    )


def fit_day(day: dt.date, seen: set[dt.date]) -> dt.date:
    """The day up to which the methods that forecast `day` have learned.

    The last Sunday, if the days before it are enough to learn from; else the day itself, as each
    new day of a short history tells much.

    Args:
        day: the day whose videos are forecast.
        seen: days of the last `rules.FORECAST_LOOK_BACK_DAYS` that have rows.
    """
    sunday = day - dt.timedelta(days=(day.weekday() + 1) % 7)
    first = sunday - dt.timedelta(days=rules.FORECAST_FIT_DAYS - 1)
    count = sum(first <= other <= sunday for other in seen)
    return sunday if count >= rules.FORECAST_FIT_LEAST_DAYS else day


def band_shares(counts: Mapping[str, int], most: int) -> dict[str, float]:
    """Which share of each age band's rows to learn from, so that no more than `most` are.

    A lake of many videos is nearly all old ones, of which a few thousand say as much as a million;
    so each band has the same part, and what a small one leaves is for the others.

    Args:
        counts: rows by age band.
        most: rows that are learned from, of all bands.
    """
    shares: dict[str, float] = {}
    for number, (band, count) in enumerate(sorted(counts.items(), key=lambda one: one[1])):
        taken = min(count, most // (len(counts) - number))
        shares[band] = taken / count
        most -= taken
    return shares


def sample_videos(rows: pl.DataFrame, shares: Mapping[str, float]) -> set[str]:
    """The videos that are learned from, the same ones on every machine and in every order.

    A video is taken with all of its days, if it is taken in one of the bands it was in.

    Args:
        rows: video_id and age_band.
        shares: of each band.
    """
    seen = rows.select("video_id", "age_band").unique()
    return {
        video for video, band in seen.iter_rows() if crc32(video.encode()) < shares[band] * _HASHES
    }
