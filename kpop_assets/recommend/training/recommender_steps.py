"""A training of recommenders as a step of the graph: read, train or keep, write.

Belongs here: which rows are read, in which order tables are written, and when a training stands.
Does not belong here: which day is trained on (assets.py), or a fit (recommender_training.py).
Whatever fits is imported through this module, so only by who trains.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_BACKTESTS,
    RECOMMENDER_CHAMPION,
    RECOMMENDER_FRONT,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS, TRACKS_TOLD, WORKS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.ml.tracking import Tracking
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.bundle.recommender_bundle import (
    TIMED_COLUMNS,
    bundle_stands,
    parts_of_bundle,
    plays_by_hour,
)
from kpop_assets.recommend.learners.described_works import (
    TOLD_WORK_COLUMNS,
    VERSION_COLUMNS,
    describe_works,
)
from kpop_assets.recommend.learners.moments import ActNews
from kpop_assets.recommend.learners.play_families import PlayFamily, play_families
from kpop_assets.recommend.learners.played_works import LISTENED_COLUMNS, most_played, play_works
from kpop_assets.recommend.training import recommender_rows as told
from kpop_assets.recommend.training.recommender_front import crown_recommender, stand_recommenders
from kpop_assets.recommend.training.recommender_recipe import recommender_recipe
from kpop_assets.recommend.training.recommender_tracking import keep_runs
from kpop_assets.recommend.training.recommender_training import (
    RecommenderPlan,
    RecommenderTraining,
    moment_days,
    plan_recommenders,
    train_recommenders,
)
from kpop_assets.recommend.works.work_search_write import names_by_artist

# The training's own row is written last, so that none stands for what is there in part.
WRITTEN = (
    *(RECOMMENDER_BACKTESTS, RECOMMENDER_SCORES, RECOMMENDER_FRONT, RECOMMENDER_CHAMPION),
    RECOMMENDER_TRAININGS,
)
Rows = list[dict[str, Any]]


def carry_out_recommenders(
    step: Step, tracking: Tracking, catalog: Catalog, day: dt.date, engine: str
) -> Rows:
    """Train on a day, or keep what stands; returns the rows of its scores.

    The serving bundle lies in the folder of the store of runs.
    """
    plan, works_date = read_plan(step, day, catalog)
    families = play_families(engine)
    row = told.recommender_training_row(plan, works_date)
    if plan.refusal is not None:
        _replace(step, day, {RECOMMENDER_TRAININGS: [row]})
        return []
    recipe = recommender_recipe(plan.today, families)
    if _stands(step, tracking, day, recipe):
        for table in WRITTEN:
            step.keep(table, day)
        return _rows_of(step, RECOMMENDER_SCORES, day)
    row |= {"recipe_digest": recipe}
    parts = _train(step, tracking, plan, families, row, names_by_artist(catalog))
    _replace(step, day, parts)
    return parts[RECOMMENDER_SCORES]


def read_plan(step: Step, day: dt.date, catalog: Catalog) -> tuple[RecommenderPlan, dt.date | None]:
    """What a training on a day learns from, and the day of its works."""
    works_date = _newest(step, WORKS, day)
    since = day - dt.timedelta(days=rules.TRAINING_PLAY_DAYS - 1)
    listened = _frame(step, LISTENER_TRACKS, since, day, LISTENED_COLUMNS)
    every = _frame(step, WORKS, works_date, works_date, VERSION_COLUMNS)
    clusters = _frame(
        step, TRACK_CLUSTERS, works_date, works_date, ("track_id", "cluster", "cluster_name")
    )
    # All that was ever told of tracks.
    tracks = _frame(
        step, TRACKS_TOLD, step.start, day, TOLD_WORK_COLUMNS, rules.TRACKS_LOOK_BACK_DAYS
    )
    owners = every.select("track_id", "work_id")
    kept = most_played(owners, listened, tracks, moment_days(day), rules.MOST_TRAINING_WORKS)
    works = describe_works(every, tracks, clusters, catalog).only(kept["work_id"].to_list())
    played = play_works(listened, owners, works.work_ids)
    lately = day - dt.timedelta(days=rules.ACT_NEWS_DAYS - 1)
    chances = _frame(step, NEXT_VIRAL, lately, day, ("ingest_date", "artist", "p_rise"))
    outliers = _frame(step, ARTIST_OUTLIERS, lately, day, ("ingest_date", "artist", "is_outlier"))
    news = ActNews(chances, outliers.filter("is_outlier").drop("is_outlier"))
    return plan_recommenders(day, works, played, news), works_date


def _train(
    step: Step,
    tracking: Tracking,
    plan: RecommenderPlan,
    families: Sequence[PlayFamily],
    row: dict[str, Any],
    act_names: Mapping[str, Sequence[str]],
) -> dict[Table, Rows]:
    day = plan.today.day
    training = train_recommenders(plan, families)
    scores = told.recommender_score_rows(day, training.judged)
    ranked = [one | {"name": one["model"]} for one in scores if one["ndcg_10"] is not None]
    standings, best = stand_recommenders(ranked)
    crowned = crown_recommender(ranked, best, _champion_before(step, day))
    bundle = _serve(step, tracking, training, crowned.champion, act_names)
    runs = keep_runs(tracking, day, scores)
    scores = [one | {"run_id": runs[one["model"]]} for one in scores]
    return {
        RECOMMENDER_BACKTESTS: told.recommender_backtest_rows(day, training.judged),
        RECOMMENDER_SCORES: scores,
        RECOMMENDER_FRONT: told.recommender_front_rows(scores, standings, best),
        RECOMMENDER_CHAMPION: [told.recommender_champion_row(day, crowned, scores, bundle)],
        RECOMMENDER_TRAININGS: [row | {"champion": crowned.champion, "bundle_version": bundle}],
    }


def _serve(
    step: Step,
    tracking: Tracking,
    training: RecommenderTraining,
    champion: str,
    act_names: Mapping[str, Sequence[str]],
) -> str:
    """Fit the champion on everything and write its bundle; returns the bundle's name."""
    today = training.plan.today
    day = today.day
    works_date = _newest(step, WORKS, day)
    versions = _frame(step, WORKS, works_date, works_date, VERSION_COLUMNS)
    since = day - dt.timedelta(days=rules.POPULAR_DAYS - 1)
    listened = _frame(step, LISTENER_TRACKS, since, day, LISTENED_COLUMNS)
    hours = plays_by_hour(
        _frame(step, PLAYS, since, day, TIMED_COLUMNS),
        listened.filter(pl.col("play_count") > 0),
        versions,
        today.works.work_ids,
    )
    fitted = training.hybrids[champion].fit(today)
    parts = parts_of_bundle(champion, fitted, today, versions, hours, act_names)
    return write_bundle(tracking.home, parts)


def _replace(step: Step, day: dt.date, parts: Mapping[Table, Rows]) -> None:
    """Write a training; its own row goes first and comes last."""
    own = RECOMMENDER_TRAININGS
    if step.exists(own) and step.arrow(own, day, day_end(day), ["refusal"]).num_rows:
        step.replace(own, [], day)
    for table in WRITTEN:
        rows = pa.Table.from_pylist(parts.get(table, []), table.arrow_schema())
        frame = pl.DataFrame(rows).drop("ingest_date")
        step.fill(table, lambda _, frame=frame: frame, day)  # type: ignore[misc]


def _stands(step: Step, tracking: Tracking, day: dt.date, recipe: str) -> bool:
    """Whether a training of this recipe is done, and its bundle whole."""
    if not all(step.exists(table) for table in WRITTEN):
        return False
    done = _rows_of(step, RECOMMENDER_TRAININGS, day)
    if [(row["refusal"], row["recipe_digest"]) for row in done] != [(None, recipe)]:
        return False
    return bundle_stands(tracking.home, done[0]["bundle_version"], day.isoformat())


def _champion_before(step: Step, day: dt.date) -> str | None:
    """The champion of the last training before a day."""
    if not step.exists(RECOMMENDER_CHAMPION):
        return None
    columns = ["ingest_date", "model"]
    rows = step.arrow(RECOMMENDER_CHAMPION, None, day, columns).to_pylist()
    return max(rows, key=lambda row: row["ingest_date"])["model"] if rows else None


def _newest(step: Step, table: Table, day: dt.date) -> dt.date | None:
    first = day - dt.timedelta(days=rules.WORKS_KNOWN_DAYS)
    if not step.exists(table):
        return None
    days = step.arrow(table, first, day_end(day), ["ingest_date"])["ingest_date"].to_pylist()
    return max(days, default=None)


def _frame(
    step: Step,
    table: Table,
    first: dt.date | None,
    last: dt.date | None,
    columns: Sequence[str],
    back: int = 0,
) -> pl.DataFrame:
    """Rows of days, in order of the key; none of a table that a home of before lacks."""
    if first is None or last is None or not step.exists(table):
        return empty(table).select(columns)
    start = first - dt.timedelta(days=min(back, (first - dt.date.min).days))
    rows = pl.DataFrame(step.arrow(table, start, day_end(last), columns))
    return rows.sort([name for name in table.primary_key if name in columns])


def _rows_of(step: Step, table: Table, day: dt.date) -> Rows:
    return step.arrow(table, day, day_end(day)).to_pylist()
