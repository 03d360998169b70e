"""Ratings of every scale on one: their ends, their order, and those without a place."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.audience.voices.rating_scales import on_common_scale
from kpop_assets.contracts.audience_rules import LETTER_RATINGS, RATING_LIMITS

SCHEMA = {"rating": pl.Float64, "rating_letter": pl.String, "rating_scale": pl.String}


def placed(rating: float | None = None, letter: str | None = None, scale: str | None = None) -> Any:
    row = pl.DataFrame([(rating, letter, scale)], SCHEMA, orient="row")
    return row.select(*on_common_scale()).row(0)


@pytest.mark.parametrize("scale", RATING_LIMITS)
def test_the_worst_of_each_scale_is_0_the_best_100_and_the_middle_50(scale: str):
    least, most = RATING_LIMITS[scale]
    assert placed(least, scale=scale)[1:] == (0, None)
    assert placed(most, scale=scale)[1:] == (100, None)
    assert placed((least + most) / 2, scale=scale)[1] == 50


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        *(("A", 100), ("A-", 92), ("B+", 83), ("B", 75), ("B-", 67), ("C+", 58), ("F", 0)),
        *(("C", 58 * 5 / 6), ("C-", 58 * 4 / 6), ("D+", 29), ("D", 58 / 3), ("D-", 58 / 6)),
    ],
)
def test_letters_stand_where_critics_put_them(letter: str, expected: float):
    assert placed(letter=letter) == ("letters", pytest.approx(expected), None)
    assert placed(letter=letter, scale="letters")[1] == pytest.approx(expected)


def test_letters_fall_from_a_to_f():
    values = list(LETTER_RATINGS.values())
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("given_rating", "fault"),
    [
        ({"rating": 0.5, "scale": "1-5"}, "outside_scale"),
        ({"rating": 11.0, "scale": "1-10"}, "outside_scale"),
        ({"rating": 7.0}, "no_scale"),
        ({"rating": 7.0, "scale": "letters"}, "no_letter"),
        ({"letter": "A", "scale": "1-5"}, "no_letter"),
        ({}, None),
        ({"scale": "1-5"}, None),
    ],
)
def test_a_rating_without_a_place_says_why_and_has_no_number(given_rating: dict, fault: str | None):
    assert placed(**given_rating)[1:] == (None, fault)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(RATING_LIMITS)),
    st.floats(0, 1, allow_nan=False),
    st.floats(0, 1, allow_nan=False),
)
def test_more_is_never_less_and_no_scale_leaves_0_to_100(scale: str, one: float, other: float):
    least, most = RATING_LIMITS[scale]
    low, high = sorted(least + share * (most - least) for share in (one, other))
    low_100, high_100 = placed(low, scale=scale)[1], placed(high, scale=scale)[1]
    assert 0 <= low_100 <= high_100 <= 100 + 1e-9
