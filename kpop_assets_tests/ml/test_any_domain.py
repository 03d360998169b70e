"""Another domain, with three classes and columns of its own: nothing of `ml` knows of tiers."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.baselines import Markov, Persistence, Seasonal
from kpop_assets.ml.dominance import choose_best, front
from kpop_assets.ml.estimators import CumulativeLogit, OnColumns
from kpop_assets.ml.model_store import COMMON_TYPES, ModelTypes, TrackingError
from kpop_assets.ml.target import OUTCOME_DAY, Target, label
from kpop_assets.ml.tracking import Tracked, Tracking
from kpop_assets.ml.training import plan_training, score_backtest, train

MOODS = (1, 2, 3)
TARGET = Target("mood", MOODS, horizon_days=3, subject="reviewer", day="written")
TODAY, WARMTH = TARGET.label, ("warmth",)
CANDIDATES = (
    ModelCandidate(
        "persistence", "persistence", (TODAY,), partial(Persistence, MOODS, TODAY), True
    ),
    ModelCandidate("markov", "markov", (TODAY,), partial(Markov, MOODS, TODAY), True),
    ModelCandidate(
        "seasonal",
        "seasonal",
        (TODAY, "before"),
        partial(Seasonal, MOODS, TODAY, ("before",)),
        True,
    ),
    ModelCandidate(
        "ordinal", "ordinal", WARMTH, partial(OnColumns, CumulativeLogit(), WARMTH, MOODS)
    ),
)
START, DAYS = dt.date(2026, 1, 1), 80
LAST = START + dt.timedelta(days=DAYS - 1)
TYPES = ModelTypes(COMMON_TYPES, way_out="learn anew")
# MLflow 3.17.2 declares its tables in a way that SQLAlchemy 2.1 gives up, and warns of a type hint
# of its own when a first model is logged; both can go with an MLflow that does neither.
pytestmark = [
    pytest.mark.filterwarnings(
        "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
    ),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType:UserWarning"),
]


def reviews(seed: int = 5) -> pd.DataFrame:
    """Nine reviewers and 80 days; how warm one writes today tells its mood in three days."""
    rng = np.random.default_rng(seed)
    moods = np.clip(2 + np.cumsum(rng.integers(-1, 2, (DAYS + 3, 9)), axis=0) % 3 - 1, 1, 3)
    return pd.DataFrame(
        {
            "written": np.repeat(pd.date_range(START, periods=DAYS), 9),
            "reviewer": np.tile([f"r{number}" for number in range(9)], DAYS),
            "mood": moods[:DAYS].ravel(),
            "warmth": (moods[3:] + rng.normal(0, 0.3, (DAYS, 9))).ravel(),
            "before": moods[3:].ravel(),
        }
    )


@pytest.fixture(scope="module")
def fitter() -> Fitter:
    return Fitter(label(reviews(), TARGET), TARGET, history_days=60)


def test_columns_are_those_of_the_target(fitter: Fitter):
    assert {OUTCOME_DAY, "target_mood"} <= set(fitter.labelled)
    assert TARGET.probabilities == ["p_mood_1", "p_mood_2", "p_mood_3"]


def test_without_a_rule_for_the_absent_their_outcome_is_unknown():
    rows = reviews()
    gone = rows[~((rows["reviewer"] == "r3") & (rows["written"] == pd.Timestamp(LAST)))]
    labelled = label(gone, TARGET).set_index(["reviewer", "written"])
    before = pd.Timestamp(LAST) - pd.Timedelta(days=3)
    assert pd.isna(labelled.loc[("r3", before), "target_mood"])
    assert not pd.isna(labelled.loc[("r4", before), "target_mood"])


def test_too_little_is_refused_in_the_words_of_the_domain(fitter: Fitter):
    rows = fitter.labelled
    warm = Fitter(rows[rows["target_mood"] != 1], TARGET, 60)
    expected = "no reviewer ended in mood 1: a training needs each mood"
    assert plan_training(warm, LAST, 14).refusal == expected


def test_a_training_is_scored_and_the_best_of_the_front_comes_back_from_the_store(
    fitter: Fitter, tmp_path: Path
):
    planned = plan_training(fitter, LAST, 14)
    assert planned.refusal is None
    trained = {one.candidate.name: one for one in train(fitter, planned, CANDIDATES)}
    rows = []
    for name, one in trained.items():
        assert one.metrics == score_backtest(one.backtest, TARGET)
        assert one.backtest[TARGET.probabilities].sum(axis=1).to_numpy() == pytest.approx(1)
        rows.append({"name": name, "rps": one.metrics.rps, "accuracy": one.metrics.accuracy})
    best = choose_best(rows, front(rows, {"rps": False, "accuracy": True}), {"rps": False})
    assert best["name"] == "ordinal", "the one that sees how warm they write"
    chosen = trained["ordinal"]
    tracking = Tracking(tmp_path, "moods", TYPES)
    tags = {"day": LAST.isoformat()}
    figures = {"rps": chosen.metrics.rps}
    _, uri = tracking.log(Tracked("ordinal", tags, {}, figures, chosen.estimator, chosen.sample))
    loaded = tracking.load(uri)
    assert loaded.features == WARMTH
    expected = chosen.estimator.predict_proba(fitter.labelled[["warmth"]])
    assert np.array_equal(loaded.predict(fitter.labelled), expected)


def test_a_model_of_types_that_the_domain_does_not_name_is_refused_with_its_way_out(
    fitter: Fitter, tmp_path: Path
):
    estimator = fitter.fit(CANDIDATES[3], LAST)
    sample = fitter.labelled[["warmth"]].tail(2)
    _, uri = Tracking(tmp_path, "moods", TYPES).log(Tracked("x", {}, {}, {}, estimator, sample))
    narrow = ModelTypes(("numpy.dtype",), way_out="learn anew")
    with pytest.raises(TrackingError) as failure:
        Tracking(tmp_path, "moods", narrow).load(uri)
    assert failure.value.what == f"model {uri} cannot be loaded"
    assert failure.value.way_out == "learn anew"
