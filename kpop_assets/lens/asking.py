"""Whether the services outside are asked about a day, and the rows that come of it.

Belongs here: when nobody is asked, which words and subjects are, all sources at the same time, a
day's rows. Does not belong here: what is made of the answers (entities.py, signals.py), or the
services (outside/).

A day is asked about while it lasts and on the day after, once; later it stands as it is, because
what was said then cannot be asked for any more. So any order of days gives the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from kpop_assets.catalog.acts import Artist
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.contracts.table import Table
from kpop_assets.days import seoul_now
from kpop_assets.lake.rows import empty
from kpop_assets.lens.entities import (
    Row,
    carried_over,
    find_meanings,
    of_catalog,
    rows_of_meanings,
)
from kpop_assets.lens.outside.answers import (
    EMPTY,
    NO_CONTACT,
    SIMULATED,
    SWITCHED_OFF,
    DaySeries,
    UntoldError,
)
from kpop_assets.lens.outside.knowledge_graph import KnowledgeGraph
from kpop_assets.lens.outside.news import News
from kpop_assets.lens.outside.pageviews import Pageviews
from kpop_assets.lens.outside.reddit import Reddit
from kpop_assets.lens.outside.services import Asker
from kpop_assets.lens.outside.wikidata import Wikidata
from kpop_assets.lens.signals import (
    ACT,
    VALUES,
    Known,
    Question,
    Subject,
    Told,
    choose_subjects,
    signal_rows,
    told_by,
)
from kpop_assets.settings import Settings

_BROAD_SCOPES = ("everything", "acts")


@dataclass(frozen=True)
class Answering:
    """Who asks about a day, or why nobody does.

    Attributes:
        asker: who asks; None where nobody does.
        reason: why nobody does, of `answers.REASONS`.
        kg_key: key of the Knowledge Graph; empty without one.
        reddit: Reddit's application; empty without one.
        at_once: sources that are asked at the same time.
    """

    asker: Asker | None
    reason: str = ""
    kg_key: str = ""
    reddit: str = ""
    at_once: int = len(VALUES)


def answering(settings: Settings, sources: Sequence[str]) -> Answering:
    """Who asks about a day whose rows came from these sources."""
    if SIMULATED_SOURCE in sources:
        return Answering(None, SIMULATED)
    if not settings.contact:
        return Answering(None, NO_CONTACT)
    asker = Asker(settings.home, settings.contact, settings.outside_endpoint)
    return Answering(asker, kg_key=settings.kg_key, reddit=settings.reddit)


def is_asked_now(day: dt.date, now: dt.datetime, standing: pl.DataFrame) -> bool:
    """Whether a day is to be asked about: it lasts, or ended yesterday and was not asked about.

    Args:
        day: the day.
        now: the clock (aware).
        standing: its rows as they stand.
    """
    age = (seoul_now(now).date() - day).days
    return age == 0 or (age == 1 and standing["asked_at"].null_count() == len(standing))


def words_of_day(
    acts: pl.DataFrame, keywords: pl.DataFrame, catalog: Catalog
) -> dict[str, Artist | None]:
    """The words that are looked up: subjects' names and keywords of all, with their acts."""
    words = [subject.name for subject in choose_subjects(acts, broad(keywords))]
    return {word: _act_of(word, catalog) for word in [*words, *broad(keywords)["word"]]}


def broad(keywords: pl.DataFrame) -> pl.DataFrame:
    """The words of more than one act."""
    return keywords.filter(pl.col("scope").is_in(_BROAD_SCOPES))


def entities_of_day(
    day: dt.date, words: Mapping[str, Artist | None], before: pl.DataFrame, who: Answering
) -> pl.DataFrame:
    """The rows of `lens/entities` of a day that is asked about.

    Args:
        day: the day.
        words: its words, and their acts.
        before: rows of the table, of the day and before.
        who: who asks.
    """
    if who.asker is None:
        meanings = {word: of_catalog(act, who.reason) for word, act in words.items()}
        return frame_of(ENTITIES, rows_of_meanings(meanings, None))
    asked_at = who.asker.now()
    kept = carried_over(words, before, day)
    new = {word: act for word, act in words.items() if word not in kept}
    graph = KnowledgeGraph(who.asker, who.kg_key) if who.kg_key else None
    found = find_meanings(new, Wikidata(who.asker), graph)
    return frame_of(ENTITIES, [*kept.values(), *rows_of_meanings(found, asked_at)])


def signals_of_day(
    subjects: Sequence[Subject], known: pl.DataFrame, before: pl.DataFrame, who: Answering
) -> pl.DataFrame:
    """The rows of `lens/signals` of a day that is asked about.

    Args:
        subjects: in order of rank.
        known: rows of `lens/entities` of the day.
        before: rows of the table, of the day and before.
        who: who asks.
    """
    if who.asker is None:
        nobody: dict[str, list[Told]] = {name: [who.reason] * len(subjects) for name in VALUES}
        return frame_of(SIGNALS, signal_rows(subjects, nobody, before, None))
    asked_at = who.asker.now()
    entities = {row["word"]: row for row in known.iter_rows(named=True)}
    told = _ask_all(subjects, entities, who, who.asker)
    return frame_of(SIGNALS, signal_rows(subjects, told, before, asked_at))


def frame_of(table: Table, rows: Sequence[Row]) -> pl.DataFrame:
    """Rows without their date, in the types of a contract."""
    return pl.DataFrame(rows, schema=empty(table).drop("ingest_date").schema)


def _ask_all(
    subjects: Sequence[Subject], known: Mapping[str, Known], who: Answering, asker: Asker
) -> dict[str, list[Told]]:
    """Every source's answers; a slow one holds no other up."""
    today = asker.now().astimezone(dt.UTC).date()
    views, news = Pageviews(asker), News(asker)

    def read(subject: Subject, about: Known) -> DaySeries:
        articles = {language: about.get(f"wikipedia_{language}") for language in ("ko", "en")}
        if not any(articles.values()) and about.get("missing_reason") not in (None, EMPTY):
            raise UntoldError("it is not known what it is", about["missing_reason"])
        return views.read_by_day(articles, today)

    def report(subject: Subject, about: Known) -> DaySeries:
        return news.count_by_day(_said(subject, about), today)

    questions: dict[str, Question] = {"wiki": read, "news": report}
    if who.reddit:
        posts = Reddit(asker, who.reddit)
        questions["reddit"] = lambda subject, about: posts.count_by_day(
            _said(subject, about), today
        )
    nobody: list[Told] = [SWITCHED_OFF] * len(subjects)
    with ThreadPoolExecutor(who.at_once) as pool:
        asked = {
            name: pool.submit(told_by, question, subjects, known)
            for name, question in questions.items()
        }
        return {name: asked[name].result() if name in asked else nobody for name in VALUES}


def _said(subject: Subject, about: Known) -> str:
    """What news and posts in English call it."""
    return subject.name if subject.kind == ACT else about.get("name_en") or subject.name


def _act_of(word: str, catalog: Catalog) -> Artist | None:
    """The act that a word surely means: its canonical name, or one that is no everyday word."""
    act = catalog.find(word)
    return act if act and (act.artist == word or not act.is_ambiguous(word)) else None
