"""Runs of letters against a second way of finding them, window by window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.audience.words.letter_grams import LetterGrams

# So many columns that no two of a small test's runs share one.
BITS = 30
TEXTS = st.lists(st.text(st.sampled_from("좋다안 abㅋ\ue000\0😀"), max_size=12), max_size=6)


def runs(text: str, grams: LetterGrams) -> set[str]:
    framed = f" {text} " if grams.is_spaced else text.replace(" ", "")
    sizes = range(grams.shortest, grams.longest + 1)
    return {framed[at : at + size] for size in sizes for at in range(len(framed) - size + 1)}


def columns(texts: Sequence[str], grams: LetterGrams) -> list[set[int]]:
    found = grams.present(texts)
    assert found.shape == (len(texts), grams.width)
    assert (found.data == 1).all()
    return [set(found[row].indices.tolist()) for row in range(len(texts))]


@settings(deadline=None)
@given(TEXTS, st.booleans(), st.integers(1, 3))
def test_a_text_has_as_many_columns_as_runs_and_shares_those_that_both_have(
    texts: list[str], is_spaced: bool, shortest: int
):
    grams = LetterGrams(shortest, 4, BITS, is_spaced)
    found = columns(texts, grams)
    # A NUL counts as a blank: it ends texts inside.
    expected = [runs(text.replace("\0", " "), grams) for text in texts]
    assert [len(one) for one in found] == [len(one) for one in expected]
    for one, other in zip(range(len(texts)), range(1, len(texts)), strict=False):
        assert len(found[one] & found[other]) == len(expected[one] & expected[other])


@settings(deadline=None)
@given(TEXTS)
def test_a_text_has_the_same_columns_whatever_stands_beside_it(texts: list[str]):
    grams = LetterGrams(1, 5, 21)
    assert columns(texts, grams) == [one for text in texts for one in columns([text], grams)]


def test_more_texts_than_are_hashed_at_once_keep_their_order():
    texts = [f"리뷰 {number}" for number in range(9000)]
    found = LetterGrams(2, 3, 18).present(texts)
    for place in (0, 3999, 4000, 8999):
        alone = LetterGrams(2, 3, 18).present([texts[place]])
        assert (found[place] != alone).nnz == 0


def test_columns_are_spread_evenly_so_that_few_runs_share_one():
    texts = [f"{number:05d}" for number in range(5000)]
    found = LetterGrams(5, 5, 16, is_spaced=False).present(texts)
    used = len(np.unique(found.indices))
    # 2^16 columns by chance: 65,536 (1 - exp(-5,000 / 65,536)).
    assert used == pytest.approx(4814, abs=60)


def test_a_model_of_another_process_finds_the_same_columns():
    """Kept weights are those of columns: a hash that changed would make them noise."""
    assert LetterGrams(2, 2, 21).present(["좋다"]).indices.tolist() == [196090, 748358, 1229189]
