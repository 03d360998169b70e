"""Names in a text that are kept whole: of credited acts, their groups and their members.

Belongs here: where such a name stands, and the text without it. Does not belong here: which acts
are credited (bronze/events says it), songs (song_titles.py), or any other word (word_reader.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kpop_assets.catalog.catalog import Artist, Catalog
from kpop_assets.catalog.names import PARTICLES, is_hangul, normalise

_LETTER = r"[^\W_]"
_PARTICLE = "|".join(sorted(PARTICLES, key=len, reverse=True))
_LEAST_MEMBER_LETTERS = 2
# I'm is not I.M.
_LEAST_LOOSE_LETTERS = 4
_PATTERNS_KEPT = 4096
_NOTHING = re.compile(r"(?!)")


class Names(NamedTuple):
    """What a text names.

    Attributes:
        left: the text without its names.
        names: acts by their canonical names; members and songs in small letters.
    """

    left: str
    names: frozenset[str]


class ActNames:
    """Where acts of one catalogue and their members stand in a text.

    Args:
        catalog: the acts.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._pattern = lru_cache(_PATTERNS_KEPT)(self._make_pattern)

    def take(self, text: str, credited: Iterable[str]) -> Names:
        """The credited acts, their groups and members, as far as a text names them.

        Args:
            text: in plain letters.
            credited: canonical names; one that the catalogue does not know is nobody's.
        """
        acts = tuple(credited)
        if not acts:
            return Names(text, frozenset())
        pattern, meanings = self._pattern(acts)
        names: set[str] = set()

        def taken(match: re.Match[str]) -> str:
            names.add(meanings[_squeezed(match["name"])])
            return " , "

        return Names(pattern.sub(taken, text), frozenset(names))

    def _make_pattern(self, credited: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
        acts = [*self._with_groups(credited)]
        meanings: dict[str, str] = {}
        spelled: set[str] = set()
        for act in acts:
            for name in act.names:
                spelled.update(_spellings(name))
                meanings.setdefault(_squeezed(name), act.artist)
        for act in acts:
            for cue in filter(_is_member, act.cues):
                spelled.update(_spellings(cue))
                meanings.setdefault(_squeezed(cue), self._member(cue))
        if not meanings:
            return _NOTHING, meanings
        names = "|".join(sorted(spelled, key=len, reverse=True))
        # A Korean name may go on in a particle and in nothing else; a Latin one in Hangul.
        after = rf"(?:(?<=[가-힣])(?:{_PARTICLE})?(?!{_LETTER})|(?<![가-힣])(?![0-9A-Za-z]))"
        whole = re.compile(rf"(?<!{_LETTER})#?(?P<name>{names}){after}", re.IGNORECASE)
        return whole, meanings

    def _with_groups(self, credited: Sequence[str]) -> Iterator[Artist]:
        for name in credited:
            act = self._catalog.find(name)
            if act is not None:
                yield act
                if act.group:
                    yield self._catalog[act.group]

    def _member(self, cue: str) -> str:
        """A member who is an act too has that act's name."""
        act = self._catalog.find(cue)
        return act.artist if act else cue.lower()


def _squeezed(name: str) -> str:
    """A name without what stands between its words: N.Flying, N Flying, n.flying."""
    return normalise(name).replace(" ", "") or name.lower()


def _spellings(name: str) -> set[str]:
    """Patterns of a name: as it is, and a longer one with any signs between its words."""
    words = normalise(name).split()
    is_long = len("".join(words)) >= _LEAST_LOOSE_LETTERS and not name.startswith("&")
    loose = {r"[\W_]{0,2}".join(map(re.escape, words))} if is_long else set()
    return {re.escape(name.lower()), *loose}


def _is_member(cue: str) -> bool:
    return len(normalise(cue)) >= (_LEAST_MEMBER_LETTERS if is_hangul(normalise(cue)) else 3)
