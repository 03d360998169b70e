"""The trainings of one step: carried out or kept, day by day, and what they leave behind.

Belongs here: the order of fitting, logging and writing. Does not belong here: which days are
trained on or what is reported of them (assets.py), fitting (ml/training.py), or when a training
stands (recipe.py). Whatever fits is imported through this module, so only by who trains.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.table import Table
from kpop_assets.contracts.viral import VIRAL_BACKTESTS, VIRAL_OUTCOMES, VIRAL_SCORES
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.digest import digest
from kpop_assets.ml.kept import KeptForecasts
from kpop_assets.ml.target import label
from kpop_assets.ml.tracking import Tracking
from kpop_assets.ml.training import Trained, TrainingPlan, plan_training, train
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import TARGET, VIRAL_TARGET, label_viral
from kpop_assets.models.experiment import forget_training, record
from kpop_assets.models.recipe import join_recipes, method, recipe_digest, stands
from kpop_assets.models.training_rows import (
    backtest_rows,
    score_rows,
    training_row,
    viral_backtest_rows,
    viral_score_rows,
)
from kpop_assets.models.viral_candidates import viral_candidates

TABLES = (TRAININGS, BACKTESTS, CANDIDATE_SCORES, VIRAL_BACKTESTS, VIRAL_SCORES)


@dataclass(frozen=True)
class Learner:
    """One target of a training, and what competes for it.

    Attributes:
        fitter: its labelled rows and fits.
        competing: the candidates.
        score_rows: their rows of scores, under the contract's names.
    """

    fitter: Fitter
    competing: tuple[ModelCandidate, ...]
    score_rows: Callable[[dt.date, Sequence[Trained]], list[dict[str, Any]]]


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
    kept = KeptForecasts(tracking.home / "forecasts", method())
    inputs = step.pandas(ARTIST_INPUTS)
    # A folder of before 2026-11-29 has none of its days until they are run again.
    outcomes = step.pandas(VIRAL_OUTCOMES) if step.exists(VIRAL_OUTCOMES) else None
    tier, viral = make_learners(inputs, outcomes, history_days, kept, engine)
    scores = pd.DataFrame()
    for day in days:
        recipe = join_recipes(
            *(
                recipe_digest(one.fitter, day, evaluation_days, one.competing)
                for one in (tier, viral)
            )
        )
        if stands(step, tracking, day, recipe):
            scores = _keep(step, day)
            continue
        plans = [plan_training(one.fitter, day, evaluation_days) for one in (tier, viral)]
        row = training_row(plans[0], plans[1], digest(tier.fitter.rows(day)), recipe)
        (trained, scores), (foreseen, viral_scores) = _train((tier, viral), plans, tracking)
        parts = {
            BACKTESTS: [backtest_rows(day, one) for one in trained],
            CANDIDATE_SCORES: [scores],
            VIRAL_BACKTESTS: [viral_backtest_rows(day, one) for one in foreseen],
            VIRAL_SCORES: [viral_scores],
        }
        _replace(step, day, row, parts)
        kept.sweep()
    return scores


def make_learners(
    inputs: pd.DataFrame,
    outcomes: pd.DataFrame | None,
    history_days: int,
    kept: KeptForecasts,
    engine: str = "sail",
) -> tuple[Learner, Learner]:
    """The tier, and who becomes viral.

    Args:
        inputs: `models/artist_inputs`.
        outcomes: `models/viral_outcomes`; None where there are none.
        history_days: forecast days before a cut that are learned from.
        kept: forecasts of earlier trainings, and for later ones.
        engine: whose candidates compete.
    """
    tiers = Fitter(label(inputs, TARGET), TARGET, history_days, kept=kept)
    viral = Fitter(label_viral(inputs, outcomes), VIRAL_TARGET, history_days, kept=kept)
    return (
        Learner(tiers, candidates(engine), score_rows),
        Learner(viral, viral_candidates(), viral_score_rows),
    )


def _keep(step: Step, day: dt.date) -> pd.DataFrame:
    """Let a training stand; returns its scores."""
    for table in TABLES:
        step.keep(table, day)
    step.note(TRAININGS, day, training="kept: it rests on the same")
    return step.pandas(CANDIDATE_SCORES, day, day_end(day))


def _replace(
    step: Step, day: dt.date, row: pd.DataFrame, parts: Mapping[Table, Sequence[pd.DataFrame]]
) -> None:
    """Write a training, day by day, so that those between the days of a range stay as they were.

    Its own row is the last and goes first, so that none stands for what is there in part.
    """
    if step.exists(TRAININGS) and step.arrow(TRAININGS, day, day_end(day), ["refusal"]).num_rows:
        step.replace(TRAININGS, [], day)
    for table, rows in parts.items():
        step.replace(table, rows, day)
    step.replace(TRAININGS, [row], day)
    step.note(TRAININGS, day, training=row["refusal"].iloc[0] or "done")


def _train(
    learners: Sequence[Learner], plans: Sequence[TrainingPlan], tracking: Tracking
) -> list[tuple[list[Trained], pd.DataFrame]]:
    """What each target's candidates learned, and their rows of scores; none where it was refused.

    Where the first target is refused, the others are: nothing would forecast them.
    """
    if plans[0].refusal is not None:
        return [([], pd.DataFrame()) for _ in learners]
    # MLflow makes its tables in seconds of waiting, which the fits do not have to wait for. It is
    # imported before: half imported in another thread, it can fail in this one.
    tracking.import_store()
    with ThreadPoolExecutor(1) as pool:
        store = pool.submit(tracking.prepare)
        trained = [
            [] if planned.refusal else list(train(one.fitter, planned, one.competing))
            for one, planned in zip(learners, plans, strict=True)
        ]
        store.result()
    day = plans[0].day
    forget_training(tracking, day)
    return [
        (found, _log(tracking, day, found, one))
        for one, found in zip(learners, trained, strict=True)
    ]


def _log(
    tracking: Tracking, day: dt.date, trained: list[Trained], learner: Learner
) -> pd.DataFrame:
    rows = learner.score_rows(day, trained) if trained else []
    for one, row in zip(trained, rows, strict=True):
        figures = {k: float(v) for k, v in row.items() if isinstance(v, int | float)}
        target = learner.fitter.target.label
        row["run_id"], row["model_uri"] = record(tracking, one, day, figures, target)
    return pd.DataFrame(rows)
