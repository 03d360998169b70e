"""The asset of aspects: what it reads, and which module fills it.

Belongs here: assembly. Does not belong here: any rule or formula.
"""

import dagster as dg
import polars as pl

from kpop_assets.audience import aspect_rows, moods
from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.settings import Settings


@lake_asset(ASPECTS, reads={VOICES: 0}, engine="python")
def audience_aspects(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Say what the clauses of each voice of each of the days are about, each text once."""
    catalog = load_catalog(overlay=overlay_path(settings.home))
    models = aspect_rows.clause_models(moods.MoodModels(settings.artifacts))
    reader = aspect_rows.AspectReader(catalog, _known(step), models)
    columns = aspect_rows.ASPECT_VOICE_COLUMNS
    step.fill(ASPECTS, lambda day: reader.of_day(step.frame(VOICES, day, columns=columns)))
    return step.outcome(ASPECTS, "sentiment", texts_worked_out=reader.worked_out_count)


def _known(step: Step) -> pl.DataFrame:
    """What the days said before, which holds for equal texts and rules."""
    columns = aspect_rows.KNOWN_ASPECT_COLUMNS
    if not step.exists(ASPECTS):
        return empty(ASPECTS).select(columns)
    return pl.DataFrame(step.arrow(ASPECTS, columns=columns))
