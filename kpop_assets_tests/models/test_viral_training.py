"""A training learns who becomes viral beside the tier: its tables, its model, running it again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from kpop_assets.contracts.models import ARTIST_INPUTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.rules import TRAINING_LOOK_BACK_DAYS
from kpop_assets.contracts.viral import VIRAL_BACKTESTS, VIRAL_OUTCOMES, VIRAL_SCORES
from kpop_assets.days import day_end
from kpop_assets.graph.checks import check_contract
from kpop_assets.graph.step import Step
from kpop_assets.lake.frames import make_frame
from kpop_assets.lake.lake import Lake
from kpop_assets.models import carry_out
from kpop_assets.models.candidates import BASELINES
from kpop_assets.models.experiment import open_tracking
from kpop_assets.models.viral_candidates import VIRAL_BASELINES, viral_candidates
from kpop_assets.models.viral_outcomes import judge_weeks
from kpop_assets.pareto.reign import crown
from kpop_assets.pareto.viral_forecast import foresee
from kpop_assets.settings import Settings
from kpop_assets_tests.graph.kit import DAY

DAYS, ACTS = 90, 20
FIRST = DAY - dt.timedelta(days=DAYS - 1)
FEW = (
    *VIRAL_BASELINES,
    *(one for one in viral_candidates() if one.name == "logistic_regression/ten"),
)
READS = dict.fromkeys((ARTIST_INPUTS, VIRAL_OUTCOMES), TRAINING_LOOK_BACK_DAYS)
# MLflow 3.17.2 declares its tables in a way that SQLAlchemy 2.1 gives up, and warns of a type hint
# of its own when a first model is logged; both can go with an MLflow that does neither.
pytestmark = [
    pytest.mark.filterwarnings(
        "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
    ),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType:UserWarning"),
]


def inputs() -> pd.DataFrame:
    """Acts whose pace is tenfold for three days now and then, each with a cue a week before."""
    rng = np.random.default_rng(5)
    begins = rng.random((DAYS + 7, ACTS)) < 0.01
    jumps = np.array([begins[max(0, day - 2) : day + 1].any(axis=0) for day in range(DAYS + 7)])
    cue, jumps = jumps[7:], jumps[:DAYS]
    pace = 1000.0 * (1 + np.arange(ACTS)) * np.where(jumps, 10, 1)
    rows = pd.DataFrame(
        {
            "ingest_date": np.repeat(pd.date_range(FIRST, periods=DAYS), ACTS),
            "artist": np.tile([f"act {n:02}" for n in range(ACTS)], DAYS),
            "tier": np.tile(4 - np.arange(ACTS) // 5, DAYS),
            "pace_7d": pace.ravel(),
            "pace_3d": pace.ravel(),
            "pace_28d": np.tile(1000.0 * (1 + np.arange(ACTS)), DAYS),
            "nowcast_7d": 0.5,
            "fresh_days_7d": 7,
            "new_share": cue.ravel().astype(float),
        }
    )
    fillers: dict[str, Any] = {"string": "x", "long": 1, "int": 1, "double": 0.5}
    lacking = {c.name: fillers[c.type] for c in ARTIST_INPUTS.columns if c.name not in rows}
    return rows.assign(**lacking)


@pytest.fixture
def rows(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Inputs in the lake; few candidates compete."""
    monkeypatch.setattr(carry_out, "candidates", lambda engine: BASELINES)
    monkeypatch.setattr(carry_out, "viral_candidates", lambda: FEW)
    found = inputs()
    whole = make_frame(lake, ARTIST_INPUTS, [found])
    lake.replace_range(ARTIST_INPUTS, FIRST, day_end(DAY), whole)
    return found


def learn(lake: Lake, settings: Settings) -> tuple[Step, dict[str, Any]]:
    """One training of DAY; the step, and the row it left."""
    step = Step(lake, carry_out.TABLES, READS, DAY, day_end(DAY))
    carry_out.carry_out(step, open_tracking(settings.home), [DAY], 7, 400, "sail")
    (row,) = lake.arrow(TRAININGS, DAY, day_end(DAY)).to_pylist()
    return step, row


def test_who_becomes_viral_is_learned_tested_kept_and_forecasts(
    lake: Lake, settings: Settings, rows: pd.DataFrame
):
    judged = judge_weeks(rows, FIRST)
    outcomes = make_frame(lake, VIRAL_OUTCOMES, [judged])
    lake.replace_range(VIRAL_OUTCOMES, FIRST, day_end(DAY), outcomes)
    _, row = learn(lake, settings)
    assert (row["refusal"], row["viral_refusal"]) == (None, None)
    for table in (VIRAL_BACKTESTS, VIRAL_SCORES):
        results = check_contract(lake, table, DAY, day_end(DAY))
        assert [one.check_name for one in results if not one.passed] == []
    scores = {one["candidate"]: one for one in lake.newest_rows(VIRAL_SCORES)}
    assert set(scores) == {one.name for one in FEW}
    assert scores["logistic_regression/ten"]["viral_brier"] < scores["rate/tier"]["viral_brier"]
    tested = lake.arrow(VIRAL_BACKTESTS, DAY, day_end(DAY)).to_pylist()
    assert all(r["cut_date"] <= r["forecast_date"] <= DAY - dt.timedelta(days=7) for r in tested)
    came = {(one.ingest_date.date(), one.artist): one.is_viral for one in judged.itertuples()}
    week = dt.timedelta(days=7)
    assert all(came[r["forecast_date"] + week, r["artist"]] == r["is_viral"] for r in tested)

    tracking = open_tracking(settings.home)
    best = {"candidate": "markov/tier", "ingest_date": pd.Timestamp(DAY)}
    champion = crown(lake, tracking, best, None)
    assert champion["viral_candidate"] == "logistic_regression/ten"
    assert {*champion} == {*CHAMPION.column_names}
    today = pd.Timestamp(DAY)
    days = rows.assign(new_share=np.where(rows["artist"] == "act 07", 1.0, 0.0))
    found = foresee(tracking, days, today, champion).join(rows["artist"])
    likeliest = found[found["viral_rank"] == 1].to_dict("records")
    assert [one["artist"] for one in likeliest] == ["act 07"]
    assert likeliest[0]["reason_1_name"] == "new_share"
    assert found["p_viral"].between(0, 1).all()

    again, before = learn(lake, settings), lake.newest_rows(VIRAL_SCORES)
    assert again[1] == row
    assert {one["candidate"]: one for one in before} == scores, "kept, its runs and all"


def test_where_no_outcome_is_known_the_tier_is_learned_all_the_same(
    lake: Lake, settings: Settings, rows: pd.DataFrame
):
    _, row = learn(lake, settings)
    assert row["refusal"] is None
    assert row["viral_refusal"] == "0 days with a known outcome: a training needs 7"
    assert lake.row_count(CANDIDATE_SCORES) == len(BASELINES)
    assert lake.row_count(VIRAL_SCORES) == lake.row_count(VIRAL_BACKTESTS) == 0


def test_a_training_of_the_same_rows_gives_the_same_forecasts_in_another_home(
    lake: Lake, settings: Settings, rows: pd.DataFrame, tmp_path: Any
):
    outcomes = make_frame(lake, VIRAL_OUTCOMES, [judge_weeks(rows, FIRST)])
    lake.replace_range(VIRAL_OUTCOMES, FIRST, day_end(DAY), outcomes)
    found: list[pa.Table] = []
    for home in ("one", "two"):
        step = Step(lake, carry_out.TABLES, READS, DAY, day_end(DAY))
        carry_out.carry_out(step, open_tracking(tmp_path / home), [DAY], 7, 400, "sail")
        tested = lake.arrow(VIRAL_BACKTESTS, DAY, day_end(DAY))
        order = [(name, "ascending") for name in ("candidate", "forecast_date", "artist")]
        found.append(tested.sort_by(order))
    assert found[0].equals(found[1])
