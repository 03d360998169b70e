"""The lens tables about the world outside: what words are, and whether others speak of them.

Belongs here: contracts of what services outside answered. Does not belong here: what is asked of
them (lens/outside/), or words and acts themselves (lens_words.py).
"""

from __future__ import annotations

from kpop_assets.contracts import signal_rules
from kpop_assets.contracts.lens_words import WORD
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_REASONS = (
    "no_contact, simulated, switched_off (nobody asked), no_name, ceiling, paused, unreachable, "
    "odd_answer, refused, empty"
)
_DAYS = signal_rules.SIGNAL_DAYS
ASKED_AT = Column(
    "asked_at", "timestamp", "When it was asked; null where nobody was.", "UTC", nullable=True
)


def text(name: str, description: str) -> Column:
    """A text that may be unknown."""
    return Column(name, "string", description, nullable=True)


ENTITIES = Table(
    "lens",
    "entities",
    "One word or act of a day and what it is in the world, asked on that day or carried over from "
    f"an answer of up to {signal_rules.ENTITY_KNOWN_DAYS} days before. Days that were not asked in "
    "time have no rows.",
    ("ingest_date", "word"),
    (
        INGEST_DATE,
        WORD,
        text(
            "entity_source",
            "catalog (an act of ours), knowledge_graph or wikidata; null where nobody knows it.",
        ),
        text("wikidata_id", "Id on Wikidata, as Q13580495."),
        text("name_ko", "Name in Korean."),
        text("name_en", "Name in English."),
        text(
            "entity_type",
            "group, person, song, album, show, film, organisation, place, event or thing.",
        ),
        text("description_ko", "What it is, in Korean."),
        text("description_en", "What it is, in English."),
        text("wikipedia_ko", "Title of the Korean article."),
        text("wikipedia_en", "Title of the English article."),
        Column(
            "match_score",
            "double",
            "How sure it is that the word means this, 0 to 1: an act of the catalogue 1, Wikidata "
            f"alone {signal_rules.WIKIDATA_SCORE}, the Knowledge Graph by name, type and article.",
            nullable=True,
        ),
        ASKED_AT,
        text("missing_reason", f"Why it, or its articles, are not known: {_REASONS}."),
    ),
    rhythm="occasional",
    is_asked=True,
)


def signal(prefix: str, value: str, description: str, unit: str) -> tuple[Column, ...]:
    """The columns of one source."""
    return (
        Column(value, "long", description, unit, nullable=True),
        Column(
            f"{prefix}_change_pct",
            "double",
            f"Mean of the last {signal_rules.SIGNAL_EDGE_DAYS} days against that of the first; "
            "null where that is 0.",
            "%",
            nullable=True,
        ),
        Column(f"{prefix}_as_of_date", "date", "Last of the days (UTC).", nullable=True),
        Column(
            f"is_{prefix}_old",
            "boolean",
            f"Whether it is the last good answer of up to {signal_rules.SIGNAL_OLD_DAYS} days "
            "before, because none came that day; null without a value.",
            nullable=True,
        ),
        text(f"{prefix}_missing_reason", f"Why no answer of the day is there: {_REASONS}."),
    )


SIGNALS = Table(
    "lens",
    "signals",
    "One act or word of a day, and whether the world outside spoke more of it within a week. Days "
    "that were not asked in time have no rows.",
    ("ingest_date", "subject"),
    (
        INGEST_DATE,
        Column("subject", "string", "Canonical name of an act, or a word of lens/keywords."),
        Column("subject_kind", "string", "act or keyword."),
        Column("rank", "int", "Place among those that are asked about, from 1."),
        *signal(
            "wiki",
            f"wiki_views_{_DAYS}d",
            f"Readers of its Korean and English articles in {_DAYS} days.",
            "views",
        ),
        *signal(
            "news",
            f"news_articles_{_DAYS}d",
            f"Articles with its name and Korean pop in {_DAYS} days, as GDELT counts.",
            "articles",
        ),
        *signal("reddit", f"reddit_posts_{_DAYS}d", f"Posts on r/kpop in {_DAYS} days.", "posts"),
        Column(
            "composite",
            "double",
            "Changes in percent, each moved up by 50 and kept within 0 and 100, weighted "
            + ", ".join(f"{name} {share}" for name, share in signal_rules.SIGNAL_WEIGHTS.items())
            + " over those that answered that day; 50 is no change.",
            "0-100",
            nullable=True,
        ),
        Column("answered", "string", "Which those are, a JSON array of wiki, news and reddit."),
        ASKED_AT,
    ),
    rhythm="occasional",
    is_asked=True,
)
