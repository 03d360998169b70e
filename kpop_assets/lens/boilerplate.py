"""Lines of a channel's descriptions that say nothing of a video, found because they repeat.

Belongs here: which lines of a day's descriptions stay. Does not belong here: patterns of lines
(stop_words.toml), or which words a line has (word_reader.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache

import polars as pl

from kpop_assets.contracts import word_rules
from kpop_assets.days import days_between
from kpop_assets.lens.stop_words import load_stop_words

LINE_COLUMNS = ("author_id", "video_id", "description")


def own_texts(described: pl.DataFrame, earlier: Sequence[pl.DataFrame] = ()) -> list[str]:
    """The beginning of each description, of lines that are about its video alone.

    A line is its channel's where two of its videos have it, numbers aside, of the day and of the
    days before; and nobody's where `word_rules.BOILERPLATE_LEAST_VIDEOS` videos of the day have
    it, of whatever channels.

    Args:
        described: `LINE_COLUMNS` of the day, once a video.
        earlier: `said_lines` of each of the days before.

    Returns:
        As many texts, in the same order; empty where nothing is left.
    """
    lines = _lines(described)
    today = _of_channels(lines)
    # Only what the day says is counted: days before say much else.
    before = [said.join(today, on="line", how="semi") for said in earlier]
    said_by = pl.concat([today, *before]).unique().group_by("line").len()
    videos = pl.col("video").n_unique().over("form")
    own = (
        lines.filter(videos < word_rules.BOILERPLATE_LEAST_VIDEOS)
        .join(said_by.filter(pl.col("len") > 1), on="line", how="anti", maintain_order="left")
        .filter(~_is_idle())
        .group_by("row", maintain_order=True)
        .agg(pl.col("text").str.join("\n").str.head(word_rules.DESCRIPTION_LETTERS))
    )
    rows = pl.DataFrame({"row": range(described.height)}, schema={"row": pl.UInt32})
    texts = rows.join(own, on="row", how="left", maintain_order="left")
    return texts.get_column("text").fill_null("").to_list()


def said_lines(described: pl.DataFrame) -> pl.DataFrame:
    """Which channel wrote which line under which video, as numbers, for there are many.

    Args:
        described: `LINE_COLUMNS` of a day, of all observations.
    """
    return _of_channels(_lines(described.select(LINE_COLUMNS).unique()))


def lines_before(
    read: Callable[[dt.date], pl.DataFrame],
) -> Callable[[dt.date], list[pl.DataFrame]]:
    """What gives `said_lines` of the `word_rules.BOILERPLATE_LOOK_BACK_DAYS` before a day.

    Days one after the other have most of those in common: each is read once.

    Args:
        read: gives `LINE_COLUMNS` of a day, of all observations.
    """
    look_back = word_rules.BOILERPLATE_LOOK_BACK_DAYS

    @lru_cache(maxsize=look_back)
    def said(day: dt.date) -> pl.DataFrame:
        return said_lines(read(day))

    return lambda day: [said(old) for old in days_between(day - dt.timedelta(days=look_back), day)]


def _lines(described: pl.DataFrame) -> pl.DataFrame:
    """The lines, with the numbers of video, form, and form of a channel."""
    of_channel = pl.when(pl.col("author_id").is_not_null()).then(
        pl.struct("author_id", "form").hash()
    )
    return (
        described.with_row_index("row")
        .with_columns(
            pl.col("video_id").hash().alias("video"),
            pl.col("description").str.replace_all("\r", "\n", literal=True).str.split("\n"),
        )
        .explode("description")
        .rename({"description": "text"})
        .with_columns(_form().alias("form"))
        .select("row", "text", "video", "form", of_channel.alias("line"))
    )


def _is_idle() -> pl.Expr:
    """Whether a pattern marks a line; all of them in one would take five times as long."""
    return pl.any_horizontal(
        pl.col("text").str.contains(f"(?i){pattern}") for pattern in load_stop_words().lines
    )


def _form() -> pl.Expr:
    """What lines that differ in numbers, blanks and capitals have in common."""
    plain = pl.col("text").str.replace_all(r"\s+", " ").str.replace_all(r"\d+", "0")
    return plain.str.strip_chars().str.to_lowercase().hash()


def _of_channels(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.drop_nulls("line").select("line", "video").unique()
