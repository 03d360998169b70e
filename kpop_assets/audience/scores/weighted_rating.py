"""The weighted rating: a mean that few ratings leave near what is usual.

Belongs here: its formula, and rows of it. Does not belong here: which ratings count
(subject_scores.py), or scales (voices/rating_scales.py).

W = v / (v + m) · R + m / (v + m) · C, as IMDb's list of 250 has it: R is the mean rating (1-10), v
the ratings that count, C the mean of all ratings of subjects of the kind, and m how many ratings C
weighs as (`WEIGHTED_RATING_PRIORS`).
"""

from __future__ import annotations

import polars as pl

from kpop_assets.audience.scores.share_intervals import (
    NORMAL_95,
    Number,
    standard_error,
    weighted_mean,
)
from kpop_assets.contracts import audience_rules as rules


def weighted_rating(mean: Number, count: Number, usual: Number, prior_count: Number) -> Number:
    """W of the module's text.

    Args:
        mean: R.
        count: v, 0 or more; need not be whole.
        usual: C.
        prior_count: m, more than 0.
    """
    return (count * mean + prior_count * usual) / (count + prior_count)


def on_ten(hundred: Number) -> Number:
    """A rating of 0-100 on the scale of 1-10."""
    return 1 + hundred * 9 / 100


def rate_subjects(rows: pl.DataFrame, weight: str) -> pl.DataFrame:
    """The weighted rating of each subject that has a rating.

    Args:
        rows: a review of a subject each: subject_kind, subject, rating_100, the weight.
        weight: name of the column of weights.

    Returns:
        subject_kind, subject, value (1-10), low, high (95 %, of the mean's part; null of one
        rating), weight_sum, prior_mean (C), prior_count (m).
    """
    rated = rows.filter(pl.col("rating_100").is_not_null()).with_columns(
        on_ten(pl.col("rating_100")).alias("rating")
    )
    rating, weights = pl.col("rating"), pl.col(weight)
    usual = rated.group_by("subject_kind").agg(weighted_mean(rating, weights).alias("prior_mean"))
    priors = pl.col("subject_kind").replace_strict(
        rules.WEIGHTED_RATING_PRIORS, return_dtype=pl.Float64
    )
    of_subject = rated.group_by("subject_kind", "subject").agg(
        weighted_mean(rating, weights).alias("mean"),
        standard_error(rating, weights).alias("error"),
        weights.sum().alias("weight_sum"),
    )
    count, prior = pl.col("weight_sum"), pl.col("prior_count")
    half = NORMAL_95 * pl.col("error") * count / (count + prior)
    return (
        of_subject.join(usual, on="subject_kind")
        .with_columns(priors.alias("prior_count"))
        .with_columns(
            weighted_rating(
                pl.col("mean").fill_null(0.0), count, pl.col("prior_mean"), prior
            ).alias("value")
        )
        .with_columns(
            (pl.col("value") - half).clip(1, 10).alias("low"),
            (pl.col("value") + half).clip(1, 10).alias("high"),
        )
        .drop("mean", "error")
    )
