"""What must hold between gold tables, and between their columns.

Belongs here: checks of single days. Does not belong here: what every contract implies
(graph/checks.py).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.table import Table
from kpop_assets.graph.checks import by_day, check_equal_by_day, result
from kpop_assets.lake.tables import Tables


def features_hold(
    tables: Tables, table: Table, start: dt.date, end: dt.date
) -> list[dg.AssetCheckResult]:
    """Shares that add up to 100 %, and tiers that are those of their percentiles."""
    columns = ["ingest_date", "market_share", "percentile", "tier"]
    rows = tables.arrow(table, start, end, columns).to_pylist()
    shares: dict[str, float] = {}
    wrong_tiers = 0
    for row in rows:
        day = row["ingest_date"].isoformat()
        shares[day] = shares.get(day, 0.0) + (row["market_share"] or 0.0)
        tier = 1 + sum(row["percentile"] < lowest for lowest in rules.TIER_PERCENTILES)
        wrong_tiers += tier != row["tier"]
    unknown = {row["ingest_date"].isoformat() for row in rows if row["market_share"] is None}
    off = {d: s for d, s in shares.items() if abs(s - 100) > 1e-6 and d not in unknown}
    return [
        result(table, "shares_add_up", not off, days_that_differ=off),
        result(table, "tiers_match_percentiles", wrong_tiers == 0, wrong_tiers=wrong_tiers),
    ]


def tiers_match_cutoffs(
    tables: Tables, table: Table, start: dt.date, end: dt.date
) -> dg.AssetCheckResult:
    """Artists inside the bounds of their tier, against the number the tier claims."""
    tiers = tables.read(table, start, end)
    artists = tables.read(ARTIST_FEATURES, start, end)
    total = F.col("total_engagement")
    inside = total.between(F.col("min_total_engagement"), F.col("max_total_engagement"))
    placed = artists.join(tiers, ["ingest_date", "tier"]).where(inside)
    claimed = by_day(tiers, F.sum("artist_count"))
    counted = by_day(placed, F.count("*"))
    return check_equal_by_day(table, "tiers_match_cutoffs", counted, claimed)
