"""The pareto assets: the front, the champion, its forecasts, and the scorecard.

Belongs here: assembly of the layer. Does not belong here: dominance, the contest, or any score.
"""

import datetime as dt
import json
from typing import Any

import dagster as dg
import pandas as pd

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES
from kpop_assets.contracts.pareto import CHAMPION, FRONT, NEXT_VIRAL, SCORECARD, VIRAL_RECORD
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.contracts.viral import VIRAL_OUTCOMES, VIRAL_SCORES
from kpop_assets.graph.checks import probabilities_of
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.artifacts import write_artifact
from kpop_assets.ml.digest import digest
from kpop_assets.ml.dominance import front
from kpop_assets.ml.tracking import Tracking
from kpop_assets.models.dataset import PROBABILITIES
from kpop_assets.pareto.checks import one_best
from kpop_assets.pareto.document import pareto_document
from kpop_assets.pareto.driving import driving_videos
from kpop_assets.pareto.forecast import forecast_artists
from kpop_assets.pareto.objectives import OBJECTIVES, choose_champion
from kpop_assets.pareto.reign import champions_of, crown, read_champions
from kpop_assets.pareto.scorecard import hit_rates, score_forecasts
from kpop_assets.pareto.viral_forecast import foresee
from kpop_assets.pareto.viral_record import record_viral
from kpop_assets.settings import Settings

_SUMS = {"probabilities_add_up": "The probabilities of the tiers of each artist add up to 1."}
_ONE = {"one_best": "Each training day with scores has a front, and one best candidate on it."}


@lake_asset(FRONT, reads={CANDIDATE_SCORES: 0}, more_checks={FRONT: _ONE}, engine="python")
def pareto_front(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Find the front of each training day; the newest is exported."""
    scores = step.pandas(CANDIDATE_SCORES).groupby("ingest_date")
    step.replace(FRONT, [_front_of(rows, settings.champion_metric) for _, rows in scores])
    newest = step.newest_rows(FRONT)
    if newest:
        trained = step.export(CANDIDATE_SCORES, newest[0]["ingest_date"]).to_pylist()
        document = json.dumps(pareto_document(newest, trained), indent=2)
        write_artifact(settings.artifacts, "pareto.json", document.encode())
    return step.outcome(FRONT, "is_on_front", one_best)


@lake_asset(
    CHAMPION,
    reads={
        FRONT: 0,
        BACKTESTS: 0,
        CANDIDATE_SCORES: 0,
        VIRAL_SCORES: 0,
        # The incumbent meets its challenger on days since its own training.
        ARTIST_INPUTS: rules.CHAMPION_DAYS,
    },
    engine="python",
)
def pareto_champion(step: Step, tracking: dg.ResourceParam[Tracking]) -> dg.MaterializeResult:
    """Let the front's best of each training day meet the champion before it."""
    before = read_champions(step, dt.date.min, step.start) if step.exists(CHAMPION) else []
    champion = before[-1] if before else None
    parts = []
    for row in step.pandas(FRONT).query("is_best").to_dict("records"):
        champion = crown(step, tracking, row, champion)
        parts.append(pd.DataFrame([champion]))
    step.replace(CHAMPION, parts)
    return step.outcome(CHAMPION, "candidate")


@lake_asset(
    NEXT_VIRAL,
    reads={
        ARTIST_INPUTS: rules.RANK_CHANGE_DAYS,
        CHAMPION: rules.CHAMPION_DAYS,
        VIDEO_DAILY: rules.DRIVING_DAYS - 1,
        EVENTS: rules.DRIVING_DAYS - 1,
    },
    more_checks={NEXT_VIRAL: _SUMS},
    engine="scikitlearn",
)
def pareto_next_viral(step: Step, tracking: dg.ResourceParam[Tracking]) -> dg.MaterializeResult:
    """Forecast each day with the champion of that day; days before the first have no forecast."""
    inputs = step.pandas(ARTIST_INPUTS)
    parts = []
    for first, last, champion in champions_of(step, step.start, step.end):
        model = tracking.load(champion["model_uri"])
        since, until = pd.Timestamp(first), pd.Timestamp(last)
        days = inputs["ingest_date"]
        window = inputs[
            (days >= since - pd.Timedelta(days=rules.RANK_CHANGE_DAYS)) & (days <= until)
        ]
        if (window["ingest_date"] >= since).any():
            columns = model.columns(window)
            tiers = forecast_artists(model.estimator, columns, window, since)
            rows = pd.concat([tiers, foresee(tracking, window, since, champion)], axis=1)
            known = {name: champion[name] for name in ("candidate", "model_uri", "trained_date")}
            digests = {day: digest(group) for day, group in window.groupby("ingest_date")}
            parts.append(rows.assign(**known, inputs_digest=rows["ingest_date"].map(digests)))
    videos = _driving_videos(step) if parts else pd.DataFrame()
    named = [part.merge(videos, on=["ingest_date", "artist"], how="left") for part in parts]
    step.replace(NEXT_VIRAL, named)
    written = step.pandas(NEXT_VIRAL, columns=["ingest_date", "artist", "p_rise", "p_viral"])
    expected = {
        "expected_risers": float(written["p_rise"].sum()),
        "expected_virals": float(written["p_viral"].sum()),
    }
    add_up = probabilities_of(PROBABILITIES)
    return step.outcome(NEXT_VIRAL, "p_rise", add_up, **expected)


@lake_asset(SCORECARD, reads={NEXT_VIRAL: rules.HORIZON_DAYS, ARTIST_FEATURES: 0}, engine="python")
def pareto_scorecard(step: Step) -> dg.MaterializeResult:
    """Hold the forecasts of a week ago against the tiers of each day."""
    forecasts = step.pandas(NEXT_VIRAL, end=step.end - dt.timedelta(days=rules.HORIZON_DAYS))
    outcomes = step.pandas(ARTIST_FEATURES, columns=["ingest_date", "artist", "tier"])
    card = score_forecasts(forecasts, outcomes)
    step.replace(SCORECARD, [card])
    rates: dict[str, Any] = {**hit_rates(card)}
    return step.outcome(SCORECARD, "forecast_count", **rates)


@lake_asset(
    VIRAL_RECORD, reads={NEXT_VIRAL: rules.HORIZON_DAYS, VIRAL_OUTCOMES: 0}, engine="python"
)
def pareto_viral_record(step: Step) -> dg.MaterializeResult:
    """Hold the forecasts of who becomes viral against what came on each day."""
    forecasts = step.pandas(NEXT_VIRAL, end=step.end - dt.timedelta(days=rules.HORIZON_DAYS))
    is_known = step.exists(VIRAL_OUTCOMES)
    rows = [record_viral(forecasts, step.pandas(VIRAL_OUTCOMES))] if is_known else []
    step.replace(VIRAL_RECORD, rows)
    return step.outcome(VIRAL_RECORD, "p_viral")


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


def _driving_videos(step: Step) -> pd.DataFrame:
    rows = driving_videos(step.read(VIDEO_DAILY), step.read(EVENTS), step.start)
    return rows.toArrow().to_pandas(date_as_object=False)
