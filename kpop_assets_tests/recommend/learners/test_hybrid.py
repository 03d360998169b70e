"""The stages before the page: candidates, mix, learnt order, two steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from kpop_assets.recommend.learners.candidate_stage import Candidates, gather
from kpop_assets.recommend.learners.fitted import EqualForAll
from kpop_assets.recommend.learners.hybrid import Hybrid
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.learners.mixing import mixed, shares_below, shares_of_some
from kpop_assets.recommend.learners.popularity import Popularity
from kpop_assets.recommend.learners.ranking_stage import learn_order
from kpop_assets.recommend.learners.two_step import learn_popularity
from kpop_assets.recommend.matrices.top_items import top_items
from kpop_assets.recommend.training.ranking_metrics import ranking_scores
from kpop_assets_tests.recommend.listeners import ITEMS, LISTENERS, listeners_of_two_tastes
from kpop_assets_tests.recommend.matrices.test_interactions import played
from kpop_assets_tests.recommend.seed_rule import last_played, near_then_popular

EVERYBODY = np.arange(LISTENERS, dtype=np.int32)
PARTS = {"collaborative": Ease(penalty=10.0), "popular": Popularity()}


def candidates(users: list[int], **scores: list[float]) -> Candidates:
    return Candidates(
        np.array(users, np.int32),
        np.arange(len(users), dtype=np.int32),
        {name: np.array(values) for name, values in scores.items()},
        {name: np.ones(len(users), bool) for name in scores},
    )


def test_each_part_proposes_its_best_and_every_part_scores_them_all():
    known = played((0, 0, 1, 0), (1, 3, 1, 0), users=2, items=5)
    parts = {
        "collaborative": EqualForAll(np.array([9.0, 8, 7, 6, 0])),
        "popular": EqualForAll(np.array([0.0, 1, 2, 3, 4])),
        "recency": EqualForAll(np.array([5.0, 5, 5, 5, 5])),
    }
    users = np.array([1, 0], np.int32)
    found = gather(parts, known, users, {"collaborative": 2, "popular": 1})

    # Who has item 3 or 0 is not offered it; recency has no quota.
    assert found.users.tolist() == [1, 1, 1, 0, 0, 0]
    assert found.items.tolist() == [0, 1, 4, 1, 2, 4]
    assert found.group_sizes().tolist() == [3, 3]
    assert found.scores["popular"].tolist() == [0, 1, 4, 1, 2, 4]
    assert found.proposed["collaborative"].tolist() == [True, True, False] * 2
    assert not found.proposed["recency"].any()


def test_a_share_counts_who_is_lower_within_the_listener():
    users = np.array([7, 7, 7, 3], np.int32)

    assert shares_below(users, np.array([1.0, 50, 50, 2])).tolist() == [0, 0.75, 0.75, 0.5]


@given(
    st.integers(1, 40).flatmap(
        lambda count: st.lists(
            st.lists(
                st.sampled_from([-2.5, -1e-9, -0.0, 0.0, 1e-9, 0.5, 1.0, 3e7])
                | st.floats(-1e6, 1e6, width=32),
                min_size=count,
                max_size=count,
            ),
            min_size=1,
            max_size=3,
        )
    ),
    st.randoms(),
)
def test_shares_of_several_parts_are_mean_ranks(scores, draw):
    table = np.array(scores)
    count = table.shape[1]
    rows = np.array(draw.sample(range(count), draw.randint(1, count)), np.int32)
    expected = (rankdata(table, axis=1) - 1) / max(count - 1, 1) if count > 1 else table * 0 + 0.5

    assert np.allclose(shares_of_some(table, rows), expected[:, rows])


def test_one_listener_s_shares_are_those_among_others():
    scores = np.random.default_rng(1).integers(0, 9, 60).astype(float)
    users = np.repeat(np.arange(3, dtype=np.int32), 20)
    together = shares_below(users, scores)

    for user in range(3):
        own = users == user
        assert np.array_equal(shares_below(users[own], scores[own]), together[own])
    assert shares_below(users[:1], scores[:1]).tolist() == [0.5]


def test_the_weights_of_absent_parts_go_to_those_that_are_there():
    found = candidates([0, 0, 0], collaborative=[1, 2, 3], popular=[3, 2, 1])

    # .3 and .1 become .75 and .25.
    assert mixed(found) == pytest.approx([0.25, 0.5, 0.75])
    with pytest.raises(ValueError, match="no part has a weight"):
        mixed(candidates([0], unheard_of=[1]))


def test_the_mix_does_not_care_on_which_scale_a_part_counts():
    one = candidates([0, 0, 0], collaborative=[1, 2, 3], deep=[5, 1, 9])
    two = candidates([0, 0, 0], collaborative=[-10, 0, 1e9], deep=[0.5, 0.1, 0.9])

    assert np.array_equal(mixed(one), mixed(two))


def test_the_learnt_order_finds_the_part_that_is_right_and_repeats():
    generator = np.random.default_rng(0)
    users = np.repeat(EVERYBODY, ITEMS)
    items = np.tile(np.arange(ITEMS, dtype=np.int32), LISTENERS)
    known, liked = listeners_of_two_tastes()
    relevant = (known.presence() + liked.presence()).tocsr()
    right = np.asarray(relevant[users, items]).ravel() + generator.normal(0, 0.1, len(users))
    found = Candidates(
        users,
        items,
        {"right": right, "wrong": generator.random(len(users))},
        {name: np.ones(len(users), bool) for name in ("right", "wrong")},
    )
    facts = {"unknown": np.full(ITEMS, np.nan)}
    order, again = (learn_order(found, relevant, facts).score(found) for _ in range(2))

    assert np.array_equal(order, again)
    is_relevant = np.asarray(relevant[users, items]).ravel() > 0
    assert order[is_relevant].min() > order[~is_relevant].max()


@pytest.mark.parametrize("by", ["trees", "mix"])
def test_a_hybrid_ranks_as_well_as_its_best_part(by):
    known, liked = listeners_of_two_tastes()
    quotas = {"collaborative": 30, "popular": 30}
    hybrid = Hybrid(PARTS, by=by, quotas=quotas).fit(known)
    shown = top_items(hybrid, known, EVERYBODY, 20)

    assert ranking_scores(shown, liked.presence()).means()["ndcg_10"] > 0.9


def test_a_hybrid_shows_candidates_alone():
    known, _ = listeners_of_two_tastes()
    hybrid = Hybrid(PARTS, by="mix", quotas={"popular": 3}).fit(known)
    users = np.array([4, 2], np.int32)
    shown = top_items(hybrid, known, users, 20)
    candidates_of = hybrid.candidates(users)

    for row, user in enumerate(users):
        offered = candidates_of.items[candidates_of.users == user]
        assert set(shown[row][shown[row] >= 0]) == set(offered)
        assert len(offered) == 3


def test_of_what_is_near_the_most_popular_is_shown_and_no_seed():
    generator = np.random.default_rng(0)
    features = generator.random((300, 2))
    features[::7, 1] = np.nan
    popularity = learn_popularity(features, 1000 * features[:, 0])

    def near(seeds, count):
        return np.arange(count, dtype=np.int32)

    seeds = np.array([2, 5], np.int32)
    shown = near_then_popular(near, popularity, features, seeds, count=4, first=20)
    others = [item for item in range(22) if item not in seeds]
    most = sorted(others, key=lambda item: -popularity.foretell(features[[item]])[0])

    assert shown.tolist() == most[:4]
    assert features[shown, 0].mean() > features[others, 0].mean()


def test_seeds_are_the_last_different_items():
    told = played(
        *((0, item, 1, time) for time, item in enumerate([3, 1, 2, 1, 0, 0])),
        (1, 4, 1, 99),
        items=5,
    )

    assert last_played(told, 0, 3).tolist() == [0, 1, 2]
    assert last_played(told, 0).tolist() == [0, 1, 2, 3]
    assert last_played(told, 2).tolist() == []
