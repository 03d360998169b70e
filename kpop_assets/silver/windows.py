"""Event-time windows per artist: 1 hour long, a new one every 5 minutes.

Belongs here: what is summed in windows, and how cells go to them and back (`mapInArrow`). Does not
belong here: which windows a cell stands in (slides.py), or the daily sums, which must not be taken
over these rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import ARTIST_WINDOWS
from kpop_assets.lake.exchange import hand_out
from kpop_assets.silver.slides import Cells, put_together

# Parts of an artist's day whose ids are put in order together: one with 30 % of all events is 4 %
# of the work in each. Buckets over all artists at once took Sail half as much time again.
_BUCKETS = 8
# Handed back to the engine.
_ROWS_AT_A_TIME = 1 << 16


def slide_windows(events: DataFrame, video_daily: DataFrame) -> DataFrame:
    """One row per artist and window that holds an event.

    What a video gained on a day counts at its last event of that day, so that the windows'
    engagement and the day's are the same points.

    Args:
        events: `bronze/events` of some days.
        video_daily: `silver/video_daily` of the same days.
    """
    return _sum_windows(_sum_cells(points_in_time(events, video_daily)))


def points_in_time(events: DataFrame, video_daily: DataFrame) -> DataFrame:
    """Events (n is 1) and what videos gained (n is 0), each with its points and event time."""
    one = F.lit(1).cast("bigint")
    gained = F.col("engagement") - rules.MENTION_WEIGHT * F.col("event_count")
    mentions = events.select(*_CELL, one.alias("n"), (one * rules.MENTION_WEIGHT).alias("points"))
    gains = video_daily.select(*_CELL, (one * 0).alias("n"), gained.alias("points"))
    return mentions.unionByName(gains)


_CELL = ("ingest_date", "artist", "event_at", "video_id", "author_id")


def _sum_cells(rows: DataFrame) -> DataFrame:
    """Sums per 5-minute slide, video and channel, of which each window is put together."""
    slide = F.floor(F.unix_timestamp("event_at") / rules.SLIDE_SECONDS)
    return (
        rows.withColumn("slide", slide)
        .groupBy("ingest_date", "artist", "slide", "video_id", "author_id")
        .agg(F.sum("n").alias("n"), F.sum("points").alias("points"))
    )


def _sum_windows(cells: DataFrame) -> DataFrame:
    """Put the windows together of the cells that lie in them, by sums alone.

    Handing each cell to its 12 windows, and summing those, took Sail most of the step's time and
    memory: there are six times as many windows as cells.
    """
    start = F.col("slide") * rules.SLIDE_SECONDS
    counted = cells.select(
        *("ingest_date", "artist", "slide", "n", "points"),
        _windows_alone("video_id").alias("videos"),
        _windows_alone("author_id").alias("authors"),
    )
    return (
        hand_out(counted, "ingest_date", "artist")
        .mapInArrow(_windows_of_cells, _SUMMED)
        .withColumn("window_start_at", F.timestamp_seconds(start))
        .withColumn("window_end_at", F.timestamp_seconds(start + rules.WINDOW_SECONDS))
        .select(ARTIST_WINDOWS.column_names)
    )


_SUMMED = (
    "ingest_date date, artist string, slide bigint, video_count bigint, total_engagement bigint, "
    "unique_videos bigint, unique_authors bigint"
)


def _windows_of_cells(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Inside the engine: all cells of some days' artists, in any order, to their windows."""
    given = [batch for batch in batches if batch.num_rows]
    if not given:
        return
    cells = pa.Table.from_batches(given)
    days = cells.column("ingest_date").cast(pa.int32()).to_numpy()
    order = np.argsort(days, kind="stable")
    cells, ends = cells.take(pa.array(order)), np.flatnonzero(np.diff(days[order], append=-1)) + 1
    # One day after the other: the windows take far more memory than the cells.
    for start, end in pairwise([0, *ends.tolist()]):
        rows = _windows_of_day(cells.slice(start, end - start))
        yield from rows.to_batches(max_chunksize=_ROWS_AT_A_TIME)


def _windows_of_day(cells: pa.Table) -> pa.Table:
    artist = cells.column("artist").combine_chunks().dictionary_encode()
    slide, n, points, videos, authors = (
        cells.column(name).to_numpy() for name in ("slide", "n", "points", "videos", "authors")
    )
    found = put_together(
        Cells(
            artist.indices.to_numpy().astype(np.int64),
            slide,
            {"video_count": n, "total_engagement": points},
            {"unique_videos": videos, "unique_authors": authors},
        )
    )
    day = cells.column("ingest_date")[0]
    return pa.table(
        {
            "ingest_date": pa.repeat(day, len(found.slide)),
            "artist": artist.dictionary.take(pa.array(found.group)),
            "slide": pa.array(found.slide),
            **{name: pa.array(values) for name, values in found.sums.items()},
        }
    )


def bucket_of(name: str) -> Column:
    """The part of an artist's day in which an id's cells are put in order.

    A null id has no cell before it, and goes where its video goes.
    """
    return F.pmod(F.hash(F.coalesce(name, "video_id")), F.lit(_BUCKETS))


def _windows_alone(name: str) -> Column:
    """In how many of a cell's windows, the last ones, no earlier cell of the same id lies."""
    # Many ids in one window: a partition has a fixed cost, and ids are many.
    cells = Window.partitionBy("ingest_date", "artist", bucket_of(name)).orderBy(name, "slide")
    is_same_id = F.lag(name).over(cells) == F.col(name)
    since = F.when(is_same_id, F.col("slide") - F.lag("slide").over(cells))
    most = F.lit(rules.WINDOWS_PER_EVENT).cast("bigint")
    return F.when(F.col(name).isNotNull(), F.least(since, most)).otherwise(most * 0)
