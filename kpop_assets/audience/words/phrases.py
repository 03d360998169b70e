"""Phrases of a word list in texts: one search for all of them, the longest at a place.

Belongs here: how a list writes a phrase, and where it stands in a text. Does not belong here: the
lists (aspect_words.toml, opinion_words.toml), or what a phrase means.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import product, zip_longest
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kpop_assets.catalog.names import PARTICLES, is_hangul, plain_letters

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[a-z0-9]")
_BLANKS = re.compile(r"\s+")
# What ends a saying in Latin letters, beside the end: signs, and words of who says how.
_SAID = re.compile(
    r"(?: ?[^\w\s'-]| (?:and|but|so|as|with|every|again|always|today|tonight|fr|frfr|tho|though|"
    r"omg|lol|ngl|tbh|honestly|period|here|there|in this|on this|on that|on stage|[가-힣])"
    r"(?![a-z]))"
)
_end_of = itemgetter(2)


class Phrase(NamedTuple):
    """A phrase of a list at a place of a text.

    Attributes:
        start: its first letter.
        end: behind its last letter.
        meanings: what the list says of it.
    """

    start: int
    end: int
    meanings: tuple[str, ...]


class _Spelling(NamedTuple):
    """One way of a list to write a phrase: what must stand around its letters."""

    letters: str
    begins_word: bool
    ends_word: bool
    goes_on: bool
    ends_saying: bool
    meaning: str


def phrase_text(text: str) -> str:
    """A text as phrases are looked for in it: small and plain letters, single blanks.

    Args:
        text: as somebody wrote it.
    """
    return _BLANKS.sub(" ", plain_letters(text).lower().replace("’", "'"))


class PhraseFinder:
    """The phrases of lists in texts.

    A phrase in Hangul stands anywhere in a written word, unless `^` or `$` keeps it to the
    beginning or end (a particle may follow), or `+` asks that the word go on; one in Latin letters
    is whole words, unless `*` lets the last go on, and `$` keeps it to the end of what is said. `_`
    is a blank, which Hangul may leave out. `{a,b}` is either.

    Args:
        listed: each phrase as a list writes it, and what it means there; one phrase may mean more.
    """

    def __init__(self, listed: Iterable[tuple[str, str]]) -> None:
        by_letters: dict[str, list[_Spelling]] = {}
        for phrase, meaning in listed:
            for written in _written(phrase, meaning):
                by_letters.setdefault(written.letters, []).append(written)
        self._written = list(by_letters.values())
        self._search = AhoCorasick(
            [*by_letters],
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
        ).find_matches_as_indexes

    def find_all(self, texts: Sequence[str]) -> list[list[Phrase]]:
        """The phrases of each text by place; one that lies within a longer one is none.

        Args:
            texts: of `phrase_text`, without line ends.
        """
        matches = self._search("\n".join(texts), overlapping=True)
        found, first, start = [], 0, 0
        for text in texts:
            end = start + len(text)
            behind = bisect_right(matches, end, first, key=_end_of)
            own = matches[first:behind]
            found.append(_longest(self._standing(text, own, start)) if own else [])
            first, start = behind, end + 1
        return found

    def _standing(
        self, text: str, matches: list[tuple[int, int, int]], offset: int
    ) -> Iterator[Phrase]:
        for number, begin, behind in matches:
            start, end = begin - offset, behind - offset
            meanings = tuple(
                dict.fromkeys(
                    written.meaning
                    for written in self._written[number]
                    if _stands(written, text, start, end)
                )
            )
            if meanings:
                yield Phrase(start, end, meanings)


def spellings(phrase: str) -> Iterator[str]:
    """The phrases that one with braces stands for: {she,they}_ate is she_ate and they_ate."""
    head, brace, rest = phrase.partition("{")
    if not brace:
        yield phrase
        return
    either, _, tail = rest.partition("}")
    for one in either.split(","):
        yield from spellings(head + one + tail)


def _written(phrases: str, meaning: str) -> Iterator[_Spelling]:
    for phrase in spellings(phrases):
        letters = phrase.strip("^$*+").replace("_", " ")
        is_korean = bool(_HANGUL.search(letters))
        is_last = phrase.endswith("$")
        begins = phrase.startswith("^") or not is_hangul(letters[0])
        ends = is_last or not (is_hangul(letters[-1]) or phrase.endswith("*"))
        says_all = is_last and not is_korean
        for blanks in product((" ", "") if is_korean else (" ",), repeat=letters.count(" ")):
            parts = zip_longest(letters.split(" "), blanks, fillvalue="")
            spelt = "".join(map("".join, parts))
            yield _Spelling(spelt, begins, ends, phrase.endswith("+"), says_all, meaning)


def _stands(written: _Spelling, text: str, start: int, end: int) -> bool:
    letters = written.letters
    if written.begins_word and start:
        # cg가 and 3d로 begin behind Hangul, too; a Latin word does not begin within another.
        same = _HANGUL if _HANGUL.match(letters[0]) else _LATIN
        if same.match(text[start - 1]):
            return False
    if written.goes_on:
        return bool(_HANGUL.match(text[end : end + 1]))
    if not written.ends_word or end == len(text):
        return True
    if written.ends_saying:
        return bool(_SAID.match(text, end))
    if _HANGUL.match(letters[-1]):
        rest = text[end : end + 4].split(" ", 1)[0]
        return not _HANGUL.match(rest) or rest in PARTICLES
    return not _LATIN.match(text[end])


def _longest(phrases: Iterable[Phrase]) -> list[Phrase]:
    kept: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda each: (each.start, -each.end)):
        if not kept or phrase.end > kept[-1].end:
            kept.append(phrase)
    return kept
