"""The lens assets about the world outside: what each reads, and when it asks.

Belongs here: assembly. Does not belong here: who is asked about what (asking.py).
"""

import datetime as dt

import dagster as dg
import polars as pl

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import signal_rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.contracts.lens_words import KEYWORDS
from kpop_assets.contracts.table import Table
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.rows import empty
from kpop_assets.lens import asking
from kpop_assets.lens.signals import choose_subjects
from kpop_assets.net.ledger import utc_now
from kpop_assets.settings import Settings


@lake_asset(ENTITIES, reads={KEYWORDS: 0, ARTIST_OUTLIERS: 0, EVENTS: 0}, engine="python")
def lens_entities(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Look up what the words of today are; days before stand as they were answered."""
    catalog = load_catalog(overlay=overlay_path(settings.home))
    now = utc_now()

    def rows_of(day: dt.date) -> pl.DataFrame:
        standing = _standing(step, ENTITIES, day)
        if not asking.is_asked_now(day, now, standing):
            return standing.drop("ingest_date")
        before = _standing(step, ENTITIES, day, signal_rules.ENTITY_KNOWN_DAYS)
        acts, keywords = step.frame(ARTIST_OUTLIERS, day), step.frame(KEYWORDS, day)
        words = asking.words_of_day(acts, keywords, catalog)
        return asking.entities_of_day(day, words, before, _who_asks(step, settings, day))

    step.fill(ENTITIES, rows_of)
    return step.outcome(ENTITIES, "match_score")


@lake_asset(
    SIGNALS,
    reads={KEYWORDS: 0, ARTIST_OUTLIERS: 0, ENTITIES: 0, EVENTS: 0},
    engine="python",
)
def lens_signals(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Ask whether others speak of today's acts and words; days before stand as they were."""
    now = utc_now()

    def rows_of(day: dt.date) -> pl.DataFrame:
        standing = _standing(step, SIGNALS, day)
        if not asking.is_asked_now(day, now, standing):
            return standing.drop("ingest_date")
        before = _standing(step, SIGNALS, day, signal_rules.SIGNAL_OLD_DAYS)
        keywords = asking.broad(step.frame(KEYWORDS, day))
        subjects = choose_subjects(step.frame(ARTIST_OUTLIERS, day), keywords)
        who = _who_asks(step, settings, day)
        return asking.signals_of_day(subjects, step.frame(ENTITIES, day), before, who)

    step.fill(SIGNALS, rows_of)
    return step.outcome(SIGNALS, "composite")


def _standing(step: Step, table: Table, day: dt.date, back: int = 0) -> pl.DataFrame:
    """What was answered on a day and before."""
    if step.exists(table):
        return step.frame(table, day, back)
    return empty(table)


def _who_asks(step: Step, settings: Settings, day: dt.date) -> asking.Answering:
    sources = step.frame(EVENTS, day, columns=["source"])["source"].unique().to_list()
    return asking.answering(settings, sources)
