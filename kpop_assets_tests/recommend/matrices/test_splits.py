"""What is learnt from and what is tested."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpop_assets.recommend.matrices.splits import before, rating_folds, stratified
from kpop_assets_tests.recommend.matrices.test_interactions import played


def published_rule(groups: np.ndarray, seed: int) -> list[bool]:
    """The repository's rule in pandas: draw, sort within the group, take the first share."""
    rows = pd.DataFrame({"group": groups, "place": np.arange(len(groups))})
    np.random.seed(seed)
    rows["random"] = np.random.rand(len(rows))
    rows = rows.sort_values(["group", "random"])
    sizes = rows.groupby("group")["group"].transform("count")
    rows["train"] = rows.groupby("group").cumcount() + 1 <= round(0.75 * sizes)
    return rows.sort_values("place")["train"].tolist()


@pytest.mark.parametrize("seed", range(20))
def test_rows_are_split_as_the_published_figures_split_them(seed: int):
    generator = np.random.default_rng(seed)
    groups = generator.integers(0, 6, generator.integers(1, 60))

    assert stratified(groups, seed).tolist() == published_rule(groups, seed)


def test_an_item_that_stands_once_is_trained_on_and_half_goes_to_even():
    # .75 of 1 is .75, of 2 is 1.5, of 6 is 4.5.
    trained = stratified(np.array([1, 2, 2, 6, 6, 6, 6, 6, 6]), 42)

    assert [trained[:1].sum(), trained[1:3].sum(), trained[3:].sum()] == [1, 2, 4]


def test_every_rating_is_tested_once_and_trained_on_in_all_other_folds():
    folds = list(rating_folds(23, seed=1))

    assert sum(test for _, test in folds).tolist() == [1] * 23
    assert all((train == ~test).all() for train, test in folds)
    again = list(rating_folds(23, seed=1))
    assert all((one[1] == two[1]).all() for one, two in zip(folds, again, strict=True))


def test_after_the_cut_only_news_about_known_listeners_and_items_is_tested():
    told = played(
        (0, 0, 1, 5), (1, 1, 1, 6),
        (0, 0, 1, 10),  # has it already
        (0, 1, 1, 11),
        (1, 3, 1, 12),  # an item nobody had
        (2, 0, 1, 13),  # a listener nobody knew
    )  # fmt: skip
    known, later = before(told, 10)

    assert known.times.tolist() == [5, 6]
    assert later.times.tolist() == [11]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_or_nothing_can_be_kept(share: float):
    assert stratified(np.array([1, 1, 2]), 0, share).tolist() == [bool(share)] * 3
