"""What each video of a day will have: every method's views, the chosen one's, and how sure it is.

Belongs here: a day's rows of forecasts. Does not belong here: the methods, why one was chosen
(forecast_choice.py), or when a round number is reached (milestone_days.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import FORECAST_METHODS
from kpop_assets.lens.forecast_choice import Forecaster
from kpop_assets.lens.forecast_methods import numbers
from kpop_assets.lens.forecast_trials import bounds_of, filled

Array = NDArray[np.float64]

_KEPT = (
    *("ingest_date", "video_id", "artist", "age_band", "observed_at", "view_count"),
    *("snapshot_count", "slope_per_hour", "r_squared", "growth_class"),
)
_HORIZONS = rules.FORECAST_HORIZONS_HOURS
_CHOSEN = (
    "forecast_views",
    *(f"{end}_{level}" for level in rules.INTERVAL_LEVELS_PCT for end in ("low", "high")),
)


def forecast_videos(rows: pl.DataFrame, forecaster: Forecaster) -> pl.DataFrame:
    """A row for each video and horizon, as `lens/video_forecasts` has it.

    Nothing that is said of a horizon is less than what is said of a shorter one.

    Args:
        rows: the day's videos with a counter and a pace.
        forecaster: fitted on that day or before.
    """
    views = numbers(rows, "view_count")
    # What stands is the least that any horizon has.
    floor: dict[str, Array] = dict.fromkeys(_CHOSEN, views)
    parts = []
    for hours in _HORIZONS:
        found = _views_ahead(rows, forecaster, hours)
        floor = {name: _not_under(floor[name], found[name]) for name in _CHOSEN}
        parts.append(
            rows.select(
                *_KEPT,
                pl.lit(hours, dtype=pl.Int32).alias("horizon_hours"),
                pl.lit(forecaster.horizons[hours].method).alias("method"),
                pl.lit(forecaster.horizons[hours].measured_hours, dtype=pl.Int32).alias(
                    "measured_hours"
                ),
                pl.lit(forecaster.fitted_date).alias("fitted_date"),
                *(_whole(name, values) for name, values in {**found, **floor}.items()),
            )
        )
    return pl.concat(parts).sort("video_id", "horizon_hours")


def _views_ahead(rows: pl.DataFrame, forecaster: Forecaster, hours: int) -> dict[str, Array]:
    gains = forecaster.methods.gains(rows, hours)
    rule, now = forecaster.horizons[hours], numbers(rows, "view_count")
    said, band = filled(gains, rule.method), rows.get_column("age_band").to_numpy()
    found = {f"{name}_views": gains[name] for name in FORECAST_METHODS} | {"forecast_views": said}
    for level in rules.INTERVAL_LEVELS_PCT:
        least = most = np.full(len(now), np.nan)
        if level in rule.quantiles:
            least, most = bounds_of(said / hours, band, rule.quantiles[level])
        found[f"low_{level}"], found[f"high_{level}"] = least * hours, most * hours
    return {name: now + gain for name, gain in found.items()}


def _not_under(floor: Array, values: Array) -> Array:
    """The values, raised to a floor where one is known; NaN where the value is."""
    return np.where(np.isnan(values), np.nan, np.fmax(floor, values))


def _whole(name: str, values: Array) -> pl.Series:
    return pl.Series(name, values, nan_to_null=True).round().cast(pl.Int64)
