"""Videos that are new on a day: not seen on any of the 7 days before.

Belongs here: the look-back and what "new" means. Does not belong here: the Bloom filter
(bloom.py), which answers the same for single ids without reading a table.
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import VIDEOS


def select_new_videos(events: DataFrame, start: dt.date) -> DataFrame:
    """The first event of each video on each day from `start` on which it is new.

    Args:
        events: `bronze/events` from `rules.NEW_VIDEO_LOOK_BACK_DAYS` before `start` on.
        start: first day to report; earlier days only decide what is new.
    """
    firsts = events.groupBy("ingest_date", "video_id").agg(
        F.min("observed_at").alias("first_observed_at")
    )
    previous = F.lag("ingest_date").over(Window.partitionBy("video_id").orderBy("ingest_date"))
    is_new = F.coalesce(
        F.date_diff("ingest_date", "previous_date") > rules.NEW_VIDEO_LOOK_BACK_DAYS, F.lit(True)
    )
    return (
        firsts.withColumn("previous_date", previous)
        .where(is_new & (F.col("ingest_date") >= F.lit(start)))
        .withColumn("observed_at", F.col("first_observed_at"))
        .join(events, ["ingest_date", "video_id", "observed_at"])
        .select(VIDEOS.column_names)
    )
