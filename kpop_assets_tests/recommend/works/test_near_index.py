"""The nearest vectors: exact against arithmetic, others against exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.works import near_index
from kpop_assets.recommend.works.near_index import Kind, NearIndex, recall_of


def vectors(count: int, width: int = 16, seed: int = 1) -> Any:
    made = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_exact_finds_what_a_product_with_all_finds():
    made = vectors(500)
    products, rows = NearIndex(made).nearest(made[:20], 10)
    expected = np.argsort(-(made[:20] @ made.T), axis=1)[:, :10]
    assert (rows == expected).all()
    assert np.allclose(products, np.take_along_axis(made[:20] @ made.T, expected, axis=1))


@pytest.mark.parametrize("kind", ["ivf", "hnsw"])
def test_what_does_not_look_at_all_is_set_until_it_finds_enough(kind: Kind):
    made = vectors(5_000)
    index = NearIndex(made, kind)
    assert index.recall >= rules.LEAST_RECALL
    asked = vectors(300, seed=2)
    exact = NearIndex(made, "exact").nearest(asked, 10)[1]
    # Of vectors that it was not set by.
    assert recall_of(index.nearest(asked, 10)[1], exact) >= rules.LEAST_RECALL - 0.03
    assert index.effort > 0


def test_many_are_not_compared_with_each(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(near_index.rules, "EXACT_WORKS", 99)
    assert NearIndex(vectors(99)).kind == "exact"
    assert NearIndex(vectors(100)).kind == "ivf"


def test_the_same_vectors_make_the_same_index():
    made = vectors(3_000)
    one, other = NearIndex(made, "ivf"), NearIndex(made, "ivf")
    assert one.effort == other.effort
    assert (one.nearest(made[:50], 10)[1] == other.nearest(made[:50], 10)[1]).all()
    assert one.size_bytes == other.size_bytes < 3_000 * 16 * 4


@pytest.mark.parametrize("kind", ["exact", "ivf", "hnsw"])
@pytest.mark.parametrize("count", [1, 3])
def test_fewer_than_are_asked_for_are_all_that_there_are(kind: Kind, count: int):
    made = vectors(count)
    _, rows = NearIndex(made, kind).nearest(made[:1], 5)
    assert sorted(rows[0].tolist()) == [-1] * (5 - count) + list(range(count))


def test_recall_is_the_share_that_was_found():
    exact = np.array([[0, 1], [2, 3]])
    assert recall_of(np.array([[1, 0], [2, 9]]), exact) == 0.75
    assert recall_of(np.array([[0, -1]]), np.array([[0, -1]])) == 1
