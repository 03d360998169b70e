"""Finding acts by what somebody types: loosely, in either script, by members, by first consonants.

Here belongs what a query fits, and how well. A name in a title is another question, and a stricter
one (kpop_assets/catalog/matcher.py). Which acts were seen, and how they rank, is not known here.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

from kpop_assets.catalog.catalog import Artist, Catalog
from kpop_assets.catalog.names import normalise
from kpop_assets.recommend.works.typed_letters import letters_of, pattern_of

Kind = Literal["name", "alias", "cue"]
# What a name begins with weighs more than what it holds, a name more than a member's or a fandom's.
_WEIGHTS: dict[Kind, int] = {"name": 0, "alias": 1, "cue": 6}
_EXACT, _BEGINS, _WORD_BEGINS, _HOLDS = 0, 2, 4, 8
# One letter in four may be another.
_NEAR = 0.72


class Spelled(NamedTuple):
    """A name of an act, ready to be compared.

    Attributes:
        artist: canonical name of the act.
        text: as the catalogue has it.
        kind: what the name is to the act.
        letters: letters and digits only.
        starts: where in `letters` its words begin.
    """

    artist: str
    text: str
    kind: Kind
    letters: str
    starts: tuple[int, ...]


@dataclass(frozen=True)
class FoundAct:
    """An act that fits a query.

    Attributes:
        artist: canonical name.
        by: the name that fits, as the catalogue has it.
        distance: 0 where the query is the act's name; the higher, the looser.
    """

    artist: str
    by: str
    distance: int


@lru_cache(maxsize=2)
def search_of(catalog: Catalog) -> ActSearch:
    """The search of a catalogue, built once."""
    return ActSearch(catalog)


class ActSearch:
    """Acts of one catalogue by what is typed."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._artists = frozenset(act.artist for act in catalog)
        self._renamed = catalog.renamed()
        self._names = [name for act in catalog for name in _spell(act)]
        # All names as one text, a line each, and where each line begins: one scan finds them all.
        self._text = "\n".join(name.letters for name in self._names)
        self._line_starts = list(accumulate((len(n.letters) + 1 for n in self._names), initial=0))

    def resolve(self, name: str) -> str | None:
        """The act that a name means beyond doubt, by any of its names in any writing."""
        if name in self._artists:
            return name
        if name in self._renamed:
            return self._renamed[name]
        if owner := self._catalog.find(name):
            return owner.artist
        exact = [act.artist for act in self.find(name) if act.distance <= _WEIGHTS["alias"]]
        return exact[0] if len(exact) == 1 else None

    def find(self, query: str) -> list[FoundAct]:
        """Acts that fit, the closest first; each once, by the name that fits best."""
        typed = letters_of(query)
        if not typed:
            return []
        places: dict[int, set[int]] = {}
        for match in pattern_of(typed).finditer(self._text):
            line = bisect_right(self._line_starts, match.start()) - 1
            places.setdefault(line, set()).add(match.start() - self._line_starts[line])
        best: dict[str, FoundAct] = {}
        for line, found in places.items():
            name = self._names[line]
            distance = _distance(found, len(typed), name)
            known = best.get(name.artist)
            if known is None or distance < known.distance:
                best[name.artist] = FoundAct(name.artist, name.text, distance)
        return sorted(best.values(), key=lambda act: (act.distance, len(act.by), act.artist))

    def find_near(self, query: str, count: int = 3) -> list[str]:
        """Acts whose names are spelled much like it, for what fits none."""
        # By single letters: a syllable of Hangul is two or three of them.
        spellings = {_apart(n.letters): n.artist for n in self._names if n.kind != "cue"}
        close = get_close_matches(_apart(letters_of(query)), spellings, count, _NEAR)
        return list(dict.fromkeys(spellings[letters] for letters in close))


def _spell(act: Artist) -> Iterator[Spelled]:
    kinds: tuple[tuple[Kind, Iterable[str | None]], ...] = (
        ("name", (act.artist, act.name_ko)),
        ("alias", (*act.aliases, *act.former_names)),
        ("cue", act.cues),
    )
    for kind, texts in kinds:
        for text in filter(None, texts):
            words = normalise(text).split()
            starts = tuple(sum(map(len, words[:number])) for number in range(len(words)))
            yield Spelled(act.artist, text, kind, "".join(words), starts)


def _apart(letters: str) -> str:
    return unicodedata.normalize("NFD", letters)


def _distance(places: set[int], length: int, name: Spelled) -> int:
    """How loosely a name fits what `length` letters were typed of, by where they fit."""
    weight = _WEIGHTS[name.kind]
    if 0 in places:
        return weight + (_EXACT if length == len(name.letters) else _BEGINS)
    return weight + (_WORD_BEGINS if places & set(name.starts) else _HOLDS)
