"""When a video reaches its next round number, by what was forecast of it.

Belongs here: the way from views at three horizons to days. Does not belong here: the forecasts
(forecasts.py), or round numbers that were passed (insights/milestones.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.contracts import rules

Array = NDArray[np.float64]

_KEYS = ("ingest_date", "video_id")
# The forecast, and what it is at the most and at the least.
_CURVES = ("forecast_views", "high_80", "low_80")
FORECAST_COLUMNS = (*_KEYS, "horizon_hours", "artist", "view_count", *_CURVES)
_HORIZONS = rules.FORECAST_HORIZONS_HOURS


def next_milestones(forecasts: pl.DataFrame) -> pl.DataFrame:
    """When each video reaches its next round number, as `lens/video_milestones` has it.

    Between the horizons the counter rises evenly; behind the last as between the last two. A video
    has a row if it arrives within `rules.MILESTONE_DAYS` by the forecast. The earliest day is by
    the upper bound of the 80 % interval, the latest by the lower; null is later than looked.

    Args:
        forecasts: rows of `forecast_videos` of one day.
    """
    of = {h: forecasts.filter(pl.col("horizon_hours") == h) for h in _HORIZONS}
    first, *others = (rows.select(*_KEYS, *_CURVES).sort(_KEYS) for rows in of.values())
    videos = of[_HORIZONS[0]].sort(_KEYS).select(*_KEYS, "artist", "view_count")
    ahead = [first, *(first.select(_KEYS).join(rows, on=_KEYS, how="left") for rows in others)]
    now = _floats(videos, "view_count")
    marks = np.array([*rules.VIDEO_MILESTONES_VIEWS, np.nan])
    mark = marks[np.searchsorted(marks[:-1], now, side="right")]
    days, earliest, latest = (
        _days_to(
            mark, now, {h: _floats(rows, name) for h, rows in zip(_HORIZONS, ahead, strict=True)}
        )
        for name in _CURVES
    )
    has_interval = ~np.isnan(_floats(ahead[-1], "high_80"))
    found = {
        "milestone_days": days,
        # Behind the last horizon the three paces are no interval's: none crosses another.
        "milestone_days_low": np.where(has_interval, np.fmin(earliest, days), np.nan),
        "milestone_days_high": np.maximum(latest, days),
    }
    return (
        videos.with_columns(pl.Series("milestone_views", mark, nan_to_null=True).cast(pl.Int64))
        .with_columns(pl.Series(n, values, nan_to_null=True) for n, values in found.items())
        .filter(pl.col("milestone_days").is_not_null())
        .sort("video_id")
    )


def _days_to(mark: Array, now: Array, ahead: Mapping[int, Array]) -> Array:
    """Days until a counter reaches `mark`; NaN where it does not within those looked at."""
    found = np.full(len(now), np.nan)
    at, views = 0.0, now
    stretches = [*ahead.items()]
    for place, (hours, later) in enumerate(stretches):
        pace = (later - views) / (hours - at)
        is_last = place == len(stretches) - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            when = at + (mark - views) / pace
        end = rules.MILESTONE_DAYS * 24 if is_last else hours
        hits = np.isnan(found) & (pace > 0) & (when <= end)
        found = np.where(hits, when / 24, found)
        at, views = float(hours), later
    return found


def _floats(rows: pl.DataFrame, name: str) -> Array:
    return rows.get_column(name).cast(pl.Float64).to_numpy().astype(np.float64)
