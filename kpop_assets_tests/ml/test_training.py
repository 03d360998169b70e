"""One training: when it is refused, and that what it reports is what its forecasts deserve."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.metrics import score
from kpop_assets.ml.target import take_census
from kpop_assets.ml.training import (
    LATENCY_ROWS,
    Trained,
    TrainingPlan,
    measure_latency,
    plan_training,
    train,
)
from kpop_assets.models.candidates import BASELINES, candidates
from kpop_assets.models.dataset import PROBABILITIES, TARGET
from kpop_assets_tests.ml.test_backtest import ACTS, fitting, folds, label, on, world

LOGISTIC = next(c for c in candidates() if c.name == "logistic_regression/three")
CHEAP = (*BASELINES, LOGISTIC)
DAY = 70


def trained_on(rows: pd.DataFrame, evaluation_days: int = 21) -> tuple[TrainingPlan, list[Trained]]:
    fitter = fitting(label(rows))
    planned = plan_training(fitter, on(DAY), evaluation_days)
    return planned, list(train(fitter, planned, CHEAP))


@pytest.fixture(scope="module")
def run() -> tuple[TrainingPlan, list[Trained]]:
    return trained_on(world(DAY + 5))


def test_enough_days_are_planned_with_all_their_origins():
    fitter = fitting(label(world(60)))
    planned = plan_training(fitter, on(59), 21)
    assert planned.refusal is None
    assert planned.day == on(59)
    assert planned.origins == folds(on(59), 21)
    assert planned.census == take_census(fitter.rows(on(59)), TARGET)
    assert (planned.census.day_count, planned.census.row_count) == (53, 53 * len(ACTS))


def test_days_after_the_training_day_do_not_count():
    short, long = (plan_training(fitting(label(world(d))), on(40), 21) for d in (41, 60))
    assert short == long


def test_six_known_days_are_refused():
    planned = plan_training(fitting(label(world(60))), on(12), 60)
    assert planned.refusal == "6 days with a known outcome: a training needs 7"
    assert planned.origins == []


def test_a_tier_that_nobody_ended_in_is_refused_by_name():
    rows = world(60)
    planned = plan_training(
        fitting(label(rows.assign(tier=rows["tier"].clip(lower=2)))), on(59), 21
    )
    assert planned.refusal == "no artist ended in tier 1: a training needs each tier"


@pytest.mark.parametrize(("day", "origin_count"), [(13, 0), (19, 0), (20, 1), (26, 1), (27, 2)])
def test_an_origin_needs_seven_known_days_before_its_cut(day, origin_count):
    planned = plan_training(fitting(label(world(60))), on(day), 60)
    assert len(planned.origins) == origin_count
    assert planned.census.day_count == day - 6 >= 7
    if origin_count:
        assert planned.refusal is None
        assert planned.origins == folds(on(day), 60)[-origin_count:]
    else:
        assert planned.refusal is not None
        assert f"{day - 6} days with a known outcome are too few to test on" in planned.refusal


def test_origins_whose_days_nobody_collected_are_left_out():
    unseen = tuple(range(38, 45))
    planned = plan_training(fitting(label(world(60, unseen=unseen))), on(59), 28)
    whole = folds(on(59), 28)
    assert [f.first for f in whole] == [on(d) for d in (25, 31, 38, 45, 52)]
    # Days 38 to 44 have no row to test, and the outcomes of 31 to 37 lie on them.
    assert planned.origins == [f for f in whole if f.first not in (on(31), on(38))]


def test_origins_whose_outcomes_nobody_collected_are_left_out():
    """Days 0 to 14 were seen: the one origin tests day 14, and day 21 is not there."""
    planned = plan_training(fitting(label(world(15))), on(21), 60)
    assert planned.origins == []
    assert planned.refusal is not None


def test_every_candidate_comes_back_in_order_with_the_same_test_rows(run):
    _, trained = run
    assert [one.candidate for one in trained] == list(CHEAP)
    keys = [one.backtest[["ingest_date", "artist", "cut_date", "target_tier"]] for one in trained]
    for other in keys[1:]:
        pd.testing.assert_frame_equal(keys[0], other)
    assert len(keys[0]) == 21 * len(ACTS)


def test_metrics_are_the_scores_of_the_forecasts(run):
    for one in run[1]:
        rows = one.backtest
        tiers, chances = rows["target_tier"].to_numpy(int), rows[PROBABILITIES].to_numpy()
        current, days = rows["tier"].to_numpy(int), rows["ingest_date"].to_numpy()
        assert one.metrics == score(tiers, chances, current, days)
        # And two of them by hand.
        assert one.metrics.test_count == len(rows)
        assert one.metrics.accuracy == pytest.approx(np.mean(chances.argmax(axis=1) + 1 == tiers))


def test_persistence_is_right_as_often_as_tiers_stay(run):
    persistence = run[1][0]
    stayed = persistence.backtest["tier"] == persistence.backtest["target_tier"]
    assert persistence.metrics.accuracy == stayed.mean()
    assert 0.2 < stayed.mean() < 1


def test_what_is_measured_of_an_estimator_is_its_own(run):
    planned, trained = run
    for one in trained:
        assert one.train_count == planned.census.row_count == (DAY - 6) * len(ACTS)
        assert one.latency_ms > 0
        assert one.size_bytes == len(pickle.dumps(one.estimator))
        assert list(one.sample) == list(one.candidate.features)
        assert 0 < len(one.sample) <= 5
        assert one.estimator.predict_proba(one.sample).shape == (len(one.sample), 4)
    assert [one.temperature for one in trained[:3]] == [None] * 3
    assert trained[3].temperature > 0


def test_the_estimator_learned_from_all_that_is_known_and_no_more(run):
    known = fitting(label(world(DAY + 5))).rows(on(DAY))
    assert known["target_date"].max() == pd.Timestamp(on(DAY))
    markov = BASELINES[1].build().fit(known, known["target_tier"])
    assert (run[1][1].estimator.transitions_ == markov.transitions_).all()


def test_two_trainings_forecast_the_same_bytes(run):
    _, again = trained_on(world(DAY + 5))
    for one, other in zip(run[1], again, strict=True):
        assert one.backtest.equals(other.backtest)
        assert one.metrics == other.metrics
        assert one.temperature == other.temperature
        first, second = (e.estimator.predict_proba(one.sample) for e in (one, other))
        assert first.tobytes() == second.tobytes()


def test_a_week_later_only_the_new_cut_is_fitted():
    built: list[Any] = []

    def build() -> Any:
        built.append(LOGISTIC.build())
        return built[-1]

    fitter = fitting(label(world(80)))
    counted = dataclasses.replace(LOGISTIC, build=build)
    (first,) = train(fitter, plan_training(fitter, on(63), 21), (counted,))
    # Three weeks are tested at four cuts, and the training day is one more.
    assert len(built) == 5
    (second,) = train(fitter, plan_training(fitter, on(70), 21), (counted,))
    # The cut of the week before was a training day already.
    assert len(built) == 6
    tested = second.backtest[second.backtest["cut_date"] == pd.Timestamp(on(63))]
    rows = fitter.labelled.merge(tested[["ingest_date", "artist"]])
    expected = first.estimator.predict_proba(rows[list(LOGISTIC.features)])
    assert tested[PROBABILITIES].to_numpy().tobytes() == expected.tobytes()
    assert fitter.fit(counted, on(70)) is second.estimator


def test_latency_is_that_of_a_thousand_rows():
    class Counts:
        sizes: list[int] = []  # noqa: RUF012

        def predict_proba(self, rows: pd.DataFrame) -> None:
            self.sizes.append(len(rows))

    assert measure_latency(Counts(), world(1)) >= 0
    assert set(Counts.sizes) == {LATENCY_ROWS}


def fail() -> None:
    raise ValueError("a fit failed")


def interrupt() -> None:
    """What a terminal does on Ctrl+C, while the fits go on."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


class Stopped(Fitter):
    """Counts the fits that begin; something happens in the third, and others take a while."""

    def stop(self, happens: Callable[[], None]) -> list[dt.date]:
        """From now on; returns the days of fits begun."""
        self._begun: list[dt.date] = []
        self._happens = happens
        return self._begun

    def fit(self, candidate: ModelCandidate, cut: dt.date) -> Any:
        """Nothing is fitted."""
        self._begun.append(cut)
        if len(self._begun) == 3:
            self._happens()
        time.sleep(0.2)

    def forecasts(self, candidate: ModelCandidate, cut: dt.date) -> pd.DataFrame:
        """Of nothing."""
        self.fit(candidate, cut)
        return pd.DataFrame()


@pytest.mark.parametrize(("happens", "error"), [(fail, ValueError), (interrupt, KeyboardInterrupt)])
def test_after_a_failure_or_an_interrupt_fits_that_wait_are_not_begun(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None], error: type[BaseException]
):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    # A process that was started in the background ignores it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    fitter = Stopped(label(world(80)), TARGET, history_days=400)
    planned = plan_training(fitter, on(70), 21)
    begun = fitter.stop(happens)
    try:
        with pytest.raises(error):
            list(train(fitter, planned, CHEAP))
    finally:
        signal.signal(signal.SIGINT, before)
    # Two run at once; each may take one more before the failure is heard of.
    assert 3 <= len(begun) <= 6 < len(CHEAP) * (1 + len(planned.origins))
