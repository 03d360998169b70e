"""The assets about whom the catalogue lacks.

Belongs here: assembly of the layer `catalog`. Does not belong here: who is a suspect (suspects.py).
"""

import dagster as dg
import polars as pl

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.catalog import UNKNOWN
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.days import day_end, days_between
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.scouting.suspects import EVENT_COLUMNS, find_suspects
from kpop_assets.settings import Settings


@lake_asset(UNKNOWN, reads={EVENTS: 0, VIDEO_DAILY: 0}, engine="python")
def catalog_unknown(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Find the names of each day that may be acts which the catalogue lacks."""
    catalog = load_catalog(overlay=overlay_path(settings.home))
    # Of all days at once: few bytes, and a read costs more than what it reads. Events are many.
    columns = ["ingest_date", "video_id", "engagement"]
    videos = pl.DataFrame(step.arrow(VIDEO_DAILY, columns=columns))
    parts = []
    for day in days_between(step.start, step.end):
        events = step.arrow(EVENTS, day, day_end(day), EVENT_COLUMNS)
        of_day = videos.filter(pl.col("ingest_date") == day).drop("ingest_date")
        found = find_suspects(pl.DataFrame(events), of_day, catalog)
        parts.append(found.with_columns(pl.lit(day).alias("ingest_date")).to_pandas())
    step.replace(UNKNOWN, parts)
    return step.outcome(UNKNOWN, "engagement")
