"""What needs no taste: facts of items, groups of listeners, first lists, shared listeners."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from kpop_assets.recommend.learners.cold_start import history_of_choices, onboarding_items
from kpop_assets.recommend.learners.item_facts import SoundsAlike, recency, rising, rising_share
from kpop_assets.recommend.plays.listener_groups import groups_of
from kpop_assets.recommend.plays.shared_listeners import shared_listeners
from kpop_assets_tests.recommend.listeners import listeners_of_two_tastes
from kpop_assets_tests.recommend.matrices.test_interactions import played

NOBODY = np.array([0], np.int32)


def codes(*values: int) -> np.ndarray:
    return np.array(values, np.int32)


def test_a_release_is_half_as_new_after_each_half_life_and_unknown_is_old():
    scores = recency(np.array([0.0, 30, 60, np.nan, -5]), 30.0).score(NOBODY)

    assert scores.tolist() == [[1, 0.5, 0.25, 0, 1]]


def test_an_item_rises_as_its_act_does():
    assert rising(codes(1, 0, 1, 2), np.array([0.1, 0.9, np.nan])).item_scores.tolist() == [
        0.9,
        0.1,
        0.9,
        0,
    ]


def test_an_item_sounds_like_what_one_has_whatever_the_length_of_vectors():
    history = sp.csr_matrix([[1.0, 0, 0, 0], [0, 0, 0, 3], [1, 2, 0, 0]])
    vectors = np.array([[2.0, 0], [0, 5], [-1, 0], [np.nan, 1]])
    scores = SoundsAlike.of(history, vectors).score(codes(0, 1, 2))

    assert scores[0].tolist() == [1, 0, -1, 0]
    # All that is had has no vector: nothing can be said.
    assert scores[1].tolist() == [0, 0, 0, 0]
    assert scores[2, :2] == pytest.approx(np.array([1, 2]) / np.sqrt(5))


def test_the_share_of_rising_acts_counts_plays():
    is_rising = np.array([True, False])

    assert rising_share(np.array([1, 3]), is_rising[codes(0, 1)]) == 0.25
    assert rising_share(np.array([], int), is_rising[codes()]) == 0.0


def test_groups_are_by_items_before_the_test():
    assert groups_of(np.array([0, 5, 6, 49, 50])).tolist() == [
        "new",
        "new",
        "light",
        "light",
        "heavy",
    ]


def test_a_first_list_goes_through_clusters_with_no_act_or_work_twice():
    popularity = np.array([90.0, 80, 70, 60, 50, 40, 30])
    clusters = codes(0, 0, 1, 1, 1, -1, 0)
    acts = codes(1, 1, 2, 1, 3, 4, 5)
    works = codes(0, 1, 2, 3, 4, 5, 0)

    # Cluster 0 is played most. Item 1 has the act of 0, item 6 its work; item 5 has no cluster.
    assert onboarding_items(popularity, works, acts, clusters).tolist() == [0, 2, 4]


def test_choices_become_a_history_of_what_is_played_most():
    popularity = np.array([1.0, 5, 3, 9, 2])
    history = history_of_choices(
        codes(7), codes(1), popularity, codes(7, 7, 7, 8, 8), codes(0, 0, 0, 0, 1), each=2
    )

    assert history.toarray().tolist() == [[0, 1, 1, 0, 1]]


def test_lift_is_what_is_shared_over_what_chance_would_share():
    rows = [(user, 0, 1, 0) for user in range(6)] + [(user, 1, 1, 0) for user in range(4)]
    rows += [(user, 2, 1, 0) for user in range(4, 8)] + [(0, 3, 9, 0)]
    told = played(*rows, users=9, items=4)
    found = shared_listeners(told, codes(0, 1, 2, 0), least=2)

    # Eight listeners play anything. Act 0 has 6, acts 1 and 2 have 4: shared are 4, 2 and 0.
    assert found.rows() == [
        (0, 1, 6, 4, 4, pytest.approx(400 / 6), pytest.approx(4 * 8 / 24)),
        (1, 0, 4, 6, 4, 100.0, pytest.approx(4 * 8 / 24)),
        (0, 2, 6, 4, 2, pytest.approx(200 / 6), pytest.approx(2 * 8 / 24)),
        (2, 0, 4, 6, 2, 50.0, pytest.approx(2 * 8 / 24)),
    ]
    assert shared_listeners(told, codes(0, 1, 2, 0), least=5).is_empty()


def test_listeners_of_two_tastes_share_acts_within_a_taste():
    known, _ = listeners_of_two_tastes()
    acts = (np.arange(known.item_count) % 4).astype(np.int32)
    found = shared_listeners(known, acts)

    assert {row[:2] for row in found.rows()} == {(0, 2), (2, 0), (1, 3), (3, 1)}
