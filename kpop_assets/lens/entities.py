"""What the words of a day are in the world: acts of the catalogue, then what services outside know.

Belongs here: which words are asked about, in what order services are, and the rows of
`lens/entities`. Does not belong here: which of several things a word means (entity_ranks.py), how
a service is asked (outside/), or whether it may be (asking.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import polars as pl

from kpop_assets.catalog.acts import Artist
from kpop_assets.contracts import signal_rules
from kpop_assets.contracts.lens_signals import ENTITIES
from kpop_assets.lens.entity_ranks import pick_item, pick_thing
from kpop_assets.lens.outside.answers import EMPTY, reason_of
from kpop_assets.lens.outside.things import GROUP, PERSON, Thing
from kpop_assets.lens.outside.wikidata import BATCH_SIZE, FoundItem
from kpop_assets.net.errors import NetError

CATALOG, KNOWLEDGE_GRAPH, WIKIDATA = "catalog", "knowledge_graph", "wikidata"
_THING = tuple(Thing.__dataclass_fields__)
Row = dict[str, Any]


class ThingFinder(Protocol):
    """What searches things and knows their articles."""

    def search(self, word: str) -> list[Thing]:
        """Things that a word may mean."""


class ItemFinder(Protocol):
    """What finds items by name and reads them by id or article."""

    def search(self, word: str) -> list[FoundItem]:
        """ItemFinder that a word may mean."""

    def read(self, ids: Sequence[str]) -> dict[str, Thing]:
        """Things by id."""

    def read_articles(self, language: str, titles: Sequence[str]) -> dict[str, Thing]:
        """Things by the title of their article."""


@dataclass(frozen=True)
class Meaning:
    """What is known of a word.

    Attributes:
        source: who knows it; None is nobody.
        thing: what it is.
        score: how sure that is, 0 to 1.
        reason: why it, or its articles, are not known; None where they are.
    """

    source: str | None = None
    thing: Thing | None = None
    score: float | None = None
    reason: str | None = None


def carried_over(words: Iterable[str], before: pl.DataFrame, day: dt.date) -> dict[str, Row]:
    """The rows of earlier answers that still serve, by word.

    Args:
        words: the words of the day.
        before: rows of the table, of the day and before.
        day: the day.
    """
    wanted = set(words)
    found: dict[str, Row] = {}
    for row in before.sort("asked_at", nulls_last=False).iter_rows(named=True):
        asked_at, reason = row["asked_at"], row["missing_reason"]
        if row["word"] not in wanted or asked_at is None or reason not in (None, EMPTY):
            continue
        most = signal_rules.ENTITY_UNKNOWN_DAYS if reason else signal_rules.ENTITY_KNOWN_DAYS
        if (day - asked_at.date()).days <= most:
            found[row["word"]] = {name: row[name] for name in ENTITIES.column_names[1:]}
    return found


def of_catalog(act: Artist | None, reason: str | None = None) -> Meaning:
    """What the catalogue knows of a word that is an act's name, or is not."""
    if act is None:
        return Meaning(reason=reason)
    kind = PERSON if act.kind == "solo" else GROUP
    return Meaning(CATALOG, Thing(None, act.name_ko, act.artist, kind), 1.0, reason)


def find_meanings(
    words: Mapping[str, Artist | None], items: ItemFinder, graph: ThingFinder | None
) -> dict[str, Meaning]:
    """Ask what words are; whatever fails is a reason and never an error.

    Args:
        words: the act of each, where it is one of the catalogue's.
        items: Wikidata.
        graph: the Knowledge ThingFinder; None where there is no key.
    """
    found = {word: of_catalog(act) for word, act in words.items()}
    if graph:
        for word in (word for word, act in words.items() if act is None):
            found[word] = _by_graph(word, graph)
    known = {word: meaning for word, meaning in found.items() if meaning.source == KNOWLEDGE_GRAPH}
    ids: dict[str, str] = {}
    for word in (word for word in words if word not in known):
        picked = _by_search(word, words[word], items)
        if isinstance(picked, FoundItem):
            ids[word] = picked.wikidata_id
        else:
            found[word] = replace(found[word], reason=picked)
    return found | _read_ids(ids, found, items) | _read_links(known, items)


def rows_of_meanings(found: Mapping[str, Meaning], asked_at: dt.datetime | None) -> list[Row]:
    """The rows of words that were asked about, or were not (None)."""
    return [
        {
            "word": word,
            "entity_source": meaning.source,
            **_told(meaning.thing or Thing(), meaning.source is not None),
            "match_score": meaning.score,
            "asked_at": asked_at,
            "missing_reason": meaning.reason,
        }
        for word, meaning in found.items()
    ]


def _told(thing: Thing, is_known: bool) -> Row:
    fields = {name: getattr(thing, name) for name in _THING}
    kind = fields.pop("type")
    return {**fields, "entity_type": kind if is_known else None}


def _by_graph(word: str, graph: ThingFinder) -> Meaning:
    try:
        picked = pick_thing(word, graph.search(word))
    except NetError as error:
        return Meaning(reason=reason_of(error))
    return Meaning(KNOWLEDGE_GRAPH, *picked) if picked else Meaning(reason=EMPTY)


def _by_search(word: str, act: Artist | None, items: ItemFinder) -> FoundItem | str:
    """The item that Wikidata has under a word, or why there is none."""
    names = act.names if act else (word,)
    asked = [act.artist, act.name_ko] if act else [word]
    for name in (name for name in asked if name):
        try:
            picked = pick_item(names, items.search(name), act is not None)
        except NetError as error:
            return reason_of(error)
        if picked:
            return picked
    return EMPTY


def _read_ids(
    ids: Mapping[str, str], found: Mapping[str, Meaning], items: ItemFinder
) -> dict[str, Meaning]:
    """What the items under these ids are, beside what is known of the words already."""
    read: dict[str, Meaning] = {}
    words = list(ids)
    for batch in (words[i : i + BATCH_SIZE] for i in range(0, len(words), BATCH_SIZE)):
        try:
            things = items.read([ids[word] for word in batch])
            reason = EMPTY
        except NetError as error:
            things, reason = {}, reason_of(error)
        for word in batch:
            read[word] = _joined(found[word], things.get(ids[word]), reason)
    return read


def _joined(known: Meaning, thing: Thing | None, reason: str) -> Meaning:
    if thing is None:
        return replace(known, reason=reason)
    if known.thing is None:
        return Meaning(WIKIDATA, thing, signal_rules.WIKIDATA_SCORE)
    ours = {name: getattr(known.thing, name) for name in ("name_ko", "name_en", "type")}
    return replace(
        known,
        thing=replace(thing, **{name: value for name, value in ours.items() if value}),
        reason=None,
    )


def _read_links(known: Mapping[str, Meaning], items: ItemFinder) -> dict[str, Meaning]:
    """Ids, names and the other language's article of things that are known by one article."""
    read = dict(known)
    for language in ("en", "ko"):
        titles = {
            word: title
            for word, meaning in known.items()
            if meaning.thing and (title := getattr(meaning.thing, f"wikipedia_{language}"))
        }
        words = list(titles)
        for batch in (words[i : i + BATCH_SIZE] for i in range(0, len(words), BATCH_SIZE)):
            try:
                things = items.read_articles(language, [titles[word] for word in batch])
            except NetError:
                continue  # the article that is known serves
            for word in batch:
                if thing := things.get(titles[word]):
                    read[word] = replace(read[word], thing=_linked(read[word].thing, thing))
    return read


def _linked(told: Thing | None, thing: Thing) -> Thing:
    """What the graph told, and beside it what the item of its article adds."""
    known = {name: value for name in _THING if (value := getattr(told, name)) and name != "type"}
    kind = told.type if told and told.type != Thing().type else thing.type
    return replace(thing, **{**known, "type": kind})
