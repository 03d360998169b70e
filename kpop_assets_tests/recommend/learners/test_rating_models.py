"""Ratings foretold: properties on made-up ones, and the published yardstick on real ones."""

from __future__ import annotations

import numpy as np
import pytest
from surprise import SVD, Dataset, Reader

from kpop_assets.recommend.learners.bayesian_factors import DrawnFactors
from kpop_assets.recommend.learners.rating_models import (
    SPECIFIED_FACTORS,
    TUNED_FACTORS,
    Biases,
    GradientFactors,
)
from kpop_assets.recommend.matrices.interactions import Interactions, coded
from kpop_assets.recommend.matrices.splits import rating_folds
from kpop_assets.recommend.training.rating_metrics import root_mean_squared_error
from kpop_assets_tests.conftest import REAL_DATA

MODELS = [
    Biases(),
    GradientFactors(factors=3, epochs=200, learning_rate=0.02, penalty=0.02),
    DrawnFactors(factors=2),
]


def ratings_of_two_tastes(seed: int = 0) -> Interactions:
    """Half of the pairs of 50 listeners and 30 items, rated by bias, taste and some noise."""
    generator = np.random.default_rng(seed)
    users, items = np.divmod(np.flatnonzero(generator.random(50 * 30) < 0.5), 30)
    tastes = np.where(users % 2 == items % 2, 1.0, -1.0)
    ratings = 3 + 0.5 * np.sin(users) + 0.5 * np.cos(items) + tastes
    return Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        np.clip(ratings + generator.normal(0, 0.2, len(users)), 1, 5),
        np.zeros(len(users), np.int64),
        51,  # the last listener and the last item have no rating
        31,
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda it: type(it).__name__)
def test_who_has_no_rating_gets_the_mean_within_the_scale(model):
    fitted = model.fit(ratings_of_two_tastes())
    unknown = fitted.foretell(np.array([50], np.int32), np.array([30], np.int32))
    everything = fitted.foretell(*(codes.ravel() for codes in np.mgrid[:51, :31]))

    assert unknown == pytest.approx(ratings_of_two_tastes().values.mean(), abs=0.1)
    assert everything.min() >= ratings_of_two_tastes().values.min()
    assert everything.max() <= ratings_of_two_tastes().values.max()


def test_vectors_learn_the_tastes_that_biases_cannot():
    told = ratings_of_two_tastes()
    train, test = next(iter(rating_folds(len(told), 0)))
    held = told.where(test)

    def error(model) -> float:
        fitted = model.fit(told.where(train))
        return root_mean_squared_error(held.values, fitted.foretell(held.users, held.items))

    biases, gradient, drawn = (error(model) for model in MODELS)
    assert biases > 0.9
    assert gradient < 0.6
    # The noise is .2: as good as it can get.
    assert drawn < 0.3


@pytest.mark.parametrize("model", MODELS, ids=lambda it: type(it).__name__)
def test_scores_rank_as_ratings_do_and_a_fit_repeats(model):
    told = ratings_of_two_tastes()
    one, two = model.fit(told), model.fit(told)
    users = np.array([0, 7], np.int32)
    scores = one.score(users)

    assert np.array_equal(scores, two.score(users))
    for row, user in enumerate(users):
        ratings = one.foretell(np.full(31, user, np.int32), np.arange(31, dtype=np.int32))
        assert np.clip(scores[row], one.lowest, one.highest) == pytest.approx(ratings, abs=1e-4)


@pytest.mark.realdata
def test_on_movielens_svd_is_that_of_surprise_and_the_specified_one_loses_to_biases():
    rows = np.loadtxt(REAL_DATA / "recommender/ml100k/u.data", dtype=np.int64)
    known, user_ids, item_ids = coded(*(rows[:, column] for column in range(4)))
    train, test = next(iter(rating_folds(len(known), 42)))
    held = known.where(test)

    def error(model) -> float:
        fitted = model.fit(known.where(train))
        return root_mean_squared_error(held.values, fitted.foretell(held.users, held.items))

    path = str(REAL_DATA / "recommender/ml100k/u.data")
    everything = Dataset.load_from_file(
        path, Reader(line_format="user item rating timestamp", sep="\t")
    )
    everything.raw_ratings = [everything.raw_ratings[row] for row in np.flatnonzero(train)]
    theirs = SVD(n_epochs=20, lr_all=0.005, reg_all=0.4, random_state=42).fit(
        everything.build_full_trainset()
    )
    told = [
        theirs.predict(str(user_ids[user]), str(item_ids[item])).est
        for user, item in zip(held.users, held.items, strict=True)
    ]
    specified = error(SPECIFIED_FACTORS)
    assert specified == pytest.approx(root_mean_squared_error(held.values, np.array(told)))
    assert error(TUNED_FACTORS) < 0.92 < error(Biases()) < specified
