"""What came of works that were shown: answers joined with plays and feedback of the next 24 hours.

Belongs here: which answer something counts for, and what is said of each place of its page. Does
not belong here: which plays count (play_fates.py), or what is made of outcomes (experiments,
policies of rising acts).

What a listener did counts for the last answer before it that showed the work, so that a work that
is shown on each page of a day is not played as often as it was shown. Feedback that names an answer
counts for that. All of it is known once the day after the answer is over, which is the row's day:
so a row rests on days that are there when it is made, and never changes by later ones.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.catalog.acts import OTHER
from kpop_assets.contracts.play_rules import (
    CLOCK_AHEAD_SECONDS,
    COMPLETED_PCT,
    OUTCOME_SECONDS,
    SKIPPED_SECONDS,
    TRACK_KNOWN_DAYS,
)
from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.recommend.listener_tracks import known_lengths
from kpop_assets.recommend.play_fates import tell_fates

_PLACE = ["answer_date", "request_id", "position"]
_STRINGS = "array<string>"
_RISING = ("rising_act", "rising_propensity", "rising_policy", "drawn_by", "context_features")
# What an outcome says, by the actions that say it.
_SAID = {
    "click": ("click",),
    "skip": ("skip",),
    "like": ("like", "save"),
    "dislike": ("dislike", "hide"),
}


class Done(NamedTuple):
    """What listeners did, from the day before the first on.

    Attributes:
        acted: rows of `bronze/feedback`.
        plays: rows of `bronze/plays`.
    """

    acted: DataFrame
    plays: DataFrame


def tell_outcomes(
    answers: DataFrame, done: Done, told: DataFrame, start: dt.date, end: dt.date
) -> DataFrame:
    """Rows of `recommend/outcomes` of the days [start, end).

    Args:
        answers: rows of `bronze/recommendations`, from the day before `start` on.
        done: what listeners did.
        told: rows of `recommend/tracks`, their day as `told_date`.
        start: the first day.
        end: the day after the last.
    """
    shown = _shown(answers)
    offered = _offered(shown, told)
    played = _of_plays(_played(done.plays, told), offered)
    acted = _of_feedback(_acted(done.acted, told), offered)
    rows = shown.join(played, _PLACE, "left").join(acted, _PLACE, "left")
    rows = _told(rows.withColumn("ingest_date", F.date_add("answer_date", 1)))
    is_asked = (F.col("ingest_date") >= F.lit(start)) & (F.col("ingest_date") < F.lit(end))
    return rows.where(is_asked).select(OUTCOMES.column_names)


def _shown(answers: DataFrame) -> DataFrame:
    """A row for each place of each answer."""
    places = F.posexplode(F.from_json("shown_work_ids", _STRINGS)).alias("nth", "work_id")
    rows = answers.withColumnRenamed("ingest_date", "answer_date").select("*", places)
    return (
        rows.where(F.col("work_id").isNotNull())
        .withColumn("position", (F.col("nth") + 1).cast("long"))
        .withColumn("fit_score", _nth("shown_scores").try_cast("double"))
        .withColumn("propensity", _nth("shown_propensities").try_cast("double"))
        .withColumn("reason", _nth("shown_reasons"))
    )


def _nth(name: str) -> Column:
    """The text that stands in a list at the row's place."""
    return F.get(F.from_json(name, _STRINGS), F.col("nth"))


def _with_song(rows: DataFrame, told: DataFrame) -> DataFrame:
    """Which song a row is about, whatever version: that of its act and title as told last.

    By the day on which it was done, not by those that are filled at once. A track that nobody told
    of is a song of its own.
    """
    asked = rows.select("event_date", "track_id").distinct()
    is_near = (F.col("told_date") <= F.col("event_date")) & (
        F.col("told_date") >= F.date_sub("event_date", TRACK_KNOWN_DAYS)
    )
    act = F.when(F.col("artist") == OTHER, F.col("artist_name")).otherwise(F.col("artist"))
    song = F.concat_ws(" - ", act, F.col("work_title"))
    told = told.select("track_id", "told_date", song.alias("told_song"))
    known = asked.join(told, "track_id").where(is_near).groupBy("event_date", "track_id")
    songs = known.agg(F.max_by("told_song", "told_date").alias("song_id"))
    joined = rows.join(songs, ["event_date", "track_id"], "left")
    return joined.withColumn("song_id", F.coalesce("song_id", "track_id"))


def _offered(shown: DataFrame, told: DataFrame) -> DataFrame:
    """Places by the days on which something can come of them."""
    days = F.explode(F.array("answer_date", F.date_add("answer_date", 1))).alias("event_date")
    track = F.col("work_id").alias("track_id")
    rows = shown.select(*_PLACE, F.col("user_id").alias("shown_to"), "answered_at", track, days)
    return _with_song(rows, told).drop("track_id")


def _played(plays: DataFrame, told: DataFrame) -> DataFrame:
    """Plays that count, and whether each was heard to the end."""
    counted = tell_fates(plays).where(F.col("fate") == "counted")
    lengths = told.select("told_date", "track_id", "duration_ms")
    rows = counted.join(known_lengths(counted, lengths), ["ingest_date", "track_id"], "left")
    is_whole = F.col("played_ms") * 100 >= F.col("duration_ms") * COMPLETED_PCT
    rows = rows.select(
        *("user_id", "track_id", "played_ms"),
        F.col("ingest_date").alias("event_date"),
        F.col("played_at").alias("done_at"),
        F.coalesce(is_whole, F.lit(False)).alias("is_whole"),
    )
    return _with_song(rows, told)


def _acted(acted: DataFrame, told: DataFrame) -> DataFrame:
    """Feedback about works or tracks."""
    rows = acted.select(
        *("event_id", "user_id", "action"),
        F.col("request_id").alias("named_id"),
        F.coalesce("work_id", "track_id").alias("track_id"),
        F.col("ingest_date").alias("event_date"),
        F.col("acted_at").alias("done_at"),
    )
    return _with_song(rows.where(F.col("track_id").isNotNull()), told)


def _of_plays(played: DataFrame, offered: DataFrame) -> DataFrame:
    """What plays say of places."""
    last = _last_offer(played, offered, ["user_id", "track_id", "done_at"])
    return last.groupBy(*_PLACE).agg(
        F.min("done_at").alias("first_played_at"),
        F.min_by("played_ms", "done_at").alias("first_played_ms"),
        F.max("is_whole").alias("is_completed"),
    )


def _of_feedback(acted: DataFrame, offered: DataFrame) -> DataFrame:
    """What feedback says of places."""
    unnamed = acted.where(F.col("named_id").isNull())
    last = _last_offer(unnamed, offered, ["event_id", "user_id", "done_at"])
    is_theirs = F.col("user_id").isNull() | F.col("shown_to").isNull()
    is_theirs |= F.col("user_id") == F.col("shown_to")
    named = offered.join(acted.where(F.col("named_id").isNotNull()), ["event_date", "song_id"])
    named = named.where(F.col("request_id") == F.col("named_id"))
    # Who says what answer is meant need not have our clock.
    named = named.where(is_theirs & (_after_ms() >= -CLOCK_AHEAD_SECONDS * 1000) & _is_in_time())
    columns = (*_PLACE, "action")
    found = named.select(*columns).unionByName(last.select(*columns))
    return found.groupBy(*_PLACE).agg(
        *(
            F.max(F.col("action").isin(*actions)).alias(f"has_{name}")
            for name, actions in _SAID.items()
        )
    )


def _last_offer(done: DataFrame, offered: DataFrame, one: list[str]) -> DataFrame:
    """What was done, each at the place that showed its song last before it."""
    pairs = offered.join(done, ["event_date", "song_id"])
    pairs = pairs.where(F.col("user_id") == F.col("shown_to"))
    pairs = pairs.where((_after_ms() >= 0) & _is_in_time())
    order = (F.desc("answered_at"), F.desc("request_id"), F.asc("position"))
    nth = F.row_number().over(Window.partitionBy(*one).orderBy(*order))
    return pairs.withColumn("offer_nth", nth).where(F.col("offer_nth") == 1)


def _after_ms() -> Column:
    return F.unix_millis("done_at") - F.unix_millis("answered_at")


def _is_in_time() -> Column:
    return _after_ms() < OUTCOME_SECONDS * 1000


def _told(rows: DataFrame) -> DataFrame:
    """The columns of the contract that are made of others."""
    has_rising = F.coalesce(F.col("position") == F.col("rising_position"), F.lit(False))
    is_short = F.col("first_played_ms") < SKIPPED_SECONDS * 1000
    made = {name: F.coalesce(f"has_{name}", F.lit(False)) for name in _SAID}
    completed = F.coalesce("is_completed", F.lit(False))
    delay = F.unix_seconds("first_played_at") - F.unix_seconds("answered_at")
    rising = {name: F.when(has_rising, F.col(name)) for name in _RISING}
    return rows.withColumns(
        {
            **rising,
            "is_rising_slot": has_rising,
            "is_clicked": made["click"],
            "is_played": F.col("first_played_at").isNotNull(),
            "is_completed": completed,
            "is_skipped": made["skip"] | (F.coalesce(is_short, F.lit(False)) & ~completed),
            "is_liked": made["like"],
            "is_disliked": made["dislike"],
            "first_play_delay_seconds": delay,
        }
    )
