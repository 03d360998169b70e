"""Milestones: a video's counter passes a round number.

Belongs here: which numbers are round, and when one was passed. Does not belong here: who is told.

A counter counts as having passed on the day on which it is first seen at or above the number, where
it was seen before and never so high: how a video stood that is seen for the first time is not
known, and what a correction or a glitch takes back is not passed again.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.catalog.catalog import OTHER

# One and five, from a million on: below, every song of a known act passes one in its first days.
ROUND_NUMBERS = tuple(step * 10**power for power in range(6, 11) for step in (1, 5))


def find_milestones(video_daily: pl.DataFrame) -> pl.DataFrame:
    """The highest round number that each video passed on each day.

    Args:
        video_daily: ingest_date, artist, video_id and view_count of `silver/video_daily`, all days
            up to the last that is asked for: what stood before them is not known.

    Returns:
        event_date, artist, video_id, milestone. By event_date, artist and video_id; without OTHER.
    """
    highest = pl.col("view_count").cum_max().shift(1)
    before = highest.over("video_id", order_by="ingest_date").alias("before")
    marks = pl.DataFrame({"milestone": ROUND_NUMBERS}, schema={"milestone": pl.Int64})
    return (
        video_daily.filter(pl.col("view_count").is_not_null(), pl.col("artist") != OTHER)
        .with_columns(before)
        .filter(pl.col("view_count") > pl.col("before"))
        .join_where(
            marks,
            pl.col("before") < pl.col("milestone"),
            pl.col("view_count") >= pl.col("milestone"),
        )
        .group_by(pl.col("ingest_date").alias("event_date"), "artist", "video_id")
        .agg(pl.col("milestone").max())
        .sort("event_date", "artist", "video_id")
    )
