"""The metascore: critics' mean, each outlet by its weight.

Belongs here: its mean, interval and colour. Does not belong here: outlets' weights
(outlet_weights.py), or what a letter is of 100 (voices/rating_scales.py).

A weighted mean of 0-100, as Metacritic's; its weights are not known, ours stand in a file that is
shown. Rounded to a whole number, half up: green from 61 on, yellow from 40 on, red below.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from kpop_assets.audience.scores.share_intervals import NORMAL_95, standard_error, weighted_mean
from kpop_assets.contracts import audience_rules as rules


def colour(score: float | None) -> str | None:
    """green, yellow or red; None without a score."""
    if score is None or math.isnan(score):
        return None
    whole = math.floor(score + 0.5)
    if whole >= rules.GREEN_FROM:
        return "green"
    return "yellow" if whole >= rules.YELLOW_FROM else "red"


def score_critics(
    rows: pl.DataFrame, weight: str, outlets: Mapping[str, float], usual: float
) -> pl.DataFrame:
    """The metascore of each subject that critics rated.

    Args:
        rows: a review of a subject each: subject_kind, subject, author_kind, outlet, rating_100,
            the weight.
        weight: name of the column of weights.
        outlets: weight of each outlet by its name in small letters.
        usual: weight of an outlet that is not among them.

    Returns:
        subject_kind, subject, value (0-100), low, high (95 %; null of one review), weight_sum,
        verdict (the colour).
    """
    outlet = pl.col("outlet").str.strip_chars().str.to_lowercase()
    factor = outlet.replace_strict(dict(outlets), default=usual, return_dtype=pl.Float64)
    weights = (pl.col(weight) * factor.fill_null(usual)).alias("outlet_weight")
    scored = (
        rows.filter((pl.col("author_kind") == "critic") & pl.col("rating_100").is_not_null())
        .with_columns(weights)
        .group_by("subject_kind", "subject")
        .agg(
            weighted_mean(pl.col("rating_100"), pl.col("outlet_weight")).alias("value"),
            standard_error(pl.col("rating_100"), pl.col("outlet_weight")).alias("error"),
            pl.col(weight).sum().alias("weight_sum"),
        )
    )
    half = NORMAL_95 * pl.col("error")
    words = [colour(value) for value in scored["value"].round(9)]
    return scored.select(
        "subject_kind",
        "subject",
        "value",
        (pl.col("value") - half).clip(0, 100).alias("low"),
        (pl.col("value") + half).clip(0, 100).alias("high"),
        "weight_sum",
        pl.Series("verdict", words, pl.String),
    )
