"""Counted plays by listener and hour, in batch and as a stream, and the account of each day.

Belongs here: the sums over plays whose fate is told. Does not belong here: which plays count
(play_fates.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts.play_rules import (
    LATE_PLAY_SECONDS,
    PLAY_WINDOW_SECONDS,
    TRACK_KNOWN_DAYS,
)
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_plays import PLAY_DAYS, PLAYS_HOURLY
from kpop_assets.engine.session import can_stream
from kpop_assets.lake.tables import Tables
from kpop_assets.recommend.plays.play_fates import hour_of, tell_fates
from kpop_assets.silver.window_stream import WATERMARK, streamed_once

_WINDOW = f"{PLAY_WINDOW_SECONDS} seconds"


@contextmanager
def compute_hours(tables: Tables, start: dt.date, end: dt.date) -> Iterator[DataFrame]:
    """Rows of `recommend/plays_hourly` of [start, end), by a stream where the engine has streams.

    Raises:
        MissingTableError: an input has not been written yet.
        pyspark.errors.StreamingQueryException: the query failed.
    """
    plays = tell_fates(tables.read(PLAYS, start, end))
    if not can_stream(tables.spark):
        yield count_hours(plays.where(F.col("fate") == "counted"))
        return
    # Whether a play counts is known of the whole day alone; which do not are few.
    key = list(PLAYS.primary_key)
    out = plays.where(F.col("fate") != "counted").select(*key)
    stream = tables.stream(PLAYS, start, end).join(out, key, "left_anti")
    rows = count_hours(stream.withWatermark("played_at", WATERMARK))
    with streamed_once(tables, rows, PLAYS_HOURLY.path) as streamed:
        yield streamed


def count_hours(plays: DataFrame) -> DataFrame:
    """Counted plays, of a table or a stream, by listener and window of an hour over played_at.

    Hours of Seoul begin with those of UTC.
    """
    window = F.window("played_at", _WINDOW).alias("window")
    counted = plays.groupBy("ingest_date", "user_id", window).agg(F.count("*").alias("play_count"))
    return (
        counted.withColumn("hour_start_at", F.col("window.start"))
        .withColumn("hour", hour_of("hour_start_at"))
        .select(PLAYS_HOURLY.column_names)
    )


def account_for_plays(plays: DataFrame, told: DataFrame) -> DataFrame:
    """The account of each day.

    Args:
        plays: rows of `bronze/plays`.
        told: `track_id` and `ingest_date`, the days on which a track was told of.
    """
    is_counted = F.col("fate") == "counted"
    late = F.unix_millis("received_at") - F.unix_millis("played_at") > LATE_PLAY_SECONDS * 1000
    is_known = F.coalesce("is_known", F.lit(False))
    rows = tell_fates(plays).join(_known_tracks(plays, told), ["ingest_date", "track_id"], "left")
    return (
        rows.groupBy("ingest_date")
        .agg(
            F.count("*").alias("row_count"),
            F.count_if(is_counted).alias("counted_count"),
            F.count_if(F.col("fate") == "total").alias("total_row_count"),
            F.count_if(F.col("fate") == "ahead").alias("ahead_play_count"),
            F.count_if(F.col("fate") == "repeat").alias("repeat_count"),
            F.count_if(F.col("fate") == "bot").alias("bot_play_count"),
            F.countDistinct(F.when(F.col("fate") == "bot", F.col("user_id"))).alias("bot_count"),
            F.count_if(is_counted & late).alias("late_play_count"),
            F.count_if(is_counted & ~is_known).alias("unknown_track_count"),
            F.countDistinct(F.when(is_counted, F.col("user_id"))).alias("user_count"),
            F.countDistinct(F.when(is_counted, F.col("track_id"))).alias("track_count"),
        )
        .select(PLAY_DAYS.column_names)
    )


def _known_tracks(plays: DataFrame, told: DataFrame) -> DataFrame:
    """Day and id of tracks that were told of in the days before, or on the day itself.

    By the day of the play, not by those that are filled at once: any stretch gives the same.
    """
    asked = plays.select("ingest_date", "track_id").distinct()
    days = told.select("track_id", F.col("ingest_date").alias("told_date"))
    since = F.date_sub("ingest_date", TRACK_KNOWN_DAYS)
    near = asked.join(days, "track_id").where(
        F.col("told_date").between(since, F.col("ingest_date"))
    )
    return near.select("ingest_date", "track_id").distinct().withColumn("is_known", F.lit(True))
