"""When a video reaches its next round number, by what was forecast of it.

Belongs here: the way from views at three horizons to days. Does not belong here: the forecasts
(forecasts.py), or round numbers that were passed (insights/milestones.py).

Between the horizons a counter rises evenly. Behind the last its pace goes on falling as a power of
the days from now, by as much as it fell between the last two stretches; it never rises. Still, of
36 simulated videos those said to arrive after more than a week came two or three days later.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

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

    A video has a row if it arrives within `rules.MILESTONE_DAYS` by the forecast. The earliest day
    is by the upper bound of the 80 % interval, the latest by the lower; null is later than looked.

    Args:
        forecasts: rows of `forecast_videos` of one day.
    """
    of = {h: forecasts.filter(pl.col("horizon_hours") == h) for h in _HORIZONS}
    first, *others = (rows.select(*_KEYS, *_CURVES).sort(_KEYS) for rows in of.values())
    videos = of[_HORIZONS[0]].sort(_KEYS).select(*_KEYS, "artist", "view_count")
    ahead = [
        first,
        *(
            first.select(_KEYS).join(rows, on=_KEYS, how="left", maintain_order="left")
            for rows in others
        ),
    ]
    now = _floats(videos, "view_count")
    marks = np.array([*rules.VIDEO_MILESTONES_VIEWS, np.nan])
    mark = marks[np.searchsorted(marks[:-1], now, side="right")]
    days, earliest, latest = (
        _days_to(mark, _curve(now, [_floats(rows, name) for rows in ahead])) for name in _CURVES
    )
    has_interval = ~np.isnan(_floats(ahead[-1], "high_80"))
    found = {
        "milestone_days": days,
        # Behind the last horizon the three curves are no interval's: none crosses another.
        "milestone_days_low": np.where(has_interval, np.fmin(earliest, days), np.nan),
        "milestone_days_high": np.maximum(latest, days),
    }
    return (
        videos.with_columns(pl.Series("milestone_views", mark, nan_to_null=True).cast(pl.Int64))
        .with_columns(pl.Series(n, values, nan_to_null=True) for n, values in found.items())
        .filter(pl.col("milestone_days").is_not_null())
        .sort("video_id")
    )


def _curve(now: Array, ahead: Sequence[Array]) -> list[tuple[float, Array]]:
    """Views by days from now: at the horizons, then day by day as far as is looked."""
    curve = [(0.0, now), *((h / 24, views) for h, views in zip(_HORIZONS, ahead, strict=True))]
    (one, before), (two, middle), (three, views) = curve[-3:]
    pace, last_pace = (middle - before) / (two - one), (views - middle) / (three - two)
    at, last_at = (one + two) / 2, (two + three) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.maximum(np.log(pace / last_pace) / np.log(last_at / at), 0)
    # Who stands still does so whatever the power is.
    power = np.where(last_pace > 0, power, 0)
    for day in range(round(three) + 1, rules.MILESTONE_DAYS + 1):
        views = views + last_pace * ((day - 0.5) / last_at) ** -power
        curve.append((float(day), views))
    return curve


def _days_to(mark: Array, curve: list[tuple[float, Array]]) -> Array:
    """Days until a counter reaches `mark`; NaN where it does not within those of the curve."""
    found = np.full(len(mark), np.nan)
    for (start, before), (end, after) in pairwise(curve):
        with np.errstate(divide="ignore", invalid="ignore"):
            days = start + (end - start) * (mark - before) / (after - before)
        hits = np.isnan(found) & (before < mark) & (mark <= after)
        found = np.where(hits, days, found)
    return found


def _floats(rows: pl.DataFrame, name: str) -> Array:
    return rows.get_column(name).cast(pl.Float64).to_numpy().astype(np.float64)
