"""What acts of one tier do differently, and how it goes with growth and first weeks.

Belongs here: what an act can change, its outcomes, and comparing halves of a tier. Does not belong
here: the features themselves (gold/features.py) or acts against each other (benchmark.py).

Top tiers have more of everything, by which they are made; so acts are compared within their tier.
Of each lever a tier is split at its median, and the halves' outcomes are compared, each act with
its own tier's. That describes and does not prove: an act that grows may publish more because of it.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts import rules
from kpop_assets.insights.intervals import ratio_interval

# What an act decides, and what came of it. Tier, rank, score and the size of first weeks are left
# out: tiers are made of them. Whom a video is made with is not told by a first week.
LEVERS = ("new_videos_28d", "shorts_share", "days_between", "kind_count", "own_share")
OUTCOMES = ("first_weeks", "growth")


def describe_acts(
    firsts: pl.DataFrame, features: pl.DataFrame, day: dt.date, days: int
) -> pl.DataFrame:
    """What each ranked act did on its own channel in the `days` days that end on `day`.

    Args:
        firsts: rows of `silver/video_firsts`.
        features: artist, tier and growth_rate_30d of the day.
        day: the last day.
        days: how many.

    Returns:
        artist, tier, the columns of `LEVERS` (new_videos_28d: own new videos in 28 days, of days
        whose first weeks can be over, 0 without one; shorts_share: % of them; days_between: median
        days between days with a new one; kind_count:
        kinds among them; own_share: % of all new videos about the act), and those of `OUTCOMES` as
        ratios: first_weeks (of the second half of the days over those of the first: medians over
        the act's own videos, each set against all acts' of its kind) and growth (engagement of 30
        days over the 30 before). Unknown values are null.
    """
    seen, kind, is_own = pl.col("first_seen_date"), pl.col("video_kind"), pl.col("is_own_channel")
    since = day - dt.timedelta(days=days - 1)
    # Of the last days no first week is over.
    complete_days = days - rules.FIRST_VIEWS_DAYS
    among = firsts.filter(seen.is_between(since, day))
    usual = pl.col("views_first_7d").median().over("video_kind")
    own = among.filter(is_own).with_columns(
        pl.when(usual > 0).then(pl.col("views_first_7d") / usual).alias("relative")
    )
    is_late = seen > since + dt.timedelta(days=days) / 2
    late, early = (pl.col("relative").filter(half).median() for half in (is_late, ~is_late))
    done = own.group_by("artist").agg(
        (pl.len() * 28 / complete_days).alias("new_videos_28d"),
        ((kind == "short").mean() * 100).alias("shorts_share"),
        seen.unique().sort().diff().dt.total_days().median().alias("days_between"),
        kind.n_unique().cast(pl.Float64).alias("kind_count"),
        pl.when(early > 0).then(late / early).alias("first_weeks"),
    )
    shares = among.group_by("artist").agg((is_own.mean() * 100).alias("own_share"))
    growth = (1 + pl.col("growth_rate_30d") / 100).alias("growth")
    return (
        features.select("artist", "tier", growth)
        .join(done, on="artist", how="left")
        .join(shares, on="artist", how="left")
        .with_columns(pl.col("new_videos_28d").fill_null(0.0))
        .select("artist", "tier", *LEVERS, *OUTCOMES)
    )


def compare_levers(acts: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """How the outcome of acts with more of each lever differs from that of acts with less.

    Args:
        acts: what `describe_acts` returns.
        outcome: one of `OUTCOMES`.

    Returns:
        lever, act_count (acts that are compared), less_median and more_median (of the lever in
        each half), effect_ratio (outcome of those with more over that of those with less),
        effect_low and effect_high (its interval). All but the first two are null with fewer than
        `rules.FEWEST_IN_HALF` acts in a half. In the order of `LEVERS`.
    """
    rows = [_compare(acts, lever, outcome) for lever in LEVERS]
    return pl.DataFrame(rows, _COMPARED, orient="row")


_COMPARED = {
    "lever": pl.String,
    "act_count": pl.Int64,
    **dict.fromkeys(
        ("less_median", "more_median", "effect_ratio", "effect_low", "effect_high"), pl.Float64
    ),
}


def _compare(acts: pl.DataFrame, lever: str, outcome: str) -> tuple[object, ...]:
    value, result = pl.col(lever), pl.col(outcome)
    known = acts.filter(value.is_not_null(), result > 0).with_columns(
        (value - value.median().over("tier")).alias("side"),
        (result.log() - result.log().median().over("tier")).alias("own"),
    )
    less, more = known.filter(pl.col("side") < 0), known.filter(pl.col("side") > 0)
    count = less.height + more.height
    if min(less.height, more.height) < rules.FEWEST_IN_HALF:
        return lever, count, None, None, None, None, None
    halves = [half.get_column("own").to_list() for half in (more, less)]
    effect = more.select(pl.col("own").median() - less.get_column("own").median()).to_series().exp()
    medians = [half.get_column(lever).median() for half in (less, more)]
    return lever, count, *medians, effect.item(), *ratio_interval(*halves)
