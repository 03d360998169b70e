"""Counted plays by listener and track, and by track.

Belongs here: the sums. Does not belong here: which plays count (play_fates.py), or hours
(play_hours.py).
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts.play_rules import COMPLETED_PCT, TRACK_KNOWN_DAYS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS, TRACK_PLAYS
from kpop_assets.recommend.plays.play_fates import tell_fates

_DAY_TRACK = ["ingest_date", "track_id"]


def count_listener_tracks(plays: DataFrame, told: DataFrame) -> DataFrame:
    """Rows of `recommend/listener_tracks`.

    Args:
        plays: rows of `bronze/plays`.
        told: `told_date`, `track_id` and `duration_ms` of `recommend/tracks`.
    """
    rows = tell_fates(plays).where(F.col("fate").isin("counted", "total"))
    rows = rows.join(known_lengths(rows, told), _DAY_TRACK, "left")
    is_counted = F.col("fate") == "counted"
    has_length = is_counted & F.col("played_ms").isNotNull() & F.col("duration_ms").isNotNull()
    is_completed = F.col("played_ms") * 100 >= F.col("duration_ms") * COMPLETED_PCT
    return (
        rows.groupBy("ingest_date", "user_id", "track_id")
        .agg(
            F.count_if(is_counted).alias("play_count"),
            _last("total_play_count").alias("total_play_count"),
            F.sum(F.when(is_counted, F.col("played_ms"))).alias("played_ms"),
            F.count_if(has_length).alias("known_length_count"),
            F.count_if(has_length & is_completed).alias("completed_count"),
            _last("rating").alias("rating"),
            F.max("played_at").alias("last_played_at"),
        )
        .select(LISTENER_TRACKS.column_names)
    )


def count_track_plays(listener_tracks: DataFrame) -> DataFrame:
    """Rows of `recommend/track_plays`: those of all listeners together."""
    return (
        listener_tracks.where("play_count > 0")
        .groupBy(*_DAY_TRACK)
        .agg(
            F.sum("play_count").alias("play_count"),
            F.count("*").alias("listener_count"),
            *(
                F.sum(name).alias(name)
                for name in ("played_ms", "known_length_count", "completed_count")
            ),
        )
        .select(TRACK_PLAYS.column_names)
    )


def _last(name: str) -> Column:
    """The latest value of a column, of those rows that have one."""
    has_value = F.col(name).isNotNull()
    return F.max_by(F.when(has_value, F.col(name)), F.when(has_value, F.col("played_at")))


def known_lengths(plays: DataFrame, told: DataFrame) -> DataFrame:
    """By day and track, the length that was told last in the days before, that day too.

    By the day of the play, not by those that are filled at once: any stretch gives the same.
    """
    asked = plays.select(*_DAY_TRACK).distinct()
    lengths = told.where(F.col("duration_ms").isNotNull())
    is_near = (F.col("told_date") <= F.col("ingest_date")) & (
        F.col("told_date") >= F.date_sub("ingest_date", TRACK_KNOWN_DAYS)
    )
    return (
        asked.join(lengths, "track_id")
        .where(is_near)
        .groupBy(*_DAY_TRACK)
        .agg(F.max_by("duration_ms", "told_date").alias("duration_ms"))
    )
