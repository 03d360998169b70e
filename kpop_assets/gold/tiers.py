"""Where each tier begins on each day: the cut-offs that `artist_features` was tiered by.

Belongs here: the table of cut-offs and its exported form. Does not belong here: the tier of an
artist (features.py).
"""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import TIER_CUTOFFS


def cut_tiers(features: DataFrame) -> DataFrame:
    """One row per day and tier, tiers without an artist included."""
    rows = list(zip(rules.TIERS, (*rules.TIER_PERCENTILES, 0.0), strict=True))
    tiers = features.sparkSession.createDataFrame(rows, "tier int, percentile_from double")
    days = features.select("ingest_date").distinct()
    present = features.groupBy("ingest_date", "tier").agg(
        F.min("total_engagement").alias("min_total_engagement"),
        F.max("total_engagement").alias("max_total_engagement"),
        F.count("*").alias("artist_count"),
        # As in market_share of artists: corrections that outweigh gains have no share.
        F.sum(F.greatest("total_engagement", F.lit(0))).alias("points"),
    )
    # Of whole numbers, whose sum does not depend on the order of rows.
    total = F.sum("points").over(Window.partitionBy("ingest_date"))
    share = F.when(total != 0, F.col("points") / total * 100)
    present = present.withColumn("market_share", share)
    return (
        days.crossJoin(tiers)
        .join(present, ["ingest_date", "tier"], "left")
        .na.fill(0, ["artist_count"])
        .select(TIER_CUTOFFS.column_names)
    )


def tiers_document(features: list[dict[str, Any]], cutoffs: list[dict[str, Any]]) -> dict[str, Any]:
    """The newest day's distribution as plain JSON values.

    Args:
        features: rows of `gold/artist_features` of one day.
        cutoffs: rows of `gold/tier_cutoffs` of the same day.

    Returns:
        ingest_date, artist_count, `cdf` (total_engagement and percentile, ascending), `cutoffs`
        (per tier) and `distribution` (artists per tier).
    """
    ascending = sorted(features, key=lambda row: (row["percentile"], row["artist"]))
    tiers = sorted(cutoffs, key=lambda row: row["tier"])
    return {
        "ingest_date": ascending[0]["ingest_date"].isoformat() if ascending else None,
        "artist_count": len(ascending),
        "cdf": [
            {name: row[name] for name in ("artist", "total_engagement", "percentile", "tier")}
            for row in ascending
        ],
        "cutoffs": [
            {name: row[name] for name in ("tier", "percentile_from", "min_total_engagement")}
            for row in tiers
        ],
        "distribution": {str(row["tier"]): row["artist_count"] for row in tiers},
    }
