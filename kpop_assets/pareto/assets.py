"""The pareto assets: the front, the champion, its forecasts, and the scorecard.

Belongs here: assembly of the layer. Does not belong here: dominance, the contest, or any score.
"""

import datetime as dt
import json
from typing import Any

import dagster as dg
import pandas as pd

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS, CANDIDATE_SCORES
from kpop_assets.contracts.pareto import CHAMPION, FRONT, NEXT_VIRAL, SCORECARD
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.graph import checks
from kpop_assets.graph.lake_asset import lake_asset, outcome
from kpop_assets.graph.partitions import run_days
from kpop_assets.graph.policies import looks_back
from kpop_assets.lake.artifacts import write_artifact
from kpop_assets.lake.frames import make_frame, read_pandas
from kpop_assets.lake.lake import Lake
from kpop_assets.ml.digest import digest
from kpop_assets.ml.dominance import front
from kpop_assets.ml.tracking import Tracking
from kpop_assets.models.dataset import HORIZON_DAYS, PROBABILITIES
from kpop_assets.pareto import driving
from kpop_assets.pareto.document import pareto_document
from kpop_assets.pareto.forecast import RANK_CHANGE_DAYS, forecast_artists
from kpop_assets.pareto.objectives import OBJECTIVES, choose_champion
from kpop_assets.pareto.reign import champions_of, crown, read_champions
from kpop_assets.pareto.scorecard import hit_rates, score_forecasts
from kpop_assets.settings import Settings

_SUMS = {"probabilities_add_up": "The probabilities of the tiers of each artist add up to 1."}
_ONE = {"one_best": "Each training day with scores has a front, and one best candidate on it."}


@lake_asset(
    FRONT,
    deps=[dg.AssetDep(["models", "candidate_scores"])],
    more_checks={FRONT: _ONE},
    automation_condition=None,
    engine="python",
)
def pareto_front(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> dg.MaterializeResult:
    """Find the front of each training day; the newest is exported."""
    start, end = run_days(context)
    scores = read_pandas(lake, CANDIDATE_SCORES, start, end)
    parts = [_front_of(rows, settings.champion_metric) for _, rows in scores.groupby("ingest_date")]
    rows = make_frame(lake, FRONT, parts)
    written = lake.replace_range(FRONT, start, end, rows, context.run.run_id)
    newest = lake.newest_rows(FRONT)
    if newest:
        document = pareto_document(newest, _scores_of(lake, newest[0]["ingest_date"]))
        write_artifact(settings.artifacts, "pareto.json", json.dumps(document, indent=2).encode())
    bests = read_pandas(lake, FRONT, start, end).groupby("ingest_date")["is_best"].sum()
    more = [checks.result(FRONT, "one_best", bests.eq(1).all(), best_counts=bests.tolist())]
    return outcome(lake, FRONT, written, (start, end), "is_on_front", more)


@lake_asset(
    CHAMPION,
    deps=[
        dg.AssetDep(["pareto", "front"]),
        dg.AssetDep(["models", "backtests"]),
        dg.AssetDep(["models", "artist_inputs"]),
    ],
    automation_condition=None,
    engine="python",
)
def pareto_champion(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    tracking: dg.ResourceParam[Tracking],
) -> dg.MaterializeResult:
    """Let the front's best of each training day meet the champion before it."""
    start, end = run_days(context)
    best = read_pandas(lake, FRONT, start, end).query("is_best")
    before = read_champions(lake, dt.date.min, start) if lake.exists(CHAMPION) else []
    champion = before[-1] if before else None
    parts = []
    for row in best.to_dict("records"):
        champion = crown(lake, tracking, row, champion)
        parts.append(pd.DataFrame([champion]))
    rows = make_frame(lake, CHAMPION, parts)
    written = lake.replace_range(CHAMPION, start, end, rows, context.run.run_id)
    return outcome(lake, CHAMPION, written, (start, end), "candidate")


@lake_asset(
    NEXT_VIRAL,
    deps=[
        dg.AssetDep(["models", "artist_inputs"], partition_mapping=looks_back(RANK_CHANGE_DAYS)),
        dg.AssetDep(["pareto", "champion"], partition_mapping=looks_back(CHAMPION_DAYS)),
        dg.AssetDep(["silver", "video_daily"], partition_mapping=looks_back(driving.DAYS - 1)),
        dg.AssetDep(["bronze", "events"], partition_mapping=looks_back(driving.DAYS - 1)),
    ],
    more_checks={NEXT_VIRAL: _SUMS},
    engine="scikitlearn",
)
def pareto_next_viral(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    tracking: dg.ResourceParam[Tracking],
) -> dg.MaterializeResult:
    """Forecast each day with the champion of that day; days before the first have no forecast."""
    start, end = run_days(context)
    inputs = read_pandas(lake, ARTIST_INPUTS, start - dt.timedelta(days=RANK_CHANGE_DAYS), end)
    parts = []
    for first, last, champion in champions_of(lake, start, end):
        model = tracking.load(champion["model_uri"])
        since, until = pd.Timestamp(first), pd.Timestamp(last)
        days = inputs["ingest_date"]
        window = inputs[(days >= since - pd.Timedelta(days=RANK_CHANGE_DAYS)) & (days <= until)]
        if (window["ingest_date"] >= since).any():
            columns = model.columns(window)
            rows = forecast_artists(model.estimator, columns, window, since)
            known = {name: champion[name] for name in ("candidate", "model_uri", "trained_date")}
            digests = {day: digest(group) for day, group in window.groupby("ingest_date")}
            parts.append(rows.assign(**known, inputs_digest=rows["ingest_date"].map(digests)))
    videos = _driving_videos(lake, start, end) if parts else pd.DataFrame()
    named = [part.merge(videos, on=["ingest_date", "artist"], how="left") for part in parts]
    rows = make_frame(lake, NEXT_VIRAL, named)
    written = lake.replace_range(NEXT_VIRAL, start, end, rows, context.run.run_id)
    found = read_pandas(lake, NEXT_VIRAL, start, end)
    more = [checks.check_probabilities(NEXT_VIRAL, found[PROBABILITIES])]
    expected = float(found["p_rise"].sum())
    return outcome(
        lake, NEXT_VIRAL, written, (start, end), "p_rise", more, expected_risers=expected
    )


@lake_asset(
    SCORECARD,
    deps=[
        dg.AssetDep(["pareto", "next_viral"], partition_mapping=looks_back(HORIZON_DAYS)),
        dg.AssetDep(["gold", "artist_features"]),
    ],
    engine="python",
)
def pareto_scorecard(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Hold the forecasts of a week ago against the tiers of each day."""
    start, end = run_days(context)
    horizon = dt.timedelta(days=HORIZON_DAYS)
    forecasts = read_pandas(lake, NEXT_VIRAL, start - horizon, end - horizon)
    outcomes = read_pandas(lake, ARTIST_FEATURES, start, end, ["ingest_date", "artist", "tier"])
    card = score_forecasts(forecasts, outcomes)
    rows = make_frame(lake, SCORECARD, [card])
    written = lake.replace_range(SCORECARD, start, end, rows, context.run.run_id)
    rates: dict[str, Any] = {**hit_rates(card)}
    return outcome(lake, SCORECARD, written, (start, end), "forecast_count", **rates)


def _front_of(scores: pd.DataFrame, metric: str) -> pd.DataFrame:
    rows = scores.rename(columns={"candidate": "name"}).to_dict("records")
    standings = front(rows, OBJECTIVES)
    # A champion has to forecast on every engine, and in the viewer.
    portable = [row for row in rows if row["is_portable"]]
    best = choose_champion(portable, standings, metric)["name"]
    return scores.assign(
        is_on_front=[standing.is_on_front for standing in standings],
        is_best=scores["candidate"] == best,
        front_reason=[standing.reason for standing in standings],
    )


def _scores_of(lake: Lake, day: dt.date) -> list[dict[str, Any]]:
    return lake.arrow(CANDIDATE_SCORES, day, day_end(day)).to_pylist()


def _driving_videos(lake: Lake, start: dt.date, end: dt.date) -> pd.DataFrame:
    first = start - dt.timedelta(days=driving.DAYS - 1)
    rows = driving.driving_videos(
        lake.read(VIDEO_DAILY, first, end), lake.read(EVENTS, first, end), start
    )
    return rows.toArrow().to_pandas(date_as_object=False)
