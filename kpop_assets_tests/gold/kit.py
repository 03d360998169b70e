"""What the tests of gold share: days of artists, and the features that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from kpop_assets.contracts.gold import SHARES_BY_EVIDENCE
from kpop_assets.gold.features import describe_artists
from kpop_assets.silver.sketches import sketch_of

DAY = dt.date(2025, 11, 1)
Points = dict[tuple[str, int], int]


def frame(
    spark: SparkSession,
    points: Points,
    evidence: dict[str, Column] | None = None,
    held: Container[tuple[str, int]] = (),
) -> DataFrame:
    """`silver/artist_daily` with an engagement by artist and day number; one video a day each."""
    rows = [
        (DAY + dt.timedelta(days=d), a, v, f"{a}{d % 5}", int((a, d) in held))
        for (a, d), v in points.items()
    ]
    daily = spark.createDataFrame(
        rows, "ingest_date date, artist string, engagement bigint, id string, held bigint"
    )
    of_evidence = {"clear_name_engagement": F.sum("engagement")} | (evidence or {})
    return daily.groupBy("ingest_date", "artist").agg(
        F.sum("engagement").alias("engagement"),
        F.sum("held").alias("held_count"),
        F.sum(F.pmod(F.date_diff("ingest_date", F.lit(DAY)), F.lit(3))).alias("event_count"),
        *[
            of_evidence.get(name, F.sum(F.lit(0).cast("bigint"))).alias(name)
            for name in SHARES_BY_EVIDENCE.values()
        ],
        sketch_of("id").alias("video_sketch"),
        sketch_of("id").alias("author_sketch"),
    )


def features(
    spark: SparkSession, points: Points, first: int, held: Container[tuple[str, int]] = ()
) -> dict[tuple[str, int], dict[str, Any]]:
    """Rows of `gold/artist_features` from day number `first` on, by artist and day number."""
    start = DAY + dt.timedelta(days=first)
    rows = describe_artists(frame(spark, points, held=held), start).collect()
    return {(r["artist"], (r["ingest_date"] - DAY).days): r.asDict() for r in rows}
