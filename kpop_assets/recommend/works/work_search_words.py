"""Words of works and of what is typed, as the search of works holds them.

Belongs here: which writings of a title and of an act's names are kept, and which words are spelled
much like a typed one. Does not belong here: files (work_search_write.py), or which works fit
(work_search.py).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance import OSA

from kpop_assets.catalog.names import normalise
from kpop_assets.recommend.works.typed_letters import firsts_of, typed_keys

# Before first consonants, or they would stand among words of the same letters.
FIRSTS_MARK = "ㆍ"
# Slips are looked for among the first letters, then counted over the whole word.
_LOOKED_AT = 7
# In a short word every other word is a slip away.
_LEAST_LETTERS, _LONG_WORD = 4, 8


class WordsOfWork(NamedTuple):
    """What a work is found by; each a text of words.

    Attributes:
        title: words of its titles, by keys.
        act: words of its act's names, by keys.
        whole_title: its titles, each without blanks.
        whole_act: its act's names, each without blanks.
        firsts: first consonants of the words, and of what has several, without blanks.
    """

    title: str
    act: str
    whole_title: str
    whole_act: str
    firsts: str


class WordsOfNames(NamedTuple):
    """The same of titles alone, or of names alone."""

    words: frozenset[str]
    wholes: frozenset[str]
    firsts: frozenset[str]


def words_of_names(names: Iterable[str]) -> WordsOfNames:
    """What titles of one work, or names of one act, are found by."""
    words: set[str] = set()
    wholes: set[str] = set()
    firsts: set[str] = set()
    for name in names:
        spelled = normalise(name).split()
        words.update(map(typed_keys, spelled))
        wholes.add(typed_keys("".join(spelled)))
        if not name.isascii():
            firsts.update(map(firsts_of, (*spelled, "".join(spelled))))
    wholes.discard("")
    marked = {FIRSTS_MARK + letters for letters in firsts - words if letters}
    return WordsOfNames(frozenset(words), frozenset(wholes), frozenset(marked))


def words_of_work(titles: WordsOfNames, act: WordsOfNames) -> WordsOfWork:
    """What a work is found by."""
    parts = (titles.words, act.words, titles.wholes, act.wholes, titles.firsts | act.firsts)
    return WordsOfWork(*(" ".join(sorted(part)) for part in parts))


def most_slips(word: str) -> int:
    """How many letters of a word may be wrong, left out, too many or in the other's place."""
    if len(word) < _LEAST_LETTERS:
        return 0
    return 1 if len(word) < _LONG_WORD else 2


def slip_marks(word: str) -> set[int]:
    """Numbers of which two words that are a few slips apart have one in common.

    They are made of the first letters, each time without some of those that may be wrong. Others
    have one in common too, if seldom: who asks counts the slips.
    """
    begin = word[:_LOOKED_AT]
    marks = {begin}
    for count in range(1, most_slips(word) + 1):
        kept = len(begin) - count
        marks.update("".join(letters) for letters in combinations(begin, kept))
    return {zlib.crc32(mark.encode()) for mark in marks}


def slips_between(typed: str, word: str) -> int | None:
    """How many letters differ; None where they are too many."""
    most = most_slips(typed)
    slips = OSA.distance(typed, word, score_cutoff=most)
    return slips if slips <= most else None
