"""Which spellings stand in a text: one automaton over the names of all acts and words of music.

Here belongs the search. Which of the names count is decided in ``titles``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.cues import WORDS_OF_KPOP, WORDS_OF_MUSIC
from kpop_assets.catalog.lexicon import Spelling, title_spellings
from kpop_assets.catalog.names import (
    HAN,
    HANGUL,
    HIRAGANA,
    KATAKANA,
    PARTICLES,
    is_hangul,
    normalise,
)

_ASIAN_LETTER = re.compile(f"[{HANGUL}{HIRAGANA}{KATAKANA}]".replace("\ufffd", ""))
_HAN_LETTER = re.compile(f"[{HAN}]")
# Hebrew and Arabic to Thai, Lao, Tibetan, Burmese and Georgian; Khmer.
_FAR_LETTER = re.compile("[\u0590-\u10ff\u1780-\u17ff]")
_LONGEST_TAIL = 2
_end_of = itemgetter(2)


class Hit(NamedTuple):
    """A spelling at a place of a title in normal form, a blank before and after it."""

    start: int
    end: int
    row: Spelling

    def holds(self, other: Hit) -> bool:
        """Whether the other is a part of this one."""
        longer = self.end - self.start > other.end - other.start
        return longer and self.start <= other.start and other.end <= self.end


class Found(NamedTuple):
    """What a text names.

    Attributes:
        line: The text in normal form, a blank before and after.
        hits: Names and cues in it, by place, the longer first.
        has_names: Whether any of them is more than a cue.
        has_music: Whether it has a word of music.
        has_kpop: Whether it has a word of K-POP.
    """

    line: str
    hits: tuple[Hit, ...] = ()
    has_names: bool = False
    has_music: bool = False
    has_kpop: bool = False


@dataclass
class _Pattern:
    rows: list[Spelling] = field(default_factory=list)
    is_music: bool = False
    is_kpop: bool = False


@lru_cache(maxsize=2)
def finder_of(catalog: Catalog) -> Finder:
    """The finder of a catalogue, built once for all who search (a fifth of a second)."""
    return Finder(catalog)


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
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[Found]:
        """Every name, cue and word of music in each text.

        One search over all of them: it lets other threads have the interpreter meanwhile, and where
        that was for each text alone, and for no time, the others woke for nothing and got no turn.
        """
        lines = [f" {normalise(text)} " for text in texts]
        # By where they end, so those of a text stand together.
        matches = self._search("\n".join(lines), overlapping=True)
        found, first, start = [], 0, 0
        for line in lines:
            end = start + len(line)
            behind = bisect_right(matches, end, first, key=_end_of)
            own = [(number, a - start, b - start) for number, a, b in matches[first:behind]]
            found.append(self._read(line, own) if own else Found(line))
            first, start = behind, end + 1
        return found

    def _read(self, line: str, matches: list[tuple[int, int, int]]) -> Found:
        hits: list[Hit] = []
        spans: list[tuple[int, int]] = []
        of_kpop: list[tuple[int, int]] = []
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
                of_kpop += [(start, end)] if pattern.is_kpop else []
            hits += [Hit(start, end, row) for row in rows]
        has_kpop = bool(of_kpop)
        if 0 < len(of_kpop) < len(spans):
            # "Kan/Rom/Eng" holds a word of K-POP and is none.
            general = [span for span in spans if span not in of_kpop]
            has_kpop = any(not _is_within(span, general) for span in of_kpop)
        if spans:
            # M/V is no V.
            hits = [hit for hit in hits if not _is_within((hit.start, hit.end), spans)]
        hits.sort(key=lambda hit: (hit.start, hit.start - hit.end, hit.row.act_number))
        has_names = any(hit.row.role != "cue" for hit in hits)
        return Found(line, tuple(hits), has_names, bool(spans), has_kpop)


def _is_within(span: tuple[int, int], longer: list[tuple[int, int]]) -> bool:
    """Whether a place is a part of another one."""
    start, end = span
    return any(s <= start and end <= e and (s, e) != span for s, e in longer)


def has_asian_letter(text: str) -> bool:
    """Whether Hangul or kana stand in a text."""
    return bool(_ASIAN_LETTER.search(text))


def has_far_letter(text: str) -> bool:
    """Whether letters of India, Arabia, Thailand or their neighbours stand in a text."""
    return bool(_FAR_LETTER.search(text))


def has_han_letter(text: str) -> bool:
    """Whether Chinese letters stand in a text."""
    return bool(_HAN_LETTER.search(text))
