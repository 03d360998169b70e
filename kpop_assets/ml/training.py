"""One training: every candidate tested at earlier origins, then fitted on all that is known.

Belongs here: what is measured of a candidate and in which order. Does not belong here: where the
results are kept (tracking.py, a domain's tables) or how an origin is forecast (backtest.py).
"""

from __future__ import annotations

import datetime as dt
import os
import pickle
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from kpop_assets.ml.backtest import Fitter, ModelCandidate, backtest
from kpop_assets.ml.folds import Fold, folds
from kpop_assets.ml.metrics import Metrics, score
from kpop_assets.ml.target import Census, Target, known_by, refusal, take_census

LATENCY_ROWS = 1000
LATENCY_REPEATS = 5
SAMPLE_ROWS = 5


@dataclass(frozen=True)
class TrainingPlan:
    """What one training learns from and is tested on, or why it is refused.

    Attributes:
        day: the newest day whose data it uses.
        census: rows with an outcome known on that day.
        origins: folds on whose cut enough was known.
        refusal: what is missing, as a sentence; None where nothing is.
    """

    day: dt.date
    census: Census
    origins: list[Fold]
    refusal: str | None


@dataclass(frozen=True)
class Trained:
    """A candidate after a training.

    Attributes:
        candidate: its entry in the registry.
        estimator: fitted on everything known on the training day.
        sample: rows of its inputs, as an example.
        backtest: its forecasts at the origins, with outcomes.
        metrics: scores of those.
        latency_ms: median time of 1,000 predictions.
        size_bytes: size of the estimator, pickled.
        train_count: rows the estimator was fitted on.
    """

    candidate: ModelCandidate
    estimator: Any
    sample: pd.DataFrame
    backtest: pd.DataFrame
    metrics: Metrics
    latency_ms: float
    size_bytes: int
    train_count: int

    @property
    def temperature(self) -> float | None:
        """The calibration learned; None for a baseline."""
        return getattr(self.estimator, "temperature_", None)


def plan_training(fitter: Fitter, day: dt.date, evaluation_days: int) -> TrainingPlan:
    """What a training on `day` has, and whether that is enough."""
    target = fitter.target
    census = take_census(fitter.rows(day), target)
    missing = refusal(census, target)
    known = known_by(fitter.labelled, target, day)[target.day]
    origins = [
        fold
        for fold in folds(day, evaluation_days, target.horizon_days, target.step_days)
        if fitter.refusal(fold.cut) is None
        and known.between(pd.Timestamp(fold.first), pd.Timestamp(fold.last)).any()
    ]
    if missing is None and not origins:
        missing = (
            f"{census.day_count} days with a known outcome are too few to test on: a training "
            f"needs some before and some {target.horizon_days} days after an earlier cut"
        )
    return TrainingPlan(day, census, origins, missing)


def train(
    fitter: Fitter, planned: TrainingPlan, candidates: Sequence[ModelCandidate]
) -> Iterator[Trained]:
    """Test and fit the candidates.

    Args:
        fitter: labelled rows; keeps fits for the next training.
        planned: a plan without a refusal.
        candidates: what competes.

    Raises:
        Exception: the first that a fit raised; fits that still waited are not begun.
    """
    known = fitter.rows(planned.day)
    fitted = fit_all(fitter, candidates, planned.origins, planned.day)
    for candidate, estimator in zip(candidates, fitted, strict=True):
        tested = backtest(candidate, fitter, planned.origins)
        columns = known[list(candidate.features)]
        yield Trained(
            candidate=candidate,
            estimator=estimator,
            sample=columns.tail(SAMPLE_ROWS),
            backtest=tested,
            metrics=score_backtest(tested, fitter.target),
            latency_ms=measure_latency(estimator, columns),
            size_bytes=len(pickle.dumps(estimator)),
            train_count=len(known),
        )


def fit_all(
    fitter: Fitter,
    candidates: Sequence[ModelCandidate],
    origins: Sequence[Fold],
    day: dt.date | None = None,
) -> list[Any]:
    """Let every candidate forecast at each origin and be fitted on `day`, as many at once as cores.

    Returns:
        Each candidate as it was fitted on `day`; none without one.

    Raises:
        Exception: the first that a fit raised; fits that still waited are not begun.
    """
    # Each fit runs on one core and lets go of the interpreter; what is timed runs alone, after.
    # Fit by fit, so that no core waits at the end for the other's dearest candidate. Linear algebra
    # with threads of its own would wait, spinning, for cores that other fits hold.
    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            fits = [pool.submit(fitter.fit, one, day) for one in candidates if day]
            tests = [
                pool.submit(fitter.forecasts, one, fold.cut)
                for one in candidates
                for fold in origins
            ]
            for done in as_completed((*fits, *tests)):
                done.result()
            return [one.result() for one in fits]
        finally:
            # A training that failed or was interrupted does not run for minutes more: only what
            # runs already is waited for.
            pool.shutdown(cancel_futures=True)


def score_backtest(tested: pd.DataFrame, target: Target) -> Metrics:
    """Scores of the rows of `backtest`."""
    return score(
        tested[target.outcome].to_numpy(dtype=np.int64),
        tested[target.probabilities].to_numpy(),
        tested[target.label].to_numpy(dtype=np.int64),
        tested[target.day].to_numpy(),
        target.top,
        target.ece_bins,
    )


def measure_latency(estimator: Any, rows: pd.DataFrame) -> float:
    """Milliseconds of 1,000 predictions: the median of five calls after one to warm up."""
    many = rows.iloc[np.arange(LATENCY_ROWS) % len(rows)]
    estimator.predict_proba(many)
    times = []
    for _ in range(LATENCY_REPEATS):
        started = time.perf_counter()
        estimator.predict_proba(many)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
