"""The population stability index, and what of it is chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.ml.stability import chance_limit, stability_terms

counts = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=20
)


def test_the_index_is_the_sum_that_its_definition_says():
    # Shares of 1/4 and 3/4 before, 3/4 and 1/4 now, once half a row of each is nothing.
    million = 1_000_000
    terms = stability_terms([million, 3 * million], [3 * million, million])
    assert terms.sum() == pytest.approx(2 * 0.5 * math.log(3), rel=1e-5)
    assert terms[0] == pytest.approx(terms[1])


@given(counts)
def test_no_value_takes_from_the_index_and_equal_shares_add_nothing(pairs):
    before, now = ([pair[side] for pair in pairs] for side in (0, 1))
    assert (stability_terms(before, now) >= 0).all()
    assert stability_terms(before, before).sum() == 0
    assert np.isfinite(stability_terms(before, now)).all()
    # Neither side is the true one.
    assert stability_terms(before, now).sum() == pytest.approx(stability_terms(now, before).sum())


def test_chance_alone_is_above_its_limit_as_often_as_it_says():
    draw = np.random.default_rng(7)
    shares = draw.dirichlet(np.full(8, 3.0))
    above = 0
    for _ in range(2_000):
        before, now = draw.multinomial(20_000, shares), draw.multinomial(500, shares)
        limit = chance_limit(before.tolist(), now.tolist(), 0.05)
        above += stability_terms(before.tolist(), now.tolist()).sum() > limit
    assert above / 2_000 == pytest.approx(0.05, abs=0.015)


def test_one_value_alone_cannot_move():
    assert chance_limit([5], [9], 0.05) == 0.0
    assert stability_terms([5], [9]).sum() == 0.0
