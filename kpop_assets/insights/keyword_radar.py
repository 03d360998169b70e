"""What people talk about: keywords of a day, how often a word stood on days before, and its videos.

Belongs here: reading the word tables of the lens without an engine. Does not belong here: how a
keyword is found (lens/) or shown (cli/, the viewer).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from kpop_assets.contracts import word_rules
from kpop_assets.contracts.bronze import EVENTS, SIMULATED_SOURCE
from kpop_assets.contracts.lens_words import KEYWORDS, VIDEO_WORDS, WORD_COUNTS
from kpop_assets.days import day_end, days_between
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lens.word_counts import in_scope


@dataclass(frozen=True)
class Radar:
    """Keywords of one day in one scope.

    Attributes:
        day: the day.
        scope: everything, acts, or an act.
        rows: the contract's columns but day and scope, by ranking and rank.
        is_simulated: whether any of the day's data is.
    """

    day: dt.date
    scope: str
    rows: pl.DataFrame
    is_simulated: bool


def read_keywords(lake: LakeReader, day: dt.date | None, scope: str) -> Radar:
    """The keywords of `day`, or of the newest day that has any.

    Raises:
        MissingTableError: they are not written, or there are none of that day.
    """
    if day is None:
        day = lake.newest_day(KEYWORDS)
    if day is None:
        raise MissingTableError(
            f"table {KEYWORDS.path} has no keyword yet", "run the days: `kpop run START END`"
        )
    rows = lake.rows(KEYWORDS, day, day_end(day), where=pl.col("scope") == scope)
    sources = lake.rows(EVENTS, day, day_end(day), ["source"]).get_column("source")
    told = rows.drop("ingest_date", "scope").sort("ranking", "rank")
    return Radar(day, scope, told, SIMULATED_SOURCE in sources)


def read_word_days(lake: LakeReader, words: list[str], scope: str, day: dt.date) -> pl.DataFrame:
    """How many videos had each word on the days up to `day`, as many as count as usual and itself.

    Returns:
        word, ingest_date, video_count; a day on which the scope had no words is null, one without
        the word is 0.
    """
    start = day - dt.timedelta(days=word_rules.KEYWORD_USUAL_DAYS)
    counts = lake.rows(
        WORD_COUNTS,
        start,
        day_end(day),
        ["ingest_date", "word", "video_count"],
        where=pl.col("scope") == scope,
    )
    seen = counts.get_column("ingest_date").unique().to_list()
    grid = pl.DataFrame({"word": words}, schema={"word": pl.String}).join(
        pl.DataFrame({"ingest_date": days_between(start, day_end(day))}), how="cross"
    )
    count = pl.col("video_count")
    return grid.join(counts, on=["ingest_date", "word"], how="left").with_columns(
        pl.when(pl.col("ingest_date").is_in(seen)).then(count.fill_null(0)).alias("video_count")
    )


def read_word_videos(lake: LakeReader, word: str, scope: str, day: dt.date) -> pl.DataFrame:
    """The videos behind a word on a day, those that gained most first.

    Returns:
        video_id, artist, text (its title) and views_gained.
    """
    days = day, day_end(day)
    columns = ["video_id", "artist", "views_gained"]
    found = lake.rows(VIDEO_WORDS, *days, columns, where=(pl.col("word") == word) & in_scope(scope))
    of_word = pl.col("video_id").is_in(found.get_column("video_id").to_list())
    titles = lake.rows(EVENTS, *days, ["video_id", "observed_at", "text"], where=of_word)
    last = titles.sort("observed_at").unique("video_id", keep="last").drop("observed_at")
    return (
        found.join(last, on="video_id", how="left")
        .select("video_id", "artist", "text", "views_gained")
        .sort("views_gained", "video_id", descending=[True, False])
    )
