"""Which names stand in a title, and which of them count.

Here belongs the search (one automaton over all spellings) and the question whether a name that is
an everyday word has a second cue. Who is credited with the title is decided in ``matcher``.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.cues import JOINT_WORDS, OTHER_SENSES, WORDS_OF_KPOP, WORDS_OF_MUSIC
from kpop_assets.catalog.lexicon import NAMESAKES, Spelling, title_spellings
from kpop_assets.catalog.names import (
    HANGUL,
    HIRAGANA,
    KATAKANA,
    PARTICLES,
    is_hangul,
    normalise,
    plain_letters,
)

_ASIAN_LETTER = re.compile(f"[{HANGUL}{HIRAGANA}{KATAKANA}]".replace("\ufffd", ""))
_LONGEST_TAIL = 2


class Hit(NamedTuple):
    """A spelling at a place of a title in normal form, a blank before and after it."""

    start: int
    end: int
    row: Spelling

    def holds(self, other: Hit) -> bool:
        """Whether the other is a part of this one."""
        longer = self.end - self.start > other.end - other.start
        return longer and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Found:
    """What a text names.

    Attributes:
        line: The text in normal form, a blank before and after.
        hits: Names and cues in it, by place, the longer first.
        has_music: Whether it has a word of music.
        has_kpop: Whether it has a word of K-POP.
    """

    line: str
    hits: tuple[Hit, ...] = ()
    has_music: bool = False
    has_kpop: bool = False


@dataclass(frozen=True)
class Context:
    """What stands beside a title, in its channel's name.

    Attributes:
        acts: Acts that the channel's name speaks of.
        is_kpop: Whether it is a company's, a stage's, or says K-POP.
        is_asian: Whether it has Hangul or kana.
    """

    acts: AbstractSet[int] = frozenset()
    is_kpop: bool = False
    is_asian: bool = False


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


@dataclass
class _Pattern:
    rows: list[Spelling] = field(default_factory=list)
    is_music: bool = False
    is_kpop: bool = False


class Finder:
    """The automaton over every spelling and every word of music."""

    def __init__(self, catalog: Catalog) -> None:
        by_text: dict[str, _Pattern] = {}
        for row in title_spellings(catalog):
            # Hangul may go on in a particle; what ends otherwise ends with its word.
            text = f" {row.spelling}" if row.takes_particle else f" {row.spelling} "
            by_text.setdefault(text, _Pattern()).rows.append(row)
        for words, attribute in ((WORDS_OF_MUSIC, "is_music"), (WORDS_OF_KPOP, "is_kpop")):
            for word in words:
                text = f" {word}" if is_hangul(word) else f" {word} "
                setattr(by_text.setdefault(text, _Pattern()), attribute, True)
        self._patterns = list(by_text.values())
        self._search = AhoCorasick(
            list(by_text), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
        ).find_matches_as_indexes

    def find(self, text: str) -> Found:
        """Every name, cue and word of music in a text."""
        line = f" {normalise(text)} "
        matches = self._search(line, overlapping=True)
        return self._read(line, matches) if matches else Found(line)

    def _read(self, line: str, matches: list[tuple[int, int, int]]) -> Found:
        hits: list[Hit] = []
        spans: list[tuple[int, int]] = []
        has_music = has_kpop = False
        for number, start, stop in matches:
            pattern = self._patterns[number]
            end = stop - 1 if line[stop - 1] == " " else stop
            tail = line[end : line.index(" ", end)]
            if tail and tail not in PARTICLES:
                rows: list[Spelling] = []
            else:
                rows = pattern.rows
            if (pattern.is_music or pattern.is_kpop) and len(tail) <= _LONGEST_TAIL:
                spans.append((start, end))
                has_music, has_kpop = True, has_kpop or pattern.is_kpop
            hits += [Hit(start, end, row) for row in rows]
        # M/V is no V.
        hits = [
            h
            for h in hits
            if not any(
                s < h.end
                and h.start < e
                and (s, e) != (h.start, h.end)
                and s <= h.start
                and h.end <= e
                for s, e in spans
            )
        ]
        hits.sort(key=lambda hit: (hit.start, hit.start - hit.end, hit.row.act_number))
        return Found(line, tuple(hits), has_music, has_kpop)


def weigh(found: Found, title: str, context: Context, catalog: Catalog) -> Mentions:
    """Which of the names that stand in a title count, and why the others do not."""
    sure, cued = set(), set(context.acts)
    refused: list[tuple[Hit, str]] = []
    names: list[Hit] = []
    for hit in found.hits:
        if hit.row.role == "cue":
            cued.add(hit.row.act_number)
        elif reason := _other_meaning(hit, found.line, title, catalog):
            refused.append((hit, reason))
        else:
            names.append(hit)
            if hit.row.role == "name":
                sure.add(hit.row.act_number)
    kept = [hit for hit in names if hit.row.act_number in sure or hit.row.act_number in cued]
    if len(kept) < len(names):
        company = _company(found, title, context)
        for hit in [hit for hit in names if hit not in kept]:
            reason = _why_not(hit, company, kept, found.line)
            if reason:
                refused.append((hit, reason))
            else:
                kept.append(hit)
        kept.sort(key=lambda hit: (hit.start, hit.start - hit.end, hit.row.act_number))
    first: dict[int, Hit] = {}
    for hit in kept:
        first.setdefault(hit.row.act_number, hit)
    return Mentions(tuple(first.values()), frozenset(sure), tuple(refused))


def _why_not(hit: Hit, company: str, surer: list[Hit], line: str) -> str:
    """Why an everyday word that nothing but the title's kind speaks for is no name here."""
    if (
        not hit.row.takes_music
        or not company
        or (company == "music" and not hit.row.takes_particle)
    ):
        return "an everyday word without a second cue"
    # "spring rain - U-KISS" is of one act.
    if surer and not any(_tied(hit, other, line) for other in surer):
        return "an everyday word where another act is named"
    return ""


def _tied(one: Hit, other: Hit, line: str) -> bool:
    """Whether two names stand side by side, or with a word like x between them."""
    first, last = sorted((one, other))
    between = line[first.end : last.start].split()
    return not between or (len(between) == 1 and between[0] in JOINT_WORDS)


def _company(found: Found, title: str, context: Context) -> str:
    """What speaks for an everyday word: K-POP, music beside Hangul or kana, music alone."""
    if found.has_kpop or context.is_kpop:
        return "kpop"
    if not found.has_music:
        return ""
    return "kpop" if is_asian(found, context) else "music"


def is_asian(found: Found, context: Context) -> bool:
    """Whether Hangul or kana stand in the title or in its channel's name."""
    return context.is_asian or bool(_ASIAN_LETTER.search(found.line))


def _other_meaning(hit: Hit, line: str, title: str, catalog: Catalog) -> str:
    sense = OTHER_SENSES.get(hit.row.spelling)
    if sense and sense.search(line):
        return "other words beside it give it another meaning"
    for namesake in NAMESAKES.get(catalog.acts[hit.row.act_number].artist, ()):
        if normalise(namesake) == hit.row.spelling and namesake in plain_letters(title):
            return f"{namesake} is another artist"
    return ""
