"""Sums per artist and sketches: complete, mergeable, equal whatever the order."""

from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from kpop_assets.contracts.silver import ENGAGEMENT_BY_EVIDENCE
from kpop_assets.silver.artist_daily import sum_artists
from kpop_assets.silver.sketches import estimate, sketch_of, union_sketches
from kpop_assets.silver.video_daily import measure_videos
from kpop_assets_tests.silver.test_video_daily import DAY, event, frame


@pytest.mark.both_engines
def test_sums_are_those_of_the_artists_videos(spark):
    events = [
        event(0, 10, video_id="a", author_id="x"),
        event(0, 20, 15, video_id="a", author_id="x"),
        event(0, 30, video_id="b", author_id="y"),
        event(0, 40, video_id="c", artist="OTHER"),
    ]
    rows = sum_artists(measure_videos(frame(spark, events), DAY)).select(
        "artist", "event_count", "video_count", "engagement",
        estimate(F.col("video_sketch")).alias("videos"),
        estimate(F.col("author_sketch")).alias("authors"),
    )  # fmt: skip
    assert {tuple(row) for row in rows.collect()} == {
        ("BTS", 3, 2, 3, 2, 2),
        ("OTHER", 1, 1, 1, 1, 0),
    }


@pytest.mark.both_engines
def test_an_estimate_does_not_depend_on_how_the_rows_were_split(spark):
    """These figures are the same on both engines; unmerged sketches differ by 1 %."""
    ids = spark.range(5000).select(
        F.col("id").cast("string").alias("video_id"), (F.col("id") % 7).alias("part")
    )
    whole = ids.agg(sketch_of("video_id").alias("s"))
    parts = (
        ids.groupBy("part")
        .agg(sketch_of("video_id").alias("s"))
        .agg(union_sketches("s").alias("s"))
    )
    found = [frame.select(estimate(F.col("s"))).collect()[0][0] for frame in (whole, parts)]
    assert found == [4960, 4960]


@pytest.mark.both_engines
def test_engagement_is_told_apart_by_how_the_artist_is_known(spark):
    kinds = ["channel_id", "channel_name", "label", "clear_name", "vague_name"]
    events = [
        event(0, 10, video_id=kind, artist_evidence=kind, author_id="x") for kind in kinds
    ] + [event(0, 10, video_id="old", artist="IVE")]
    rows = sum_artists(measure_videos(frame(spark, events), DAY)).collect()
    found = {row["artist"]: tuple(row[c.name] for c in ENGAGEMENT_BY_EVIDENCE) for row in rows}
    assert found == {"BTS": (2, 1, 1, 1), "IVE": (None, None, None, None)}
