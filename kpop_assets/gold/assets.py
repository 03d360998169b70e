"""The gold assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any formula.
"""

import datetime as dt
import json

import dagster as dg
import pyarrow as pa
import pyarrow.csv
from pyspark.sql import functions as F

from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.gold.features import LOOK_BACK_DAYS, FeatureConfig, describe_artists
from kpop_assets.gold.tiers import cut_tiers, tiers_document
from kpop_assets.graph import checks
from kpop_assets.graph.lake_asset import lake_asset, outcome
from kpop_assets.graph.partitions import run_days
from kpop_assets.graph.policies import looks_back
from kpop_assets.lake.artifacts import write_artifact
from kpop_assets.lake.lake import Lake
from kpop_assets.settings import Settings

_SHARES = {
    "shares_add_up": "Market shares of each day add up to 100 %.",
    "tiers_match_percentiles": "Each tier is the one its percentile falls in.",
}
_CUTOFFS = {"tiers_match_cutoffs": "Artists lie between the cut-offs of their tier, all counted."}


class GoldConfig(dg.Config):
    """Window and cut-offs; see `FeatureConfig` for their meaning."""

    window_days: int = FeatureConfig.window_days
    tier_percentiles: list[float] = list(FeatureConfig.tier_percentiles)  # noqa: RUF012 - pydantic
    rising_pct: float = FeatureConfig.rising_pct

    def features(self) -> FeatureConfig:
        """The same as plain values."""
        return FeatureConfig(self.window_days, tuple(self.tier_percentiles), self.rising_pct)


@lake_asset(
    ARTIST_FEATURES,
    deps=[dg.AssetDep(["silver", "artist_daily"], partition_mapping=looks_back(LOOK_BACK_DAYS))],
    more_checks={ARTIST_FEATURES: _SHARES},
)
def gold_artist_features(
    context: dg.AssetExecutionContext,
    config: GoldConfig,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> dg.MaterializeResult:
    """Describe each artist on each of the days; the whole table is exported."""
    start, end = run_days(context)
    daily = lake.read(ARTIST_DAILY, start - dt.timedelta(days=LOOK_BACK_DAYS), end)
    rows = describe_artists(daily, start, config.features())
    written = lake.replace_range(ARTIST_FEATURES, start, end, rows, context.run.run_id)
    table = lake.arrow(ARTIST_FEATURES, dt.date.min, dt.date.max)
    export = pa.BufferOutputStream()
    pa.csv.write_csv(table.sort_by([("ingest_date", "ascending"), ("rank", "ascending")]), export)
    write_artifact(settings.artifacts, "features.csv", export.getvalue().to_pybytes())
    more = _check_features(lake, start, end, config.features())
    return outcome(lake, ARTIST_FEATURES, written, (start, end), "total_engagement", more)


@lake_asset(
    TIER_CUTOFFS,
    deps=[dg.AssetDep(["gold", "artist_features"])],
    more_checks={TIER_CUTOFFS: _CUTOFFS},
)
def gold_tier_cutoffs(
    context: dg.AssetExecutionContext,
    config: GoldConfig,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> dg.MaterializeResult:
    """Cut the tiers of each day; the newest day's distribution is exported."""
    start, end = run_days(context)
    rows = cut_tiers(lake.read(ARTIST_FEATURES, start, end), config.features())
    written = lake.replace_range(TIER_CUTOFFS, start, end, rows, context.run.run_id)
    newest = tiers_document(lake.newest_rows(ARTIST_FEATURES), lake.newest_rows(TIER_CUTOFFS))
    write_artifact(settings.artifacts, "gold_tiers.json", json.dumps(newest, indent=2).encode())
    more = [_check_cutoffs(lake, start, end)]
    return outcome(lake, TIER_CUTOFFS, written, (start, end), "artist_count", more)


def _check_features(
    lake: Lake, start: dt.date, end: dt.date, config: FeatureConfig
) -> list[dg.AssetCheckResult]:
    rows = lake.arrow(
        ARTIST_FEATURES, start, end, ["ingest_date", "market_share", "percentile", "tier"]
    ).to_pylist()
    shares: dict[str, float] = {}
    wrong_tiers = 0
    for row in rows:
        day = row["ingest_date"].isoformat()
        shares[day] = shares.get(day, 0.0) + (row["market_share"] or 0.0)
        tier = 1 + sum(row["percentile"] < lowest for lowest in config.tier_percentiles)
        wrong_tiers += tier != row["tier"]
    unknown = {row["ingest_date"].isoformat() for row in rows if row["market_share"] is None}
    off = {d: s for d, s in shares.items() if abs(s - 100) > 1e-6 and d not in unknown}
    return [
        checks.result(ARTIST_FEATURES, "shares_add_up", not off, days_that_differ=off),
        checks.result(
            ARTIST_FEATURES, "tiers_match_percentiles", wrong_tiers == 0, wrong_tiers=wrong_tiers
        ),
    ]


def _check_cutoffs(lake: Lake, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Artists inside the bounds of their tier, against the number the tier claims."""
    tiers = lake.read(TIER_CUTOFFS, start, end)
    artists = lake.read(ARTIST_FEATURES, start, end)
    total = F.col("total_engagement")
    inside = total.between(F.col("min_total_engagement"), F.col("max_total_engagement"))
    placed = artists.join(tiers, ["ingest_date", "tier"]).where(inside)
    claimed = checks.by_day(tiers, F.sum("artist_count"))
    counted = checks.by_day(placed, F.count("*"))
    return checks.check_equal_by_day(TIER_CUTOFFS, "tiers_match_cutoffs", counted, claimed)
