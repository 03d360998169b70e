"""The models assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any formula, feature or candidate.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg
import pandas as pd

from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.days import FIRST_DAY, day_end, days_between
from kpop_assets.gold.assets import GoldConfig
from kpop_assets.gold.features import ACTIVE_DAYS
from kpop_assets.graph import checks
from kpop_assets.graph.lake_asset import lake_asset, outcome
from kpop_assets.graph.partitions import run_days
from kpop_assets.graph.policies import looks_back, weekly_days
from kpop_assets.lake.frames import make_frame, read_pandas
from kpop_assets.lake.lake import Lake, Written
from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.digest import digest
from kpop_assets.ml.target import label
from kpop_assets.ml.tracking import Tracking
from kpop_assets.ml.training import Trained, TrainingPlan, plan, train
from kpop_assets.models import paces
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import HISTORY_DAYS, PROBABILITIES, TARGET
from kpop_assets.models.experiment import forget, record
from kpop_assets.models.inputs import FEATURES_LOOK_BACK, describe_inputs
from kpop_assets.models.tables import backtest_rows, score_rows, training_row
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
    evaluation_days: int = 60
    history_days: int = HISTORY_DAYS


@lake_asset(
    ARTIST_INPUTS,
    deps=[
        dg.AssetDep(["gold", "artist_features"], partition_mapping=looks_back(FEATURES_LOOK_BACK)),
        dg.AssetDep(["silver", "artist_daily"], partition_mapping=looks_back(ACTIVE_DAYS)),
        dg.AssetDep(["silver", "video_daily"], partition_mapping=looks_back(paces.LOOK_BACK_DAYS)),
    ],
)
def models_artist_inputs(
    context: dg.AssetExecutionContext, config: GoldConfig, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Describe what may be known of each artist on each of the days."""
    start, end = run_days(context)
    rows = describe_inputs(
        lake.read(ARTIST_FEATURES, start - dt.timedelta(days=FEATURES_LOOK_BACK), end),
        lake.read(VIDEO_DAILY, start - dt.timedelta(days=paces.LOOK_BACK_DAYS), end),
        lake.read(ARTIST_DAILY, start - dt.timedelta(days=ACTIVE_DAYS), end),
        start,
        config.features(),
    )
    written = lake.replace_range(ARTIST_INPUTS, start, end, rows, context.run.run_id)
    return outcome(lake, ARTIST_INPUTS, written, (start, end), "total_engagement")


@lake_asset(
    TRAININGS,
    BACKTESTS,
    CANDIDATE_SCORES,
    deps=[dg.AssetDep(["models", "artist_inputs"], partition_mapping=looks_back(HISTORY_DAYS))],
    more_checks={BACKTESTS: _SUMS},
    automation_condition=None,
    engine="scikitlearn",
)
def models_trainings(
    context: dg.AssetExecutionContext,
    config: TrainingConfig,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
    tracking: dg.ResourceParam[Tracking],
) -> Iterator[dg.MaterializeResult]:
    """Train on each training day of the range; what was refused says why."""
    start, end = run_days(context)
    named = {dt.date.fromisoformat(day) for day in config.days}
    wanted = named or set(weekly_days(start, end))
    days = [day for day in days_between(start, end) if day in wanted]
    inputs = _inputs_of(lake, days, end, config)
    fitter = Fitter(label(inputs, TARGET), TARGET, config.history_days)
    written: dict[Table, list[Written]] = {TRAININGS: [], BACKTESTS: [], CANDIDATE_SCORES: []}
    scores = pd.DataFrame()
    for day in days:
        planned = plan(fitter, day, config.evaluation_days)
        trained, scores = _train(fitter, planned, tracking, candidates(settings.engine))
        rows = {
            TRAININGS: [training_row(planned, digest(fitter.rows(day)))],
            BACKTESTS: [backtest_rows(day, one) for one in trained],
            CANDIDATE_SCORES: [scores],
        }
        # Day by day, so that trainings between the days of a range stay as they were decided.
        for table, parts in rows.items():
            frame = make_frame(lake, table, parts)
            done = lake.replace_range(table, day, day_end(day), frame, context.run.run_id)
            written[table].append(done)
        _tell(context, day, planned)
    yield from _outcomes(lake, written, (start, end), _figures(scores, tracking))


def _tell(context: dg.AssetExecutionContext, day: dt.date, planned: TrainingPlan) -> None:
    """Note in the event log that a training is done: trainings of a range take minutes each."""
    said = {"training": planned.refusal or str(planned.census)}
    key = TRAININGS.path.split("/")
    context.log_event(dg.AssetObservation(key, partition=day.isoformat(), metadata=said))


def _inputs_of(
    lake: Lake, days: list[dt.date], end: dt.date, config: TrainingConfig
) -> pd.DataFrame:
    # Origins lie evaluation_days before a training day, and learn from history_days before them.
    reach = config.history_days + config.evaluation_days + 14
    oldest = min(days, default=end) - dt.timedelta(days=reach)
    return read_pandas(lake, ARTIST_INPUTS, max(oldest, FIRST_DAY), end)


def _outcomes(
    lake: Lake,
    written: dict[Table, list[Written]],
    days: tuple[dt.date, dt.date],
    figures: dict[str, Any],
) -> Iterator[dg.MaterializeResult]:
    order = {TRAININGS: "train_row_count", BACKTESTS: "p_tier_1", CANDIDATE_SCORES: "rps_skill"}
    for table, parts in written.items():
        if not parts:
            nothing = make_frame(lake, table, [])
            parts = [lake.replace_range(table, days[0], day_end(days[0]), nothing)]
        done = Written(parts[-1].version, sum(part.row_count for part in parts))
        more = []
        if table is BACKTESTS:
            found = read_pandas(lake, BACKTESTS, *days, PROBABILITIES)
            more = [checks.check_probabilities(BACKTESTS, found)]
        shown = figures if table is CANDIDATE_SCORES else {}
        yield outcome(lake, table, done, days, order[table], more, **shown)


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
    forget(tracking, day)
    for one, row in zip(trained, rows, strict=True):
        figures = {k: float(v) for k, v in row.items() if isinstance(v, int | float)}
        row["run_id"], row["model_uri"] = record(tracking, one, day, figures)
    return pd.DataFrame(rows)
