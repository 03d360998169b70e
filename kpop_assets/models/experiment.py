"""What MLflow keeps of a training of this domain.

Belongs here: the experiment's name, tags and parameters. Does not belong here: MLflow itself
(ml/tracking.py), or what is measured (ml/training.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kpop_assets.lake.plain import plain_path
from kpop_assets.ml.tracking import Tracked, Tracking
from kpop_assets.models.dataset import TARGET
from kpop_assets.models.stored import MODEL_TYPES

if TYPE_CHECKING:
    from kpop_assets.ml.training import Trained

EXPERIMENT = "train_pareto"
_DAY = "training_day"


def open_tracking(home: Path) -> Tracking:
    """The experiment in the store of a data folder; it is made with the first run."""
    return Tracking(home, EXPERIMENT, MODEL_TYPES, plain_path(home))


def record(
    tracking: Tracking,
    trained: Trained,
    day: dt.date,
    figures: Mapping[str, float],
    target: str = TARGET.label,
) -> tuple[str, str]:
    """Keep a candidate of a training; returns the run's id and the model's URI."""
    candidate = trained.candidate
    return tracking.log(
        Tracked(
            name=candidate.name,
            tags={_DAY: day.isoformat(), "candidate": candidate.name, "target": target},
            params={"family": candidate.family, "features": ",".join(candidate.features)},
            figures=figures,
            estimator=trained.estimator if candidate.is_portable else None,
            sample=trained.sample,
        )
    )


def forget_training(tracking: Tracking, day: dt.date) -> None:
    """Take the runs of an earlier training of the same day out of sight; models stay."""
    tracking.forget(_DAY, day.isoformat())
