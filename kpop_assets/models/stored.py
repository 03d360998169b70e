"""What the stored models of this domain are made of, and where they lie.

Belongs here: the classes that a stored model may name, today and earlier. Does not belong here:
how one is loaded (ml/model_store.py) or recorded (experiment.py, which imports MLflow).
"""

from __future__ import annotations

from pathlib import Path

from kpop_assets.ml.model_store import COMMON_TYPES, ModelStore, ModelTypes
from kpop_assets.models.dataset import EARLIER, TARGET

_MODELS, _ML = "kpop_assets.models", "kpop_assets.ml"
_TODAY = {"today": TARGET.label}
MODEL_TYPES = ModelTypes(
    trusted=(*COMMON_TYPES, f"{_MODELS}.shaping.shape_for_lines"),
    way_out="train anew with `kpop train`",
    # Models that were trained before 2026-11-28 name these; champions are at most 60 days old.
    renamed={
        f"{_MODELS}.baselines.Markov": f"{_ML}.baselines.Markov",
        f"{_MODELS}.baselines.Persistence": f"{_ML}.baselines.Persistence",
        f"{_MODELS}.baselines.Seasonal": f"{_ML}.baselines.Seasonal",
        f"{_MODELS}.calibration.Calibrated": f"{_ML}.calibration.Calibrated",
        f"{_MODELS}.estimators.CumulativeLogit": f"{_ML}.estimators.CumulativeLogit",
        f"{_MODELS}.estimators.OnColumns": f"{_ML}.estimators.OnColumns",
        f"{_MODELS}.estimators.RidgeLogistic": f"{_ML}.estimators.RidgeLogistic",
        f"{_MODELS}.estimators.shape_for_lines": f"{_MODELS}.shaping.shape_for_lines",
    },
    added={
        f"{_ML}.baselines.Markov": _TODAY,
        f"{_ML}.baselines.Persistence": _TODAY,
        f"{_ML}.baselines.Seasonal": _TODAY | {"earlier": EARLIER},
    },
)


def model_store(home: Path) -> ModelStore:
    """The models of a data folder."""
    return ModelStore(home, MODEL_TYPES)
