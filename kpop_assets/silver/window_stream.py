"""The windows as Structured Streaming computes them: one state per window, closed by a watermark.

Belongs here: the streaming form of `windows.py`, and the query that fills the windows of some days
with it. Does not belong here: the batch form, which every engine has, and the stream that never
ends (live/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import ARTIST_WINDOWS, VIDEO_DAILY
from kpop_assets.engine.session import can_stream
from kpop_assets.lake.place import for_engine
from kpop_assets.lake.staging import put
from kpop_assets.lake.tables import Tables
from kpop_assets.silver.windows import points_in_time, slide_windows

WATERMARK = f"{rules.WATERMARK_SECONDS} seconds"
_AFTERWARDS = "spark.sql.streaming.noDataMicroBatches.enabled"


@contextmanager
def compute_windows(tables: Tables, start: dt.date, end: dt.date) -> Iterator[DataFrame]:
    """Rows of `silver/artist_windows` of [start, end), by a stream where the engine has streams.

    Raises:
        MissingTableError: an input has not been written yet.
    """
    if can_stream(tables.spark):
        with streamed_windows(tables, start, end) as rows:
            yield rows
    else:
        yield slide_windows(tables.read(EVENTS, start, end), tables.read(VIDEO_DAILY, start, end))


@contextmanager
def streamed_windows(tables: Tables, start: dt.date, end: dt.date) -> Iterator[DataFrame]:
    """Rows of `silver/artist_windows` of the days [start, end), inside the block.

    The query reads both tables as streams that end (`availableNow`), in one micro-batch, so that
    no event is behind a watermark: publish times of one day lie years apart. Its checkpoint and
    its rows stand in one folder of the lake that goes with the block, so neither is ever there
    without the other; whoever is killed leaves the table as it was.

    Raises:
        MissingTableError: an input has not been written yet.
        pyspark.errors.StreamingQueryException: the query failed.
    """
    events, daily = tables.stream(EVENTS, start, end), tables.stream(VIDEO_DAILY, start, end)
    points = points_in_time(events, daily).withWatermark("event_at", WATERMARK)
    rows = sum_windows(points).select(ARTIST_WINDOWS.column_names)
    with streamed_once(tables, rows, ARTIST_WINDOWS.path) as windows:
        yield windows


@contextmanager
def streamed_once(tables: Tables, rows: DataFrame, name: str) -> Iterator[DataFrame]:
    """What a stream of windows gives in one micro-batch that takes all there is, inside the block.

    Args:
        tables: where a folder for it can be had, which goes with the block.
        rows: a streaming frame over tables.
        name: of the table that it fills.

    Raises:
        pyspark.errors.StreamingQueryException: the query failed.
    """
    with tables.scratch() as place:
        folder, kept = for_engine(place), []

        def keep(batch: DataFrame, number: int) -> None:
            _keep(batch, number, folder, name)
            kept.append(number)

        writer = (
            rows.writeStream.queryName(name)
            .outputMode("update")
            .foreachBatch(keep)
            .option("checkpointLocation", f"{folder}/checkpoint")
            .trigger(availableNow=True)
        )
        # Another micro-batch would only remove state that goes with the folder anyway.
        tables.spark.conf.set(_AFTERWARDS, "false")
        try:
            query = writer.start()
        finally:
            tables.spark.conf.unset(_AFTERWARDS)
        query.awaitTermination()
        # Tables without a row make no micro-batch.
        schema, spark = rows.schema, tables.spark
        found = spark.read.schema(schema).parquet(f"{folder}/rows") if kept else None
        yield spark.createDataFrame([], schema) if found is None else found


def sum_windows(rows: DataFrame) -> DataFrame:
    """One row per day, artist and window, of a stream of events and points in event time.

    Args:
        rows: ingest_date, artist, event_at with a watermark, video_id, author_id, n (events),
            points.

    Returns:
        A streaming frame: the windows that changed, with what `silver/artist_windows` has.
    """
    length, slide = f"{rules.WINDOW_SECONDS} seconds", f"{rules.SLIDE_SECONDS} seconds"
    return (
        rows.groupBy("ingest_date", "artist", F.window("event_at", length, slide).alias("window"))
        .agg(
            F.sum("n").alias("video_count"),
            _distinct("video_id").alias("unique_videos"),
            F.sum("points").alias("total_engagement"),
            _distinct("author_id").alias("unique_authors"),
        )
        .withColumn("window_start_at", F.col("window.start"))
        .withColumn("window_end_at", F.col("window.end"))
        .drop("window")
    )


def _distinct(name: str) -> Column:
    # Exact, as in batch: a window holds few ids, and a stream cannot count distinct ones otherwise.
    return F.size(F.collect_set(name)).cast("bigint")


def _keep(batch: DataFrame, number: int, folder: str, name: str) -> None:
    # Overwritten by number: a micro-batch that is repeated leaves its rows once.
    if number == 0:
        put(batch, f"{folder}/rows")
    elif not batch.isEmpty():
        raise RuntimeError(f"micro-batch {number} of {name} changes windows")
