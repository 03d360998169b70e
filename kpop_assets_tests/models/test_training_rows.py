"""Rows that a training leaves behind: skills against literal scores, names against contracts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

from kpop_assets.contracts.models import BACKTESTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.table import Table
from kpop_assets.ml.backtest import ModelCandidate
from kpop_assets.ml.folds import Fold
from kpop_assets.ml.metrics import Metrics
from kpop_assets.ml.target import Census
from kpop_assets.ml.training import Trained, TrainingPlan
from kpop_assets.models.candidates import BASELINES
from kpop_assets.models.training_rows import backtest_rows, score_rows, training_row

DAY = dt.date(2025, 11, 1)
MODEL = ModelCandidate("logistic_regression/three", "logistic_regression", ("a", "b", "c"), dict)
LOGGED = ("run_id", "model_uri")


def trained(candidate: ModelCandidate, rps: float = 0.1) -> Trained:
    """A candidate with an rps, and one forecast."""
    forecast = {
        "ingest_date": pd.Timestamp(DAY) - pd.Timedelta(days=8),
        "artist": "IVE",
        "tier": 2,
        "target_date": pd.Timestamp(DAY) - pd.Timedelta(days=1),
        "target_tier": 1,
        "cut_date": pd.Timestamp(DAY) - pd.Timedelta(days=14),
        **{"p_tier_1": 0.4, "p_tier_2": 0.3, "p_tier_3": 0.2, "p_tier_4": 0.1},
    }
    metrics = Metrics(0.5, 0.4, rps, 0.6, 0.7, 0.05, None, None, 0.1, None, 12)
    rows = pd.DataFrame([forecast])
    return Trained(candidate, object(), rows, rows, metrics, 1.5, 900, 34)


def scores(persistence: float, markov: float, seasonal: float, *models: float) -> pd.DataFrame:
    """`models/candidate_scores` by candidate, from the rps of each."""
    competing = (*BASELINES, *[MODEL] * len(models))
    losses = zip(competing, (persistence, markov, seasonal, *models), strict=True)
    rows = pd.DataFrame(score_rows(DAY, [trained(c, loss) for c, loss in losses]))
    return rows.set_index(["candidate", "rps"])


def fits(rows: pd.DataFrame, table: Table, but: tuple[str, ...] = ()) -> bool:
    """Whether `rows` have exactly the contract's columns and values of its types."""
    wanted = [c for c in table.columns if c.name not in but]
    assert sorted(rows.columns) == sorted(c.name for c in wanted)
    schema = pa.schema([table.arrow_schema().field(c.name) for c in wanted])
    cells = pa.Table.from_pandas(rows[schema.names], schema, preserve_index=False)
    required = [c.name for c in wanted if not c.nullable]
    return cells.num_rows > 0 and not any(cells[name].null_count for name in required)


def test_skills_compare_with_persistence_and_markov():
    rows = scores(0.20, 0.16, 0.18, 0.12, 0.17)
    best = rows.loc["logistic_regression/three", 0.12]
    assert best["rps_skill"] == pytest.approx(0.4)
    assert best["rps_skill_markov"] == pytest.approx(0.25)
    worse = rows.loc["logistic_regression/three", 0.17]
    assert worse["rps_skill"] == pytest.approx(0.15)
    assert worse["rps_skill_markov"] == pytest.approx(-0.0625)
    assert rows.loc["persistence/tier", 0.20]["rps_skill"] == 0
    assert rows.loc["markov/tier", 0.16]["rps_skill"] == pytest.approx(0.2)
    assert rows.loc["seasonal/weekdays", 0.18]["rps_skill_markov"] == pytest.approx(-0.125)


@pytest.mark.parametrize("baselines", [(0.20, 0.16, 0.18), (0.16, 0.20, 0.18), (0.20, 0.18, 0.16)])
def test_only_what_is_below_every_baseline_beats_them(baselines):
    rows = scores(*baselines, 0.159, 0.16, 0.17)
    beats = rows["is_better_than_baselines"]
    assert beats[~rows["is_baseline"]].tolist() == [True, False, False]
    assert not beats[rows["is_baseline"]].any()


def test_there_is_no_skill_against_a_baseline_without_loss():
    row = scores(0.0, 0.2, 0.2, 0.1).loc["logistic_regression/three", 0.1]
    assert row["rps_skill"] is None or pd.isna(row["rps_skill"])
    assert row["rps_skill_markov"] == pytest.approx(0.5)
    assert not row["is_better_than_baselines"]


def test_scores_have_the_columns_of_the_contract_but_what_tracking_adds():
    rows = score_rows(DAY, [trained(c) for c in (*BASELINES, MODEL)])
    assert fits(pd.DataFrame(rows), CANDIDATE_SCORES, LOGGED)
    assert [row["candidate"] for row in rows] == [c.name for c in (*BASELINES, MODEL)]
    model = rows[-1]
    metrics = dataclasses.asdict(trained(MODEL).metrics)
    del metrics["log_loss"]
    expected = metrics | {
        "ingest_date": DAY,
        "top10_hit_rate": metrics.pop("top_hit_rate"),
        "family": "logistic_regression",
        "is_baseline": False,
        "feat_count": 3,
        "latency_ms": 1.5,
        "model_size_bytes": 900,
        "train_count": 34,
        "temperature": None,
    }
    assert {name: model[name] for name in expected} == expected


def test_a_backtest_row_says_who_made_it_when_and_from_what():
    rows = backtest_rows(DAY, trained(MODEL))
    assert fits(rows, BACKTESTS)
    assert rows.iloc[0].to_dict() == {
        "ingest_date": pd.Timestamp(DAY),
        "candidate": "logistic_regression/three",
        "forecast_date": pd.Timestamp(DAY) - pd.Timedelta(days=8),
        "artist": "IVE",
        "cut_date": pd.Timestamp(DAY) - pd.Timedelta(days=14),
        "tier": 2,
        "target_tier": 1,
        **{"p_tier_1": 0.4, "p_tier_2": 0.3, "p_tier_3": 0.2, "p_tier_4": 0.1},
    }


@pytest.mark.parametrize("refusal", [None, "6 days with a known outcome: a training needs 7"])
def test_a_training_has_one_row_carried_out_or_refused(refusal):
    origins = [Fold(DAY, DAY, DAY)] * 3
    planned = TrainingPlan(DAY, Census(20, 3, 9, {1: 2, 2: 3, 3: 5, 4: 10}), origins, refusal)
    viral = replace(planned, refusal="no artist became viral")
    rows = training_row(planned, viral, "ab12", "cd34")
    assert fits(rows, TRAININGS)
    assert rows.iloc[0].to_dict() == {
        "ingest_date": DAY,
        "refusal": refusal,
        "horizon_days": 7,
        "train_row_count": 20,
        "train_artist_count": 3,
        "train_day_count": 9,
        **{"tier_1_count": 2, "tier_2_count": 3, "tier_3_count": 5, "tier_4_count": 10},
        "cut_count": 3,
        "inputs_digest": "ab12",
        "viral_refusal": refusal or "no artist became viral",
        "recipe_digest": "cd34",
    }
