"""Families that are sums of weights, against second ways of working them out."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from kpop_assets.audience.sentiments.sentiment_linear import (
    ColumnFit,
    ColumnWeights,
    fit_logistic,
    fit_naive_bayes,
    fit_svm,
    fit_weighed,
)
from kpop_assets.audience.sentiments.sentiment_rows import rated_texts
from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets_tests.audience.sentiment_world import simulated_ratings

FITS = [fit_naive_bayes, fit_svm, fit_logistic, fit_weighed]
GRAMS = LetterGrams(1, 3, 16)


def test_naive_bayes_is_the_log_ratio_of_plain_counts():
    texts, rating = ["ab", "ab", "b", "b"], np.array([100.0, 100.0, 0.0, 0.0])
    rows = rated_texts(texts, np.arange(4), rating)
    columns = sp.csr_matrix(np.array([[1, 1], [1, 1], [0, 1], [0, 1]], dtype=np.float32))
    fitted = fit_naive_bayes(columns, rows)

    positive, negative = Counter[int](), Counter[int]()
    for text, share in zip(texts, rows.share, strict=True):
        for place, sign in enumerate("ab"):
            positive[place] += share * (sign in text)
            negative[place] += (1 - share) * (sign in text)
    for place in range(2):
        p = (positive[place] + 1) / (positive[0] + positive[1] + 2)
        q = (negative[place] + 1) / (negative[0] + negative[1] + 2)
        assert fitted.weights[place] == pytest.approx(math.log(p / q), abs=1e-6)


@pytest.mark.parametrize("fit", FITS)
def test_a_column_that_one_text_alone_has_weighs_nothing(fit: ColumnFit):
    rows = rated_texts(["a", "b", "a", "b"], np.arange(4), np.array([100.0, 0.0, 100.0, 0.0]))
    ones = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32)
    weights = fit(sp.csr_matrix(ones), rows).weights
    assert weights[0] > 0 > weights[1]
    assert weights[2] == 0


@pytest.mark.parametrize("fit", FITS)
def test_what_was_learnt_tells_texts_of_other_subjects_apart(fit: ColumnFit):
    learnt, asked = simulated_ratings(400), simulated_ratings(200, seed=2)
    fitted = fit(GRAMS.present(learnt.texts), learnt)
    scores = fitted.score(GRAMS.present(asked.texts))
    assert scores[asked.is_positive].mean() > scores[asked.is_negative].mean() + 0.5
    ends = asked.is_end
    assert ((scores > 0) == asked.is_positive)[ends].mean() > 0.95


@pytest.mark.parametrize("fit", FITS)
def test_a_fit_is_the_same_each_time_and_after_being_kept(fit: ColumnFit):
    rows = simulated_ratings(200)
    columns = GRAMS.present(rows.texts)
    one, again = fit(columns, rows), fit(columns, rows)
    kept = ColumnWeights.of_arrays(GRAMS.width, one.as_arrays(), one.intercept)
    for other in (again, kept):
        assert np.array_equal(one.score(columns), other.score(columns))


@pytest.mark.parametrize(
    ("fit", "solver"),
    [(fit_svm, LinearSVC), (fit_logistic, LogisticRegression), (fit_weighed, LogisticRegression)],
)
def test_columns_that_no_text_has_cost_a_fit_nothing(
    fit: ColumnFit, solver: type, monkeypatch: pytest.MonkeyPatch
):
    """Of 2^21 columns most are of no text, and a solver that got them took three times as long."""
    widths, plain = list[int](), solver.fit

    def noting(self: Any, columns: sp.csr_matrix, *rest: Any, **more: Any) -> Any:
        widths.append(columns.shape[1])
        return plain(self, columns, *rest, **more)

    monkeypatch.setattr(solver, "fit", noting)
    rows = simulated_ratings(200)
    columns = GRAMS.present(rows.texts)
    order = np.random.default_rng(3).permutation(GRAMS.width)
    one, mixed = fit(columns, rows), fit(columns[:, order], rows)
    common = np.flatnonzero(np.bincount(columns.indices, minlength=GRAMS.width) > 1)
    assert widths == [len(common)] * 2
    # What it finds stands at the columns it was found of.
    assert set(np.flatnonzero(one.weights)) <= set(common)
    assert np.allclose(one.weights[order], mixed.weights, atol=1e-3)


def test_a_score_of_a_scaled_fit_does_not_grow_with_the_text():
    rows = simulated_ratings(300)
    fitted = fit_weighed(GRAMS.present(rows.texts), rows)
    once, often = fitted.score(
        GRAMS.present(["최고의 무대", "최고의 무대 최고의 무대 최고의 무대"])
    )
    assert often == pytest.approx(once, rel=0.35)


def test_a_text_without_any_known_column_scores_the_intercept():
    rows = simulated_ratings(100)
    fitted = fit_logistic(GRAMS.present(rows.texts), rows)
    empty = sp.csr_matrix((1, GRAMS.width), dtype=np.float32)
    assert fitted.score(empty)[0] == pytest.approx(fitted.intercept)
