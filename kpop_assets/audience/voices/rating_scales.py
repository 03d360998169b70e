"""Ratings of all scales on one, 0 to 100: the only place where scales meet.

Belongs here: what a rating of each scale is of 100, and what a rating without a place on it lacks.
Does not belong here: the numbers of the scales (contracts/audience_rules.py), or what scores are
made of ratings.

A scale is brought to 0-100 by its ends: (rating - least) / (greatest - least) x 100, so that the
worst of each is 0 and the best 100, whatever the scale. Letters stand in a table of their own.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts.audience_rules import LETTER_RATINGS, RATING_LIMITS

_LETTERS = "letters"


def on_common_scale() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """`rating_scale`, `rating_100` and `rating_fault` of `rating`, `rating_letter`, `rating_scale`.

    A letter without a scale is one of letters. Of a rating that has no place on its scale
    `rating_100` is null and `rating_fault` says why; without a rating both are null.
    """
    number, letter = pl.col("rating"), pl.col("rating_letter")
    implied = pl.when(letter.is_not_null() & number.is_null()).then(pl.lit(_LETTERS))
    scale = pl.coalesce("rating_scale", implied)
    of_letters = scale == _LETTERS
    least, most = (
        scale.replace_strict(
            {name: float(ends[place]) for name, ends in RATING_LIMITS.items()},
            default=None,
            return_dtype=pl.Float64,
        )
        for place in (0, 1)
    )
    is_inside = number.is_between(least, most)
    in_letters = letter.replace_strict(LETTER_RATINGS, default=None, return_dtype=pl.Float64)
    is_rated = number.is_not_null() | letter.is_not_null()
    fault = (
        pl.when(~is_rated)
        .then(None)
        .when(scale.is_null())
        .then(pl.lit("no_scale"))
        .when(of_letters != letter.is_not_null())
        .then(pl.lit("no_letter"))
        .when(of_letters | is_inside)
        .then(None)
        .otherwise(pl.lit("outside_scale"))
    )
    hundred = (
        pl.when(of_letters).then(in_letters).otherwise((number - least) / (most - least) * 100)
    )
    return (
        scale.alias("rating_scale"),
        pl.when(is_rated & fault.is_null()).then(hundred).alias("rating_100"),
        fault.alias("rating_fault"),
    )
