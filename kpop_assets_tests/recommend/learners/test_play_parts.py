"""Parts as they learn from a moment: literal cases, and what one costs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp

from kpop_assets.recommend.bundle.bundle_write import history_arrays
from kpop_assets.recommend.bundle.kept_parts import served_part
from kpop_assets.recommend.bundle.served_parts import Heard, HeardScorer, Histories
from kpop_assets.recommend.learners.fitted import EqualForAll, Factors
from kpop_assets.recommend.learners.moment_hybrid import quotas_for
from kpop_assets.recommend.learners.moments import Moment
from kpop_assets.recommend.learners.play_parts import ActTaste, LatelyDiscovered
from kpop_assets.recommend.learners.seed_neighbours import NearThenPopular, last_items
from kpop_assets.recommend.learners.spark_factors import SparkFactors
from kpop_assets.recommend.learners.two_step import learn_popularity
from kpop_assets.recommend.matrices.top_items import top_items
from kpop_assets.recommend.training.held_memory import held_bytes
from kpop_assets.recommend.training.rating_scores import score_ratings
from kpop_assets_tests.recommend.listeners import listeners_of_two_tastes
from kpop_assets_tests.recommend.listening_world import LAST, make_world, no_news
from kpop_assets_tests.recommend.matrices.test_interactions import played
from kpop_assets_tests.recommend.seed_rule import last_played, near_then_popular


def test_last_items_of_all_are_those_of_each():
    told = played(
        *((0, item, 1, time) for time, item in enumerate([3, 1, 2, 1, 0, 0])),
        (1, 4, 1, 99),
        users=3,
        items=5,
    )
    found = last_items(told, 3)
    for user in range(3):
        assert [item for item in found[user].tolist() if item >= 0] == last_played(
            told, user, 3
        ).tolist()


def test_the_two_step_rule_of_all_listeners_is_that_of_one():
    world = make_world(listeners=15, works=150, days=28)
    works = world.works()
    moment = Moment(LAST, works, world.played(works), no_news())
    fitted = NearThenPopular().fit(moment)
    features = np.column_stack([works.features(), moment.age_days, works.clusters()])
    known = np.flatnonzero(moment.is_known)
    popularity = learn_popularity(features[known], moment.facts["month_plays"][known])
    units = works.vectors / np.linalg.norm(works.vectors, axis=1, keepdims=True)
    users = np.arange(moment.plays.user_count, dtype=np.int32)
    shown = top_items(fitted, moment.plays, users, 20, moment.is_known)

    for user in users:
        seeds = last_played(moment.plays, int(user))

        def near(seeds, count):
            nearness = units @ units[seeds].mean(axis=0)
            nearness[~moment.is_known] = -np.inf
            return np.argsort(-nearness, kind="stable")[:count].astype(np.int32)

        own = near_then_popular(near, popularity, features, seeds, count=150)
        had = moment.plays.items[moment.plays.users == user]
        expected = popularity.foretell(features[own[~np.isin(own, had)][:20]])
        found = shown[user][shown[user] >= 0]
        assert popularity.foretell(features[found]).tolist() == expected.tolist()


def test_no_part_proposes_more_than_a_share_of_all_works_and_a_page_at_least():
    most = {"collaborative": 1000, "rising": 50}
    assert quotas_for(most, 100_000) == most
    assert quotas_for(most, 2_000) == {"collaborative": 100, "rising": 50}
    assert quotas_for(most, 40) == {"collaborative": 20, "rising": 20}


def test_what_is_held_is_the_bytes_of_arrays_each_once():
    scores = np.zeros(10)
    assert held_bytes(EqualForAll(scores)) == 80
    assert held_bytes([EqualForAll(scores), scores]) == 80
    assert held_bytes({"a": Factors(np.zeros((2, 3)), np.zeros((4, 3)))}) == 8 * 18
    matrix = sp.csr_matrix(np.eye(3))
    assert held_bytes(matrix) == 3 * 8 + 3 * 4 + 4 * 4


class _Mean:
    def fit(self, known):
        self.mean = known.values.mean()
        return self

    def foretell(self, users, items):
        return np.full(len(users), self.mean)


def test_ratings_are_held_back_from_what_foretells_them():
    known, _ = listeners_of_two_tastes(kept=1.0)
    values = np.arange(len(known), dtype=float) % 5
    told = type(known)(
        known.users, known.items, values, known.times, known.user_count, known.item_count
    )
    found = score_ratings(told, {"mean": _Mean()})["mean"]
    assert found.count == pytest.approx(len(told) / 4, rel=0.1)
    assert found.rmse == pytest.approx(np.std(values), rel=0.1)
    assert score_ratings(told.where(told.users < 2), {"mean": _Mean()}) == {}


@pytest.mark.spark_only
def test_sparks_factors_know_tastes(spark):
    known, liked = listeners_of_two_tastes()
    fitted = SparkFactors(factors=8).fit(known)
    users = np.arange(known.user_count, dtype=np.int32)
    shown = top_items(fitted, known, users, 5)
    likes = liked.presence()
    hits = np.asarray(likes[users.repeat(5), shown.ravel()]).ravel()
    assert hits.mean() > 0.9


def test_sparks_factors_without_a_session_say_what_to_do():
    known, _ = listeners_of_two_tastes()
    with pytest.raises(RuntimeError, match="KPOP_ENGINE=spark"):
        SparkFactors().fit(known)


def test_what_was_heard_anew_counts_once_and_less_the_longer_ago():
    world = make_world(listeners=10, works=30, days=28)
    moment = Moment(LAST, works := world.works(), world.played(works), no_news())
    scores = LatelyDiscovered(half_life_days=5, days=10).fit(moment).item_scores
    firsts = world.listened.group_by("user_id", "track_id").agg(pl.col("ingest_date").min())
    expected = np.zeros(len(works))
    for _, track, day in firsts.iter_rows():
        # Counted from the end of the day, as plays are.
        age = (LAST - day).days + 1
        if age <= 10:
            expected[works.work_ids.index(track)] += 0.5 ** (age / 5)
    assert np.allclose(scores, expected)


def test_acts_of_now_are_those_of_the_days_before_the_last_play_also_when_served():
    world = make_world(listeners=10, works=30, days=40)
    moment = Moment(LAST, works := world.works(), world.played(works), no_news())
    fitted = ActTaste(days=5).fit(moment)
    assert (fitted.history.nnz) < moment.plays.presence().nnz
    arrays = history_arrays(moment.plays)
    for user in range(moment.plays.user_count):
        own = slice(*arrays["history_starts"][user : user + 2])
        heard = Heard(
            arrays["history_items"][own],
            arrays["history_counts"][own].astype(float),
            arrays["history_times"][own],
        )
        told = HeardScorer(served_part(fitted), heard, Histories.of(moment.plays.presence()))
        row = np.array([user], np.int32)
        assert np.allclose(told.score(row), fitted.score(row))
