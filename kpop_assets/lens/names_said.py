"""Names in a text that are kept whole: of credited acts, their members, and songs.

Belongs here: where such a name stands, and the text without it. Does not belong here: which acts
are credited (bronze/events says it), or any other word (word_reader.py).
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
_QUOTED = re.compile(
    r"(?<!\w)(?:'([^'\n]{2,40})'|‘([^’\n]{2,40})’|“([^”\n]{2,40})”|\"([^\"\n]{2,40})\"|"
    r"「([^」\n]{2,40})」|『([^』\n]{2,40})』|<([^>\n]{2,40})>)(?!\w)"
)
# What a chart and a Topic channel call a song: "ACT - Song (feat. another)".
_ASIDE = re.compile(r"\s*[(\[（].*$|\s+(?:feat|ft|prod|ver)\b.*$", re.IGNORECASE)
_SONG_WORDS = 5
_LEAST_MEMBER_LETTERS = 2
_PATTERNS_KEPT = 4096
_NOTHING = re.compile(r"(?!)")


class Names(NamedTuple):
    """What a text names.

    Attributes:
        left: the text without its names.
        names: acts by their canonical names; members and songs as written, in small letters.
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
            names.add(meanings[match["name"].lower()])
            return " , "

        return Names(pattern.sub(taken, text), frozenset(names))

    def _make_pattern(self, credited: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
        acts = [*self._with_groups(credited)]
        meanings: dict[str, str] = {}
        for act in acts:
            for name in act.names:
                meanings.setdefault(name.lower(), act.artist)
        for act in acts:
            for cue in filter(_is_member, act.cues):
                meanings.setdefault(cue.lower(), self._member(cue))
        if not meanings:
            return _NOTHING, meanings
        names = "|".join(re.escape(name) for name in sorted(meanings, key=len, reverse=True))
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


def take_songs(text: str) -> Names:
    """What stands in quotes in a title about music: IVE 'REBEL HEART' MV."""
    songs: set[str] = set()

    def taken(match: re.Match[str]) -> str:
        song = next(filter(None, match.groups())).strip()
        if not _is_song(song):
            return match[0]
        songs.add(_plain(song))
        return " , "

    return Names(_QUOTED.sub(taken, text), frozenset(songs))


def song_of_label(title: str) -> str | None:
    """The song of a line that a chart or a Topic channel wrote; None where nothing is left."""
    song = title.split(" - ", 1)[-1]
    return _plain(song) if _is_song(song) else None


def _plain(song: str) -> str:
    """The song whatever its version: Magnetic (Inst.), MAGNETIC ver.2."""
    return _ASIDE.sub("", song).strip().lower()


def _is_song(text: str) -> bool:
    song = _plain(text)
    return len(song.split()) <= _SONG_WORDS and len(song) > 1 and not song.strip(" .!?").isdigit()


def _is_member(cue: str) -> bool:
    return len(normalise(cue)) >= (_LEAST_MEMBER_LETTERS if is_hangul(normalise(cue)) else 3)
