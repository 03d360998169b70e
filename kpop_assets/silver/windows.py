"""Event-time windows per artist: 1 hour long, a new one every 5 minutes.

Belongs here: which windows an event stands in and what is summed in them. Does not belong here:
the daily sums, which must not be taken over these rows.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.silver import ARTIST_WINDOWS
from kpop_assets.engine.trailing import repeat_rows

# Parts of an artist's day whose ids are put in order together: one with 30 % of all events is 4 %
# of the work in each. Buckets over all artists at once took Sail half as much time again.
_BUCKETS = 8


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
    slide = F.floor(F.unix_timestamp("event_at") / rules.SLIDE_SECONDS) * rules.SLIDE_SECONDS
    return (
        rows.withColumn("slide", slide)
        .groupBy("ingest_date", "artist", "slide", "video_id", "author_id")
        .agg(F.sum("n").alias("n"), F.sum("points").alias("points"))
    )


def _sum_windows(cells: DataFrame) -> DataFrame:
    """Put the windows together of the cells that lie in them, by sums alone.

    A window holds a video if it holds any of its cells; it is counted at the first of them, which
    is the cell whose predecessor lies before the window. So nothing has to be kept per window but
    four sums: counting distinct ids took engines ten times the memory.
    """
    start = F.col("slide") - F.col("offset") * rules.SLIDE_SECONDS
    firsts = cells.withColumn("video_before", _slide_before("video_id")).withColumn(
        "author_before", _slide_before("author_id")
    )
    return (
        repeat_rows(firsts, rules.WINDOWS_PER_EVENT, "offset")
        .withColumn("start", start)
        .groupBy("ingest_date", "artist", "start")
        .agg(
            F.sum("n").alias("video_count"),
            F.sum(_is_first("video_before")).alias("unique_videos"),
            F.sum("points").alias("total_engagement"),
            F.sum(
                F.when(F.col("author_id").isNull(), 0).otherwise(_is_first("author_before"))
            ).alias("unique_authors"),
        )
        .withColumn("window_start_at", F.timestamp_seconds("start"))
        .withColumn("window_end_at", F.timestamp_seconds(F.col("start") + rules.WINDOW_SECONDS))
        .select(ARTIST_WINDOWS.column_names)
    )


def bucket_of(name: str) -> Column:
    """The part of an artist's day in which an id's cells are put in order.

    A null id has no cell before it, and goes where its video goes.
    """
    return F.pmod(F.hash(F.coalesce(name, "video_id")), F.lit(_BUCKETS))


def _slide_before(name: str) -> Column:
    """The slide of the same id's cell before this one; its own where two cells share a slide."""
    # Many ids in one window: a partition has a fixed cost, and ids are many.
    cells = Window.partitionBy("ingest_date", "artist", bucket_of(name)).orderBy(name, "slide")
    is_same_id = F.lag(name).over(cells) == F.col(name)
    return F.when(is_same_id, F.lag("slide").over(cells))


def _is_first(before: str) -> Column:
    """1 where the cell before lies outside the window, else 0."""
    lies_inside = F.coalesce(F.col(before) >= F.col("start"), F.lit(False))
    return F.when(lies_inside, 0).otherwise(1)
