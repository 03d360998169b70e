"""Waves of the worst ratings, hardly a word with them, by people whom nobody had seen.

Belongs here: which groups of a burst are such a wave. Does not belong here: traits of single
reviews (guard_traits.py), or what the reviews of a wave weigh (guard_weights.py).

Strangers who praise an act are a clip's or a first hit's, and strangers who are angry say why. What
a crowd of new accounts does to a rating without a word no honest burst is known to do, where those
who rate are otherwise known. Where most always are strangers (a source that is seen in part, or the
first days of one) nothing can be told by it.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts import guard_rules as rules


def stranger_waves(traits: pl.DataFrame) -> pl.Series:
    """The groups that are such waves.

    Args:
        traits: as `guard_traits.find_traits` returns it, with `group`.
    """
    letters = pl.col("text").fill_null("").str.strip_chars().str.len_chars()
    waves = (
        traits.filter((pl.col("burst") > 0) & (pl.col("pole") == "low"))
        .group_by("group")
        .agg(
            pl.col("newcomer").is_not_null().sum().alias("known"),
            pl.col("newcomer").mean(),
            (letters < rules.LEAST_COPY_LETTERS).mean().alias("wordless"),
            pl.col("created_at").min().alias("begins"),
        )
        .filter(
            (pl.col("known") >= rules.LEAST_GROUP)
            & (pl.col("newcomer") >= rules.LEAST_STRANGERS)
            & (pl.col("wordless") >= rules.LEAST_WORDLESS)
        )
    )
    quiet = traits.filter(pl.col("burst") == 0).select("created_at", "newcomer").drop_nulls()
    usual = [_usual_newcomers(quiet, begins) for begins in waves["begins"]]
    expected = pl.col("usual").clip(rules.TRAITS["newcomer"].honest)
    spread = (expected * (1 - expected) / pl.col("known")).sqrt()
    return waves.with_columns(pl.Series("usual", usual, dtype=pl.Float64)).filter(
        (pl.col("usual") <= rules.MOST_USUAL_NEWCOMERS)
        & (pl.col("newcomer") - expected >= rules.TRAIT_SIGMAS * spread)
    )["group"]


def _usual_newcomers(quiet: pl.DataFrame, begins: dt.datetime) -> float | None:
    """The part of newcomers among those who spoke before; None where too few are known."""
    since = begins - dt.timedelta(days=rules.RHYTHM_DAYS)
    before = quiet.filter(pl.col("created_at").is_between(since, begins, closed="left"))
    if len(before) < rules.LEAST_USUAL_REVIEWS:
        return None
    return float(before["newcomer"].cast(pl.Float64).to_numpy().mean())
