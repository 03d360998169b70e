"""What came of works that were shown: answers joined with plays and feedback of the next 24 hours.

Belongs here: what is said of each place of a page. Does not belong here: which answer something
counts for (plays/attribution.py), which plays count (plays/play_fates.py), or what is made of
outcomes (experiments, policies of rising acts).

All of it is known once the day after the answer is over, which is the row's day: so a row rests on
days that are there when it is made, and never changes by later ones.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.catalog.acts import OTHER
from kpop_assets.contracts.feedback import SAYING
from kpop_assets.contracts.play_rules import COMPLETED_PCT, SKIPPED_SECONDS, TRACK_KNOWN_DAYS
from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.recommend.plays.attribution import attribution_query
from kpop_assets.recommend.plays.listener_tracks import known_lengths
from kpop_assets.recommend.plays.play_fates import tell_fates

_PLACE = ["answer_date", "request_id", "position"]
_STRINGS = "array<string>"
_RISING = ("rising_act", "rising_propensity", "rising_policy", "drawn_by", "context_features")


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
    """Which song of its day a row is about, whatever version: its act and title as told last.

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
    told_or_own = F.coalesce("song_id", "track_id")
    joined = rows.join(songs, ["event_date", "track_id"], "left")
    song_of_day = F.concat_ws(" ", F.col("event_date").cast("string"), told_or_own)
    return joined.withColumn("song_id", song_of_day).drop("event_date", "track_id")


def _offered(shown: DataFrame, told: DataFrame) -> DataFrame:
    """Places by the days on which something can come of them."""
    days = F.explode(F.array("answer_date", F.date_add("answer_date", 1))).alias("event_date")
    track = F.col("work_id").alias("track_id")
    answered = F.unix_millis("answered_at").alias("answered_ms")
    rows = shown.select(*_PLACE, F.col("user_id").alias("shown_to"), answered, track, days)
    return _with_song(rows, told)


def _played(plays: DataFrame, told: DataFrame) -> DataFrame:
    """Plays that count, and whether each was heard to the end."""
    counted = tell_fates(plays).where(F.col("fate") == "counted")
    lengths = told.select("told_date", "track_id", "duration_ms")
    rows = counted.join(known_lengths(counted, lengths), ["ingest_date", "track_id"], "left")
    is_whole = F.col("played_ms") * 100 >= F.col("duration_ms") * COMPLETED_PCT
    rows = rows.select(
        *("user_id", "track_id", "played_ms"),
        F.lit(None).cast("string").alias("named_id"),
        F.col("track_id").alias("done_id"),
        F.col("ingest_date").alias("event_date"),
        F.col("played_at").alias("done_at"),
        F.coalesce(is_whole, F.lit(False)).alias("is_whole"),
    )
    return _with_song(rows, told)


def _acted(acted: DataFrame, told: DataFrame) -> DataFrame:
    """Feedback about works or tracks."""
    rows = acted.select(
        *("user_id", "action"),
        F.col("request_id").alias("named_id"),
        F.col("event_id").alias("done_id"),
        F.coalesce("work_id", "track_id").alias("track_id"),
        F.col("ingest_date").alias("event_date"),
        F.col("acted_at").alias("done_at"),
    )
    return _with_song(rows.where(F.col("track_id").isNotNull()), told)


def _of_plays(played: DataFrame, offered: DataFrame) -> DataFrame:
    """What plays say of places."""
    told = ("done_at", "played_ms", "is_whole")
    counted = _attributed(played, offered, told, can_name=False)
    return counted.groupBy(*_PLACE).agg(
        F.min("done_at").alias("first_played_at"),
        F.min_by("played_ms", "done_at").alias("first_played_ms"),
        F.max("is_whole").alias("is_completed"),
    )


def _of_feedback(acted: DataFrame, offered: DataFrame) -> DataFrame:
    """What feedback says of places."""
    return (
        _attributed(acted, offered, ("action",), can_name=True)
        .groupBy(*_PLACE)
        .agg(
            *(
                F.max(F.col("action").isin(*actions)).alias(f"has_{name}")
                for name, actions in SAYING.items()
            )
        )
    )


def _attributed(
    done: DataFrame, offered: DataFrame, columns: tuple[str, ...], can_name: bool
) -> DataFrame:
    """Some columns of what was done, at the places that it counts for."""
    done = done.withColumnRenamed("song_id", "done_song_id")
    done = done.withColumn("done_ms", F.unix_millis("done_at"))
    query = attribution_query((*_PLACE, *columns), can_name)
    return done.sparkSession.sql(query, offered=offered, done=done)


def _told(rows: DataFrame) -> DataFrame:
    """The columns of the contract that are made of others."""
    has_rising = F.coalesce(F.col("position") == F.col("rising_position"), F.lit(False))
    is_short = F.col("first_played_ms") < SKIPPED_SECONDS * 1000
    made = {name: F.coalesce(f"has_{name}", F.lit(False)) for name in SAYING}
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
