"""How scores are spread over artists, where the tiers begin, and who changed tier.

Belongs here: the distribution of a day's scores, its cut-offs, movers of a week. Does not belong
here: how tiers are cut (gold/tiers.py), charts (charts/artists/tiers.py).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.days import day_end

WEEK = dt.timedelta(days=rules.WEEK_DAYS)
# Fine enough to see a tier, coarse enough that 40 artists make a shape; the same on every day.
BINS_PER_DECADE = 4


@dataclass(frozen=True)
class Movers:
    """Who stands in another tier than 7 days before.

    Attributes:
        since: the day 7 days before.
        rows: artist, tier_7d_ago, tier, total_engagement, growth_rate_7d; those that rose first.
        entered: artists with a rank that had none then.
        left: artists that had a rank then and have none.
    """

    since: dt.date
    rows: pl.DataFrame
    entered: int
    left: int


@reads(ARTIST_FEATURES)
def list_scores(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """artist, total_engagement, percentile, tier of a day, lowest score first."""
    columns = ["artist", "total_engagement", "percentile", "tier"]
    scores = snapshot.read(ARTIST_FEATURES, day, day_end(day), columns)
    return scores.sort("total_engagement", "artist")


@reads(TIER_CUTOFFS)
def list_cutoffs(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """The tiers of a day, the top first: the columns of `gold/tier_cutoffs` but the day.

    Raises:
        PageEnd: the day has none.
    """
    cutoffs = snapshot.read(TIER_CUTOFFS, day, day_end(day)).drop("ingest_date").sort("tier")
    if cutoffs.is_empty():
        raise PageEnd("tiers.no_cutoffs", day=day)
    return cutoffs


def linear_below(scores: pl.DataFrame) -> int:
    """Where the scale of scores turns from linear to logarithmic: a power of ten.

    It is at most a hundredth of the median: below it stand artists whose week was empty, and
    powers of ten between them and the others would take the room of all.
    """
    median = scores.get_column("total_engagement").median()
    hundredth = float(median) / 100 if isinstance(median, int | float) else 0.0
    return int(10 ** math.floor(math.log10(hundredth))) if hundredth > 1 else 1


def bin_scores(scores: pl.DataFrame) -> pl.DataFrame:
    """Artists by score in bins of equal width on the scale log(1 + score / `linear_below`).

    Returns:
        score_from, score_to (the bin), tier, artist_count, artist_share (of all artists); bins
        without an artist have no row.
    """
    unit = linear_below(scores)
    width = math.log(10) / BINS_PER_DECADE
    number = ((pl.col("total_engagement") / unit).log1p() / width).floor()
    edge = pl.col("number") * width
    return (
        scores.group_by(number.alias("number"), "tier")
        .agg(pl.len().cast(pl.Int64).alias("artist_count"))
        .sort("number", "tier")
        .select(
            ((edge.exp() - 1) * unit).alias("score_from"),
            (((edge + width).exp() - 1) * unit).alias("score_to"),
            "tier",
            "artist_count",
            (pl.col("artist_count") / scores.height).alias("artist_share"),
        )
    )


@reads(ARTIST_FEATURES)
def find_tier_changes(snapshot: Snapshot, day: dt.date) -> Movers:
    """The artists whose tier differs from that 7 days before.

    Raises:
        PageEnd: that day has no ranking.
    """
    since = day - WEEK
    columns = ["artist", "tier", "total_engagement", "growth_rate_7d"]
    now = snapshot.read(ARTIST_FEATURES, day, day_end(day), columns)
    before = snapshot.read(ARTIST_FEATURES, since, day_end(since), ["artist", "tier"])
    if before.is_empty():
        raise PageEnd("tiers.no_week_before", since=since)
    both = now.join(before.rename({"tier": "tier_7d_ago"}), on="artist")
    moved = both.filter(pl.col("tier") != pl.col("tier_7d_ago"))
    rows = moved.sort(
        pl.col("tier") - pl.col("tier_7d_ago"),
        "total_engagement",
        "artist",
        descending=[False, True, False],
    ).select("artist", "tier_7d_ago", "tier", "total_engagement", "growth_rate_7d")
    return Movers(since, rows, now.height - both.height, before.height - both.height)
