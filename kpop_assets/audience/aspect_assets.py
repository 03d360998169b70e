"""The asset of aspects: what it reads, and which module fills it.

Belongs here: assembly. Does not belong here: any rule or formula.
"""

import dagster as dg

from kpop_assets.audience.aspects import aspect_rows
from kpop_assets.audience.sentiments import moods
from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.settings import Settings


@lake_asset(ASPECTS, reads={VOICES: 0}, engine="python")
def audience_aspects(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Say what the clauses of each voice of each of the days are about, each text once."""
    catalog = load_catalog(overlay=overlay_path(settings.home))
    models = aspect_rows.clause_models(moods.MoodModels(settings.artifacts))
    known = step.known(ASPECTS, rules.REVIEW_KNOWN_DAYS, aspect_rows.KNOWN_ASPECT_COLUMNS)
    reader = aspect_rows.AspectReader(catalog, known, models)
    columns = aspect_rows.ASPECT_VOICE_COLUMNS
    step.fill(ASPECTS, lambda day: reader.of_day(step.frame(VOICES, day, columns=columns)))
    return step.outcome(ASPECTS, "sentiment", texts_worked_out=reader.worked_out_count)
