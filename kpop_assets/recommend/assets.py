"""The recommend assets: what each reads, and which module fills it.

Belongs here: assembly of the layer, that of answers in service_assets.py and of what came of them
in outcome_assets.py. Does not belong here: any rule or formula.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
import polars as pl
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.play_rules import TRACK_KNOWN_DAYS
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_listening import (
    LISTENER_TRACKS,
    SHARED_LISTENERS,
    TRACK_PLAYS,
    WORK_AUDIENCE,
)
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_BACKTESTS,
    RECOMMENDER_CHAMPION,
    RECOMMENDER_FRONT,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets.contracts.recommend_plays import PLAY_DAYS, PLAYS_HOURLY
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS, TRACKS_TOLD, WORKS
from kpop_assets.contracts.tracks import TRACKS
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.policies import weekly_days
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.ml.tracking import Tracking
from kpop_assets.recommend.checks import (
    hours_add_up,
    one_answers,
    plays_are_accounted_for,
    tracks_add_up,
)
from kpop_assets.recommend.outcome_assets import recommend_outcome_days, recommend_outcomes
from kpop_assets.recommend.plays.audiences import (
    AUDIENCE_WORK_COLUMNS,
    HEARD_COLUMNS,
    describe_audience,
    share_acts,
)
from kpop_assets.recommend.plays.listener_tracks import count_listener_tracks, count_track_plays
from kpop_assets.recommend.plays.play_hours import account_for_plays, compute_hours
from kpop_assets.recommend.plays.weekly import fill_decided
from kpop_assets.recommend.service_assets import (
    recommend_answer_days,
    recommend_drift,
    recommend_input_days,
)
from kpop_assets.recommend.works.told_tracks import LINE_COLUMNS, tell_tracks
from kpop_assets.settings import Settings

# Assets of another module, which the layer is loaded with.
SERVICE = (recommend_answer_days, recommend_input_days, recommend_drift)
OUTCOME = (recommend_outcomes, recommend_outcome_days)

_PLAY_ACCOUNT = {
    "plays_are_accounted_for": "Rows of bronze/plays are as many as the account has.",
    "hours_add_up": "Plays in hours are those that count by the account.",
}
_ONE_ANSWERS = {"one_answers": "Each training with scores has one recommender that answers."}
_PLAY_SUMS = {"tracks_add_up": "Plays of tracks are as many as plays in hours."}


@lake_asset(TRACKS_TOLD, reads={TRACKS: 0}, engine="python")
def recommend_tracks(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Say of each track that was told of on each of the days what is known of it."""
    catalog = load_catalog(overlay=overlay_path(settings.home))
    step.fill(
        TRACKS_TOLD,
        lambda day: tell_tracks(step.frame(TRACKS, day, columns=LINE_COLUMNS), catalog),
    )
    return step.outcome(TRACKS_TOLD, "popularity")


@lake_asset(WORKS, reads={TRACKS_TOLD: rules.TRACKS_LOOK_BACK_DAYS}, engine="python")
def recommend_works(step: Step) -> dg.MaterializeResult:
    """Find out which tracks are one work, of all that were told of by each training day."""
    # SciPy takes longer to load than most days to fill.
    from kpop_assets.recommend.works import works

    days = weekly_days(step.start, step.end)
    told = _all_told(step, works.TOLD_COLUMNS)
    fill_decided(step, WORKS, days, lambda day: works.find_works(works.last_told(told, day)))
    return step.outcome(WORKS, "version_count")


@lake_asset(TRACK_CLUSTERS, reads={TRACKS_TOLD: rules.TRACKS_LOOK_BACK_DAYS}, engine="scikitlearn")
def recommend_track_clusters(step: Step) -> dg.MaterializeResult:
    """Put together the tracks that sound alike, of all that were told of by each training day."""
    # So does scikit-learn.
    from kpop_assets.recommend.works import track_clusters as clusters

    days = weekly_days(step.start, step.end)
    told = _all_told(step, clusters.FEATURE_COLUMNS)
    fill_decided(step, TRACK_CLUSTERS, days, lambda day: clusters.cluster_tracks(told, day))
    return step.outcome(TRACK_CLUSTERS, "centre_distance")


@lake_asset(PLAYS_HOURLY, reads={PLAYS: 0})
def recommend_plays_hourly(step: Step) -> dg.MaterializeResult:
    """Count the plays of each listener in each hour."""
    with compute_hours(step, step.start, step.end) as rows:
        step.replace(PLAYS_HOURLY, rows)
    return step.outcome(PLAYS_HOURLY, "play_count")


@lake_asset(
    PLAY_DAYS,
    reads={PLAYS: 0, PLAYS_HOURLY: 0, TRACKS_TOLD: TRACK_KNOWN_DAYS},
    more_checks={PLAY_DAYS: _PLAY_ACCOUNT},
)
def recommend_play_days(step: Step) -> dg.MaterializeResult:
    """Account for the plays of each day: which count, and why the others do not."""
    step.replace(PLAY_DAYS, account_for_plays(step.read(PLAYS), _days_told(step)))
    return step.outcome(PLAY_DAYS, "counted_count", plays_are_accounted_for, hours_add_up)


@lake_asset(LISTENER_TRACKS, reads={PLAYS: 0, TRACKS_TOLD: TRACK_KNOWN_DAYS})
def recommend_listener_tracks(step: Step) -> dg.MaterializeResult:
    """Count the plays of each listener of each track."""
    rows = count_listener_tracks(step.read(PLAYS), _lengths_told(step))
    step.replace(LISTENER_TRACKS, rows)
    return step.outcome(LISTENER_TRACKS, "play_count")


@lake_asset(
    TRACK_PLAYS,
    reads={LISTENER_TRACKS: 0, PLAYS_HOURLY: 0},
    more_checks={TRACK_PLAYS: _PLAY_SUMS},
)
def recommend_track_plays(step: Step) -> dg.MaterializeResult:
    """Count the plays and listeners of each track."""
    step.replace(TRACK_PLAYS, count_track_plays(step.read(LISTENER_TRACKS)))
    return step.outcome(TRACK_PLAYS, "play_count", tracks_add_up)


def _lengths_told(step: Step) -> DataFrame:
    if step.exists(TRACKS_TOLD):
        told = step.read(TRACKS_TOLD)
        return told.select(F.col("ingest_date").alias("told_date"), "track_id", "duration_ms")
    return step.spark.createDataFrame([], "told_date date, track_id string, duration_ms bigint")


@lake_asset(
    WORK_AUDIENCE,
    SHARED_LISTENERS,
    reads={LISTENER_TRACKS: rules.AUDIENCE_DAYS - 1, WORKS: rules.WORKS_KNOWN_DAYS},
    engine="python",
)
def recommend_audiences(step: Step) -> Iterator[dg.MaterializeResult]:
    """Say which works listeners come back to, and whom else an act's listeners play."""
    days = weekly_days(step.start, step.end)
    fill_decided(step, WORK_AUDIENCE, days, lambda day: describe_audience(*_heard(step, day), day))
    fill_decided(step, SHARED_LISTENERS, days, lambda day: share_acts(*_heard(step, day)))
    yield step.outcome(WORK_AUDIENCE, "plays_28d")
    yield step.outcome(SHARED_LISTENERS, "lift")


def _heard(step: Step, day: dt.date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What was played in the days up to one, and the works that were known last by then."""
    known_columns = ("ingest_date", *AUDIENCE_WORK_COLUMNS)
    if not (step.exists(LISTENER_TRACKS) and step.exists(WORKS)):
        return (
            empty(LISTENER_TRACKS).select(HEARD_COLUMNS),
            empty(WORKS).select(AUDIENCE_WORK_COLUMNS),
        )
    heard = step.frame(LISTENER_TRACKS, day, rules.AUDIENCE_DAYS - 1, HEARD_COLUMNS)
    known = step.frame(WORKS, day, rules.WORKS_KNOWN_DAYS, known_columns)
    newest = known.filter(pl.col("ingest_date") == pl.col("ingest_date").max())
    return heard, newest.drop("ingest_date")


@lake_asset(
    RECOMMENDER_TRAININGS,
    RECOMMENDER_BACKTESTS,
    RECOMMENDER_SCORES,
    RECOMMENDER_FRONT,
    RECOMMENDER_CHAMPION,
    reads={
        LISTENER_TRACKS: rules.TRAINING_PLAY_DAYS,
        TRACKS_TOLD: rules.TRACKS_LOOK_BACK_DAYS,
        WORKS: rules.WORKS_KNOWN_DAYS,
        TRACK_CLUSTERS: rules.WORKS_KNOWN_DAYS,
        NEXT_VIRAL: rules.ACT_NEWS_DAYS,
        ARTIST_OUTLIERS: rules.ACT_NEWS_DAYS,
        PLAYS: rules.POPULAR_DAYS,
    },
    more_checks={RECOMMENDER_FRONT: _ONE_ANSWERS},
    engine="scikitlearn",
)
def recommend_trainings(
    step: Step, settings: dg.ResourceParam[Settings], tracking: dg.ResourceParam[Tracking]
) -> Iterator[dg.MaterializeResult]:
    """Train recommenders on the last training day; what was refused says why."""
    # What fits takes longer to load than a day takes to fill.
    from kpop_assets.recommend.training.recommender_steps import carry_out_recommenders

    tables = (RECOMMENDER_TRAININGS, RECOMMENDER_BACKTESTS, RECOMMENDER_SCORES)
    days = weekly_days(step.start, step.end)
    scores: list[dict[str, Any]] = []
    if days:
        catalog = load_catalog(overlay=overlay_path(settings.home))
        # Recommenders of weeks ago would answer nobody, and a training judges the last weeks.
        scores = carry_out_recommenders(step, tracking, catalog, days[-1], settings.engine)
    else:
        for table in (*tables, RECOMMENDER_FRONT, RECOMMENDER_CHAMPION):
            fill_decided(step, table, (), lambda _: pl.DataFrame())
    yield step.outcome(RECOMMENDER_TRAININGS, "play_count")
    yield step.outcome(RECOMMENDER_BACKTESTS, "ndcg_10")
    yield step.outcome(RECOMMENDER_SCORES, "ndcg_10", **_best_figures(scores))
    yield step.outcome(RECOMMENDER_FRONT, "ndcg_10", one_answers)
    yield step.outcome(RECOMMENDER_CHAMPION, "challenger_ndcg_10")


def _best_figures(scores: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Numbers of the training worth plotting."""
    ranked = [row for row in scores if row["ndcg_10"] is not None]
    if not ranked:
        return {}
    best = max(ranked, key=lambda row: float(row["ndcg_10"]))
    return {"best_recommender": best["model"], "best_ndcg_10": float(best["ndcg_10"])}


def _days_told(step: Step) -> DataFrame:
    if step.exists(TRACKS_TOLD):
        return step.read(TRACKS_TOLD).select("track_id", "ingest_date")
    return step.spark.createDataFrame([], "track_id string, ingest_date date")


def _all_told(step: Step, columns: Sequence[str]) -> pl.DataFrame:
    """All that was told of tracks by the last day of a step."""
    # A home that was filled before there were tracks has no such table.
    if not step.exists(TRACKS_TOLD):
        return empty(TRACKS_TOLD).select(columns)
    return pl.DataFrame(step.arrow(TRACKS_TOLD, columns=columns))
