"""Things by name, as Google's Knowledge Graph has them.

Belongs here: the form of its search. Does not belong here: which of several things a word means
(entity_ranks.py).

Its own `resultScore` is going, and is not read. The link to an article leads on to Wikidata.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from kpop_assets.lens.outside.answers import fields_of, objects_in, text_in
from kpop_assets.lens.outside.services import KNOWLEDGE_GRAPH, Asker, Line
from kpop_assets.lens.outside.things import Thing, type_of
from kpop_assets.lens.outside.wikidata import language_of
from kpop_assets.net.redaction import Secrets

_RESULTS = 5
_WIKIPEDIA = ".wikipedia.org"


class KnowledgeGraph:
    """Searches.

    Args:
        asker: who asks.
        key: of the API; it is in no address, log or error.
    """

    def __init__(self, asker: Asker, key: str) -> None:
        headers = {"x-goog-api-key": key}
        self._line = Line(asker, KNOWLEDGE_GRAPH, _is_list, headers, Secrets(key))

    def search(self, word: str) -> list[Thing]:
        """Things that a word may mean, in the order of the answer.

        Raises:
            NetError: there is no answer.
        """
        language = language_of(word)
        params = {"query": word, "languages": language, "limit": str(_RESULTS), "indent": "false"}
        elements = objects_in(fields_of(self._line.ask(params).data()).get("itemListElement"))
        return [_thing(fields_of(element, "result"), language) for element in elements]


def _is_list(body: object) -> bool:
    return isinstance(fields_of(body).get("itemListElement"), list)


def _thing(result: dict[str, object], language: str) -> Thing:
    name, about = text_in(result, "name"), text_in(result, "description")
    types = result.get("@type")
    classes = [each for each in types if isinstance(each, str)] if isinstance(types, list) else []
    articles = _article(text_in(result, "detailedDescription", "url"))
    told = {f"name_{language}": name, f"description_{language}": about}
    return Thing(type=type_of(classes), **articles, **told)


def _article(address: str | None) -> dict[str, str]:
    """The title that an address of Wikipedia leads to, by its field."""
    try:
        parts = urlsplit(address or "")
        language = (parts.hostname or "").removesuffix(_WIKIPEDIA)
    except ValueError:
        return {}
    title = unquote(parts.path.removeprefix("/wiki/")).replace("_", " ")
    is_ours = language in ("ko", "en") and parts.path.startswith("/wiki/") and title
    return {f"wikipedia_{language}": title} if is_ours else {}
