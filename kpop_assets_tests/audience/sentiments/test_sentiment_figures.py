"""Figures of moods, against scikit-learn on a test of as many of each end."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score

from kpop_assets.audience.sentiments.sentiment_figures import chance_of_positive, measure_moods
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts, rated_texts
from kpop_assets.ml.metrics import ece


def made_up(
    seed: int, positive: int, negative: int, between: int = 0
) -> tuple[np.ndarray, RatedTexts]:
    generator = np.random.default_rng(seed)
    rating = np.repeat([100.0, 0.0, 60.0], [positive, negative, between])
    rows = rated_texts(["x"] * len(rating), np.arange(len(rating)), rating)
    chances = generator.dirichlet([1, 0.5, 1], len(rating))
    chances[:positive, 2] += 0.5
    return chances / chances.sum(axis=1, keepdims=True), rows


def test_where_both_ends_are_as_many_figures_are_the_usual_ones():
    chances, rows = made_up(1, 500, 500)
    found = measure_moods(chances, rows)
    positive = chance_of_positive(chances)
    assert found.accuracy == pytest.approx(accuracy_score(rows.is_positive, positive > 0.5))
    expected = f1_score(rows.is_positive, positive > 0.5, average="macro")
    assert found.f1 == pytest.approx(expected)
    assert found.ece == pytest.approx(ece(positive, rows.is_positive))


def test_where_one_end_is_rare_it_counts_as_much():
    chances, rows = made_up(2, 900, 100)
    said = chance_of_positive(chances) > 0.5
    found = measure_moods(chances, rows)
    assert found.accuracy == pytest.approx(balanced_accuracy_score(rows.is_positive, said))
    # Each negative nine times over is a test of as many of each.
    places = np.concatenate([np.arange(900), np.repeat(np.arange(900, 1000), 9)])
    even = measure_moods(chances[places], rows.take(places))
    for name in ("accuracy", "f1", "ece"):
        assert getattr(found, name) == pytest.approx(getattr(even, name)), name


def test_the_neutral_count_in_their_own_figures_alone():
    chances, rows = made_up(3, 200, 200, 300)
    ends = np.flatnonzero(rows.is_end)
    found, without = measure_moods(chances, rows), measure_moods(chances[ends], rows.take(ends))
    assert (found.accuracy, found.f1, found.ece) == (without.accuracy, without.f1, without.ece)
    assert (without.mood_f1, without.neutral_recall) == (None, None)
    came = np.repeat([2, 0, 1], [200, 200, 300])
    expected = f1_score(came, chances.argmax(axis=1), average="macro")
    assert found.mood_f1 == pytest.approx(expected)


def test_figures_of_one_end_alone_are_refused():
    chances, rows = made_up(4, 10, 0)
    with pytest.raises(ValueError, match="both ends"):
        measure_moods(chances, rows)
