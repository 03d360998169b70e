"""From `live/events` to `live/windows` and the account of each day: the stream's second half.

Belongs here: the query over the events, and what of them is in no window. Does not belong here:
how events come in (intake.py), or when this runs (stream.py).
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.live import LIVE_DAYS, LIVE_EVENTS, LIVE_WINDOWS
from kpop_assets.lake.lake import Lake
from kpop_assets.live.checkpoints import EVER
from kpop_assets.silver.window_stream import WATERMARK, sum_windows


def update_windows(lake: Lake, checkpoint: str) -> None:
    """Take the new rows of `live/events` into their windows, each once.

    Raises:
        LakeError: the table cannot be written.
        pyspark.errors.StreamingQueryException: the query failed otherwise.
    """

    def put(windows: DataFrame, number: int) -> None:
        lake.merge(LIVE_WINDOWS, windows)

    query = (
        live_windows(lake.stream(LIVE_EVENTS, *EVER))
        .writeStream.queryName(LIVE_WINDOWS.path)
        .outputMode("update")
        .foreachBatch(put)
        .option("checkpointLocation", checkpoint)
        .trigger(availableNow=True)
        .start()
    )
    query.awaitTermination()


def live_windows(events: DataFrame) -> DataFrame:
    """The windows that a stream of `live/events` changes.

    An event is in all of its windows or, behind the watermark, in none: the keys stand in a state
    of their own, which leaves late events out before windows are made of them.
    """
    on_time = (
        events.where(~_is_ahead())
        .withWatermark("event_at", WATERMARK)
        .dropDuplicatesWithinWatermark(list(LIVE_EVENTS.primary_key))
    )
    one = F.lit(1).cast("bigint")
    counted = on_time.select("*", one.alias("n"), one.alias("points"))
    return sum_windows(counted).select(LIVE_WINDOWS.column_names)


def watermark(lake: Lake) -> dt.datetime | None:
    """How far event time has come: windows that end by then are closed. None before any event.

    10 minutes behind the newest publish time that was not ahead of its observation; UTC.
    """
    events = lake.read(LIVE_EVENTS, *EVER).where(~_is_ahead())
    # As a number: a session's rows carry times without their zone.
    newest = events.agg(F.max(F.unix_micros("event_at"))).collect()[0][0]
    if newest is None:
        return None
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return epoch + dt.timedelta(microseconds=newest, seconds=-rules.WATERMARK_SECONDS)


def leaders(lake: Lake, top: int = 5) -> tuple[tuple[str, int], ...]:
    """Artists of the catalogue by videos in the newest window that has the newest event."""
    known = [row for row in lake.newest_rows(LIVE_WINDOWS) if row["artist"] != OTHER]
    # Of the 12 windows of the newest event the first: it reaches back the whole hour.
    newest = max((row["window_end_at"] for row in known), default=None)
    if newest is None:
        return ()
    end = newest - dt.timedelta(seconds=rules.WINDOW_SECONDS - rules.SLIDE_SECONDS)
    found = [(row["artist"], row["unique_videos"]) for row in known if row["window_end_at"] == end]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:top])


def account(lake: Lake) -> None:
    """Write `live/days` anew from the other two tables, once the windows have taken every event.

    Each event on time stands in exactly one window that begins at a full hour; so what is in none
    of those is late, or ahead.
    """
    key = ["ingest_date", "artist"]
    hourly = F.unix_timestamp("window_start_at") % rules.WINDOW_SECONDS == 0
    in_time = (
        lake.read(LIVE_WINDOWS, *EVER)
        .where(hourly)
        .groupBy(*key)
        .agg(F.sum("video_count").alias("in_windows"))
    )
    rows = (
        lake.read(LIVE_EVENTS, *EVER)
        .groupBy(*key)
        .agg(
            F.count("*").alias("event_count"),
            F.count_if(_is_ahead()).alias("ahead_count"),
        )
        .join(in_time, key, "left")
        .withColumn(
            "late_count",
            F.col("event_count") - F.col("ahead_count") - F.coalesce("in_windows", F.lit(0)),
        )
        .select(LIVE_DAYS.column_names)
    )
    lake.replace_range(LIVE_DAYS, *EVER, rows)


def _is_ahead() -> Column:
    # A premiere a day away would carry the watermark there, and all else would be late.
    return F.col("event_at") > F.col("observed_at")
