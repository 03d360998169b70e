"""Bursts: stretches in which a subject is spoken of far more than by its own rhythm.

Belongs here: the rhythm, and where a burst begins and ends. Does not belong here: whether a burst
is a campaign (guard_traits.py): a comeback is one too.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts import guard_rules as rules


def number_bursts(voices: pl.DataFrame) -> pl.DataFrame:
    """The burst of its subject that each review lies in: 1, 2, ... by time; 0 is none.

    A stretch of `BURST_HOURS` is one where it has more than `LEAST_BURST_REVIEWS` reviews and more
    than `BURST_RATIO` times the mean of those of the `RHYTHM_DAYS` before, in which a burst counts
    no more than what would have been one; stretches at most one apart are one burst.

    Args:
        voices: subject_kind, subject, pole, created_at.

    Returns:
        burst, and usual_share: how many reviews its stretch would usually have, of each that it
        has; null outside.
    """
    placed = voices.select(
        pl.struct("subject_kind", "subject", "pole").rank("dense").alias("about"),
        (pl.col("created_at").dt.epoch("s") // (rules.BURST_HOURS * 3600)).alias("stretch"),
    )
    counts = placed.group_by("about", "stretch").len("count").sort("about", "stretch")
    cap = rules.BURST_RATIO * pl.max_horizontal("usual", pl.lit(1.0))
    bursts = (
        counts.with_columns(_usual(pl.col("count")))
        .with_columns(_usual(pl.min_horizontal("count", cap)))
        .filter(
            (pl.col("count") > rules.LEAST_BURST_REVIEWS)
            & (pl.col("count") > rules.BURST_RATIO * pl.col("usual"))
        )
        .with_columns(
            (pl.col("stretch").diff().over("about") > 2).fill_null(True).alias("is_first")
        )
        .with_columns(pl.col("is_first").cum_sum().over("about").cast(pl.Int64).alias("burst"))
        .select(
            "about", "stretch", "burst", (pl.col("usual") / pl.col("count")).alias("usual_share")
        )
    )
    found = placed.join(bursts, on=["about", "stretch"], how="left", maintain_order="left")
    return found.select(pl.col("burst").fill_null(0), "usual_share")


def _usual(count: pl.Expr) -> pl.Expr:
    """Reviews in one of the stretches before, in the mean; 0 of a subject's first."""
    before = rules.RHYTHM_DAYS * 24 // rules.BURST_HOURS
    since = pl.col("stretch") - pl.col("stretch").min().over("about")
    total = (
        count.cast(pl.Float64)
        .rolling_sum_by("stretch", window_size=f"{before}i", closed="left")
        .over("about")
    )
    return (total.fill_null(0) / since.clip(1, before)).alias("usual")
