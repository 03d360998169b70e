"""How an act's days are: the sentiment of a day against the days before it.

Belongs here: the day, its band, and whether it fell below. Does not belong here: scores of weeks
(subject_scores.py), or telling people (wiring/watch_audience.py).

The middle is the act's net sentiment over the days before, each review by its weight. A day is to
lie within `MOOD_SIGMAS` times sqrt(s² + (1 - m²) / n) of it: s is how far days differ (1.4826 times
the median distance from their median, which one bad day does not blunt), and the other what chance
gives n reviews whose mean is m.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.audience.scores.score_rows import last_weights, subject_rows
from kpop_assets.audience.scores.share_intervals import effective_count, weighted_mean
from kpop_assets.audience.voices.known_words import known_words, of_words
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_scores import ACT_MOODS
from kpop_assets.lake.rows import empty

_NORMAL_PER_MAD = 1.4826


def judge_moods(
    voices: pl.DataFrame, moods: pl.DataFrame, weights: pl.DataFrame, day: dt.date
) -> pl.DataFrame:
    """The mood of each act on a day, and whether it fell below its band.

    Args:
        voices: `subject_scores.SCORED_COLUMNS` of the day and the days before it.
        moods: `subject_scores.MOOD_COLUMNS` of the same days.
        weights: `subject_scores.WEIGHT_COLUMNS` of the same days, each by the day on which it was
            said; a review's weight is the last of them.
        day: the day.

    Returns:
        The columns of `audience/act_moods` but the day.
    """
    columns = empty(ACT_MOODS).drop("ingest_date")
    days = _days_of_acts(voices, moods, weights, day)
    today = days.filter(pl.col("ingest_date") == day)
    if today.is_empty():
        return columns
    usual = _usual(days.filter(pl.col("ingest_date") < day))
    middle, spread, count = (
        pl.col(name) for name in ("usual_net_sentiment", "spread", "effective")
    )
    width = rules.MOOD_SIGMAS * (spread**2 + (1 - middle**2).clip(0.05, 1) / count).sqrt()
    has_band = pl.col("weight_sum") >= rules.LEAST_MOOD_REVIEWS
    return (
        today.join(usual, on="artist", how="left")
        .with_columns(
            pl.when(has_band).then((middle - width).clip(-1, 1)).alias("band_low"),
            pl.when(has_band).then((middle + width).clip(-1, 1)).alias("band_high"),
        )
        .with_columns((pl.col("net_sentiment") < pl.col("band_low")).alias("is_below_band"))
        .select([pl.col(name).cast(kind) for name, kind in columns.schema.items()])
    )


def _days_of_acts(
    voices: pl.DataFrame, moods: pl.DataFrame, weights: pl.DataFrame, day: dt.date
) -> pl.DataFrame:
    """ingest_date, artist, review_count, weight_sum, effective, net_sentiment, is_simulated."""
    words = known_words(voices, day, rules.SENTIMENT_DAYS + 1)
    rows = subject_rows(words, of_words(moods, words), last_weights(weights, day)).filter(
        (pl.col("subject_kind") == "act") & pl.col("artist").is_not_null()
    )
    sign, weight = pl.col("sign").cast(pl.Float64), pl.col("weight")
    return (
        rows.filter(pl.col("sign").is_not_null())
        .group_by("ingest_date", "artist")
        .agg(
            pl.len().cast(pl.Int64).alias("review_count"),
            weight.sum().alias("weight_sum"),
            effective_count(weight).alias("effective"),
            weighted_mean(sign, weight).alias("net_sentiment"),
            pl.col("is_simulated").any(),
        )
        .sort("ingest_date", "artist")
    )


def _usual(before: pl.DataFrame) -> pl.DataFrame:
    """artist, usual_net_sentiment and spread of acts with enough days that say something."""
    net = pl.col("net_sentiment")
    return (
        before.filter(pl.col("weight_sum") >= rules.LEAST_MOOD_REVIEWS)
        .group_by("artist")
        .agg(
            pl.len().alias("days"),
            weighted_mean(net, pl.col("weight_sum")).alias("usual_net_sentiment"),
            (_NORMAL_PER_MAD * (net - net.median()).abs().median()).alias("spread"),
        )
        .filter(pl.col("days") >= rules.LEAST_MOOD_DAYS)
        .drop("days")
    )
