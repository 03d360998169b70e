"""The gold assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any formula.
"""

import json

import dagster as dg
import pyarrow as pa
import pyarrow.csv

from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.gold.checks import features_of, tiers_match_cutoffs
from kpop_assets.gold.features import FeatureConfig, describe_artists
from kpop_assets.gold.tiers import cut_tiers, tiers_document
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.artifacts import write_artifact
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
    reads={ARTIST_DAILY: rules.FEATURES_LOOK_BACK_DAYS},
    more_checks={ARTIST_FEATURES: _SHARES},
)
def gold_artist_features(
    step: Step, config: GoldConfig, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """Describe each artist on each of the days; the newest day is exported."""
    rows = describe_artists(step.read(ARTIST_DAILY), step.start, config.features())
    step.replace(ARTIST_FEATURES, rows)
    newest = pa.Table.from_pylist(step.newest_rows(ARTIST_FEATURES), ARTIST_FEATURES.arrow_schema())
    export = pa.BufferOutputStream()
    pa.csv.write_csv(newest.sort_by([("rank", "ascending"), ("artist", "ascending")]), export)
    write_artifact(settings.artifacts, "features.csv", export.getvalue().to_pybytes())
    return step.outcome(ARTIST_FEATURES, "total_engagement", features_of(config.features()))


@lake_asset(TIER_CUTOFFS, reads={ARTIST_FEATURES: 0}, more_checks={TIER_CUTOFFS: _CUTOFFS})
def gold_tier_cutoffs(
    step: Step, config: GoldConfig, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """Cut the tiers of each day; the newest day's distribution is exported."""
    step.replace(TIER_CUTOFFS, cut_tiers(step.read(ARTIST_FEATURES), config.features()))
    newest = tiers_document(step.newest_rows(ARTIST_FEATURES), step.newest_rows(TIER_CUTOFFS))
    write_artifact(settings.artifacts, "gold_tiers.json", json.dumps(newest, indent=2).encode())
    return step.outcome(TIER_CUTOFFS, "artist_count", tiers_match_cutoffs)
