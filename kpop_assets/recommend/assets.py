"""The recommend assets: what each reads, and which module fills it.

Belongs here: assembly of the layer. Does not belong here: any rule or formula.
"""

import dagster as dg

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD
from kpop_assets.contracts.tracks import TRACKS
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.recommend.told_tracks import LINE_COLUMNS, tell_tracks
from kpop_assets.settings import Settings


@lake_asset(TRACKS_TOLD, reads={TRACKS: 0}, engine="python")
def recommend_tracks(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Say of each track that was told of on each of the days what is known of it."""
    catalog = load_catalog(overlay=overlay_path(settings.home))
    step.fill(
        TRACKS_TOLD,
        lambda day: tell_tracks(step.frame(TRACKS, day, columns=LINE_COLUMNS), catalog),
    )
    return step.outcome(TRACKS_TOLD, "popularity")
