"""What MLflow keeps of a training of recommenders: a run each, no models.

Belongs here: the experiment's name, tags and parameters. Does not belong here: MLflow itself
(ml/tracking.py). What answers is the serving bundle, so that nothing has to be unpacked for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kpop_assets.ml.tracking import Tracked, Tracking

RECOMMEND_EXPERIMENT = "recommend"
_DAY = "training_day"


def recommend_tracking(tracking: Tracking) -> Tracking:
    """The experiment of recommenders in the store of another."""
    return replace(tracking, experiment=RECOMMEND_EXPERIMENT)


def keep_runs(
    tracking: Tracking, day: dt.date, scores: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Keep each recommender of a training in place of those of an earlier one of the day.

    Returns:
        The id of each run, by name of the recommender.
    """
    store = recommend_tracking(tracking)
    store.forget(_DAY, day.isoformat())
    return {row["model"]: _keep_run(store, day, row) for row in scores}


def _keep_run(store: Tracking, day: dt.date, row: Mapping[str, Any]) -> str:
    figures = {
        name: float(value)
        for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    tracked = Tracked(
        name=row["model"],
        tags={_DAY: day.isoformat(), "model": row["model"]},
        # MLflow takes so many characters.
        params={"setting": row["setting"][:6000], "is_baseline": str(row["is_baseline"])},
        figures=figures,
        estimator=None,
        sample=pd.DataFrame(),
    )
    return store.log(tracked)[0]
