"""The MLflow store: every candidate comes back as it was, and no pickle lies in the folder."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import mlflow
import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.metrics import score
from kpop_assets.ml.tracking import Tracking, TrackingError
from kpop_assets.ml.training import Trained
from kpop_assets.models.candidates import FEATURE_SUBSETS, candidates
from kpop_assets.models.dataset import EARLIER, TARGET
from kpop_assets.models.experiment import forget_training, open_tracking, record

DAY = dt.date(2025, 11, 8)
FIGURES = {"rps": 0.125, "train_count": 640.0}
REGISTRY = candidates()
every_candidate = pytest.mark.parametrize("candidate", REGISTRY, ids=lambda c: c.name)
# MLflow 3.17.2 declares its tables in a way that SQLAlchemy 2.1 gives up, and warns of a type hint
# of its own when a first model is logged; both can go with an MLflow that does neither.
pytestmark = [
    pytest.mark.filterwarnings(
        "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
    ),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType:UserWarning"),
]


def panel(artists: int = 20, days: int = 32, seed: int = 3) -> pd.DataFrame:
    """Labelled rows of all features; some are null, and the tier follows the level."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(end=pd.Timestamp(DAY) - pd.Timedelta(days=7), periods=days)
    keys = [(day, f"act{i:02d}") for day in dates for i in range(artists)]
    rows = pd.DataFrame(keys, columns=["ingest_date", "artist"])
    level = np.tile(np.linspace(0, 1, artists), days) + rng.normal(0, 0.1, len(rows))
    for name in {name for names in FEATURE_SUBSETS.values() for name in names}:
        values = level + rng.normal(0, 0.3, len(rows))
        rows[name] = np.where(rng.random(len(rows)) < 0.05, np.nan, values)
    tiers = pd.Series(pd.qcut(level, [0, 0.4, 0.75, 0.9, 1], labels=[4, 3, 2, 1]).astype(int))
    for name in ("tier", *EARLIER):
        rows[name] = np.clip(tiers + rng.integers(-1, 2, len(rows)), 1, 4).astype("int32")
    rows[EARLIER[-1]] = rows[EARLIER[-1]].where(rng.random(len(rows)) < 0.8).astype("float64")
    target_date = rows["ingest_date"] + pd.Timedelta(days=7)
    return rows.assign(target_date=target_date, target_tier=tiers.astype("Int64"))


@dataclass(frozen=True)
class Logged:
    """A candidate and what the store said when it was logged."""

    trained: Trained
    run_id: str
    model_uri: str


class Store:
    """One store of a module; a candidate is fitted and logged when first asked for."""

    def __init__(self, home: Path) -> None:
        self.tracking = open_tracking(home)
        self.rows = panel()
        self.fitter = Fitter(self.rows, TARGET, 400)
        self._logged: dict[str, Logged] = {}

    def trained(self, candidate: ModelCandidate) -> Trained:
        """The candidate as a training leaves it."""
        tiers = self.rows["target_tier"].to_numpy(dtype=np.int64)
        return Trained(
            candidate=candidate,
            estimator=self.fitter.fit(candidate, DAY),
            sample=self.rows[list(candidate.features)].tail(5),
            backtest=self.rows,
            metrics=score(
                tiers, np.full((len(tiers), 4), 0.25), tiers, self.rows["ingest_date"].to_numpy()
            ),
            latency_ms=1.0,
            size_bytes=1,
            train_count=len(self.rows),
        )

    def log(self, candidate: ModelCandidate) -> Logged:
        """The candidate in the store."""
        if candidate.name not in self._logged:
            trained = self.trained(candidate)
            self._logged[candidate.name] = Logged(
                trained, *record(self.tracking, trained, DAY, FIGURES)
            )
        return self._logged[candidate.name]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """MLflow takes some seconds to make its database, so the tests share one."""
    return Store(tmp_path_factory.mktemp("tracking"))


def client(tracking: Tracking) -> Any:
    import mlflow

    return mlflow.MlflowClient(tracking.uri)


def visible(tracking: Tracking, day: dt.date) -> set[str]:
    experiment = client(tracking).get_experiment_by_name("train_pareto").experiment_id
    found = client(tracking).search_runs([experiment], f"tags.training_day = '{day}'")
    return {run.info.run_id for run in found}


@every_candidate
def test_a_candidate_comes_back_with_the_same_probabilities_to_the_last_bit(
    store: Store, candidate: ModelCandidate
):
    logged = store.log(candidate)
    loaded = store.tracking.load(logged.model_uri)
    assert (loaded.uri, loaded.features) == (logged.model_uri, candidate.features)
    assert loaded.estimator is not logged.trained.estimator
    # As forecasts are made: its columns, in its order, as floats.
    rows = store.rows[list(loaded.features)].astype("float64")
    expected = logged.trained.estimator.predict_proba(store.rows[list(candidate.features)])
    assert np.array_equal(loaded.estimator.predict_proba(rows), expected)


@every_candidate
def test_a_model_lies_there_as_skops(store: Store, candidate: ModelCandidate):
    import mlflow

    info = mlflow.models.get_model_info(store.log(candidate).model_uri)
    assert info.flavors["sklearn"]["serialization_format"] == "skops"
    artifacts = store.tracking.home / "mlartifacts"
    files = {path.name for path in artifacts.rglob("*") if path.is_file()}
    assert "model.skops" in files
    assert {name for name in files if name.endswith((".pkl", ".pickle", ".joblib"))} == set()


def test_a_run_says_what_was_trained_and_how_well(store: Store):
    candidate = REGISTRY[3]
    logged = store.log(candidate)
    run = client(store.tracking).get_run(logged.run_id)
    assert run.info.run_name == candidate.name
    assert run.data.tags["training_day"] == DAY.isoformat()
    assert run.data.tags["candidate"] == candidate.name
    assert run.data.metrics == FIGURES
    assert run.data.params == {
        "family": candidate.family,
        "features": ",".join(candidate.features),
    }
    experiment = client(store.tracking).get_experiment(run.info.experiment_id)
    assert experiment.name == "train_pareto"


def test_everything_lies_in_the_data_folder(store: Store):
    store.log(REGISTRY[0])
    assert store.tracking.uri == f"sqlite:///{store.tracking.home}/mlflow.db"
    assert {path.name for path in store.tracking.home.iterdir()} == {"mlflow.db", "mlartifacts"}


def test_forget_hides_the_runs_of_its_day_and_no_other(store: Store):
    trained = store.trained(REGISTRY[0])
    first, second = DAY - dt.timedelta(days=70), DAY - dt.timedelta(days=63)
    old = record(store.tracking, trained, first, FIGURES)
    other = record(store.tracking, trained, second, FIGURES)
    forget_training(store.tracking, first)
    assert visible(store.tracking, first) == set()
    assert visible(store.tracking, second) == {other[0]}
    new = record(store.tracking, trained, first, FIGURES)
    assert visible(store.tracking, first) == {new[0]}
    assert store.tracking.load(old[1]).features == trained.candidate.features


def test_forgetting_a_day_that_was_never_trained_is_nothing(store: Store):
    never = dt.date(2020, 1, 1)
    before = visible(store.tracking, DAY)
    forget_training(store.tracking, never)
    assert visible(store.tracking, never) == set()
    assert visible(store.tracking, DAY) == before


@pytest.mark.parametrize("uri", ["models:/m-00000000000000000000000000000000", "runs:/0/model"])
def test_an_unknown_model_is_one_line_that_says_what_to_do(store: Store, uri: str):
    with pytest.raises(TrackingError) as failure:
        store.tracking.load(uri)
    assert str(failure.value) == f"model {uri} cannot be loaded: train anew with `kpop train`"


def test_a_model_whose_files_are_gone_is_the_same_line(store: Store):
    trained = store.trained(REGISTRY[0])
    uri = record(store.tracking, trained, DAY - dt.timedelta(days=7), FIGURES)[1]
    folder = store.tracking.home / "mlartifacts" / "models" / uri.removeprefix("models:/")
    (skops,) = folder.rglob("model.skops")
    skops.unlink()
    with pytest.raises(TrackingError, match=f"^model {uri} cannot be loaded: train anew"):
        store.tracking.load(uri)


def test_a_second_object_on_the_folder_finds_the_same_store(store: Store):
    logged = store.log(REGISTRY[0])
    again = open_tracking(store.tracking.home)
    again.prepare()
    assert again.load(logged.model_uri).features == REGISTRY[0].features
    named = [e for e in client(again).search_experiments() if e.name == "train_pareto"]
    assert len(named) == 1


def test_what_cannot_be_stored_leaves_a_run_and_no_model(store: Store):
    """Spark MLlib's candidates are scored like all others, and their models are not kept."""
    kept = store.trained(REGISTRY[0])
    trained = dataclasses.replace(
        kept, candidate=dataclasses.replace(kept.candidate, name="x/y", is_portable=False)
    )
    before = {*(store.tracking.home / "mlartifacts").rglob("MLmodel")}
    run_id, uri = record(store.tracking, trained, DAY, FIGURES)
    assert uri == ""
    assert client(store.tracking).get_run(run_id).data.metrics == FIGURES
    assert {*(store.tracking.home / "mlartifacts").rglob("MLmodel")} == before
    with pytest.raises(TrackingError, match="train anew"):
        store.tracking.load(uri)


def test_a_store_that_was_moved_has_its_models_at_the_new_place_and_writes_nothing_to_the_old(
    store: Store, tmp_path: Path
):
    here, there = tmp_path / "here", tmp_path / "옮긴 곳 100%"
    shutil.copytree(store.tracking.home, here)
    first = record(open_tracking(here), store.trained(REGISTRY[0]), DAY, FIGURES)
    here.rename(there)
    moved = open_tracking(there)
    run_id, uri = record(moved, store.trained(REGISTRY[0]), DAY + dt.timedelta(days=1), FIGURES)
    assert not here.exists()
    for known in (first[1], uri):
        assert moved.load(known).features == REGISTRY[0].features
    # What MLflow itself says of the runs before and after the move leads to files.
    for known in (first[0], run_id):
        model = client(moved).get_run(known).outputs.model_outputs[0].model_id
        address = client(moved).get_logged_model(model).artifact_location
        assert Path(unquote(address.removeprefix("file://")), "MLmodel").is_file()
        assert str(here) not in client(moved).get_run(known).info.artifact_uri


@pytest.mark.parametrize("name", ["a?b", "a%b #", "가 나"])
def test_a_store_lies_in_its_folder_whatever_its_name(name: str, tmp_path: Path):
    home = tmp_path / "around" / name
    open_tracking(home).prepare()
    assert (home / "mlflow.db").is_file()
    assert [path.name for path in home.parent.iterdir()] == [name]


def test_the_store_asks_no_session_of_an_engine(store: Store, spark: SparkSession):
    """It may have ended meanwhile; MLflow by itself takes its registry from whichever is active."""
    name = "spark.mlflow.modelRegistryUri"
    spark.conf.set(name, "nowhere")
    try:
        record(store.tracking, store.trained(REGISTRY[0]), DAY, FIGURES)
        assert mlflow.get_registry_uri() == store.tracking.uri
    finally:
        spark.conf.unset(name)
