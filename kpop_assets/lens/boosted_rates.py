"""Boosted trees that say how a video's views an hour will change.

Belongs here: their features, target and settings. Does not belong here: the other methods
(forecast_methods.py), or what a case is (forecast_cases.py).

The target is ln((mean rate + 1) / (views an hour of late + 1)) of a case, and the hours between
its two days are a feature: one model serves all horizons, and a short history, which has no case of
the longest, forecasts it by the longest it has. Absolute error is minimised, so the trees say
medians. 150 smaller steps are no better than these 60, on the public list and on the simulation,
and take twice as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.lens.forecast_cases import LEAST_RATE
from kpop_assets.ml.trees import REPEATABLE

Array = NDArray[np.float64]

_LEAST_CASES = 50
_FORMATS = {"short": 0.0, "live": 1.0, "premiere": 2.0, "video": 3.0}
_SETTINGS: dict[str, Any] = {
    "objective": "regression_l1",
    "n_estimators": 60,
    "learning_rate": 0.12,
    "num_leaves": 15,
    "min_child_samples": 20,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.8,
    "random_state": 42,
    **REPEATABLE,
}


@dataclass(frozen=True)
class BoostedRates:
    """Fitted trees."""

    trees: Any

    def rates(self, rows: pl.DataFrame, hours: float) -> Array:
        """Mean views an hour over the next `hours` of each row."""
        if not rows.height:
            return np.empty(0)
        changed = self.trees.predict(_features(rows, pl.lit(float(hours))))
        rate = rows.get_column("views_per_hour").cast(pl.Float64).clip(0).to_numpy()
        return np.maximum((rate + LEAST_RATE) * np.exp(np.asarray(changed)) - LEAST_RATE, 0)


def fit_boosted(cases: pl.DataFrame) -> BoostedRates | None:
    """Trees fitted on rows of `pair_cases`; None with too few."""
    if cases.height < _LEAST_CASES:
        return None
    # Loads longer than a day takes to fill; a run that has nothing to learn from needs none.
    from lightgbm import LGBMRegressor

    ratio = (pl.col("mean_rate") + LEAST_RATE) / (pl.col("views_per_hour").clip(0) + LEAST_RATE)
    target = cases.select(ratio.log()).to_series().to_numpy()
    features = _features(cases, pl.col("elapsed_hours"))
    return BoostedRates(LGBMRegressor(**_SETTINGS).fit(features, target))


def _features(rows: pl.DataFrame, hours: pl.Expr) -> Array:
    age, views = pl.max_horizontal("age_hours", pl.lit(0.5)), pl.col("view_count")
    rate = pl.col("views_per_hour").clip(0) + LEAST_RATE
    trend = pl.col("slope_per_hour").clip(0) + LEAST_RATE
    age = pl.when(pl.col("age_hours").is_not_null()).then(age)
    found = rows.select(
        age.log().alias("age"),
        views.log1p().alias("views"),
        rate.log().alias("rate"),
        (rate / (views / age + LEAST_RATE)).log().alias("rate_over_lifetime"),
        (rate / trend).log().alias("rate_over_trend"),
        pl.col("r_squared"),
        pl.col("snapshot_count").cast(pl.Float64),
        (pl.col("views_per_hour_basis") == "pair").cast(pl.Float64).alias("is_pair"),
        pl.col("engagement_rate_pct"),
        pl.col("like_count").log1p().alias("likes"),
        pl.col("comment_count").log1p().alias("comments"),
        pl.col("author_subscriber_count").log1p().alias("subscribers"),
        pl.col("video_format")
        .replace_strict(_FORMATS, default=None, return_dtype=pl.Float64)
        .alias("format"),
        hours.log().alias("hours"),
        ((age + hours) / age).log().alias("age_ahead"),
    )
    return found.cast(pl.Float64).to_numpy().astype(np.float64)
