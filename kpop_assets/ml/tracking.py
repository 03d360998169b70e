"""The MLflow store: a run per candidate and training, and the models that forecast.

Belongs here: everything that speaks to MLflow. Does not belong here: what is trained (training.py),
what a domain records of it, or which model is chosen.

Models are kept in skops' format and never as pickles: loading one runs no code but that of the
classes that the domain names (model_store.py).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from kpop_assets.ml.model_store import (
    ARTIFACTS,
    LoadedModel,
    ModelStore,
    ModelTypes,
    TrackingError,
)
from kpop_assets.ml.moved import follow_move

__all__ = ["LoadedModel", "Tracked", "Tracking", "TrackingError"]


@dataclass(frozen=True)
class Tracked:
    """What is kept of one candidate of one training.

    Attributes:
        name: shown as the run's name.
        tags: what runs are found by.
        params: how it was made.
        figures: what was measured.
        estimator: the model to keep; None keeps the run alone.
        sample: rows of its inputs, as an example.
    """

    name: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    figures: Mapping[str, float]
    estimator: Any
    sample: pd.DataFrame


@dataclass(frozen=True)
class Tracking:
    """One experiment in the store of one data folder: `mlflow.db`, and models in `mlartifacts/`.

    Attributes:
        home: the data folder.
        experiment: name of the experiment.
        types: what its models are made of.
        plain_home: the same folder under a name that can stand in an address, where its own cannot:
            SQLAlchemy ends the path at a `?` and reads `%20` as a blank.
    """

    home: Path
    experiment: str
    types: ModelTypes
    plain_home: Path | None = None

    @property
    def uri(self) -> str:
        """Address of the store, for `mlflow ui --backend-store-uri`."""
        return f"sqlite:///{(self.plain_home or self.home) / 'mlflow.db'}"

    @property
    def page(self) -> str:
        """Where `make tracking` shows the runs."""
        return f"http://127.0.0.1:5000/#/experiments/{self._experiment_id()}"

    def import_store(self) -> None:
        """Import MLflow."""
        _mlflow(self.uri)

    def prepare(self) -> None:
        """Make the store if it is not there: some seconds, once."""
        self._experiment_id()

    def log(self, record: Tracked) -> tuple[str, str]:
        """Keep a record; returns the run's id and the model's URI, empty where there is none."""
        mlflow = _mlflow(self.uri)
        with mlflow.start_run(experiment_id=self._experiment_id(), run_name=record.name) as run:
            mlflow.set_tags(dict(record.tags))
            mlflow.log_params(dict(record.params))
            mlflow.log_metrics(dict(record.figures))
            if record.estimator is None:
                return run.info.run_id, ""
            model = _log_model(mlflow, record, self.types)
        return run.info.run_id, model.model_uri

    def forget(self, tag: str, value: str) -> None:
        """Take the runs with a tag out of sight; models stay."""
        client = _mlflow(self.uri).MlflowClient()
        for run in client.search_runs([self._experiment_id()], f"tags.{tag} = '{value}'"):
            client.delete_run(run.info.run_id)

    def has(self, model_uri: str) -> bool:
        """Whether the model behind a URI is in the store."""
        try:
            ModelStore(self.home, self.types).find(model_uri)
        except TrackingError:
            return False
        return True

    def load(self, model_uri: str) -> LoadedModel:
        """The model behind a URI, kept for the next call.

        Raises:
            TrackingError: it is not in the store any more.
        """
        return _load(ModelStore(self.home, self.types), model_uri)

    def _experiment_id(self) -> str:
        return _experiment(self)


def _log_model(mlflow: Any, record: Tracked, types: ModelTypes) -> Any:
    example = record.sample.astype("float64")
    forecast = record.estimator.predict_proba(example)
    return mlflow.sklearn.log_model(
        record.estimator,
        name="model",
        pyfunc_predict_fn="predict_proba",
        serialization_format="skops",
        skops_trusted_types=list(types.trusted),
        signature=mlflow.models.infer_signature(example, forecast),
        input_example=example,
        # Found by itself it takes seconds a model; the lock file names the versions.
        pip_requirements=[],
    )


@lru_cache(maxsize=8)
def _load(store: ModelStore, model_uri: str) -> LoadedModel:
    return store.find(model_uri).load()


@lru_cache(maxsize=8)
def _experiment(tracking: Tracking) -> str:
    """The id of the experiment, which is made if it is not there."""
    artifacts = (tracking.home / ARTIFACTS).as_uri()
    tracking.home.mkdir(parents=True, exist_ok=True)
    client = _mlflow(tracking.uri).MlflowClient()
    found = client.get_experiment_by_name(tracking.experiment)
    if found is None:
        return str(client.create_experiment(tracking.experiment, artifacts))
    if found.artifact_location != artifacts:
        # The folder was moved, and its models with it.
        follow_move(tracking.home / "mlflow.db", found.artifact_location, artifacts)
    return str(found.experiment_id)


def _mlflow(tracking_uri: str) -> Any:
    """MLflow on a store; imported late, because it takes two seconds."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    import mlflow
    import mlflow.sklearn

    # It says on every start that it creates tables, and per model what it left out.
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)

    mlflow.set_tracking_uri(tracking_uri)
    # Else MLflow asks whatever PySpark session is active, and fails with one that has ended.
    mlflow.set_registry_uri(tracking_uri)
    return mlflow
