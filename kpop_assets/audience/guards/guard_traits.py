"""What a review shows that reviews of a campaign show more often than honest ones.

Belongs here: the traits of single reviews. Does not belong here: what they weigh together
(guard_weights.py), or how copies, shared moments and bursts are found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import polars as pl

from kpop_assets.audience.guards.bursts import number_bursts
from kpop_assets.audience.guards.near_texts import near_copies
from kpop_assets.audience.guards.shared_moments import together_counts
from kpop_assets.contracts import guard_rules as rules

_SUBJECT = ("subject_kind", "subject")


def find_traits(voices: pl.DataFrame, opinions: pl.DataFrame) -> pl.DataFrame:
    """The traits of each review.

    Args:
        voices: review_id, subject_kind, subject, artist, author_id, text, rating_100, rating_scale,
            created_at, first_at (of its author); of all days by which habits are told, the last
            word of each author of a subject.
        opinions: review_id, p_negative, p_positive of as many as have them.

    Returns:
        The rows of `voices` in their order with burst and usual_share (bursts.py), pole (low,
        high, middle, unknown) and a column for each of `TRAITS`: true, false,
        or null where it cannot be told.
    """
    return (
        voices.join(
            opinions.select("review_id", "p_negative", "p_positive"),
            on="review_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            near_copies(voices["text"], voices["author_id"]).alias("copies"),
            _pole().alias("pole"),
        )
        .pipe(lambda frame: frame.hstack(number_bursts(frame)))
        .join(together_counts(voices), on="author_id", how="left", maintain_order="left")
        .join(_habits(voices), on="author_id", how="left", maintain_order="left")
        .pipe(_with_traits)
        .select(*voices.columns, "pole", "burst", "usual_share", *rules.TRAITS)
    )


def _with_traits(frame: pl.DataFrame) -> pl.DataFrame:
    rated = 2 * pl.col("rating_100") / 100 - 1
    text = pl.col("p_positive") - pl.col("p_negative")
    in_burst = pl.col("burst") > 0
    of_burst = pl.when(in_burst).then(pl.col("created_at").min().over(*_SUBJECT, "pole", "burst"))
    begins = pl.coalesce(of_burst, "created_at")
    is_known = pl.col("author_id").is_not_null()
    is_pole = pl.col("pole").is_in(["low", "high"])
    newcomer = pl.col("first_at") >= begins - dt.timedelta(days=rules.NEWCOMER_DAYS)
    return frame.with_columns(
        (pl.col("copies") >= 3).alias("copied"),
        pl.when(is_known).then(pl.col("together_count").is_not_null()).alias("together"),
        pl.when(pl.col("acts") >= rules.LEAST_HABIT_ACTS)
        .then(pl.col("all_utmost"))
        .alias("extreme_only"),
        pl.when(is_pole).then(text * rated.sign() < -rules.CONTRADICTION).alias("contradicts"),
        pl.when(is_pole).then(_is_utmost(rules.END_ALONE_SCALES)).alias("utmost"),
        pl.when(is_known).then(newcomer).alias("newcomer"),
    )


def _habits(voices: pl.DataFrame) -> pl.DataFrame:
    """Of each author: acts rated by degrees, whether each time with the utmost."""
    is_utmost = _is_utmost(rules.TWO_STEP_SCALES)
    return (
        voices.filter(pl.col("author_id").is_not_null())
        .group_by("author_id")
        .agg(
            pl.coalesce("artist", "subject")
            .filter(is_utmost.is_not_null())
            .n_unique()
            .alias("acts"),
            is_utmost.all().alias("all_utmost"),
        )
    )


def _is_utmost(but: Collection[str]) -> pl.Expr:
    """Whether the rating is an end of its scale; null without one, and on scales that are left."""
    is_end = (pl.col("rating_100") <= 0) | (pl.col("rating_100") >= 100)
    return pl.when(~pl.col("rating_scale").is_in(but)).then(is_end)


def _leaning() -> pl.Expr:
    """-1 to 1: the rating where there is one, else the text."""
    return pl.coalesce(
        2 * pl.col("rating_100") / 100 - 1, pl.col("p_positive") - pl.col("p_negative")
    )


def _pole() -> pl.Expr:
    lean = _leaning()
    return (
        pl.when(lean >= rules.POLE)
        .then(pl.lit("high"))
        .when(lean <= -rules.POLE)
        .then(pl.lit("low"))
        .when(lean.is_not_null())
        .then(pl.lit("middle"))
        .otherwise(pl.lit("unknown"))
    )
