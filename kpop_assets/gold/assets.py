"""The gold assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any formula.
"""

import json

import dagster as dg
import pyarrow as pa
import pyarrow.csv

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.gold.checks import features_hold, tiers_match_cutoffs
from kpop_assets.gold.features import describe_artists
from kpop_assets.gold.identity import present_names
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


@lake_asset(
    ARTIST_FEATURES,
    reads={ARTIST_DAILY: rules.FEATURES_LOOK_BACK_DAYS},
    more_checks={ARTIST_FEATURES: _SHARES},
)
def gold_artist_features(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Describe each artist on each of the days; the newest day is exported."""
    renamed = load_catalog(overlay=overlay_path(settings.home)).renamed()
    rows = describe_artists(present_names(step.read(ARTIST_DAILY), renamed), step.start)
    step.replace(ARTIST_FEATURES, rows)
    newest = pa.Table.from_pylist(step.newest_rows(ARTIST_FEATURES), ARTIST_FEATURES.arrow_schema())
    export = pa.BufferOutputStream()
    pa.csv.write_csv(newest.sort_by([("rank", "ascending"), ("artist", "ascending")]), export)
    write_artifact(settings.artifacts, "features.csv", export.getvalue().to_pybytes())
    return step.outcome(ARTIST_FEATURES, "total_engagement", features_hold)


@lake_asset(TIER_CUTOFFS, reads={ARTIST_FEATURES: 0}, more_checks={TIER_CUTOFFS: _CUTOFFS})
def gold_tier_cutoffs(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Cut the tiers of each day; the newest day's distribution is exported."""
    step.replace(TIER_CUTOFFS, cut_tiers(step.read(ARTIST_FEATURES)))
    newest = tiers_document(step.newest_rows(ARTIST_FEATURES), step.newest_rows(TIER_CUTOFFS))
    write_artifact(settings.artifacts, "gold_tiers.json", json.dumps(newest, indent=2).encode())
    return step.outcome(TIER_CUTOFFS, "artist_count", tiers_match_cutoffs)
