"""Spikes: an artist gains far more on a day than its own trend lets expect.

Belongs here: what counts as a spike and as one event of several days. Does not belong here: who is
told (wiring/watch.py) or why it rose (pareto/driving.py).

For artist a on day t, x is its engagement over the days since its row before, and y = ln max(x, f)
with the floor f. Of a row with a counter that is not believed that day a part is unknown, which
stands on a later one: what is there is the least that it gained, so it may be a spike but is no
history, and the rows up to the next without such a counter are taken over all the days since the
last, with all that they gained. A dip lasts two observations at most, so what is held for longer
(a counter at 0) silences nobody: from the third such row on each stands for its own days. With med
and MAD over the artist's up to 28 rows before t (at least 14):

    d(a, t) = y(a, t) - med(a)              how far from its own trend, a log of a ratio
    D(t)    = median of d(a, t) over a      how all moved: weekday, a late or larger collection
    z(a, t) = (d(a, t) - D(t)) / max(1.4826 * MAD(a), 0.15)

and a spike is z >= 4 on a day of at least 0.1 % of the market's usual day: an act must not rise
out of the floor's flatness by a little. The rule is the modified z-score with the median absolute
deviation, which a spike inside the history does not blunt (Iglewicz and Hoaglin, How to Detect and
Handle Outliers, 1993; Leys et al., J. Exp. Soc. Psychol. 49, 2013); 1.4826 makes the MAD a
standard deviation where the noise is normal. Logs because popularity moves by ratios. f is a share
of the market's usual day, so small acts' noise is flat and the unit of the points does not matter.

Measured: 49 of the 62 comebacks of 180 simulated days, a day after the peak day in the median, and
0.4 alerts for each artist and year that were near none; 2.2 for each artist and year of 262 days
of a Spotify chart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from kpop_assets.catalog.catalog import OTHER

NORMAL_PER_MAD = 1.4826
# Fewer artists than this do not tell how the whole market moved.
MARKET_ARTISTS = 5


@dataclass(frozen=True)
class SpikeConfig:
    """What counts as a spike.

    Attributes:
        sigmas: how far from the own trend (k).
        history_days: rows before the day that make the trend, at most.
        min_history_days: fewer rows make no trend.
        least_sigma: lowest spread assumed, as a log of a ratio: 0.15 is 16 %.
        floor_share: part of the market's median day below which all counts as this much.
        least_share: part of it that a spike's day must reach.
        gap_days: spike days at most this far apart are one event.
    """

    sigmas: float = 4.0
    history_days: int = 28
    min_history_days: int = 14
    least_sigma: float = 0.15
    floor_share: float = 0.0003
    least_share: float = 0.001
    gap_days: int = 7


def score_days(artist_daily: pl.DataFrame, config: SpikeConfig | None = None) -> pl.DataFrame:
    """How far each artist's days lie from its own trend.

    Args:
        artist_daily: ingest_date, artist, engagement and held_count of `silver/artist_daily`.
        config: what counts; only `sigmas` and `gap_days` are not used here.

    Returns:
        artist, ingest_date, pace (points a day), usual_pace (median of the history), history_days
        (rows in it), ratio (pace over usual_pace, both at least the floor), market_ratio (how all
        moved), sigmas (z), is_large (large enough a day for a spike). By artist and day; days
        without enough history are left out.
    """
    config = config or SpikeConfig()
    days = _with_floor(artist_daily, config).sort("artist", "ingest_date")
    sure = pl.when(~pl.col("is_partial")).then("y")
    before = [sure.shift(i).over("artist") for i in range(1, config.history_days + 1)]
    history = pl.concat_list(before).list.drop_nulls()
    scored = (
        days.with_columns(history.alias("history"))
        .with_columns(
            pl.col("history").list.len().alias("history_days"),
            pl.col("history").list.median().alias("median"),
        )
        .filter(pl.col("history_days") >= config.min_history_days)
        .with_columns((pl.col("y") - pl.col("median")).alias("d"), _mad().alias("mad"))
    )
    everyone = pl.len().over("ingest_date") >= MARKET_ARTISTS
    market = pl.when(everyone).then(pl.col("d").median().over("ingest_date")).otherwise(0.0)
    spread = pl.max_horizontal(NORMAL_PER_MAD * pl.col("mad"), pl.lit(config.least_sigma))
    return scored.with_columns(market.alias("market")).select(
        "artist",
        "ingest_date",
        "pace",
        pl.col("median").exp().alias("usual_pace"),
        "history_days",
        pl.col("d").exp().alias("ratio"),
        pl.col("market").exp().alias("market_ratio"),
        ((pl.col("d") - pl.col("market")) / spread).alias("sigmas"),
        (pl.col("pace") >= config.least_share * pl.col("usual_day")).alias("is_large"),
    )


def find_spikes(artist_daily: pl.DataFrame, config: SpikeConfig | None = None) -> pl.DataFrame:
    """The events: the first day of each, without the spike days that follow it.

    Args:
        artist_daily: ingest_date, artist, engagement and held_count of `silver/artist_daily`.
        config: what counts as a spike.

    Returns:
        event_date and the columns of `score_days` but ingest_date and is_large. By event_date and
        artist.
    """
    config = config or SpikeConfig()
    # The last digit of a logarithm must not decide: what is k sigma to nine digits is a spike.
    is_spike = pl.col("sigmas") >= config.sigmas - 1e-9
    since = pl.col("ingest_date").diff().over("artist")
    is_first = since.is_null() | (since > dt.timedelta(days=config.gap_days))
    return (
        score_days(artist_daily, config)
        .filter(is_spike & pl.col("is_large"))
        .filter(is_first)
        .rename({"ingest_date": "event_date"})
        .drop("is_large")
        .sort("event_date", "artist")
    )


def _with_floor(artist_daily: pl.DataFrame, config: SpikeConfig) -> pl.DataFrame:
    """`pace`, `usual_day` (the market's, up to then) and the log `y` of the pace or the floor."""
    totals = (
        artist_daily.group_by("ingest_date")
        .agg(pl.col("engagement").sum().alias("total"))
        .sort("ingest_date")
        .select(
            "ingest_date",
            # A day whose counters were corrected downwards is no sign of the market's size.
            pl.col("total")
            .clip(lower_bound=0)
            .cast(pl.Float64)
            .rolling_median(config.history_days, min_samples=1)
            .alias("usual_day"),
        )
    )
    return (
        artist_daily.filter(pl.col("artist") != OTHER)
        .sort("artist", "ingest_date")
        .pipe(_with_pace)
        .join(totals, on="ingest_date")
        .with_columns(
            pl.max_horizontal("pace", config.floor_share * pl.col("usual_day")).alias("level")
        )
        .filter(pl.col("level") > 0)
        .with_columns(pl.col("level").log().alias("y"))
    )


def _with_pace(rows: pl.DataFrame) -> pl.DataFrame:
    """`is_partial`, and the `pace` over the days since the last row that is whole."""
    day, is_held = pl.col("ingest_date"), pl.col("held_count").fill_null(0) > 0
    lasts = (is_held.shift(1) & is_held.shift(2)).over("artist").fill_null(False)
    whole = pl.when(~pl.col("is_partial"))

    def before(values: pl.Expr) -> pl.Expr:
        return whole.then(values).forward_fill().shift(1).over("artist")

    gained = pl.col("engagement").cum_sum().over("artist")
    first = day.min().over("artist") - pl.duration(days=1)
    return rows.with_columns((is_held & ~lasts).alias("is_partial")).with_columns(
        (
            (gained - before(gained).fill_null(0))
            / (day - before(day).fill_null(first)).dt.total_days()
        ).alias("pace")
    )


def _mad() -> pl.Expr:
    """Median distance of the history from its own median."""
    return pl.col("history").list.eval((pl.element() - pl.element().median()).abs()).list.median()
