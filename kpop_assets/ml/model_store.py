"""Models as MLflow keeps them on disk, read without MLflow.

Belongs here: finding a model's folder, its inputs, and loading what skops wrote. Does not belong
here: recording a model, and models of Spark (tracking.py).

The viewer and the daily forecast need a model and nothing else of MLflow, whose import takes two
seconds and 140 MB. MLflow also trusts the types that the model's own file names; here only those
below are ever made.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from kpop_assets.errors import KpopError

TRUSTED_TYPES = [
    "collections.OrderedDict",
    "kpop_assets.ml.baselines.Markov",
    "kpop_assets.ml.baselines.Persistence",
    "kpop_assets.ml.baselines.Seasonal",
    "kpop_assets.ml.calibration.Calibrated",
    "kpop_assets.models.estimators.CumulativeLogit",
    "kpop_assets.models.estimators.OnColumns",
    "kpop_assets.models.estimators.RidgeLogistic",
    "kpop_assets.models.estimators.shape_for_lines",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "numpy.dtype",
    "sklearn.tree._tree.Tree",
]
ARTIFACTS = "mlartifacts"
_MODEL_URI = re.compile(r"models:/(m-[0-9a-f]{32})")


class TrackingError(KpopError):
    """A model cannot be loaded; the message names it and the way out."""


@dataclass(frozen=True)
class LoadedModel:
    """A model from the store: its estimator and the columns it reads, in order."""

    uri: str
    estimator: Any
    features: tuple[str, ...]

    def columns(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The columns it reads, as floats with NaN for null.

        Raises:
            TrackingError: one of them is no input any more.
        """
        missing = [name for name in self.features if name not in rows]
        if missing:
            raise TrackingError(
                f"model {self.uri} reads {', '.join(missing)}, which is no input any more: "
                "train anew with `kpop train`"
            )
        return rows[list(self.features)].astype("float64")

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """P(tier) of each row of `models/artist_inputs`, shape (n, K)."""
        return self.estimator.predict_proba(self.columns(rows))


@dataclass(frozen=True)
class StoredModel:
    """A model's folder in the store, and what its `MLmodel` file says."""

    uri: str
    folder: Path
    about: dict[str, Any]

    @property
    def features(self) -> tuple[str, ...]:
        """The columns it reads, in order."""
        return tuple(column["name"] for column in json.loads(self.about["signature"]["inputs"]))

    def load(self) -> LoadedModel:
        """The model that skops wrote.

        Raises:
            TrackingError: a file is gone or damaged, or a class has changed since.
        """
        # Imported late: scikit-learn takes a second.
        from skops.io import load
        from skops.io.exceptions import UntrustedTypesFoundException

        broken = (AttributeError, ImportError, KeyError, OSError, TypeError, ValueError)
        damaged = (EOFError, zipfile.BadZipFile, zlib.error)
        try:
            file = self.folder / Path(self.about["flavors"]["sklearn"]["pickled_model"]).name
            estimator = load(file, trusted=TRUSTED_TYPES)
        except (*broken, *damaged, UntrustedTypesFoundException) as error:
            raise cannot_load(self.uri) from error
        return LoadedModel(self.uri, estimator, self.features)


def find_model(home: Path, model_uri: str) -> StoredModel:
    """The folder behind `models:/m-<id>` in the store of a data folder.

    Raises:
        TrackingError: it is no such URI, or the store does not have it any more.
    """
    uri = _MODEL_URI.fullmatch(model_uri)
    if uri is None:
        raise cannot_load(model_uri)
    folder = home / ARTIFACTS / "models" / uri[1] / "artifacts"
    try:
        about = yaml.safe_load((folder / "MLmodel").read_text(encoding="utf-8"))
        stored = StoredModel(model_uri, folder, about)
        # MLflow would import from the folder that a flavor's `code` names before any other.
        named = [about["flavors"].get(name, {}) for name in ("sklearn", "spark")]
        if not stored.features or any(flavor.get("code") for flavor in named):
            raise cannot_load(model_uri)
    except (AttributeError, KeyError, OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise cannot_load(model_uri) from error
    return stored


def cannot_load(model_uri: str) -> TrackingError:
    """The one line for a model that cannot be had."""
    return TrackingError(f"model {model_uri} cannot be loaded: train anew with `kpop train`")
