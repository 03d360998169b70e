"""Earlier forecasts held against what came: the record that pages show.

Belongs here: which outcome a forecast is held against, and scores by method and age. Does not
belong here: the backtest that chooses a method (forecast_choice.py), or the scores (ml/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import FORECAST_METHODS
from kpop_assets.ml.number_metrics import (
    coverage,
    mean_absolute_scaled_error,
    median_relative_error,
)

OUTCOME_COLUMNS = ("video_id", "observed_at", "view_count")
EVERY_BAND = "all"
CHOSEN_METHOD = "chosen"
_HOUR = pl.duration(hours=1)
# What a video gained a day up to the forecast scales its error.
_STEP_HOURS = 24
_VIEWS = {
    **{name: f"{name}_views" for name in FORECAST_METHODS},
    CHOSEN_METHOD: "forecast_views",
}
FORECAST_COLUMNS = (
    *("horizon_hours", "video_id", "age_band", "observed_at", "view_count"),
    *_VIEWS.values(),
    *(f"{end}_{level}" for level in rules.INTERVAL_LEVELS_PCT for end in ("low", "high")),
)
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "horizon_hours": pl.Int32,
    "method": pl.String,
    "age_band": pl.String,
    "made_count": pl.Int64,
    "outcome_count": pl.Int64,
    "own_count": pl.Int64,
    "median_relative_error": pl.Float64,
    "mase": pl.Float64,
    **{f"coverage_{level}": pl.Float64 for level in rules.INTERVAL_LEVELS_PCT},
}


def score_forecast_day(
    made_on: Callable[[dt.date], pl.DataFrame], outcomes: pl.DataFrame, day: dt.date
) -> pl.DataFrame:
    """The rows of `lens/forecast_scorecard` of one target day but for its date.

    Args:
        made_on: gives `FORECAST_COLUMNS` of `lens/video_forecasts` of a day. Each horizon has a day
            of its own: all between would be a week of all videos.
        outcomes: `OUTCOME_COLUMNS` of `lens/video_metrics` of the day.
        day: the target day.
    """
    rows = []
    for hours in rules.FORECAST_HORIZONS_HOURS:
        origin = day - dt.timedelta(hours=hours)
        made = made_on(origin).filter(pl.col("horizon_hours") == hours)
        held = _hold(made, outcomes, hours)
        for band in (EVERY_BAND, *rules.AGE_BANDS):
            of_band = held if band == EVERY_BAND else held.filter(pl.col("age_band") == band)
            if of_band.height:
                count = made.height if band == EVERY_BAND else _count(made, band)
                said = {"horizon_hours": hours, "age_band": band, "made_count": count}
                rows += [{**said, **score} for score in _scores(of_band)]
    return pl.DataFrame(rows, schema=_SCHEMA)


def _count(made: pl.DataFrame, band: str) -> int:
    return made.filter(pl.col("age_band") == band).height


def _hold(made: pl.DataFrame, outcomes: pl.DataFrame, hours: int) -> pl.DataFrame:
    """Forecasts whose video was seen a horizon later, or nearly, with the views it had then."""
    later = outcomes.filter(pl.col("view_count").is_not_null()).select(
        "video_id",
        pl.col("observed_at").alias("later_at"),
        pl.col("view_count").alias("later_views"),
    )
    gained = (pl.col("later_views") - pl.col("view_count")).clip(0)
    return (
        made.join(later, on="video_id")
        .with_columns(((pl.col("later_at") - pl.col("observed_at")) / _HOUR).alias("elapsed"))
        .filter((pl.col("elapsed") - hours).abs() <= hours * rules.HORIZON_TOLERANCE)
        .with_columns((pl.col("view_count") + gained / pl.col("elapsed") * hours).alias("came"))
        # Sums of floats depend on their order, and a join gives any.
        .sort("video_id")
    )


def _scores(held: pl.DataFrame) -> list[dict[str, Any]]:
    came, last = _floats(held, "came"), _floats(held, "last_rate_views")
    step = (last - _floats(held, "view_count")) / _floats(held, "horizon_hours") * _STEP_HOURS
    rows: list[dict[str, Any]] = []
    for method, column in _VIEWS.items():
        own = _floats(held, column)
        own_count = int((~np.isnan(own)).sum())
        if not own_count:
            continue
        said = np.where(np.isnan(own), last, own)
        scaled = mean_absolute_scaled_error(came, said, step)
        row: dict[str, Any] = {
            "method": method,
            "outcome_count": len(came),
            "own_count": own_count,
            "median_relative_error": median_relative_error(came, said),
            "mase": None if np.isnan(scaled) else scaled,
        }
        if method == CHOSEN_METHOD:
            row |= _coverages(held, came)
        rows.append(row)
    return rows


def _coverages(held: pl.DataFrame, came: NDArray[np.float64]) -> dict[str, float | None]:
    found = {
        f"coverage_{level}": coverage(
            # Views are whole where they are shown.
            np.round(came),
            _floats(held, f"low_{level}"),
            _floats(held, f"high_{level}"),
        )
        for level in rules.INTERVAL_LEVELS_PCT
    }
    return {name: None if np.isnan(share) else share for name, share in found.items()}


def _floats(rows: pl.DataFrame, name: str) -> NDArray[np.float64]:
    return rows.get_column(name).cast(pl.Float64).to_numpy().astype(np.float64)
