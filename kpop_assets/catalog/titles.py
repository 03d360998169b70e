"""Which of the names that stand in a title count.

Here belongs the question whether a name that is an everyday word has a second cue. Names are found
in ``finder``, what else they may mean in ``senses``; who is credited is decided in ``matcher``.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.cues import GUEST_WORDS, JOINT_WORDS, THINGS
from kpop_assets.catalog.finder import Found, Hit, has_asian_letter
from kpop_assets.catalog.lexicon import WRITTEN_SO
from kpop_assets.catalog.names import is_hangul, normalise, plain_letters
from kpop_assets.catalog.senses import Context, is_asian, is_rare, why_refused
from kpop_assets.catalog.shapes import are_listed, is_apart, is_quoting, leads, opens_in_capitals


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


def weigh(found: Found, title: str, context: Context, catalog: Catalog) -> Mentions:
    """Which of the names that stand in a title count, and why the others do not."""
    cued = {hit.row.act_number for hit in found.hits if hit.row.role == "cue"} | context.acts
    names, refused = [], []
    for hit in found.hits:
        if hit.row.role != "cue":
            reason = why_refused(hit, found, title, context, catalog)
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
        if self._says_members(hit):
            return True
        if hit.row.act_number == self.context.namesake and is_apart(spelling, self.title):
            # The same word twice is one cue: History on HISTORY.
            return is_hangul(spelling) or self.found.has_kpop or has_asian_letter(self.found.line)
        is_kpop = self.found.has_kpop or self.context.is_kpop
        if not hit.row.takes_music:
            # V - Song: initials, where nobody else has them.
            owner = self.catalog.owner(spelling)
            is_owned = owner is self.catalog.acts[hit.row.act_number]
            return is_owned and is_kpop and leads(spelling, self.title)
        if is_rare(spelling) and self._is_fan_channel(spelling) and leads(spelling, self.title):
            return True
        names = self.catalog.acts[hit.row.act_number].names
        if is_rare(spelling) and (
            is_quoting(names, self.title) or opens_in_capitals(names, self.title)
        ):
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

    def _says_members(self, hit: Hit) -> bool:
        """Members of 빅뱅: a group, where a thing has none."""
        is_group = self.catalog.acts[hit.row.act_number].kind != "solo"
        return is_group and self.found.line.startswith(" 멤버", hit.end)

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
