"""The assets of guards and scores: what each reads, and which module fills it.

Belongs here: assembly, as in assets.py, which hands them on. Does not belong here: any formula.
"""

import datetime as dt

import dagster as dg
import polars as pl

from kpop_assets.audience.guards.guard_days import GUARD_COLUMNS, OPINION_COLUMNS, guard_day
from kpop_assets.audience.scores.act_moods import judge_moods
from kpop_assets.audience.scores.outlet_weights import read_outlet_weights
from kpop_assets.audience.scores.subject_scores import (
    CLAUSE_COLUMNS,
    MOOD_COLUMNS,
    SCORED_COLUMNS,
    WEIGHT_COLUMNS,
    ScoredRows,
    score_subjects,
)
from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import audience_rules, guard_rules
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_scores import ACT_MOODS, GUARDS, SUBJECT_SCORES
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.table import Table
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.settings import Settings


@lake_asset(
    GUARDS,
    reads={VOICES: guard_rules.HABIT_DAYS, SENTIMENTS: guard_rules.HABIT_DAYS},
    engine="python",
)
def audience_guards(step: Step) -> dg.MaterializeResult:
    """Say what each review of the last days weighs, by what is known on each of the days."""
    voices, moods = _read(step, VOICES, GUARD_COLUMNS), _read(step, SENTIMENTS, OPINION_COLUMNS)
    back = guard_rules.HABIT_DAYS
    step.fill(
        GUARDS, lambda day: guard_day(_until(voices, day, back), _until(moods, day, back), day)
    )
    return step.outcome(GUARDS, "weight")


@lake_asset(
    SUBJECT_SCORES,
    reads={
        **dict.fromkeys((VOICES, SENTIMENTS, GUARDS), audience_rules.RATED_DAYS),
        ASPECTS: audience_rules.SENTIMENT_DAYS,
    },
    engine="python",
)
def audience_subject_scores(
    step: Step, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """Score every subject on each of the days."""
    acts = load_catalog(overlay=overlay_path(settings.home))
    generations = pl.DataFrame(
        [(act.artist, act.generation) for act in acts if act.generation],
        {"artist": pl.String, "generation": pl.Int32},
        orient="row",
    )
    outlets = read_outlet_weights(settings.home)
    voices = _read(step, VOICES, SCORED_COLUMNS)
    weights = _read(step, GUARDS, WEIGHT_COLUMNS)
    moods, clauses = _read(step, SENTIMENTS, MOOD_COLUMNS), _read(step, ASPECTS, CLAUSE_COLUMNS)
    back = audience_rules.RATED_DAYS

    def scores(day: dt.date) -> pl.DataFrame:
        read = ScoredRows(*(_until(rows, day, back) for rows in (voices, moods, weights, clauses)))
        return score_subjects(read, generations, outlets, day)

    step.fill(SUBJECT_SCORES, scores)
    return step.outcome(SUBJECT_SCORES, "review_count")


@lake_asset(
    ACT_MOODS,
    reads=dict.fromkeys((VOICES, SENTIMENTS, GUARDS), audience_rules.SENTIMENT_DAYS),
    engine="python",
)
def audience_act_moods(step: Step) -> dg.MaterializeResult:
    """Hold what was said of each act on each of the days against the days before."""
    voices = _read(step, VOICES, SCORED_COLUMNS)
    weights = _read(step, GUARDS, WEIGHT_COLUMNS)
    moods = _read(step, SENTIMENTS, MOOD_COLUMNS)
    back = audience_rules.SENTIMENT_DAYS
    step.fill(
        ACT_MOODS,
        lambda day: judge_moods(
            _until(voices, day, back), _until(moods, day, back), _until(weights, day, back), day
        ),
    )
    return step.outcome(ACT_MOODS, "review_count")


def _read(step: Step, table: Table, columns: tuple[str, ...]) -> pl.DataFrame:
    """All declared days at once: each day reads nearly what the day before it did."""
    if not step.exists(table):
        return empty(table).select(columns)
    return pl.DataFrame(step.arrow(table, columns=columns))


def _until(rows: pl.DataFrame, day: dt.date, back: int) -> pl.DataFrame:
    return rows.filter(pl.col("ingest_date").is_between(day - dt.timedelta(days=back), day))
