"""A training of recommenders on a small made-up world: what is judged, by what, and the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib import metadata

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from kpop_assets.contracts import recommend_models as contracts
from kpop_assets.recommend.learners.play_families import (
    RATING_MODELS,
    RECENT,
    hybrid_families,
    play_families,
)
from kpop_assets.recommend.learners.played_works import play_works
from kpop_assets.recommend.matrices.top_items import top_items
from kpop_assets.recommend.training import recommender_recipe as recommender_recipe_module
from kpop_assets.recommend.training import recommender_rows as rows
from kpop_assets.recommend.training.ranking_metrics import ranking_scores
from kpop_assets.recommend.training.recommender_front import crown_recommender, stand_recommenders
from kpop_assets.recommend.training.recommender_recipe import recommender_recipe
from kpop_assets.recommend.training.recommender_training import (
    RecommenderTraining,
    plan_recommenders,
    train_recommenders,
)
from kpop_assets.recommend.training.week_scores import EVERYBODY
from kpop_assets_tests.recommend.listening_world import (
    LAST,
    ListeningWorld,
    make_world,
    no_news,
)

QUICK = ("popularity", RECENT, "alternating_factors", "ease", "content", "act", "svd_specified")
FAMILIES = tuple(replace(one, grid=one.grid[:2]) for one in play_families() if one.name in QUICK)


def planned(world: ListeningWorld, day: dt.date = LAST):
    works = world.works()
    return plan_recommenders(day, works, world.played(works), no_news())


@pytest.fixture(scope="module")
def world() -> ListeningWorld:
    return make_world()


@pytest.fixture(scope="module")
def training(world: ListeningWorld) -> RecommenderTraining:
    return train_recommenders(planned(world), FAMILIES)


def test_all_that_competes_is_held_to_both_weeks_and_what_only_rates_to_ratings(
    training: RecommenderTraining,
):
    by_name = {one.name: one for one in training.judged}
    assert set(by_name) == {*QUICK, "hybrid_mix", "hybrid_trees", *RATING_MODELS}
    days = [LAST - dt.timedelta(days=14), LAST - dt.timedelta(days=7)]
    for name in (*QUICK, "hybrid_trees"):
        assert [week.moment.day for week in by_name[name].weeks] == days
        assert by_name[name].memory_mb > 0
    assert by_name["biases"].weeks == () and by_name["biases"].latency_ms is None
    rated = {name for name, one in by_name.items() if one.rating is not None}
    assert rated == set(RATING_MODELS)
    assert {name for name, one in by_name.items() if one.may_answer} == {
        "hybrid_mix",
        "hybrid_trees",
    }


def test_a_week_is_scored_as_if_done_by_hand(training: RecommenderTraining):
    moment, heard = training.plan.tested[-1]
    setting = next(one for one in FAMILIES if one.name == RECENT).grid[0]
    users = np.unique(heard.users).astype(np.int32)
    shown = top_items(setting.fit(moment), moment.plays, users, 20)
    expected = ranking_scores(shown, heard.presence()[users]).means()
    week = next(one for one in training.judged if one.name == RECENT).weeks[-1]

    assert week.figures(EVERYBODY)["ndcg_10"] == pytest.approx(expected["ndcg_10"])
    assert week.figures(EVERYBODY)["coverage"] == pytest.approx(
        len(np.unique(shown[:, :10])) / moment.is_known.sum()
    )
    groups = week.present_groups()[1:]
    assert sum(week.mask(group).sum() for group in groups) == len(users)


def test_a_listener_of_two_weeks_counts_once(training: RecommenderTraining):
    one = next(one for one in training.judged if one.name == "ease")
    gains: dict[int, list[float]] = {}
    for week in one.weeks:
        for user, gain in zip(week.listeners, week.by_listener["ndcg_10"], strict=True):
            gains.setdefault(int(user), []).append(float(gain))
    expected = np.mean([np.mean(values) for values in gains.values()])
    assert one.figures["ndcg_10"] == pytest.approx(expected)
    assert one.figures["listener_count"] == len(gains)
    low, high = one.figures["ndcg_10_low"], one.figures["ndcg_10_high"]
    assert low is not None and high is not None and low < expected < high


def test_a_repeated_training_says_the_same(world: ListeningWorld, training: RecommenderTraining):
    again = train_recommenders(planned(world), FAMILIES)
    for one, other in zip(training.judged, again.judged, strict=True):
        assert (one.name, one.figures, one.setting) == (other.name, other.figures, other.setting)


def test_a_hybrid_can_show_works_that_nobody_has_played(world: ListeningWorld):
    first = world.listened.group_by("track_id").agg(pl.col("ingest_date").min())
    young = world.told.join(first, "track_id").filter(
        (pl.col("artist_name") == "Act 3") & (pl.col("release_date") < LAST - dt.timedelta(days=99))
    )["track_id"][0]
    plan = planned(replace(world, listened=world.listened.filter(pl.col("track_id") != young)))
    moment = plan.tested[-1][0]
    (_, trees) = hybrid_families({one.name: one.grid[0] for one in FAMILIES})
    item = moment.works.work_ids.index(young)
    users = np.arange(moment.plays.user_count, dtype=np.int32)
    scores = moment.fitted(trees.grid[0]).score(users)

    assert np.isfinite(scores[:, item]).any()
    assert not np.isfinite(scores[:, ~moment.is_known]).any()


def test_rows_are_those_of_the_contracts(training: RecommenderTraining):
    row = rows.recommender_training_row(training.plan, LAST)
    scores = rows.recommender_score_rows(LAST, training.judged)
    ranked = [one | {"name": one["model"]} for one in scores if one["ndcg_10"] is not None]
    standings, best = stand_recommenders(ranked)
    crowned = crown_recommender(ranked, best, "ease")
    made = {
        contracts.RECOMMENDER_TRAININGS: [row],
        contracts.RECOMMENDER_BACKTESTS: rows.recommender_backtest_rows(LAST, training.judged),
        contracts.RECOMMENDER_SCORES: [one | {"run_id": "r"} for one in scores],
        contracts.RECOMMENDER_FRONT: rows.recommender_front_rows(scores, standings, best),
        contracts.RECOMMENDER_CHAMPION: [
            rows.recommender_champion_row(LAST, crowned, scores, None)
        ],
    }
    for table, found in made.items():
        assert {name for one in found for name in one} == set(table.column_names), table.path
        whole = pa.Table.from_pylist(found, table.arrow_schema())
        whole.validate(full=True)
        for column in table.columns:
            if not column.nullable:
                assert whole[column.name].null_count == 0, (table.path, column.name)
    assert row["left_out_pct"] == pytest.approx(
        100 * (1 - row["relevant_count"] / training.plan.heard_count)
    )


def test_a_training_without_enough_says_what_is_missing(world: ListeningWorld):
    def refusal(listened: pl.DataFrame) -> str | None:
        plan = planned(replace(world, listened=listened))
        assert rows.recommender_training_row(plan, LAST)["refusal"] == plan.refusal
        return plan.refusal

    rows_of = world.listened
    assert refusal(rows_of.clear()) == "no plays of works are known"
    late = rows_of.filter(pl.col("ingest_date") > LAST - dt.timedelta(days=20))
    assert refusal(late) == "plays of 20 days are known: a training needs 28"
    few = rows_of.filter(pl.col("user_id") < "u00005")
    assert "heard anything new" in str(refusal(few))
    assert planned(world).refusal is None


def test_what_is_first_heard_of_works_that_are_dropped_is_left_out_and_said(world: ListeningWorld):
    whole = planned(world)
    few = replace(world, versions=world.versions.filter(pl.col("track_id") < "t00060"))
    works = few.works()
    played = play_works(
        world.listened, world.versions.select("track_id", "work_id"), works.work_ids
    )
    plan = plan_recommenders(LAST, works, played, no_news())
    row = rows.recommender_training_row(plan, LAST)
    assert plan.heard_count == whole.heard_count
    assert row["dropped_work_count"] == 60 and row["unknown_play_count"] == 0
    dropped = world.listened.filter(pl.col("track_id") >= "t00060")["play_count"].sum()
    assert row["dropped_play_count"] == dropped
    assert row["left_out_pct"] > 20


def test_on_engine_spark_its_als_competes_too():
    names = [one.name for one in play_families("spark")]
    assert "spark_factors" in names
    assert set(names) - {"spark_factors"} == {one.name for one in play_families()}


def test_other_vectors_acts_or_torch_are_another_training(
    world: ListeningWorld, monkeypatch: pytest.MonkeyPatch
):
    today = planned(world).today
    works = today.works

    def recipe(**changed: object) -> str:
        return recommender_recipe(replace(today, works=replace(works, **changed)), FAMILIES)

    own = recipe()
    assert own == recipe()
    others = [
        recipe(vectors=works.vectors * 1.01),
        recipe(act_names=("renamed", *works.act_names[1:])),
        recipe(acts=works.acts[::-1].copy()),
    ]
    monkeypatch.setattr(recommender_recipe_module, "is_installed", lambda: True)
    version = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "9.9" if name == "torch" else version(name)
    )
    others.append(recipe())
    assert len({own, *others}) == 5
