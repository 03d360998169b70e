"""What MLflow keeps of a training of sentiment: a run each, no models.

Belongs here: the experiment's name, tags and parameters. Does not belong here: MLflow itself
(ml/tracking.py), or the model that answers, which lies in files of its own (sentiment_kept.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kpop_assets.ml.tracking import Tracked, Tracking

SENTIMENT_EXPERIMENT = "sentiment"
_DAY = "training_day"


def keep_sentiment_runs(
    tracking: Tracking, day: dt.date, scores: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Keep each family of a training in place of those of an earlier one of the day.

    Returns:
        The rows, each with the id of its run.
    """
    store = replace(tracking, experiment=SENTIMENT_EXPERIMENT)
    store.forget(_DAY, day.isoformat())
    return [{**row, "run_id": store.log(_tracked(day, row))[0]} for row in scores]


def _tracked(day: dt.date, row: Mapping[str, Any]) -> Tracked:
    figures = {
        name: float(value)
        for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    return Tracked(
        name=f"{row['mood_family']} {row['lang']}",
        tags={_DAY: day.isoformat(), "family": row["mood_family"], "lang": row["lang"]},
        params={"is_baseline": str(row["is_baseline"]), "may_be_kept": str(row["may_be_kept"])},
        figures=figures,
        estimator=None,
        sample=pd.DataFrame(),
    )
