"""Scores of rankings, against plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp

from kpop_assets.recommend.training.ranking_metrics import (
    catalogue_share,
    diversity_within,
    gini,
    interval_by_listener,
    novelty,
    ranking_scores,
)
from kpop_assets.recommend.training.rating_metrics import (
    mean_absolute_error_of_ratings,
    root_mean_squared_error,
)

ITEMS = 30


def plainly(shown: list[int], relevant: set[int]) -> dict[str, float]:
    """Every score of one list, as its definition reads."""
    gain = sum(
        1 / math.log2(place + 2) for place, item in enumerate(shown[:10]) if item in relevant
    )
    best = sum(1 / math.log2(place + 2) for place in range(min(10, len(relevant))))
    precisions = [
        len(relevant & set(shown[: place + 1])) / (place + 1)
        for place, item in enumerate(shown[:10])
        if item in relevant
    ]
    return {
        "ndcg_10": gain / best,
        "recall_10": len(relevant & set(shown[:10])) / len(relevant),
        "recall_20": len(relevant & set(shown[:20])) / len(relevant),
        "map_all": sum(precisions) / len(relevant),
        "map_10": sum(precisions) / min(10, len(relevant)),
        "hit_10": float(bool(relevant & set(shown[:10]))),
    }


def sparse(relevant: list[set[int]]) -> sp.csr_matrix:
    rows = np.zeros((len(relevant), ITEMS))
    for number, items in enumerate(relevant):
        rows[number, list(items)] = 1
    return sp.csr_matrix(rows)


@pytest.mark.parametrize("seed", range(30))
def test_every_score_is_what_its_definition_says(seed: int):
    generator = np.random.default_rng(seed)
    lists = [
        (
            generator.permutation(ITEMS)[:20].tolist(),
            set(generator.permutation(ITEMS)[: generator.integers(1, ITEMS)].tolist()),
            int(generator.integers(0, 21)),
        )
        for _ in range(3)
    ]
    # The last places may be empty.
    shown = [[*items[:length], *[-1] * (20 - length)] for items, _, length in lists]
    relevant = [came for _, came, _ in lists]
    scores = ranking_scores(np.array(shown, dtype=np.int32), sparse(relevant))

    for row, items in enumerate(shown):
        for name, value in plainly([i for i in items if i >= 0], relevant[row]).items():
            assert scores.by_name()[name][row] == pytest.approx(value), name


def test_a_perfect_list_scores_one_and_a_listener_without_test_items_is_not_counted():
    shown = np.array([list(range(20))] * 2, dtype=np.int32)
    scores = ranking_scores(shown, sparse([set(range(12)), set()]))

    assert scores.listeners.tolist() == [0]
    means = scores.means()
    assert means["ndcg_10"] == pytest.approx(1)
    assert means["map_10"] == means["hit_10"] == means["recall_20"] == 1
    assert means["recall_10"] == means["map_all"] == pytest.approx(10 / 12)


def test_lists_that_are_too_short_or_not_of_these_listeners_are_refused():
    with pytest.raises(ValueError, match="lists of 20"):
        ranking_scores(np.zeros((1, 10), np.int32), sparse([{1}]))
    with pytest.raises(ValueError, match="2 lists for 1 listeners"):
        ranking_scores(np.zeros((2, 20), np.int32), sparse([{1}]))


def test_of_four_items_two_are_shown_and_one_of_them_three_times():
    shown = np.array([[0, 1], [0, -1], [0, -1]], dtype=np.int32)

    assert catalogue_share(shown, 4) == 0.5
    # Mean absolute difference of 0, 0, 1, 3 over twice their mean: 20 / 16 / 2.
    assert gini(shown, 4) == pytest.approx(0.625)
    assert gini(np.array([[0, 1, 2, 3]]), 4) == 0


def test_novelty_is_bits_of_how_few_have_it():
    shown = np.array([[0, 1], [2, -1]], dtype=np.int32)

    # Half have item 0, a quarter item 1, nobody item 2: as if one of eight had.
    assert novelty(shown, np.array([4, 2, 0]), 8) == pytest.approx((1 + 2 + 3) / 3)


def test_diversity_is_one_less_the_cosine_of_all_pairs():
    vectors = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0]])

    assert diversity_within(np.array([[0, 1]]), vectors) == pytest.approx(0)
    assert diversity_within(np.array([[0, 2]]), vectors) == pytest.approx(1)
    assert diversity_within(np.array([[0, 1, 2]]), vectors) == pytest.approx(2 / 3)
    assert math.isnan(diversity_within(np.array([[0, -1]]), vectors))


def test_the_interval_holds_the_mean_and_is_narrower_with_more_listeners():
    values = np.random.default_rng(0).random(400)
    low, high = interval_by_listener(values)
    few_low, few_high = interval_by_listener(values[:20])

    assert low < values.mean() < high
    # 1.96 standard errors to each side.
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)
    assert few_high - few_low > 2 * (high - low)


def test_errors_of_ratings():
    came, told = np.array([1.0, 5.0, 3.0, 3.0]), np.array([1.0, 4.0, 3.0, 6.0])

    assert root_mean_squared_error(came, told) == pytest.approx(math.sqrt(10 / 4))
    assert mean_absolute_error_of_ratings(came, told) == 1.0
