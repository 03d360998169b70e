"""Net sentiment: positive less negative, of all, and against acts of the same generation.

Belongs here: the mean, its interval, and the cohort's. Does not belong here: what a text says
(sentiment), or aspects of a clause.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.audience.scores.share_intervals import effective_count, net_interval, weighted_mean
from kpop_assets.contracts import audience_rules as rules


def net_sentiment(rows: pl.DataFrame, weight: str) -> pl.DataFrame:
    """(positive - negative) / all of each subject and aspect, by weight.

    Args:
        rows: subject_kind, subject, aspect, sign (-1, 0 or 1; null where not known), the weight.
        weight: name of the column of weights.

    Returns:
        subject_kind, subject, aspect, value (-1 to 1), low, high (95 %), weight_sum.
    """
    sign, weights = pl.col("sign").cast(pl.Float64), pl.col(weight)
    found = (
        rows.filter(pl.col("sign").is_not_null())
        .group_by("subject_kind", "subject", "aspect")
        .agg(
            weighted_mean(sign, weights).alias("value"),
            effective_count(weights).alias("effective"),
            weights.sum().alias("weight_sum"),
        )
    )
    low, high = net_interval(pl.col("value"), pl.col("effective"))
    return found.with_columns(low.clip(-1, 1).alias("low"), high.clip(-1, 1).alias("high")).drop(
        "effective"
    )


def against_cohorts(scores: pl.DataFrame, generations: pl.DataFrame) -> pl.DataFrame:
    """Each act's net sentiment beside that of the other acts of its generation.

    Args:
        scores: subject_kind, subject, aspect, value, weight_sum.
        generations: artist, generation.

    Returns:
        The rows of acts with generation, cohort_value (median of the others of whom at least
        `COHORT_LEAST_REVIEWS` reviews count) and cohort_count (those others).
    """
    acts = scores.filter(pl.col("subject_kind") == "act").join(
        generations, left_on="subject", right_on="artist"
    )
    counted = acts.filter(pl.col("weight_sum") >= rules.COHORT_LEAST_REVIEWS)
    key = ["generation", "aspect"]
    others = (
        acts.join(counted.select(*key, "subject", "value"), on=key, suffix="_other")
        .filter(pl.col("subject") != pl.col("subject_other"))
        .group_by("subject", *key)
        .agg(
            pl.col("value_other").median().alias("cohort_value"),
            pl.len().cast(pl.Int64).alias("cohort_count"),
        )
    )
    return acts.join(others, on=["subject", *key], how="left", maintain_order="left").select(
        "subject_kind",
        "subject",
        "aspect",
        "generation",
        "cohort_value",
        pl.col("cohort_count").fill_null(0),
    )
