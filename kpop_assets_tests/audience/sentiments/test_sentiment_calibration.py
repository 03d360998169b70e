"""Scores as chances: as sure as they deserve, whatever the numbers of good and bad."""

from __future__ import annotations

import numpy as np
import pytest

from kpop_assets.audience.sentiments.sentiment_calibration import fit_chances
from kpop_assets.audience.sentiments.sentiment_figures import chance_of_positive, measure_moods
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts, rated_texts


def scored(
    positive: int, negative: int, between: int, seed: int = 3
) -> tuple[np.ndarray, RatedTexts]:
    """Scores of texts around 2, -2 and 0, with the ratings that these have."""
    generator = np.random.default_rng(seed)
    rating = np.repeat([100.0, 0.0, 60.0], [positive, negative, between])
    centre = np.repeat([2.0, -2.0, 0.0], [positive, negative, between])
    scores = centre + generator.normal(0, 1.5, len(rating))
    rows = rated_texts(["x"] * len(rating), np.arange(len(rating)), rating)
    return scores[:, None], rows


def test_chances_add_up_and_the_neutral_lie_in_the_middle():
    scores, rows = scored(2000, 2000, 1000)
    chances = fit_chances(scores, rows).chances(np.array([[-6.0], [0.0], [6.0]]))
    assert chances.sum(axis=1) == pytest.approx(1)
    assert chances.argmax(axis=1).tolist()[0] == 0
    assert chances.argmax(axis=1).tolist()[2] == 2
    assert chances[1, 1] > max(chances[0, 1], chances[2, 1])


@pytest.mark.parametrize("share", [1, 5])
def test_chances_come_true_also_where_the_good_are_many(share: int):
    scores, rows = scored(2000 * share, 2000, 1000)
    others, asked = scored(2000 * share, 2000, 1000, seed=4)
    fitted = fit_chances(scores, rows)
    figures = measure_moods(fitted.chances(others), asked)
    assert figures.ece < 0.02
    middle = chance_of_positive(fitted.chances(np.zeros((1, 1))))[0]
    assert middle == pytest.approx(0.5, abs=0.06)


def test_two_parts_that_say_different_things_are_better_than_either():
    one, rows = scored(3000, 3000, 0, seed=5)
    other, _ = scored(3000, 3000, 0, seed=6)
    both = np.hstack([one, other])
    accuracy = [
        measure_moods(fit_chances(each, rows).chances(each), rows).accuracy
        for each in (one, other, both)
    ]
    assert accuracy[2] > max(accuracy[:2]) + 0.02


def test_where_nothing_neutral_was_rated_nothing_is_held_for_neutral():
    scores, rows = scored(200, 200, 0)
    chances = fit_chances(scores, rows).chances(scores)
    assert chances[:, 1].max() < 1e-9
    assert chances.sum(axis=1) == pytest.approx(1)
    assert chances[np.argmax(scores[:, 0]), 2] > 0.9
