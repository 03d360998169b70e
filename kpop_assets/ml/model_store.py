"""Models as MLflow keeps them on disk, read without MLflow.

Belongs here: finding a model's folder, its inputs, and loading what skops wrote. Does not belong
here: recording a model (tracking.py), or which classes the models of a domain are made of.

Who forecasts needs a model and nothing else of MLflow, whose import takes two seconds and 140 MB.
MLflow also trusts the types that the model's own file names; here only those that the domain names
are ever made.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from kpop_assets.errors import KpopError
from kpop_assets.ml.renames import with_new_names

ARTIFACTS = "mlartifacts"
# What models of any domain are made of.
COMMON_TYPES = (
    "collections.OrderedDict",
    "kpop_assets.ml.baselines.Markov",
    "kpop_assets.ml.baselines.Persistence",
    "kpop_assets.ml.baselines.Rates",
    "kpop_assets.ml.baselines.Seasonal",
    "kpop_assets.ml.calibration.Calibrated",
    "kpop_assets.ml.estimators.CumulativeLogit",
    "kpop_assets.ml.estimators.OnColumns",
    "kpop_assets.ml.estimators.RidgeLogistic",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "numpy.dtype",
    "sklearn.tree._tree.Tree",
)
_MODEL_URI = re.compile(r"models:/(m-[0-9a-f]{32})")
_BROKEN = (AttributeError, ImportError, KeyError, OSError, TypeError, ValueError)
_DAMAGED = (EOFError, zipfile.BadZipFile, zlib.error)


class TrackingError(KpopError):
    """A model cannot be had; it names the model."""


@dataclass(frozen=True, eq=False)
class ModelTypes:
    """What the models of a domain are made of.

    Attributes:
        trusted: names of the classes and functions that a stored model may be made of.
        way_out: what to do where a model cannot be had.
        renamed: names that stored models use for some of them, with those of today.
        added: by class, arguments that stored models lack, with what was meant without them.
    """

    trusted: tuple[str, ...]
    way_out: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class LoadedModel:
    """A model from the store: its estimator and the columns it reads, in order."""

    uri: str
    estimator: Any
    features: tuple[str, ...]
    way_out: str = ""

    def columns(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The columns it reads, as floats with NaN for null.

        Raises:
            TrackingError: one of them is no input any more.
        """
        missing = ", ".join(name for name in self.features if name not in rows)
        if missing:
            what = f"model {self.uri} reads {missing}, which is no input any more"
            raise TrackingError(what, self.way_out)
        return rows[list(self.features)].astype("float64")

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """P(class) of each row of inputs, shape (n, K)."""
        return self.estimator.predict_proba(self.columns(rows))


@dataclass(frozen=True)
class StoredModel:
    """A model's folder in the store, and what its `MLmodel` file says."""

    uri: str
    folder: Path
    about: dict[str, Any]
    types: ModelTypes

    @property
    def features(self) -> tuple[str, ...]:
        """The columns it reads, in order."""
        return tuple(column["name"] for column in json.loads(self.about["signature"]["inputs"]))

    def load(self) -> LoadedModel:
        """The model that skops wrote.

        Raises:
            TrackingError: a file is gone or damaged, a class has changed since, or it is no model
                of skops.
        """
        # Imported late: scikit-learn takes a second.
        from skops.io import loads
        from skops.io.exceptions import UntrustedTypesFoundException

        try:
            file = self.folder / Path(self.about["flavors"]["sklearn"]["pickled_model"]).name
            content = with_new_names(file.read_bytes(), self.types.renamed)
            estimator = loads(content, trusted=list(self.types.trusted))
        except (*_BROKEN, *_DAMAGED, UntrustedTypesFoundException) as error:
            raise cannot_load(self.uri, self.types) from error
        kind = f"{type(estimator).__module__}.{type(estimator).__name__}"
        for name, value in self.types.added.get(kind, {}).items():
            vars(estimator).setdefault(name, value)
        return LoadedModel(self.uri, estimator, self.features, self.types.way_out)


@dataclass(frozen=True)
class ModelStore:
    """The models of one data folder, below `mlartifacts/`."""

    home: Path
    types: ModelTypes

    def find(self, model_uri: str) -> StoredModel:
        """The folder behind `models:/m-<id>`.

        Raises:
            TrackingError: it is no such URI, or the store does not have it any more.
        """
        uri = _MODEL_URI.fullmatch(model_uri)
        if uri is None:
            raise cannot_load(model_uri, self.types)
        folder = self.home / ARTIFACTS / "models" / uri[1] / "artifacts"
        try:
            about = yaml.safe_load((folder / "MLmodel").read_text(encoding="utf-8"))
            stored = StoredModel(model_uri, folder, about, self.types)
            # MLflow would import from the folder that a flavor's `code` names before any other.
            named = [about["flavors"].get(name, {}) for name in ("sklearn", "spark")]
            if not stored.features or any(flavor.get("code") for flavor in named):
                raise cannot_load(model_uri, self.types)
        except (*_BROKEN, yaml.YAMLError) as error:
            raise cannot_load(model_uri, self.types) from error
        return stored


def cannot_load(model_uri: str, types: ModelTypes) -> TrackingError:
    """The one line for a model that cannot be had."""
    return TrackingError(f"model {model_uri} cannot be loaded", types.way_out)
