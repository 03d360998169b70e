"""The models assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any formula, feature or candidate, or how
a step's trainings are carried out (carry_out.py).
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd
from pydantic import Field

from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.contracts.viral import VIRAL_BACKTESTS, VIRAL_OUTCOMES, VIRAL_SCORES
from kpop_assets.days import days_between
from kpop_assets.graph.checks import probabilities_of
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.policies import weekly_days
from kpop_assets.graph.step import Step
from kpop_assets.ml.tracking import Tracking
from kpop_assets.models.dataset import PROBABILITIES
from kpop_assets.models.inputs import complete_inputs, know_artists
from kpop_assets.models.recipe import METHOD_VERSION
from kpop_assets.models.viral_outcomes import READ_COLUMNS, judge_weeks
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
    known = know_artists(
        step.read(ARTIST_FEATURES),
        step.read(VIDEO_DAILY),
        step.read(ARTIST_DAILY),
        step.start,
    )
    with step.staged(known) as rows:
        step.replace(ARTIST_INPUTS, complete_inputs(rows))
    return step.outcome(ARTIST_INPUTS, "total_engagement")


@lake_asset(VIRAL_OUTCOMES, reads={ARTIST_INPUTS: rules.OUTCOMES_LOOK_BACK_DAYS}, engine="python")
def models_viral_outcomes(step: Step) -> dg.MaterializeResult:
    """Say of each artist on each of the days whether it became viral since a week before."""
    weeks = judge_weeks(step.pandas(ARTIST_INPUTS, columns=READ_COLUMNS), step.start)
    step.replace(VIRAL_OUTCOMES, [weeks])
    return step.outcome(VIRAL_OUTCOMES, "multiple")


@lake_asset(
    TRAININGS,
    BACKTESTS,
    CANDIDATE_SCORES,
    VIRAL_BACKTESTS,
    VIRAL_SCORES,
    reads={
        ARTIST_INPUTS: rules.TRAINING_LOOK_BACK_DAYS,
        VIRAL_OUTCOMES: rules.TRAINING_LOOK_BACK_DAYS,
    },
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
    """Train on each training day of the range; what was refused says why."""
    named = {dt.date.fromisoformat(day) for day in config.days}
    wanted = named or set(weekly_days(step.start, step.end))
    days = [day for day in days_between(step.start, step.end) if day in wanted]
    # What fits takes longer to load than a day takes to fill, and who trains nothing needs none.
    from kpop_assets.models.carry_out import TABLES, carry_out

    scores = carry_out(
        step, tracking, days, config.evaluation_days, config.history_days, settings.engine
    )
    if not days:
        for table in TABLES:
            step.replace(table, [], step.start)
    yield step.outcome(TRAININGS, "train_row_count")
    yield step.outcome(BACKTESTS, "p_tier_1", probabilities_of(PROBABILITIES))
    yield step.outcome(CANDIDATE_SCORES, "rps_skill", **_figures(scores, tracking))
    yield step.outcome(VIRAL_BACKTESTS, "p_viral")
    yield step.outcome(VIRAL_SCORES, "viral_average_precision")


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
