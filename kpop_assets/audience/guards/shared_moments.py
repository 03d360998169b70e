"""Coordinated authors: those who met at the same moments on different acts, more than chance lets.

Belongs here: moments, pairs of them, and who shares a pair. Does not belong here: what being one
of them weighs (guard_traits.py).

A moment is an act (a subject without one) in a quarter of an hour. Of a pair of moments on two acts
with n1 and n2 authors of N, chance brings n1·n2/N authors who were at both; fans of both acts are
more. So a pair counts where its k authors are at least four, five times chance, and a quarter of
the smaller moment: those who come on a call are most of who is there, those who like two acts are
few of many.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts import guard_rules as rules

# Moments of an author that are paired, the latest: pairs grow with their square.
_MOST_MOMENTS = 24
_SEOUL_SECONDS = 9 * 3600


def together_counts(voices: pl.DataFrame) -> pl.DataFrame:
    """With how many authors each coordinated one shares two moments, itself included.

    Args:
        voices: author_id, subject, artist, created_at. Times that are a whole day, of UTC or of
            Seoul, say no moment.

    Returns:
        author_id, together_count. Only who is coordinated has a row.
    """
    said = voices.select(
        "author_id",
        pl.coalesce("artist", "subject").alias("act"),
        pl.col("created_at").dt.epoch("s").alias("second"),
    ).filter(pl.col("author_id").is_not_null() & ~_is_whole_day(pl.col("second")))
    # A call at the edge of a quarter falls into one of the two.
    halves = [_pairs_of(said, shift) for shift in (0, rules.MOMENT_MINUTES * 30)]
    return pl.concat(halves).group_by("author_id").agg(pl.col("together_count").max())


def _is_whole_day(second: pl.Expr) -> pl.Expr:
    return (second % 86_400 == 0) | ((second + _SEOUL_SECONDS) % 86_400 == 0)


def _pairs_of(said: pl.DataFrame, shift: int) -> pl.DataFrame:
    quarter = (pl.col("second") + shift) // (rules.MOMENT_MINUTES * 60)
    moments = said.select("author_id", "act", quarter.alias("quarter")).unique()
    moments = moments.with_columns(pl.len().over("act", "quarter").alias("there"))
    total = moments["author_id"].n_unique()
    # Whom nobody else met, or who was at one moment alone, shares no pair.
    paired = (
        moments.filter(pl.col("there") >= rules.LEAST_TOGETHER)
        .sort("author_id", "quarter", "act", descending=[False, True, False])
        .with_columns(pl.int_range(pl.len()).over("author_id").alias("place"))
        .filter(pl.col("place") < _MOST_MOMENTS)
        .filter(pl.len().over("author_id") > 1)
        .with_columns(pl.struct("act", "quarter").rank("dense").cast(pl.UInt32).alias("moment"))
    )
    both = (
        paired.join(paired, on="author_id", suffix="_other")
        .filter(
            (pl.col("moment") < pl.col("moment_other")) & (pl.col("act") != pl.col("act_other"))
        )
        .with_columns(pl.len().over("moment", "moment_other").alias("together_count"))
    )
    count = pl.col("together_count")
    return both.filter(
        (count >= rules.LEAST_TOGETHER)
        & (count >= rules.TOGETHER_SHARE * pl.min_horizontal("there", "there_other"))
        & (count * total >= rules.TOGETHER_LIFT * pl.col("there") * pl.col("there_other"))
    ).select("author_id", pl.col("together_count").cast(pl.Int64))
