"""Thirty simulated days from landing to the scorecard, and champions that meet week after week."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import dagster as dg
import numpy as np
import pyarrow as pa
import pytest

from kpop_assets.contracts.models import CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import CHAMPION, FRONT, VIRAL_RECORD
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.viral import VIRAL_BACKTESTS, VIRAL_SCORES
from kpop_assets.days import day_end
from kpop_assets.graph.checks import check_contract
from kpop_assets.lake.lake import Lake
from kpop_assets.ml import training
from kpop_assets.ml.tracking import Tracking, TrackingError
from kpop_assets.models import carry_out
from kpop_assets.models.candidates import candidates
from kpop_assets.models.stored import model_store
from kpop_assets.operate import runner
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import (
    DAY,
    contents,
    demo,
    differing,
    frame,
    instance,
    use_home,
)

__all__ = ["instance"]
DAYS = 30
FIRST = DAY - dt.timedelta(days=DAYS - 1)
TRAINED = DAY - dt.timedelta(days=7)
TRAINING = {"days": [TRAINED.isoformat()], "evaluation_days": 7}
FEW = ("logistic_regression/three", "ordinal/three")
# These say which run of MLflow or which version of a table, so they differ in a second run.
OF_THE_RUN = ("model_uri", "run_id", "inputs_digest", "inputs_version")
LAYERS = ("models", "pareto")
# MLflow 3.17.2 declares its tables in a way that SQLAlchemy 2.1 gives up, and warns of a type hint
# of its own when a first model is logged; both can go with an MLflow that does neither.
pytestmark = [
    pytest.mark.filterwarnings(
        "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
    ),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType:UserWarning"),
]


@pytest.fixture(scope="module")
def ran(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Thirty days with one training, carried to the scorecard; tests read or repeat it."""
    settings = Settings(home=tmp_path_factory.mktemp("pareto"), engine=engine)  # type: ignore[arg-type]
    few = tuple(c for c in candidates() if c.is_baseline or c.name in FEW)
    with dg.DagsterInstance.ephemeral() as memory, pytest.MonkeyPatch.context() as patch:
        use_home(settings, patch)
        patch.setattr(runner, "open_instance", lambda settings: nullcontext(memory))
        patch.setattr(carry_out, "candidates", lambda *_: few)
        # A measured time differs from run to run, and the front and its best with it.
        patch.setattr(training, "measure_latency", lambda estimator, rows: float(rows.shape[1]))
        materialize(settings, FIRST, DAY, (), demo(), TRAINING)
        yield settings


@pytest.fixture(scope="module")
def tables(ran: Settings) -> dict[str, pa.Table]:
    """What the first run left of the two layers."""
    return results(ran)


def results(settings: Settings) -> dict[str, pa.Table]:
    """Tables of the two layers, without what says which run it was."""
    return {
        path: table.drop_columns([name for name in OF_THE_RUN if name in table.column_names])
        for path, table in contents(settings).items()
        if path.startswith(LAYERS)
    }


def rows_of(settings: Settings, path: str) -> list[dict[str, Any]]:
    return contents(settings)[path].to_pylist()


def test_every_table_has_rows_and_keeps_its_contract(ran: Settings):
    lake = build_lake(ran)
    of_the_layers = [table for table in TABLES if table.layer in LAYERS]
    assert len(of_the_layers) == 12
    # Of thirty days too few outcomes are known to learn who becomes viral.
    empty = {VIRAL_BACKTESTS, VIRAL_SCORES, VIRAL_RECORD}
    for table in of_the_layers:
        assert (lake.row_count(table) > 0) == (table not in empty), table.path
        failed = [r.check_name for r in check_contract(lake, table, FIRST, day_end(DAY))
                  if not r.passed]  # fmt: skip
        assert failed == [], table.path


def test_the_training_is_of_its_day_and_knew_nothing_later(tables: dict[str, pa.Table]):
    (row,) = tables["models/trainings"].to_pylist()
    assert (row["ingest_date"], row["refusal"]) == (TRAINED, None)
    for row in tables["models/backtests"].to_pylist():
        assert row["cut_date"] <= row["forecast_date"] <= TRAINED - dt.timedelta(days=7)
    expected = {"persistence/tier", "markov/tier", "seasonal/weekdays", *FEW}
    for path in ("models/candidate_scores", "models/backtests", "pareto/front"):
        assert set(tables[path]["candidate"].to_pylist()) == expected


def test_forecasts_begin_with_the_champion_and_cover_every_artist(tables: dict[str, pa.Table]):
    inputs = tables["models/artist_inputs"].to_pylist()
    forecasts = tables["pareto/next_viral"].to_pylist()
    expected = {
        (r["ingest_date"], r["artist"]): r["tier"] for r in inputs if r["ingest_date"] >= TRAINED
    }
    assert {(r["ingest_date"], r["artist"]): r["tier"] for r in forecasts} == expected
    (champion,) = tables["pareto/champion"].to_pylist()
    assert {(r["candidate"], r["trained_date"]) for r in forecasts} == {
        (champion["candidate"], TRAINED)
    }


def test_probabilities_of_forecasts_sum_to_one(tables: dict[str, pa.Table]):
    rows = tables["pareto/next_viral"].to_pandas()
    tiers = rows[[f"p_tier_{tier}" for tier in (1, 2, 3, 4)]].to_numpy()
    assert np.abs(tiers.sum(axis=1) - 1).max() < 1e-9
    better = (tiers * (np.arange(1, 5) < rows["tier"].to_numpy()[:, None])).sum(axis=1)
    assert rows["p_rise"].to_numpy() == pytest.approx(better, abs=1e-9)


def test_the_scorecard_has_each_forecast_whose_target_day_was_seen(tables: dict[str, pa.Table]):
    forecasts = tables["pareto/next_viral"].to_pylist()
    due = [r for r in forecasts if r["ingest_date"] + dt.timedelta(days=7) <= DAY]
    card = tables["pareto/scorecard"].to_pylist()
    assert {row["ingest_date"] for row in card} == {DAY}
    assert sum(row["forecast_count"] for row in card) == len(due) > 0
    assert sum(row["can_rise_count"] for row in card) == sum(r["tier"] > 1 for r in due)


def test_the_champion_is_the_fronts_best_and_its_model_loads(ran: Settings):
    (champion,) = rows_of(ran, "pareto/champion")
    (best,) = [row for row in rows_of(ran, "pareto/front") if row["is_best"]]
    assert best["is_on_front"]
    assert (champion["candidate"], champion["is_new"]) == (best["candidate"], True)
    model = model_store(ran.home).find(champion["model_uri"]).load()
    (features,) = [c.features for c in candidates() if c.name == champion["candidate"]]
    assert model.features == features


def test_the_front_is_exported(ran: Settings):
    document = json.loads((ran.artifacts / "pareto.json").read_text())
    front = [row for row in rows_of(ran, "pareto/front") if row["is_on_front"]]
    assert document["pareto"] == sorted(row["candidate"] for row in front)
    assert document["ingest_date"] == TRAINED.isoformat()


def test_a_training_that_is_done_is_kept_with_its_runs_and_models(ran: Settings):
    before = contents(ran)
    materialize(ran, FIRST, DAY, LAYERS, training=TRAINING)
    after = contents(ran)
    for path in ("models/trainings", "models/backtests", "models/candidate_scores"):
        assert after[path].equals(before[path])


def test_training_again_gives_the_same_rows(ran: Settings, tables: dict[str, pa.Table]):
    lake, end = build_lake(ran), day_end(TRAINED)
    lake.replace_range(TRAININGS, TRAINED, end, frame(lake.spark, TRAININGS))
    runs = rows_of(ran, "models/candidate_scores")
    materialize(ran, FIRST, DAY, LAYERS, training=TRAINING)
    assert rows_of(ran, "models/candidate_scores") != runs, "it was not kept"
    assert differing(tables, results(ran)) == []


def test_a_day_run_by_itself_has_the_forecasts_it_had_in_the_range(
    ran: Settings, tables: dict[str, pa.Table]
):
    day = DAY - dt.timedelta(days=2)
    materialize(ran, day, day, ["pareto/next_viral"])
    before = {"pareto/next_viral": tables["pareto/next_viral"]}
    after = {"pareto/next_viral": results(ran)["pareto/next_viral"]}
    assert differing(before, after) == []


def champion_row(day: dt.date) -> dict[str, Any]:
    name = day.isoformat()
    return {"ingest_date": day, "candidate": name, "model_uri": name, "trained_date": day}


def write(lake: Lake, table: Any, day: dt.date, *rows: dict[str, Any]) -> None:
    lake.replace_range(table, day, day_end(day), frame(lake.spark, table, *rows))


def meet(settings: Settings, lake: Lake, patch: pytest.MonkeyPatch, *before: dt.date) -> Any:
    """The champion's row of DAY after champions of earlier days, whose models are lost."""

    def lost(tracking: Tracking, model_uri: str) -> None:
        raise TrackingError(f"{model_uri} is lost")

    patch.setattr(Tracking, "load", lost)
    for day in before:
        write(lake, CHAMPION, day, champion_row(day))
    new = {"ingest_date": DAY, "candidate": "new", "model_uri": "new", "is_best": True}
    write(lake, FRONT, DAY, new, new | {"candidate": "other", "is_best": False})
    write(lake, CANDIDATE_SCORES, DAY, new, new | {"candidate": "other", "model_uri": "other"})
    materialize(settings, DAY, DAY, ["pareto/champion"])
    (row,) = lake.arrow(CHAMPION, DAY, day_end(DAY)).to_pylist()
    return row


def week(number: int) -> dt.date:
    return DAY - dt.timedelta(days=7 * number)


def test_the_first_champion_is_unopposed(
    settings: Settings, instance: dg.DagsterInstance, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    row = meet(settings, lake, monkeypatch)
    assert (row["candidate"], row["model_uri"], row["trained_date"]) == ("new", "new", DAY)
    assert (row["is_new"], row["incumbent"]) == (True, None)
    assert row["decision"] == "no champion before it"


def test_a_lost_incumbent_is_replaced_and_the_row_says_so(
    settings: Settings, instance: dg.DagsterInstance, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    row = meet(settings, lake, monkeypatch, week(1))
    assert (row["candidate"], row["is_new"]) == ("new", True)
    assert row["incumbent"] == week(1).isoformat()
    assert row["decision"] == f"the champion before it is lost: {week(1)} is lost"


# Delta-rs hands the files of a table over newest write first, and the asset takes the last.


@pytest.mark.parametrize(
    "order",
    [(3, 2, 1), (1, 2, 3), (2, 1, 3)],
)
def test_the_incumbent_is_the_champion_of_the_newest_training_before(
    settings: Settings,
    instance: dg.DagsterInstance,
    lake: Lake,
    monkeypatch: pytest.MonkeyPatch,
    order: tuple[int, ...],
):
    row = meet(settings, lake, monkeypatch, *map(week, order))
    assert row["incumbent"] == week(1).isoformat()


def test_a_champion_of_a_later_day_is_no_incumbent(
    settings: Settings, instance: dg.DagsterInstance, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    row = meet(settings, lake, monkeypatch, week(1), week(-1))
    assert row["incumbent"] == week(1).isoformat()
