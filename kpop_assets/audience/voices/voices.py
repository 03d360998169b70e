"""Reviews of a day become voices: cleaned, classed, and held against what was said before.

Belongs here: what a review's word of a day is to its earlier ones and to those of others. Does
not belong here: a text as such (voice_texts.py), ratings (rating_scales.py), whose act it is
(voice_subjects.py), counting (voice_counts.py).

All that is remembered of days before comes of `bronze/reviews`, so days can be filled in any
order; and a day is classed by what was known on it, so a later day changes none before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

import polars as pl

from kpop_assets.audience.voices.rating_scales import on_common_scale
from kpop_assets.audience.voices.voice_languages import find_languages
from kpop_assets.audience.voices.voice_subjects import acts_of_subjects
from kpop_assets.audience.voices.voice_texts import cleaned, copied_form, hash_texts, kind_of_voice
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.days import day_end, days_between
from kpop_assets.lake.rows import empty

REVIEW_COLUMNS = (
    *("review_id", "source", "subject_kind", "subject", "act", "author_id", "author_kind"),
    *("outlet", "text", "rating", "rating_letter", "rating_scale", "lang", "created_at"),
    *("deleted_at", "observed_at", "likes"),
)
VIDEO_COLUMNS = ("video_id", "artist")
_NO_VIDEOS = pl.DataFrame(schema=dict.fromkeys(VIDEO_COLUMNS, pl.String))


class VoiceDays:
    """Makes voices of one day after the other; what days before had is read once.

    Args:
        read: gives `REVIEW_COLUMNS` of `bronze/reviews` of a day.
        videos: gives `VIDEO_COLUMNS` of `silver/video_daily` of a day.
        catalog: who is an act.
    """

    def __init__(
        self,
        read: Callable[[dt.date], pl.DataFrame],
        videos: Callable[[dt.date], pl.DataFrame],
        catalog: Catalog,
    ) -> None:
        self._read, self._catalog = read, catalog
        self._marks: dict[dt.date, pl.DataFrame] = {}
        self._videos = lru_cache(maxsize=rules.REVIEW_KNOWN_DAYS + 1)(videos)

    def of_day(self, day: dt.date) -> pl.DataFrame:
        """The rows of `audience/voices` of a day, but the day."""
        reviews = self._read(day)
        columns = empty(VOICES).drop("ingest_date").columns
        if reviews.is_empty():
            return empty(VOICES).drop("ingest_date")
        today, first = _worded(reviews), day - dt.timedelta(days=rules.REVIEW_KNOWN_DAYS)
        today = today.with_columns(find_languages(today))
        before = pl.concat([self._marks_of(old) for old in days_between(first, day)])
        marks = _marks(today, day)
        self._marks = {old: kept for old, kept in self._marks.items() if old > first}
        self._marks[day] = marks
        videos = self._known_videos(today, first, day)
        return today.with_columns(
            _changes(marks, before),
            _repeats(today, marks, before),
            _floods(marks, before, day),
            acts_of_subjects(today, videos, self._catalog),
            *on_common_scale(),
            kind_of_voice().alias("voice_kind"),
            author_kind=pl.col("author_kind").fill_null("user"),
            is_simulated=pl.col("source") == SIMULATED_SOURCE,
        ).select(columns)

    def _marks_of(self, day: dt.date) -> pl.DataFrame:
        if day not in self._marks:
            self._marks[day] = _marks(_worded(self._read(day)), day)
        return self._marks[day]

    def _known_videos(self, rows: pl.DataFrame, first: dt.date, day: dt.date) -> pl.DataFrame:
        """The videos that reviews are about, each once, as last seen up to a day."""
        asked = rows.filter(pl.col("subject_kind") == "video").select(video_id="subject").unique()
        if asked.is_empty():
            return _NO_VIDEOS
        days = days_between(first, day_end(day))
        seen = [
            self._videos(one).select(VIDEO_COLUMNS).join(asked, "video_id", "semi") for one in days
        ]
        return pl.concat(seen).unique("video_id", keep="last", maintain_order=True)


def _worded(reviews: pl.DataFrame) -> pl.DataFrame:
    """Reviews with one id in all sources, their texts cleaned and hashed."""
    is_gone = pl.col("deleted_at").is_not_null()
    rows = reviews.select(REVIEW_COLUMNS).with_columns(
        pl.concat_str("source", "review_id", separator=":").alias("review_id"),
        pl.when(~is_gone).then(cleaned(pl.col("text"))).alias("text"),
    )
    return rows.with_columns(hash_texts(rows["text"]))


def _marks(rows: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """What is remembered of a day's reviews, as numbers, for there are many.

    `review` is which, `state` what it says, `said` who said what of what, `copied` what copies of
    its text share, `who` its author; null where there is nothing to compare by.
    """
    form = copied_form(pl.col("text"))
    is_long = form.str.len_chars() >= rules.FLOOD_LEAST_LETTERS
    has_said = pl.col("author_id").is_not_null() & pl.col("text").is_not_null()
    state = pl.struct("text_hash", "rating", "rating_letter", pl.col("deleted_at").is_null())
    return rows.select(
        pl.col("review_id").hash().alias("review"),
        pl.lit(day).alias("day"),
        state.hash().alias("state"),
        pl.when(has_said)
        .then(pl.struct("author_id", "subject_kind", "subject", "text_hash").hash())
        .alias("said"),
        pl.when(is_long).then(form.hash()).alias("copied"),
        pl.coalesce("author_id", "review_id").hash().alias("who"),
        pl.col("deleted_at").is_not_null().alias("is_gone"),
    )


def _changes(marks: pl.DataFrame, before: pl.DataFrame) -> pl.Series:
    """What each review is to its last word before, as `audience_voices.CHANGES` has it."""
    last = before.sort("day").unique("review", keep="last").select("review", "state")
    joined = marks.join(last, on="review", how="left", suffix="_before", maintain_order="left")
    change = (
        pl.when("is_gone")
        .then(pl.lit("deleted"))
        .when(pl.col("state_before").is_null())
        .then(pl.lit("new"))
        .when(pl.col("state") == pl.col("state_before"))
        .then(pl.lit("same"))
        .otherwise(pl.lit("edited"))
    )
    return joined.select(change.alias("change")).to_series()


def _repeats(rows: pl.DataFrame, marks: pl.DataFrame, before: pl.DataFrame) -> pl.Series:
    """Whether the author had said the same of the same subject in another review.

    Of several of one day the first is by when it was written, then by its id.
    """
    earlier = before.drop_nulls("said").select("said", "review").unique()
    others = (
        marks.with_row_index("row")
        .join(earlier, on="said", how="inner", suffix="_before")
        .filter(pl.col("review") != pl.col("review_before"))
    )
    order = (
        rows.select("created_at", "review_id")
        .with_columns(marks["said"])
        .with_row_index("row")
        .sort(pl.col("created_at"), "review_id", nulls_last=True)
        .with_columns(pl.int_range(pl.len()).over("said").alias("place"))
    )
    again = order.filter(pl.col("said").is_not_null() & (pl.col("place") > 0))
    found = pl.concat([others.select("row"), again.select("row")])["row"].unique()
    index = pl.int_range(rows.height, eager=True, dtype=pl.UInt32)
    return index.is_in(found.implode()).alias("is_repeat")


def _floods(marks: pl.DataFrame, before: pl.DataFrame, day: dt.date) -> pl.Series:
    """Whether many authors said the same within days."""
    since = day - dt.timedelta(days=rules.FLOOD_DAYS - 1)
    recent = pl.concat([before.filter(pl.col("day") >= since), marks])
    authors = recent.drop_nulls("copied").group_by("copied").agg(pl.col("who").n_unique())
    many = authors.filter(pl.col("who") >= rules.FLOOD_LEAST_AUTHORS)["copied"]
    return marks["copied"].is_in(many.implode()).fill_null(False).alias("is_flood")
