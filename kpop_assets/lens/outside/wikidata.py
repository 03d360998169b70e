"""Things by name and by id, as Wikidata has them.

Belongs here: the two actions that are used, and their form. Does not belong here: which of several
things a word means (entity_ranks.py).

Searching takes a request a word, reading one for 50 things. A refusal comes with status 200.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpop_assets.lens.outside.answers import fields_of, objects_in, text_in
from kpop_assets.lens.outside.services import WIKIDATA, Asker, Line
from kpop_assets.lens.outside.things import Thing, type_of

BATCH_SIZE = 50
_HITS = 7
_ID = re.compile(r"Q[1-9]\d{0,12}", re.ASCII)
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True)
class FoundItem:
    """A thing that a search found.

    Attributes:
        wikidata_id: its id.
        matched: the name that was found.
        description: what it is, in a few words; empty without one.
    """

    wikidata_id: str
    matched: str
    description: str = ""


class Wikidata:
    """Searches and reads.

    Args:
        asker: who asks.
    """

    def __init__(self, asker: Asker) -> None:
        self._line = Line(asker, WIKIDATA, _is_answer)

    def search(self, word: str) -> list[FoundItem]:
        """Things with a name that begins so, best first; in the word's own language.

        Raises:
            NetError: there is no answer.
        """
        language = language_of(word)
        params = {
            "action": "wbsearchentities",
            "search": word,
            "language": language,
            "uselang": language,
            "type": "item",
            "limit": str(_HITS),
            "format": "json",
        }
        found = objects_in(fields_of(self._line.ask(params).data()).get("search"))
        hits = (_hit(item) for item in found)
        return [hit for hit in hits if hit]

    def read(self, ids: Sequence[str]) -> dict[str, Thing]:
        """Things by id, for up to 50; what is missing is left out.

        Raises:
            NetError: there is no answer.
        """
        return self._things({"ids": "|".join(ids)}) if ids else {}

    def read_articles(self, language: str, titles: Sequence[str]) -> dict[str, Thing]:
        """Things by the title of their article, for up to 50; what is missing is left out.

        Raises:
            NetError: there is no answer.
        """
        if not titles:
            return {}
        things = self._things({"sites": f"{language}wiki", "titles": "|".join(titles)})
        by_title = {
            (thing.wikipedia_ko if language == "ko" else thing.wikipedia_en): thing
            for thing in things.values()
        }
        return {title: by_title[title] for title in titles if title in by_title}

    def _things(self, which: Mapping[str, str]) -> dict[str, Thing]:
        params = {
            "action": "wbgetentities",
            **which,
            "props": "labels|descriptions|sitelinks|claims",
            "languages": "ko|en",
            "sitefilter": "kowiki|enwiki",
            "format": "json",
        }
        entities = fields_of(self._line.ask(params).data(), "entities")
        return {
            name: _thing(name, item)
            for name, item in entities.items()
            if _ID.fullmatch(name) and isinstance(item, dict) and "missing" not in item
        }


def language_of(word: str) -> str:
    """The language in which a word is looked for."""
    return "ko" if _HANGUL.search(word) else "en"


def _is_answer(body: object) -> bool:
    """An error has neither, and comes with status 200 too."""
    answer = fields_of(body)
    return isinstance(answer.get("search"), list) or isinstance(answer.get("entities"), dict)


def _hit(item: dict[str, object]) -> FoundItem | None:
    name, matched = text_in(item, "id"), text_in(item, "match", "text") or text_in(item, "label")
    if not name or not matched or not _ID.fullmatch(name):
        return None
    return FoundItem(name, matched, text_in(item, "description") or "")


def _thing(name: str, item: dict[str, object]) -> Thing:
    claims = objects_in(fields_of(item, "claims").get("P31"))
    classes = (text_in(claim, "mainsnak", "datavalue", "value", "id") for claim in claims)
    return Thing(
        name,
        text_in(item, "labels", "ko", "value"),
        text_in(item, "labels", "en", "value"),
        type_of(each for each in classes if each),
        text_in(item, "descriptions", "ko", "value"),
        text_in(item, "descriptions", "en", "value"),
        text_in(item, "sitelinks", "kowiki", "title"),
        text_in(item, "sitelinks", "enwiki", "title"),
    )
