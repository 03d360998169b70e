"""How well ratings are foretold, as each model of ratings does it on what is held back.

Belongs here: which ratings are held back, and the errors. Does not belong here: rankings
(week_scores.py): who foretells ratings best may rank worst.

A quarter of each work's ratings is held back, drawn at random: a rating is of all that a listener
played of a work, so there is none that is of one week.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets.recommend.matrices.splits import stratified
from kpop_assets.recommend.training.rating_metrics import (
    mean_absolute_error_of_ratings,
    root_mean_squared_error,
)

RATING_SEED = 42
# Fewer say nothing of an error.
LEAST_RATINGS = 100


@dataclass(frozen=True)
class RatingScore:
    """Errors of one model, and its fit.

    Attributes:
        rmse: root of the mean squared error.
        mae: mean absolute error.
        count: ratings that were held back.
        fitted: what was taught with the others.
        seconds: how long that took.
    """

    rmse: float
    mae: float
    count: int
    fitted: Any
    seconds: float


def score_ratings(rated: Interactions, models: Mapping[str, Any]) -> dict[str, RatingScore]:
    """Errors of each model; none where there are too few ratings."""
    taught = stratified(rated.items, RATING_SEED)
    held = rated.where(~taught)
    if len(held) < LEAST_RATINGS:
        return {}
    found = {}
    for name, model in models.items():
        started = time.perf_counter()
        fitted = model.fit(rated.where(taught))
        seconds = time.perf_counter() - started
        told = fitted.foretell(held.users, held.items)
        found[name] = RatingScore(
            root_mean_squared_error(held.values, told),
            mean_absolute_error_of_ratings(held.values, told),
            len(held),
            fitted,
            seconds,
        )
    return found
