"""The audience assets: what each reads, and which module fills it.

Belongs here: assembly of the layer, that of moods in sentiment_assets.py, that of aspects in
aspect_assets.py, that of guards and scores in score_assets.py. Does not belong here: any rule of a
review or a formula.
"""

import datetime as dt
from collections.abc import Sequence

import dagster as dg
import polars as pl

from kpop_assets.audience.aspect_assets import audience_aspects
from kpop_assets.audience.score_assets import (
    audience_act_moods,
    audience_guards,
    audience_subject_scores,
)
from kpop_assets.audience.sentiment_assets import (
    audience_sentiment_trainings,
    audience_sentiments,
)
from kpop_assets.audience.voices import voice_counts, voices
from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import audience_rules
from kpop_assets.contracts.audience_voices import VOICE_COUNTS, VOICES
from kpop_assets.contracts.reviews import REVIEWS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.settings import Settings

# Assets of other modules, which the layer is loaded with.
SCORED = (audience_guards, audience_subject_scores, audience_act_moods)
SENTIMENT = (audience_sentiments, audience_sentiment_trainings)
ASPECTS_OF_VOICES = (audience_aspects,)


@lake_asset(
    VOICES,
    reads={
        REVIEWS: audience_rules.REVIEW_KNOWN_DAYS,
        VIDEO_DAILY: audience_rules.REVIEW_KNOWN_DAYS,
    },
    engine="python",
)
def audience_voices(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Clean and class what was received on each of the days."""
    days = voices.VoiceDays(
        lambda day: _rows_if_any(step, REVIEWS, day, voices.REVIEW_COLUMNS),
        lambda day: _rows_if_any(step, VIDEO_DAILY, day, voices.VIDEO_COLUMNS),
        load_catalog(overlay=overlay_path(settings.home)),
    )
    step.fill(VOICES, days.of_day)
    return step.outcome(VOICES, "likes")


@lake_asset(VOICE_COUNTS, reads={VOICES: 0}, engine="python")
def audience_voice_counts(step: Step) -> dg.MaterializeResult:
    """Count what each rule met on each of the days."""
    read = voice_counts.VOICE_COLUMNS
    step.fill(
        VOICE_COUNTS,
        lambda day: voice_counts.count_voice_rules(step.frame(VOICES, day, columns=read)),
    )
    return step.outcome(VOICE_COUNTS, "voice_count")


def _rows_if_any(step: Step, table: Table, day: dt.date, columns: Sequence[str]) -> pl.DataFrame:
    """Rows of a day; none where lines of that kind never came: days of others run as well."""
    if step.exists(table):
        return step.frame(table, day, columns=columns)
    return empty(table).select(columns)
