"""Which song a title of an act is about, by how such titles are put together.

Belongs here: where a song stands in a title. Does not belong here: which videos are an act's,
whether a title is about music, or names of acts (names_said.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kpop_assets.catalog.shapes import is_song_title
from kpop_assets.lens.names_said import Names
from kpop_assets.lens.stop_words import load_stop_words

_QUOTED = re.compile(
    r"(?<!\w)(?:'([^'\n]{2,40})'|‘([^’\n]{2,40})’|“([^”\n]{2,40})”|\"([^\"\n]{2,40})\"|"
    r"「([^」\n]{2,40})」|『([^』\n]{2,40})』|<([^>\n]{2,40})>)(?!\w)"
)
_DASH = re.compile(r"\s[-–—_:|]\s|\s?[–—]\s?|:\s")
# What stands behind a song: its other name, guests, the version.
_ASIDE = re.compile(
    r"\s*[(\[（【|｜/].*$|\s[-–—]\s.*$|\s+(?:feat|ft|prod|ver|with)\b.*$", re.IGNORECASE | re.S
)
_BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]?")
_SONG_WORDS = 6
_LABEL, _OWN = "label", ("channel_id", "channel_name")


def take_song(
    title: str, evidence: str | None, is_music: bool, acts_of: Callable[[str], Names]
) -> Names:
    """The songs that a title of an act names, and the title without them.

    A label calls a video by its song alone, and so does an act's own channel where the title is a
    song's in two languages. Elsewhere a song stands in quotes, or beside the act with a
    dash between: IVE 'REBEL HEART' MV, IVE - After LIKE (lyrics).

    Args:
        title: in plain letters.
        evidence: how the artist is known, as `bronze/events` has it.
        is_music: whether the title says that it is about music.
        acts_of: takes the credited acts out of a text.
    """
    if evidence == _LABEL or (evidence in _OWN and is_song_title(title)):
        song = plain_song(title.split(" - ", 1)[-1])
        act, dash, _ = title.partition(" - ")
        if _is_song(song):
            return Names(act if dash else "", frozenset({song}))
    if not is_music:
        return Names(title, frozenset())
    quoted = _take_quoted(title)
    return quoted if quoted.names else _take_beside(title, acts_of)


def plain_song(song: str) -> str:
    """The song whatever its version: Magnetic (Inst.), MAGNETIC ver.2, Magnetic Official MV."""
    words = _ASIDE.sub("", song).strip(" ,.'\"").lower().split()
    while len(words) > 1 and words[-1].strip("/.,") in load_stop_words().after_titles:
        words.pop()
    return " ".join(words)


def _take_quoted(title: str) -> Names:
    songs: set[str] = set()

    def taken(match: re.Match[str]) -> str:
        song = plain_song(next(filter(None, match.groups())))
        if not _is_song(song):
            return match[0]
        songs.add(song)
        return " , "

    return Names(_QUOTED.sub(taken, title), frozenset(songs))


def _take_beside(title: str, acts_of: Callable[[str], Names]) -> Names:
    """The side of the first dash that is not the act's, where the other is nothing else."""
    sides = _DASH.split(title, maxsplit=1)
    if len(sides) == 2:
        for act, other in (sides, sides[::-1]):
            song = plain_song(other)
            if _is_act_alone(acts_of(act)) and not acts_of(song).names and _is_song(song):
                return Names(f"{act} , {' '.join(_BRACKETS.findall(other))}", frozenset({song}))
    return Names(title, frozenset())


def _is_act_alone(side: Names) -> bool:
    return bool(side.names) and not re.search(r"\w", _BRACKETS.sub("", side.left))


def _is_song(song: str) -> bool:
    is_told = song not in load_stop_words().after_titles and not song.strip(" .!?").isdigit()
    return len(song.split()) <= _SONG_WORDS and len(song) > 1 and is_told
