"""Every recommender that ranks, on listeners whose tastes are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.recommend.learners.factors import AlternatingFactors, PairwiseFactors
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.learners.neighbours import ItemNeighbours, ListenerNeighbours
from kpop_assets.recommend.learners.popularity import DAY_SECONDS, Popularity
from kpop_assets.recommend.learners.variational import VariationalAutoencoder, is_installed
from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets.recommend.matrices.top_items import Recommender, best_of, top_items
from kpop_assets.recommend.training import recommender_families as registry
from kpop_assets.recommend.training.family_choice import chosen_setting
from kpop_assets.recommend.training.ranking_metrics import ranking_scores
from kpop_assets.recommend.training.recommender_families import families
from kpop_assets_tests.recommend.listeners import ITEMS, LISTENERS, listeners_of_two_tastes
from kpop_assets_tests.recommend.matrices.test_interactions import played

NEEDS_TORCH = (
    pytest.mark.deep,
    pytest.mark.skipif(not is_installed(), reason="PyTorch is absent: make test-deep"),
)
PERSONAL = [
    AlternatingFactors(factors=4, strength=0.3),
    PairwiseFactors(factors=4, learning_rate=0.05, iterations=100),
    Ease(penalty=10.0),
    ItemNeighbours(neighbours=20),
    ListenerNeighbours(neighbours=20),
    pytest.param(
        VariationalAutoencoder(hidden=16, latent=4, epochs=100, batch=10, learning_rate=0.01),
        marks=NEEDS_TORCH,
    ),
]
EVERYBODY = np.arange(LISTENERS, dtype=np.int32)


@pytest.mark.parametrize("recommender", PERSONAL, ids=lambda it: type(it).__name__)
def test_what_a_listener_would_like_comes_before_what_others_like(recommender: Recommender):
    known, liked = listeners_of_two_tastes()
    shown = top_items(recommender.fit(known), known, EVERYBODY, 20)
    chance = top_items(Popularity().fit(known), known, EVERYBODY, 20)

    gain = ranking_scores(shown, liked.presence()).means()["ndcg_10"]
    assert gain > 0.9
    assert gain > ranking_scores(chance, liked.presence()).means()["ndcg_10"] + 0.2


@pytest.mark.parametrize("recommender", PERSONAL, ids=lambda it: type(it).__name__)
def test_a_fit_repeats_to_the_last_bit(recommender: Recommender):
    known, _ = listeners_of_two_tastes()
    one, two = (recommender.fit(known).score(EVERYBODY) for _ in range(2))

    assert np.array_equal(one, two)


def test_no_item_that_a_listener_has_and_none_that_nobody_has_is_shown():
    known, _ = listeners_of_two_tastes()
    without = known.where(known.items != 3)
    shown = top_items(Ease().fit(without), without, EVERYBODY, ITEMS)
    had = without.presence().toarray() > 0

    assert 3 not in shown
    for user, items in enumerate(shown):
        offered = items[items >= 0]
        assert not had[user, offered].any()
        assert len(set(offered)) == len(offered) == ITEMS - 1 - had[user].sum()
        assert (items[len(offered) :] == -1).all()


@pytest.mark.parametrize("count", [1, 3, 5, 9])
def test_the_best_are_those_of_a_full_stable_sort(count: int):
    scores = np.array([2.0, 5.0, 2.0, -np.inf, 5.0, 2.0, 1.0])
    everything = [1, 4, 0, 2, 5, 6]

    assert best_of(scores, count).tolist() == everything[:count]


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(0, 3_000),
    values=st.integers(1, 40),
    share_shut=st.sampled_from([0.0, 0.5, 0.97, 1.0]),
    is_sorted=st.booleans(),
    count=st.integers(1, 600),
)
def test_the_best_of_many_are_those_of_a_full_stable_sort(
    seed: int, size: int, values: int, share_shut: float, is_sorted: bool, count: int
):
    """Many are equal, many may not be shown, and a sample of them may mislead."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, values, size).astype(float)
    scores[rng.random(size) < share_shut] = -np.inf
    if is_sorted:
        scores.sort()
    everything = [
        place for place in np.argsort(-scores, kind="stable").tolist() if scores[place] > -np.inf
    ]

    assert best_of(scores, count).tolist() == everything[:count]


def test_a_sample_that_holds_the_best_alone_does_not_mislead():
    scores = np.zeros(3_200)
    scores[::16] = 1 + np.arange(200)

    assert best_of(scores, 500).tolist() == [
        *range(3_184, -1, -16),
        *(place for place in range(320) if place % 16),
    ]


def test_ease_foretells_each_item_from_all_others_with_least_squares():
    known, _ = listeners_of_two_tastes()
    fitted = Ease(penalty=5.0).fit(known)
    dense = known.presence().toarray()
    for item in (0, 7):
        others = [other for other in range(ITEMS) if other != item]
        inputs = dense[:, others]
        told = np.linalg.solve(
            inputs.T @ inputs + 5.0 * np.eye(ITEMS - 1), inputs.T @ dense[:, item]
        )
        assert fitted.weights[others, item] == pytest.approx(told)
    assert (np.diag(fitted.weights) == 0).all()


def test_without_a_half_life_popular_is_what_most_listeners_have():
    days = [(0, 0, 1, day * 86_400) for day in range(5)]
    told = played(*days, (1, 1, 1, 0), (2, 1, 1, 0), users=3, items=3)
    assert Popularity().fit(told).item_scores.tolist() == [1, 2, 0]


def test_ease_of_the_most_played_items_leaves_the_rest_at_nothing():
    known, _ = listeners_of_two_tastes()
    counts = known.users_per_item()
    fitted = Ease(most_items=10).fit(known)
    kept = np.flatnonzero(np.abs(fitted.weights).sum(axis=0))

    assert len(kept) == 10
    assert counts[kept].min() >= np.delete(counts, kept).max()


def test_a_new_listener_is_scored_by_what_they_have():
    known, _ = listeners_of_two_tastes()
    fitted = Ease(penalty=10.0).fit(known)
    new = played((0, 4, 1, 0), (0, 8, 1, 0), users=1, items=ITEMS)
    shown = best_of(fitted.score_history(new.presence())[0], 10)

    assert (shown % 2 == 0).all()


def test_a_play_is_worth_half_after_each_half_life():
    day = DAY_SECONDS
    told = played((0, 0, 1, 0), (0, 1, 1, 14 * day), (1, 1, 5, 28 * day), (1, 2, 1, 28 * day))
    by_listener = Popularity(half_life_days=14.0).fit(told)
    by_play = Popularity(half_life_days=14.0, is_by_listener=False).fit(told)

    assert by_listener.score(np.array([0, 1], np.int32)).tolist() == [[0.25, 1.5, 1.0, 0.0]] * 2
    assert by_play.item_scores.tolist() == [0.25, 5.5, 1.0, 0.0]


def test_a_setting_is_chosen_by_what_is_held_back():
    known, _ = listeners_of_two_tastes()
    good, bad = Ease(penalty=10.0), Popularity()
    family = registry.Family("either", (bad, good), "")

    assert chosen_setting(family, known) == good
    assert chosen_setting(registry.Family("one", (bad,), ""), known) == bad


def test_without_pytorch_the_rest_competes_and_one_line_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "is_installed", lambda: False)
    absent = [family.name for family in families()]
    monkeypatch.setattr(registry, "is_installed", lambda: True)

    assert [family.name for family in families()] == [*absent, "variational"]


def test_every_family_has_a_name_of_its_own_and_something_to_choose():
    names = [family.name for family in families()]

    assert len(set(names)) == len(names)
    assert all(family.grid and family.description for family in families())


def test_counted_plays_weigh_more_where_that_is_asked_for():
    known, _ = listeners_of_two_tastes()
    often = Interactions(
        known.users,
        known.items,
        np.where(known.items == 0, 50.0, 1.0),
        known.times,
        LISTENERS,
        ITEMS,
    )
    presence = AlternatingFactors(factors=4).fit(often).score(EVERYBODY)
    counted = AlternatingFactors(factors=4, worth="log_counts").fit(often).score(EVERYBODY)
    have = often.presence().toarray()[:, 0] > 0

    assert counted[have, 0].mean() > presence[have, 0].mean()
