"""The MLflow store: a run per candidate and training, and the models that forecast.

Belongs here: everything that speaks to MLflow. Does not belong here: what is trained (models/)
or which model is chosen (pareto/).

Models are kept in skops' format and never as pickles: loading one runs no code but that of the
classes named in model_store.py. Spark's are kept in its own, to be looked at, and never loaded.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpop_assets.ml.model_store import (
    ARTIFACTS,
    TRUSTED_TYPES,
    LoadedModel,
    TrackingError,
    find_model,
)
from kpop_assets.models.mllib import MllibForecaster
from kpop_assets.models.training import Trained

__all__ = ["EXPERIMENT", "LoadedModel", "Tracking", "TrackingError"]

EXPERIMENT = "train_pareto"


@dataclass(frozen=True)
class Tracking:
    """The store of one data folder: `mlflow.db`, and the models below `mlartifacts/`."""

    home: Path

    @property
    def uri(self) -> str:
        """Address of the store, for `mlflow ui --backend-store-uri`."""
        return f"sqlite:///{self.home / 'mlflow.db'}"

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

    def log(self, trained: Trained, day: dt.date, figures: Mapping[str, float]) -> tuple[str, str]:
        """Record a candidate of a training; returns the run's id and the model's URI."""
        mlflow = _mlflow(self.uri)
        candidate = trained.candidate
        with mlflow.start_run(experiment_id=self._experiment_id(), run_name=candidate.name) as run:
            mlflow.set_tags({"training_day": day.isoformat(), "candidate": candidate.name})
            mlflow.log_params(
                {"family": candidate.family, "features": ",".join(candidate.features)}
            )
            mlflow.log_metrics(dict(figures))
            model = _log_model(mlflow, trained)
        return run.info.run_id, model.model_uri

    def forget(self, day: dt.date) -> None:
        """Take the runs of an earlier training of the same day out of sight; models stay."""
        mlflow = _mlflow(self.uri)
        client = mlflow.MlflowClient()
        found = client.search_runs([self._experiment_id()], f"tags.training_day = '{day}'")
        for run in found:
            client.delete_run(run.info.run_id)

    def load(self, model_uri: str) -> LoadedModel:
        """The model behind a URI, kept for the next call.

        Raises:
            TrackingError: it is not in the store any more.
        """
        return _load(self, model_uri)

    def _experiment_id(self) -> str:
        return _experiment(self.uri, str(self.home / ARTIFACTS))


def _log_model(mlflow: Any, trained: Trained) -> Any:
    example = trained.sample.astype("float64")
    about = {
        "signature": mlflow.models.infer_signature(
            example, trained.estimator.predict_proba(example)
        ),
        "input_example": example,
        # Found by itself it takes seconds a model; the lock file names the versions.
        "pip_requirements": [],
    }
    fitted = getattr(trained.estimator, "estimator_", trained.estimator)
    if isinstance(fitted, MllibForecaster):
        temperature = trained.temperature or 1.0
        about["metadata"] = {"kind": fitted.kind, "temperature": temperature}
        import mlflow.spark

        return mlflow.spark.log_model(fitted.model_, "model", **about)
    return mlflow.sklearn.log_model(
        trained.estimator,
        name="model",
        pyfunc_predict_fn="predict_proba",
        serialization_format="skops",
        skops_trusted_types=TRUSTED_TYPES,
        **about,
    )


@lru_cache(maxsize=8)
def _load(tracking: Tracking, model_uri: str) -> LoadedModel:
    stored = find_model(tracking.home, model_uri)
    if "spark" in stored.about["flavors"]:
        # Spark would make whatever class a stage names; and no champion is one of MLlib's.
        raise TrackingError(f"model {model_uri} is a pipeline of Spark, which is never loaded")
    return stored.load()


@lru_cache(maxsize=8)
def _experiment(tracking_uri: str, artifacts: str) -> str:
    client = _mlflow(tracking_uri).MlflowClient()
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        if found.artifact_location != Path(artifacts).as_uri():
            raise TrackingError(
                f"the models of this store lie in {found.artifact_location}: move the folder back, "
                "or remove mlflow.db and train anew with `kpop train`"
            )
        return str(found.experiment_id)
    return str(client.create_experiment(EXPERIMENT, Path(artifacts).as_uri()))


def _mlflow(tracking_uri: str) -> Any:
    """MLflow on a store; imported late, because it takes two seconds."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    import mlflow
    import mlflow.sklearn

    # It says on every start that it creates tables, and per model what it left out.
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)

    Path(tracking_uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(tracking_uri)
    return mlflow
