"""The models assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any formula, feature or candidate.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg
import pandas as pd
from pydantic import Field

from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end, days_between
from kpop_assets.graph.checks import probabilities_of
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.policies import weekly_days
from kpop_assets.graph.step import Step
from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.digest import digest
from kpop_assets.ml.target import label
from kpop_assets.ml.tracking import Tracking
from kpop_assets.ml.training import Trained, TrainingPlan, plan_training, train
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import PROBABILITIES, TARGET
from kpop_assets.models.experiment import forget_training, record
from kpop_assets.models.inputs import describe_inputs
from kpop_assets.models.recipe import METHOD_VERSION, recipe_digest, stands
from kpop_assets.models.training_rows import backtest_rows, score_rows, training_row
from kpop_assets.settings import Settings

_SUMS = {"probabilities_add_up": "The probabilities of the tiers of each forecast add up to 1."}


class TrainingConfig(dg.Config):
    """When and on what candidates are trained.

    Attributes:
        days: the days of the run's range to train on; empty means the weekly training days of a
            range, or the one day of a run.
        evaluation_days: forecast days that candidates are scored on.
        history_days: forecast days before a cut that are learned from.
    """

    days: list[str] = []  # noqa: RUF012 - pydantic copies field defaults
    # More would need inputs of before those that are read.
    evaluation_days: int = Field(rules.EVALUATION_DAYS, ge=1, le=rules.EVALUATION_DAYS)
    history_days: int = Field(rules.HISTORY_DAYS, ge=1, le=rules.HISTORY_DAYS)


@lake_asset(
    ARTIST_INPUTS,
    reads={
        ARTIST_FEATURES: rules.PEAKS_LOOK_BACK_DAYS,
        ARTIST_DAILY: rules.ACTIVE_DAYS,
        VIDEO_DAILY: rules.PACES_LOOK_BACK_DAYS,
    },
)
def models_artist_inputs(step: Step) -> dg.MaterializeResult:
    """Describe what may be known of each artist on each of the days."""
    rows = describe_inputs(
        step.read(ARTIST_FEATURES),
        step.read(VIDEO_DAILY),
        step.read(ARTIST_DAILY),
        step.start,
    )
    step.replace(ARTIST_INPUTS, rows)
    return step.outcome(ARTIST_INPUTS, "total_engagement")


@lake_asset(
    TRAININGS,
    BACKTESTS,
    CANDIDATE_SCORES,
    reads={ARTIST_INPUTS: rules.TRAINING_LOOK_BACK_DAYS},
    more_checks={BACKTESTS: _SUMS},
    code_version=METHOD_VERSION,
    engine="scikitlearn",
)
def models_trainings(
    step: Step,
    config: TrainingConfig,
    settings: dg.ResourceParam[Settings],
    tracking: dg.ResourceParam[Tracking],
) -> Iterator[dg.MaterializeResult]:
    """Train on each training day of the range; what was refused says why.

    Each training is written when it is done, and one of the same recipe that stands is kept: who is
    stopped between two goes on with the next.
    """
    named = {dt.date.fromisoformat(day) for day in config.days}
    wanted = named or set(weekly_days(step.start, step.end))
    days = [day for day in days_between(step.start, step.end) if day in wanted]
    fitter = Fitter(label(step.pandas(ARTIST_INPUTS), TARGET), TARGET, config.history_days)
    competing = candidates(settings.engine)
    scores = pd.DataFrame()
    for day in days:
        recipe = recipe_digest(fitter, day, config.evaluation_days, competing)
        if stands(step, tracking, day, recipe):
            scores = _keep(step, day)
            continue
        planned = plan_training(fitter, day, config.evaluation_days)
        trained, scores = _train(fitter, planned, tracking, competing)
        row = training_row(planned, digest(fitter.rows(day)), recipe)
        _replace(step, day, row, [backtest_rows(day, one) for one in trained], scores)
    if not days:
        for table in (TRAININGS, BACKTESTS, CANDIDATE_SCORES):
            step.replace(table, [], step.start)
    yield step.outcome(TRAININGS, "train_row_count")
    yield step.outcome(BACKTESTS, "p_tier_1", probabilities_of(PROBABILITIES))
    yield step.outcome(CANDIDATE_SCORES, "rps_skill", **_figures(scores, tracking))


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


def _figures(scores: pd.DataFrame, tracking: Tracking) -> dict[str, Any]:
    """Numbers of the newest training worth plotting, and where its best run is shown."""
    if scores.empty:
        return {}
    best = scores.sort_values("rps").iloc[0]
    return {
        "best_candidate": str(best["candidate"]),
        "best_rps": float(best["rps"]),
        "best_rps_skill": float(best["rps_skill"]),
        "mlflow_run": dg.MetadataValue.url(f"{tracking.page}/runs/{best['run_id']}"),
        "mlflow_runs": dg.MetadataValue.url(tracking.page),
    }


def _log(tracking: Tracking, day: dt.date, trained: list[Trained]) -> pd.DataFrame:
    rows = score_rows(day, trained)
    forget_training(tracking, day)
    for one, row in zip(trained, rows, strict=True):
        figures = {k: float(v) for k, v in row.items() if isinstance(v, int | float)}
        row["run_id"], row["model_uri"] = record(tracking, one, day, figures)
    return pd.DataFrame(rows)
