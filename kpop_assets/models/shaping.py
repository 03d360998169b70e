"""What straight lines need of the inputs of `models/artist_inputs`.

Belongs here: tails, steps, nulls and scales of features, by their names. Does not belong here: the
lines (ml/estimators.py), or which inputs a candidate reads (candidates.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from kpop_assets.contracts.rules import TIER_PERCENTILES

# The first eight numbers of `gold/artist_features`, with volatility in place of growth_rate_30d,
# which momentum = growth_rate_7d - growth_rate_30d already holds.
GOLD_8 = (
    "total_engagement",
    "avg_engagement",
    "max_engagement",
    "total_videos",
    "unique_viewers_est",
    "growth_rate_7d",
    "momentum",
    "volatility",
)
# Features with a heavy tail; every other one has a short scale of its own.
HEAVY_TAILED = (*GOLD_8, "video_count", "days_absent", "days_since_new")
# Tiers begin at these percentiles (contracts/rules.py), so there a small step forward means most.
STEPS_AT = TIER_PERCENTILES
STEPPED = ("nowcast_1d", "nowcast_3d")
STEP_WIDTH = 0.1


def shape_for_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """What a straight line needs: sign(x) · log(1 + |x|) of heavy tails, and steps at the borders.

    A step is tanh((x - border) / 0.1) of each column in `STEPPED` at each of `STEPS_AT`.
    """
    heavy = rows[[name for name in rows if name in HEAVY_TAILED]]
    steps = {
        f"{name}_step_{border}": np.tanh((rows[name] - border) / STEP_WIDTH)
        for name in STEPPED
        if name in rows
        for border in STEPS_AT
    }
    return rows.assign(**np.sign(heavy) * np.log1p(heavy.abs()), **steps)


def after_scaling(estimator: Any) -> Pipeline:
    """A linear model after what it needs: short tails, steps, no nulls, one scale.

    A null becomes the median, with a further column that says it was null.
    """
    impute = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(FunctionTransformer(shape_for_lines), impute, StandardScaler(), estimator)
