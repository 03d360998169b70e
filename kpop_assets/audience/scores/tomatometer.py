"""The tomatometer: which part of the reviews is positive.

Belongs here: its share, interval and word. Does not belong here: what is positive of a text
(sentiment), or which reviews count (subject_scores.py).

As Rotten Tomatoes has it: Fresh from 60 % on, Rotten below, Certified from 75 % on with 40 reviews
or more. A rating of 60 of 100 or more is positive; a review without one is as its text. Reviews
count by their weight, for the word as well: nobody is certified by a campaign.
"""

from __future__ import annotations

import math

import polars as pl

from kpop_assets.audience.scores.share_intervals import effective_count, weighted_mean, wilson
from kpop_assets.contracts import audience_rules as rules


def freshness(percent: float | None, count: float) -> str | None:
    """certified, fresh or rotten; None without a share.

    Args:
        percent: positive reviews, 0-100.
        count: reviews that count, as the sum of their weights.
    """
    if percent is None or math.isnan(percent):
        return None
    if percent >= rules.CERTIFIED_PCT and count >= rules.CERTIFIED_REVIEWS:
        return "certified"
    return "fresh" if percent >= rules.FRESH_PCT else "rotten"


def share_positive(rows: pl.DataFrame, weight: str) -> pl.DataFrame:
    """The tomatometer of each subject, of critics and of users apart.

    Args:
        rows: a review of a subject each: subject_kind, subject, author_kind, is_positive (null
            where neither rating nor text says), the weight.
        weight: name of the column of weights.

    Returns:
        subject_kind, subject, author_kind, value (0-100), low, high (Wilson's at 95 %),
        weight_sum, verdict. Subjects whose reviews weigh nothing have no value.
    """
    positive, weights = pl.col("is_positive").cast(pl.Float64), pl.col(weight)
    shares = (
        rows.filter(pl.col("is_positive").is_not_null())
        .group_by("subject_kind", "subject", "author_kind")
        .agg(
            weighted_mean(positive, weights).alias("share"),
            effective_count(weights).alias("effective"),
            weights.sum().alias("weight_sum"),
        )
    )
    low, high = wilson(pl.col("share"), pl.col("effective"))
    found = shares.select(
        "subject_kind",
        "subject",
        "author_kind",
        (100 * pl.col("share")).alias("value"),
        (100 * low).clip(0, 100).alias("low"),
        (100 * high).clip(0, 100).alias("high"),
        "weight_sum",
    )
    # A thousandth of a review more or less is the engine's rounding, not another opinion.
    told = zip(found["value"].round(9), found["weight_sum"].round(6), strict=True)
    words = [freshness(percent, count) for percent, count in told]
    return found.with_columns(pl.Series("verdict", words, pl.String))
