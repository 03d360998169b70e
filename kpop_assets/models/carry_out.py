"""The trainings of one step: carried out or kept, day by day, and what they leave behind.

Belongs here: the order of fitting, logging and writing. Does not belong here: which days are
trained on or what is reported of them (assets.py), fitting (ml/training.py), or when a training
stands (recipe.py). Whatever fits is imported through this module, so only by who trains.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.digest import digest
from kpop_assets.ml.kept import KeptForecasts
from kpop_assets.ml.target import label
from kpop_assets.ml.tracking import Tracking
from kpop_assets.ml.training import Trained, TrainingPlan, plan_training, train
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import TARGET
from kpop_assets.models.experiment import forget_training, record
from kpop_assets.models.recipe import method, recipe_digest, stands
from kpop_assets.models.training_rows import backtest_rows, score_rows, training_row


def carry_out(
    step: Step,
    tracking: Tracking,
    days: Sequence[dt.date],
    evaluation_days: int,
    history_days: int,
    engine: str,
) -> pd.DataFrame:
    """Train on each of the days, oldest first; returns the scores of the last.

    Each training is written when it is done, and one of the same recipe that stands is kept: who is
    stopped between two goes on with the next.
    """
    inputs = label(step.pandas(ARTIST_INPUTS), TARGET)
    kept = KeptForecasts(tracking.home / "forecasts", method())
    fitter = Fitter(inputs, TARGET, history_days, kept=kept)
    competing = candidates(engine)
    scores = pd.DataFrame()
    for day in days:
        recipe = recipe_digest(fitter, day, evaluation_days, competing)
        if stands(step, tracking, day, recipe):
            scores = _keep(step, day)
            continue
        planned = plan_training(fitter, day, evaluation_days)
        trained, scores = _train(fitter, planned, tracking, competing)
        row = training_row(planned, digest(fitter.rows(day)), recipe)
        _replace(step, day, row, [backtest_rows(day, one) for one in trained], scores)
        kept.sweep()
    return scores


def _keep(step: Step, day: dt.date) -> pd.DataFrame:
    """Let a training stand; returns its scores."""
    for table in (TRAININGS, BACKTESTS, CANDIDATE_SCORES):
        step.keep(table, day)
    step.note(TRAININGS, day, training="kept: it rests on the same")
    return step.pandas(CANDIDATE_SCORES, day, day_end(day))


def _replace(
    step: Step, day: dt.date, row: pd.DataFrame, tested: list[pd.DataFrame], scores: pd.DataFrame
) -> None:
    """Write a training, day by day, so that those between the days of a range stay as they were.

    Its own row is the last and goes first, so that none stands for what is there in part.
    """
    if step.exists(TRAININGS) and step.arrow(TRAININGS, day, day_end(day), ["refusal"]).num_rows:
        step.replace(TRAININGS, [], day)
    step.replace(BACKTESTS, tested, day)
    step.replace(CANDIDATE_SCORES, [scores], day)
    step.replace(TRAININGS, [row], day)
    step.note(TRAININGS, day, training=row["refusal"].iloc[0] or "done")


def _train(
    fitter: Fitter, planned: TrainingPlan, tracking: Tracking, competing: tuple[ModelCandidate, ...]
) -> tuple[list[Trained], pd.DataFrame]:
    """The candidates after a training, and their rows of scores; none where it was refused."""
    if planned.refusal is not None:
        return [], pd.DataFrame()
    # MLflow makes its tables in seconds of waiting, which the fits do not have to wait for. It is
    # imported before: half imported in another thread, it can fail in this one.
    tracking.import_store()
    with ThreadPoolExecutor(1) as pool:
        store = pool.submit(tracking.prepare)
        trained = list(train(fitter, planned, competing))
        store.result()
    return trained, _log(tracking, planned.day, trained)


def _log(tracking: Tracking, day: dt.date, trained: list[Trained]) -> pd.DataFrame:
    rows = score_rows(day, trained)
    forget_training(tracking, day)
    for one, row in zip(trained, rows, strict=True):
        figures = {k: float(v) for k, v in row.items() if isinstance(v, int | float)}
        row["run_id"], row["model_uri"] = record(tracking, one, day, figures)
    return pd.DataFrame(rows)
