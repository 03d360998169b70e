"""Why a name that stands in a title is none there: another meaning, another person, another script.

Here belongs what speaks against a name, and what a channel's name says beside it. Whether a word
of every day has a second cue is decided in ``titles``.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.cues import FIRST_NAMES, OTHER_SENSES, THINGS
from kpop_assets.catalog.finder import Found, Hit, has_asian_letter, has_far_letter
from kpop_assets.catalog.lexicon import NAMESAKES
from kpop_assets.catalog.names import is_hangul, normalise, plain_letters
from kpop_assets.catalog.shapes import ends_in_aside, is_in_small, is_second_name, leads

_SHORTEST_RARE = 3
_LONGEST_INITIALS = 5
# Words before and behind a name that the channel's name may have as well.
_LONGEST_NAME = 4
_IN_SMALL = "small letters in a title that has no Hangul, kana or word of K-POP"


@dataclass(frozen=True)
class Context:
    """What stands beside a title, in its channel's name.

    Attributes:
        acts: Acts that the channel's name speaks of.
        namesake: The act that its whole name is the name of, where that is any other's as well.
        is_kpop: Whether it is a company's, a stage's, or says K-POP.
        is_asian: Whether it has Hangul or kana.
        letters: The name in normal form, without blanks.
        is_own: Whether it is an act's name, alone or with words like official.
    """

    acts: AbstractSet[int] = frozenset()
    namesake: int | None = None
    is_kpop: bool = False
    is_asian: bool = False
    letters: str = ""
    is_own: bool = False


NO_CONTEXT = Context()


def is_rare(spelling: str) -> bool:
    """Whether an everyday Latin word is, as a name, an act's more often than anybody else's."""
    if is_hangul(spelling) or len(spelling) < _SHORTEST_RARE:
        return False
    return spelling not in THINGS and spelling not in FIRST_NAMES


def is_asian(found: Found, context: Context) -> bool:
    """Whether Hangul or kana stand in the title or in its channel's name."""
    return context.is_asian or has_asian_letter(found.line)


def why_refused(hit: Hit, found: Found, title: str, context: Context, catalog: Catalog) -> str:
    """Why a name is none here, whatever else speaks for it; empty where it may be one."""
    if reason := _other_meaning(hit, found, title, catalog):
        return reason
    if is_hangul(hit.row.spelling) or context.is_kpop or is_asian(found, context):
        return ""
    reason = _piece_of_a_name(hit, found, title, context, catalog)
    return reason or ("" if found.has_kpop else _foreign_letters(hit, found, title))


def _other_meaning(hit: Hit, found: Found, title: str, catalog: Catalog) -> str:
    """Why a name is somebody else's, or no name, by the words and letters around it."""
    sense = OTHER_SENSES.get(hit.row.spelling)
    if sense and sense.search(found.line):
        return "other words beside it give it another meaning"
    letters = hit.row.spelling.split()
    # "I'm With Her" has the letters of I.M.
    if max(map(len, letters)) == 1 and re.search("['’]".join(letters), title, re.IGNORECASE):
        return "letters of a word with an apostrophe"
    for namesake in NAMESAKES.get(catalog.acts[hit.row.act_number].artist, ()):
        if normalise(namesake) == hit.row.spelling and namesake in plain_letters(title):
            return f"{namesake} is another artist"
    return ""


def _piece_of_a_name(hit: Hit, found: Found, title: str, context: Context, catalog: Catalog) -> str:
    """Why a name is the channel's and nobody else's: Charlie Rose, and Miky Woodz on MikyWoodz.

    A clear name counts all the same where it is written as its act writes it.
    """
    name, letters = hit.row.spelling, context.letters
    if context.is_own:
        return ""
    is_first_name = hit.row.role == "vague" and name in FIRST_NAMES
    if is_first_name and is_second_name(name, title) and not _is_behind_a_name(hit, found):
        return "a piece of somebody's name"
    if len(letters) <= len(name.replace(" ", "")) or not _stands_whole(hit, found.line, letters):
        return ""
    names = catalog.acts[hit.row.act_number].names
    if hit.row.role == "name" and (title.islower() or any(own in title for own in names)):
        return ""
    return "a piece of the channel's own name"


def _is_behind_a_name(hit: Hit, found: Found) -> bool:
    """Rose in "Blackpink Rose"."""
    return any(other.end + 1 == hit.start or other.end == hit.start for other in found.hits)


def _stands_whole(hit: Hit, line: str, letters: str) -> bool:
    """Whether the channel's name stands in a title around a name, however its words are joined."""
    before, behind = line[: hit.start].split(), line[hit.end :].split()
    name = hit.row.spelling.replace(" ", "")
    heads = ("".join(before[len(before) - n :]) for n in range(min(_LONGEST_NAME, len(before)) + 1))
    tails = ["".join(behind[:n]) for n in range(_LONGEST_NAME + 1)]
    # "AOA Italy" is a fan's, "Rose Leslie" a person.
    may_lead = name in FIRST_NAMES
    return any(
        head + name + tail == letters for head in heads if head or may_lead for tail in tails
    )


def _foreign_letters(hit: Hit, found: Found, title: str) -> str:
    """Why letters that are a clear name in Korea are none in a title of another country.

    G.O.D. and H.O.T. are words there, and IVE, in small letters, is what people write for I've.
    """
    spelling = hit.row.spelling
    if len(spelling) > _LONGEST_INITIALS:
        return ""
    if hit.row.role != "name":
        is_word = len(spelling) <= _SHORTEST_RARE and not title.islower()
        is_word = is_word and is_in_small(spelling, title)
        return _IN_SMALL if is_word else ""
    if max(map(len, spelling.split())) == 1:
        return "initials in a title that has no Hangul, kana or word of K-POP"
    if len(spelling) <= _SHORTEST_RARE and not title.islower() and is_in_small(spelling, title):
        return _IN_SMALL
    if spelling == "bts" and ends_in_aside(spelling, title):
        return "set behind a foreign title, as behind the scenes is"
    if spelling == "bts" and has_far_letter(title) and not leads(spelling, title):
        return "" if found.has_music else "beside a script in which it is behind the scenes"
    return ""
