"""The assets of sentiment: what each reads, and which module fills it.

Belongs here: assembly. Does not belong here: any rule or formula.
"""

from collections.abc import Iterator

import dagster as dg

from kpop_assets.audience.sentiments import moods
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_sentiments import (
    SENTIMENT_SCORES,
    SENTIMENT_TRAININGS,
    SENTIMENTS,
)
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.table import Table
from kpop_assets.graph.checks import probabilities_of
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.policies import weekly_days
from kpop_assets.graph.step import Step
from kpop_assets.ml.tracking import Tracking
from kpop_assets.settings import Settings

_SUMS = {"probabilities_add_up": "The chances of the moods of each voice add up to 1."}


@lake_asset(SENTIMENTS, reads={VOICES: 0}, more_checks={SENTIMENTS: _SUMS}, engine="python")
def audience_sentiments(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Say the mood of each voice of each of the days, each text once."""
    known = step.known(SENTIMENTS, rules.REVIEW_KNOWN_DAYS, moods.KNOWN_MOOD_COLUMNS)
    reader = moods.MoodReader(moods.MoodModels(settings.artifacts), known)
    step.fill(
        SENTIMENTS,
        lambda day: reader.read_day(step.frame(VOICES, day, columns=moods.MOOD_VOICE_COLUMNS)),
    )
    figures = {"texts_worked_out": reader.worked_out_count}
    check = probabilities_of(moods.MOOD_CHANCES)
    return step.outcome(SENTIMENTS, "p_positive", check, **figures)


@lake_asset(
    SENTIMENT_SCORES,
    SENTIMENT_TRAININGS,
    reads={VOICES: rules.RATED_LOOK_BACK_DAYS},
    engine="scikitlearn",
)
def audience_sentiment_trainings(
    step: Step, settings: dg.ResourceParam[Settings], tracking: dg.ResourceParam[Tracking]
) -> Iterator[dg.MaterializeResult]:
    """Train sentiment on the last training day; what was refused says why."""
    # What fits takes longer to load than a day takes to fill.
    from kpop_assets.audience.sentiments.sentiment_steps import SentimentHome, carry_out_sentiment

    days = weekly_days(step.start, step.end)
    if days:
        home = SentimentHome(settings.artifacts, tracking, settings.sentiment_model)
        carry_out_sentiment(step, home, days[-1])
    else:
        _let_stand(step, SENTIMENT_SCORES)
        _let_stand(step, SENTIMENT_TRAININGS)
    yield step.outcome(SENTIMENT_SCORES, "end_accuracy")
    yield step.outcome(SENTIMENT_TRAININGS, "text_count")


def _let_stand(step: Step, table: Table) -> None:
    """Nothing was decided in these days."""
    if step.exists(table):
        step.keep(table, step.start)
    else:
        step.replace(table, [], step.start)
