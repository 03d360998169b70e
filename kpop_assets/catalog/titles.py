"""Which of the names that stand in a title count.

Here belongs the question whether a name that is an everyday word has a second cue. Names are found
in ``finder``; who is credited with the title is decided in ``matcher``.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.cues import FIRST_NAMES, GUEST_WORDS, JOINT_WORDS, OTHER_SENSES, THINGS
from kpop_assets.catalog.finder import Found, Hit, has_asian_letter
from kpop_assets.catalog.lexicon import NAMESAKES, WRITTEN_SO
from kpop_assets.catalog.names import is_hangul, normalise, plain_letters
from kpop_assets.catalog.shapes import (
    are_listed,
    ends_in_aside,
    is_apart,
    is_in_small,
    is_quoting,
    leads,
)

_SHORTEST_RARE = 3
_LONGEST_INITIALS = 5


@dataclass(frozen=True)
class Context:
    """What stands beside a title, in its channel's name.

    Attributes:
        acts: Acts that the channel's name speaks of.
        namesake: The act that its whole name is the name of, where that is any other's as well.
        is_kpop: Whether it is a company's, a stage's, or says K-POP.
        is_asian: Whether it has Hangul or kana.
        letters: The name in normal form, without blanks.
    """

    acts: AbstractSet[int] = frozenset()
    namesake: int | None = None
    is_kpop: bool = False
    is_asian: bool = False
    letters: str = ""


@dataclass(frozen=True)
class Mentions:
    """The acts that a title names.

    Attributes:
        hits: One hit of each act that counts, by place, the longer first.
        sure: Those of the acts whose name is no everyday word.
        doubtful: Names that lack a second cue, or mean something else, with the reason.
    """

    hits: tuple[Hit, ...] = ()
    sure: AbstractSet[int] = frozenset()
    doubtful: tuple[tuple[Hit, str], ...] = ()


NOTHING = Mentions()
NO_CONTEXT = Context()


def weigh(found: Found, title: str, context: Context, catalog: Catalog) -> Mentions:
    """Which of the names that stand in a title count, and why the others do not."""
    cued = {hit.row.act_number for hit in found.hits if hit.row.role == "cue"} | context.acts
    names, refused = [], []
    for hit in found.hits:
        if hit.row.role != "cue":
            reason = _other_meaning(hit, found, title, catalog)
            reason = reason or _foreign_letters(hit, found, title, context)
            names += [] if reason else [hit]
            refused += [(hit, reason)] if reason else []
    sure = {
        hit.row.act_number
        for hit in names
        if hit.row.role == "name" or _is_written_so(hit, title, catalog)
    }
    cued |= sure | _in_two_scripts(names)
    kept = [hit for hit in names if hit.row.act_number in cued]
    if len(kept) < len(names):
        judge = _Judge(found, title, context, catalog, tuple(kept))
        for hit in [hit for hit in names if hit.row.act_number not in cued]:
            reason = judge.why_not(hit)
            kept += [] if reason else [hit]
            refused += [(hit, reason)] if reason else []
        kept.sort(key=lambda hit: (hit.start, hit.start - hit.end, hit.row.act_number))
    first: dict[int, Hit] = {}
    for hit in kept:
        first.setdefault(hit.row.act_number, hit)
    return Mentions(tuple(first.values()), frozenset(sure), tuple(refused))


def _is_written_so(hit: Hit, title: str, catalog: Catalog) -> bool:
    """ROSÉ, in a title that is not in capitals as a whole; (여자)아이들, with its brackets."""
    spellings = WRITTEN_SO.get(catalog.acts[hit.row.act_number].artist, ())
    text = plain_letters(title) if spellings else ""
    return any(name in text for name in spellings if normalise(name) == hit.row.spelling) and (
        not text.isupper() or not is_rare(hit.row.spelling)
    )


def _in_two_scripts(names: list[Hit]) -> set[int]:
    """Acts whose name stands in a title in Hangul and in other letters."""
    scripts: dict[int, set[bool]] = {}
    for hit in names:
        if hit.row.spelling not in THINGS:
            scripts.setdefault(hit.row.act_number, set()).add(is_hangul(hit.row.spelling))
    return {act for act, kinds in scripts.items() if len(kinds) > 1}


@dataclass(frozen=True)
class _Judge:
    """Decides on everyday words for which nothing speaks but the kind of title."""

    found: Found
    title: str
    context: Context
    catalog: Catalog
    surer: tuple[Hit, ...]

    def why_not(self, hit: Hit) -> str:
        """Why it is no name here; empty where it is one."""
        if not self._has_company(hit):
            return "an everyday word without a second cue"
        if not self.surer:
            return ""
        tied = [other for other in self.surer if self._tied(hit, other)]
        # "spring rain - U-KISS" is of one act.
        if not tied:
            return "an everyday word where another act is named"
        strange = [other for other in tied if self._is_of_another_group(hit, other)]
        return "a member's name beside another group's" if strange else ""

    def _has_company(self, hit: Hit) -> bool:
        """Whether K-POP, or music as far as the name allows, stands beside it."""
        spelling = hit.row.spelling
        if hit.row.act_number == self.context.namesake and is_apart(spelling, self.title):
            return True
        is_kpop = self.found.has_kpop or self.context.is_kpop
        if not hit.row.takes_music:
            # V - Song: initials, where nobody else has them.
            owner = self.catalog.owner(spelling)
            is_owned = owner is self.catalog.acts[hit.row.act_number]
            return is_owned and is_kpop and leads(spelling, self.title)
        if is_rare(spelling) and self._is_fan_channel(spelling) and leads(spelling, self.title):
            return True
        names = self.catalog.acts[hit.row.act_number].names
        if is_rare(spelling) and is_quoting(names, self.title):
            return True
        if is_kpop:
            return is_hangul(spelling) or is_rare(spelling) or is_apart(spelling, self.title)
        if not self.found.has_music:
            return False
        if is_hangul(spelling):
            return spelling not in THINGS or leads(spelling, self.title)
        if is_asian(self.found, self.context) and not has_asian_letter(spelling):
            return is_rare(spelling) or is_apart(spelling, self.title)
        return is_rare(spelling) and leads(spelling, self.title)

    def _is_fan_channel(self, spelling: str) -> bool:
        """BoA is in loveboamusic."""
        return spelling.replace(" ", "") in self.context.letters

    def _tied(self, one: Hit, other: Hit) -> bool:
        """Whether two names stand side by side, or with a word like x between them."""
        first, last = sorted((one, other), key=lambda hit: hit.start)
        between = self.found.line[first.end : last.start].split()
        if not between:
            group = {self.catalog.acts[hit.row.act_number].kind == "group" for hit in (one, other)}
            names = (first.row.spelling, last.row.spelling)
            return len(group) > 1 or are_listed(*names, self.title)
        if len(between) == 1 and between[0] in JOINT_WORDS:
            return True
        return first is one and between[0] in GUEST_WORDS

    def _is_of_another_group(self, hit: Hit, other: Hit) -> bool:
        """Jimin in "JIMIN (AOA)", who is no act of the catalogue."""
        act = self.catalog.acts[other.row.act_number]
        group = self.catalog.acts[hit.row.act_number].group
        if group is None or act.kind == "solo" or act.artist == group:
            return False
        first, last = sorted((hit, other), key=lambda name: name.start)
        names = (first.row.spelling, last.row.spelling)
        is_between = bool(self.found.line[first.end : last.start].split())
        return not is_between and not are_listed(*names, self.title)


def is_rare(spelling: str) -> bool:
    """Whether an everyday Latin word is, as a name, an act's more often than anybody else's."""
    if is_hangul(spelling) or len(spelling) < _SHORTEST_RARE:
        return False
    return spelling not in THINGS and spelling not in FIRST_NAMES


def is_asian(found: Found, context: Context) -> bool:
    """Whether Hangul or kana stand in the title or in its channel's name."""
    return context.is_asian or has_asian_letter(found.line)


def _other_meaning(hit: Hit, found: Found, title: str, catalog: Catalog) -> str:
    """Why a name is somebody else's, or no name, by the words and letters around it."""
    sense = OTHER_SENSES.get(hit.row.spelling)
    if sense and sense.search(found.line):
        return "other words beside it give it another meaning"
    for namesake in NAMESAKES.get(catalog.acts[hit.row.act_number].artist, ()):
        if normalise(namesake) == hit.row.spelling and namesake in plain_letters(title):
            return f"{namesake} is another artist"
    return ""


def _foreign_letters(hit: Hit, found: Found, title: str, context: Context) -> str:
    """Why letters that are a clear name in Korea are none in a title of another country.

    G.O.D. and H.O.T. are words there, and IVE, in small letters, is what people write for I've.
    """
    spelling = hit.row.spelling
    if hit.row.role != "name" or len(spelling) > _LONGEST_INITIALS or is_hangul(spelling):
        return ""
    if found.has_kpop or context.is_kpop or is_asian(found, context):
        return ""
    if max(map(len, spelling.split())) == 1:
        return "initials in a title that has no Hangul, kana or word of K-POP"
    if len(spelling) <= _SHORTEST_RARE and not title.islower() and is_in_small(spelling, title):
        return "small letters in a title that has no Hangul, kana or word of K-POP"
    if spelling == "bts" and ends_in_aside(spelling, title):
        return "set behind a foreign title, as behind the scenes is"
    return ""
