"""Rolling origins: what each fit saw, and that nothing came from later."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.ml.backtest import Fitter, ModelCandidate, backtest, forecast, kept_columns
from kpop_assets.ml.baselines import ClassForecaster, Persistence
from kpop_assets.ml.folds import Fold
from kpop_assets.ml.folds import folds as folds_of
from kpop_assets.ml.target import label as label_for
from kpop_assets.models.candidates import BASELINES, FEATURE_SUBSETS, candidates
from kpop_assets.models.dataset import HORIZON_DAYS, PROBABILITIES, TARGET, TIERS

KEPT = kept_columns(TARGET)
START = dt.date(2025, 11, 1)
BY_NAME = {c.name: c for c in candidates()}
LEARNERS = ("markov/tier", "logistic_regression/three")
ACTS = tuple(f"act {number:02}" for number in range(12))


def folds(day: dt.date, evaluation_days: int, horizon_days: int = HORIZON_DAYS) -> list[Fold]:
    return folds_of(day, evaluation_days, horizon_days, step_days=7)


def label(rows: pd.DataFrame) -> pd.DataFrame:
    return label_for(rows, TARGET)


def fitting(rows: pd.DataFrame, history_days: int = 400) -> Fitter:
    """A fitter of labelled rows."""
    return Fitter(rows, TARGET, history_days)


def on(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def world(day_count: int, seed: int = 0, unseen: tuple[int, ...] = ()) -> pd.DataFrame:
    """`models/artist_inputs` of twelve artists whose level wanders; tier 1 has one or two."""
    rng = np.random.default_rng(seed)
    level = rng.normal(size=len(ACTS)) + np.cumsum(
        0.3 * rng.normal(size=(day_count, len(ACTS))), axis=0
    )
    share = np.argsort(np.argsort(level, axis=1), axis=1) / (len(ACTS) - 1)
    rows = pd.DataFrame(
        {
            "ingest_date": np.repeat([pd.Timestamp(on(d)) for d in range(day_count)], len(ACTS)),
            "artist": np.tile(ACTS, day_count),
            "tier": (4 - np.digitize(share, [0.4, 0.75, 0.9])).ravel(),
            "nowcast_1d": share.ravel(),
            "nowcast_3d": np.clip(share + 0.05 * rng.normal(size=share.shape), 0, 1).ravel(),
            "new_share": rng.random(share.size),
            **{f"tier_{d}d_ago": pd.array([pd.NA] * share.size, "Int64") for d in (7, 14, 21)},
            "row": np.arange(share.size),
        }
    )
    return rows[~rows["ingest_date"].isin([pd.Timestamp(on(d)) for d in unseen])]


class Spy(ClassForecaster):
    """Forecasts the first tier and remembers the numbers of the rows that it was fitted on."""

    fits: list[set[int]] = []  # noqa: RUF012 - shared with the clones on purpose

    def predict_proba(self, X: pd.DataFrame) -> Any:  # noqa: N803
        """Always tier 1."""
        return np.tile([1.0, 0.0, 0.0, 0.0], (len(X), 1))

    def _learn(self, rows: pd.DataFrame, tiers: Any) -> None:
        Spy.fits.append(set(rows["row"]))


SPY = ModelCandidate("spy/row", "spy", ("row",), partial(Spy, TIERS), is_baseline=True)


@pytest.fixture(autouse=True)
def forget() -> None:
    Spy.fits.clear()


def number(day: Any) -> int:
    return (pd.Timestamp(day) - pd.Timestamp(START)).days


@pytest.mark.parametrize("history_days", [14, 20, 400])
def test_a_fit_learns_from_exactly_what_was_known_and_recent_enough(history_days):
    labelled = label(world(50, unseen=(12, 30)))
    fitter = fitting(labelled, history_days)
    origins = folds(on(45), 14)
    backtest(SPY, fitter, origins)
    days = {number(d) for d in labelled["ingest_date"]}
    for fold, learned in zip(origins, Spy.fits, strict=True):
        cut = number(fold.cut)
        expected = {d for d in days if d + 7 in days and d + 7 <= cut and d >= cut - history_days}
        assert {row // len(ACTS) for row in learned} == expected
        assert len(learned) == len(expected) * len(ACTS)


def test_a_calibrated_candidate_learns_from_no_later_row_either():
    fitter = fitting(label(world(90)))
    fitter.fit(ModelCandidate("spy/row", "spy", ("row",), partial(Spy, TIERS)), on(75))
    assert len(Spy.fits) == 2  # A clone on the earlier days, then all.
    assert {row // len(ACTS) for row in set().union(*Spy.fits)} == set(range(69))


def test_each_known_outcome_of_the_last_days_is_forecast_exactly_once():
    labelled = label(world(60, unseen=(20, 41, 48)))
    day = 55
    tested = backtest(BY_NAME["markov/tier"], fitting(labelled), folds(on(day), 25))
    made = Counter(number(d) for d in tested["ingest_date"])
    seen = {number(d) for d in labelled["ingest_date"]}
    last = range(day - 7 - 24, day - 7 + 1)
    assert made == {d: len(ACTS) for d in last if d in seen and d + 7 in seen}
    assert not tested.duplicated(["ingest_date", "artist"]).any()
    assert (tested["ingest_date"] >= tested["cut_date"]).all()
    assert (tested["target_date"] <= pd.Timestamp(on(day))).all()
    assert list(tested) == [*KEPT, "cut_date", *PROBABILITIES]
    assert tested[PROBABILITIES].sum(axis=1).to_numpy() == pytest.approx(1)
    merged = tested.merge(labelled, on=["ingest_date", "artist"])
    assert (merged["target_tier_x"] == merged["target_tier_y"]).all()
    assert (merged["tier_x"] == merged["tier_y"]).all()


@pytest.mark.parametrize("name", LEARNERS)
def test_outcomes_after_a_cut_do_not_move_its_forecasts_and_those_before_do(name):
    labelled = label(world(60))
    origins = folds(on(55), 21)
    fold = origins[1]
    later = labelled["target_date"] > pd.Timestamp(fold.cut)
    before = forecasts(name, labelled, origins, fold.cut)
    assert forecasts(name, reverse(labelled, later), origins, fold.cut) == pytest.approx(
        before, abs=0
    )
    moved = forecasts(name, reverse(labelled, ~later), origins, fold.cut)
    assert np.abs(moved - before).max() > 0.05
    # The outcomes seen on the cut day itself are the newest that may count.
    newest = labelled["target_date"] == pd.Timestamp(fold.cut)
    assert (forecasts(name, reverse(labelled, newest), origins, fold.cut) != before).any()


@pytest.mark.parametrize("name", LEARNERS)
def test_days_after_a_forecast_do_not_move_it(name):
    """The same at the source: rows of `models/artist_inputs`, before they are labelled."""
    rows = world(60)
    origins = folds(on(55), 21)
    fold = origins[1]
    after = rows["ingest_date"] > pd.Timestamp(fold.last)
    changed = rows.assign(
        tier=rows["tier"].where(~after, 5 - rows["tier"]),
        nowcast_1d=rows["nowcast_1d"].where(~after, 1e9),
    )[~after | (rows["artist"] != ACTS[0])]
    before = forecasts(name, label(rows), origins, fold.cut)
    assert forecasts(name, label(changed), origins, fold.cut) == pytest.approx(before, abs=0)


def forecasts(name: str, labelled: pd.DataFrame, origins: list[Fold], cut: dt.date) -> Any:
    tested = backtest(BY_NAME[name], fitting(labelled), origins)
    rows = tested[tested["cut_date"] == pd.Timestamp(cut)]
    assert len(rows) == 7 * len(ACTS)
    return rows[PROBABILITIES].to_numpy()


def reverse(labelled: pd.DataFrame, which: pd.Series) -> pd.DataFrame:
    """The best outcome for the worst, and so on, where `which` says so."""
    tiers = labelled["target_tier"]
    return labelled.assign(target_tier=tiers.where(~which, 5 - tiers))


def test_each_cut_is_fitted_once_for_each_candidate():
    fitter = fitting(label(world(60)))
    origins = [folds(on(d), 21) for d in (48, 55)]
    other = ModelCandidate("spy/other", "spy", ("row",), partial(Spy, TIERS), True)
    for of_week in origins:
        for candidate in (SPY, other):
            backtest(candidate, fitter, of_week)
    cuts = {fold.cut for of_week in origins for fold in of_week}
    assert len(cuts) == 5
    assert len(Spy.fits) == 2 * len(cuts)
    assert fitter.fit(SPY, origins[0][0].cut) is fitter.fit(SPY, origins[0][0].cut)


def test_a_cut_that_knows_too_little_says_why():
    fitter = fitting(label(world(30)))
    assert fitter.refusal(on(12)) == "6 days with a known outcome: a training needs 7"
    assert fitter.refusal(on(13)) is None
    assert fitting(label(world(30)), 10).refusal(on(29)) is not None


def test_without_an_outcome_in_any_fold_there_are_columns_and_no_rows():
    labelled = label(world(20))
    tested = backtest(SPY, fitting(labelled), folds(on(40), 5))
    assert list(tested) == [*KEPT, "cut_date", *PROBABILITIES]
    assert tested.empty
    assert Spy.fits == []


def test_a_forecast_keeps_the_index_of_its_rows():
    rows = world(3).iloc[[7, 2]]
    persistence = BASELINES[0]
    found = forecast(Persistence(TIERS, "tier").fit(rows, [1, 1]), persistence, TARGET, rows)
    assert found.index.tolist() == [7, 2]
    assert found.to_numpy().argmax(axis=1).tolist() == (rows["tier"] - 1).tolist()


def test_the_world_has_what_the_cheap_candidates_read():
    assert set(FEATURE_SUBSETS["three"]) <= set(world(1))
