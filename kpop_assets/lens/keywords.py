"""Which words of a day stand out: most videos, most views gained behind them, or risen most.

Belongs here: the three rankings of a scope. Does not belong here: counting (word_counts.py), or
what a word is in the world.

A rise is the log-odds of a word on its day against the days before, with an informative Dirichlet
prior, over its standard deviation (Monroe, Colaresi and Quinn, "Fightin' Words", 2008, equations
16, 20 and 22): with counts y of a word and n of all words, on the day (i) and before (j), and a
prior of `a` for the word and `a0` for all, delta = log((y_i + a) / (n_i + a0 - y_i - a)) -
log((y_j + a) / (n_j + a0 - y_j - a)) and z = delta / sqrt(1 / (y_i + a) + 1 / (y_j + a)). The prior
has as many words as the day and the shares of both together, so a word that is new in three videos
of 2,000 has a z of about 2, and one in thirty of about 6.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from kpop_assets.contracts import word_rules
from kpop_assets.contracts.lens_words import KEYWORDS, WORD_COUNTS
from kpop_assets.days import days_between
from kpop_assets.lake.rows import empty
from kpop_assets.lens.word_counts import ACTS, EVERYTHING

COUNT_COLUMNS = (
    *("scope", "word", "kind", "video_count", "channel_count", "views_gained"),
    *("scope_video_count", "scope_word_count"),
)


class UsualDay(NamedTuple):
    """What of a day's counts later days are held against: small, for four weeks are held at once.

    Attributes:
        words: scope, word, video_count.
        scopes: scope, scope_video_count, scope_word_count.
    """

    words: pl.DataFrame
    scopes: pl.DataFrame


class WordHistory:
    """Counts of one day after the other with those of the days before, each day read once.

    Args:
        read: gives `lens/word_counts` of a day, with `COUNT_COLUMNS`.
    """

    def __init__(self, read: Callable[[dt.date], pl.DataFrame]) -> None:
        self._read = read
        self._known: dict[dt.date, UsualDay] = {}

    def rank_day(self, day: dt.date) -> pl.DataFrame:
        """The rows of `lens/keywords` of a day, but the day; days are asked for in order."""
        first = day - dt.timedelta(days=word_rules.KEYWORD_USUAL_DAYS)
        before = days_between(first, day)
        self._known = {old: self._known.get(old) or as_usual_day(self._read(old)) for old in before}
        counts = self._read(day)
        ranked = rank_words(counts, [*self._known.values()])
        self._known[day] = as_usual_day(counts)
        return ranked


def as_usual_day(counts: pl.DataFrame) -> UsualDay:
    """What is kept of the `lens/word_counts` of a day."""
    words = counts.select(_coded(), pl.col("video_count").cast(pl.Int32))
    scopes = counts.select("scope", "scope_video_count", "scope_word_count").unique("scope")
    return UsualDay(words, scopes)


def rank_words(counts: pl.DataFrame, before: Sequence[UsualDay]) -> pl.DataFrame:
    """The rows of `lens/keywords` of one day, but the day.

    Args:
        counts: `lens/word_counts` of the day, with `COUNT_COLUMNS`.
        before: the `word_rules.KEYWORD_USUAL_DAYS` days before.
    """
    words = _with_rise(counts.filter(_is_shared()), before)
    ranked = [
        _first(words, "frequency", "video_count"),
        _first(words.filter(pl.col("views_gained") > 0), "gain", "views_gained"),
        _first(words.filter(_has_risen()), "rise", "rise_z"),
    ]
    columns = empty(KEYWORDS).drop("ingest_date").columns
    return pl.concat(ranked).select(columns).sort("scope", "ranking", "rank")


def _with_rise(counts: pl.DataFrame, before: Sequence[UsualDay]) -> pl.DataFrame:
    """The counts of a day with shares, usual shares and the rise of each word."""
    usual, days = _usual_counts(counts, before), _usual_scopes(before)
    y_i, n_i = pl.col("video_count"), pl.col("scope_word_count")
    y_j, n_j = pl.col("usual_count").fill_null(0), pl.col("usual_words")
    prior = n_i * (y_i + y_j) / (n_i + n_j)
    odds_i = (y_i + prior) / (n_i + n_i - y_i - prior)
    odds_j = (y_j + prior) / (n_j + n_i - y_j - prior)
    deviation = (1 / (y_i + prior) + 1 / (y_j + prior)).sqrt()
    z = (odds_i.log() - odds_j.log()) / deviation
    return (
        counts.join(days, on="scope", how="left")
        .join(usual, on=["scope", "word"], how="left")
        .with_columns(
            pl.col("usual_day_count").fill_null(0),
            (100 * y_i / pl.col("scope_video_count")).alias("video_share"),
            (100 * y_j / pl.col("usual_videos")).alias("usual_video_share"),
            pl.when(z.is_finite()).then(z).alias("rise_z"),
        )
    )


def _usual_counts(counts: pl.DataFrame, before: Sequence[UsualDay]) -> pl.DataFrame:
    """In how many videos of the days before each of the words stood."""
    key = ["scope", "word"]
    asked = counts.select(_coded())
    none = asked.clear().with_columns(video_count=pl.lit(0, pl.Int32))
    said = pl.concat([none, *(day.words.join(asked, on=key, how="semi") for day in before)])
    summed = said.group_by(key).agg(pl.col("video_count").cast(pl.Int64).sum().alias("usual_count"))
    return summed.with_columns(pl.col(key).cast(pl.String))


def _usual_scopes(before: Sequence[UsualDay]) -> pl.DataFrame:
    """Days, videos and words of each scope over the days before."""
    none = empty(WORD_COUNTS).select("scope", "scope_video_count", "scope_word_count")
    return (
        pl.concat([none, *(day.scopes for day in before)])
        .group_by("scope")
        .agg(
            pl.len().cast(pl.Int64).alias("usual_day_count"),
            pl.col("scope_video_count").sum().alias("usual_videos"),
            pl.col("scope_word_count").sum().alias("usual_words"),
        )
    )


def _coded() -> pl.Expr:
    """Scope and word as numbers: a tenth of the memory."""
    return pl.col("scope", "word").cast(pl.Categorical)


def _is_shared() -> pl.Expr:
    """A word of several videos, of many acts of several channels; of one act not the act itself."""
    scope, videos = pl.col("scope"), pl.col("video_count")
    is_spread = pl.col("channel_count") >= word_rules.KEYWORD_LEAST_CHANNELS
    return (
        pl.when(scope == EVERYTHING)
        .then(is_spread & (videos >= word_rules.KEYWORD_LEAST_VIDEOS))
        .otherwise(pl.when(scope == ACTS).then(is_spread).otherwise(pl.col("word") != scope))
    ) & (videos >= word_rules.ACTS_KEYWORD_LEAST_VIDEOS)


def _has_risen() -> pl.Expr:
    return (pl.col("rise_z") >= word_rules.RISE_LEAST_SIGMAS) & (
        pl.col("video_count") >= word_rules.RISE_LEAST_VIDEOS
    )


def _first(words: pl.DataFrame, ranking: str, by: str) -> pl.DataFrame:
    order: Sequence[str] = list(dict.fromkeys([by, "video_count", "views_gained"]))
    descending = [False, *([True] * len(order)), False]
    return (
        words.sort("scope", *order, "word", descending=descending)
        .with_columns(
            pl.lit(ranking).alias("ranking"),
            pl.int_range(1, pl.len() + 1).over("scope").cast(pl.Int32).alias("rank"),
        )
        .filter(pl.col("rank") <= word_rules.KEYWORDS_KEPT)
    )
