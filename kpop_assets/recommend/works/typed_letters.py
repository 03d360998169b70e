"""What somebody types, letter by letter: keys of a Korean keyboard, first consonants, plain Latin.

Belongs here: writings of a word in which what is typed of it is its beginning. Does not belong
here: which name or title is meant (app/queries/act_search.py, work_search.py). It stands outside
`catalog/`, whose version says by what rules titles were matched: none of these is one.

A syllable of Hangul is the keys it is typed by (`값` ㄱㅏㅂㅅ): then what stands there while
somebody types, `뉴지`, `뉴진ㅅ`, `앉` on the way to `안자`, begins what it becomes, and a slip of
one key is one letter that differs, not a syllable.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kpop_assets.catalog.names import normalise

FIRSTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# A blank is where a letter of Unicode's order ends: some are two keys.
_VOWELS = re.split(
    " ", "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ"
)
_LASTS = re.split(
    " ",
    " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ "
    "ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ",
)
# What a keyboard makes of two consonants, also where first ones are meant: `ㅄ` is ㅂㅅ.
_PAIRS = str.maketrans(
    dict(zip("ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", filter(lambda keys: len(keys) > 1, _LASTS), strict=True))
)
# First consonants as parts of syllables, as whoever types in NFD sends them, and those of half the
# width: the same to who types them.
_FIRST_PARTS = {0x1100 + place: letter for place, letter in enumerate(FIRSTS)}
_NARROW = {
    code: FIRSTS[ord(part) - 0x1100]
    for code in range(0xFFA1, 0xFFBF)
    if ord(part := unicodedata.normalize("NFKC", chr(code))) in _FIRST_PARTS
}
_ALONE = {**_PAIRS, **_FIRST_PARTS, **_NARROW}
_SYLLABLES = range(0xAC00, 0xD7A4)
_PER_FIRST, _PER_VOWEL = 588, 28
_CONSONANTS = frozenset(FIRSTS)
_RUN = re.compile(f"[{FIRSTS}]+|[^{FIRSTS}]+")
_ACCENT = re.compile("[\u0300-\u036f]+")


def letters_of(query: str) -> str:
    """What is typed, letters only; single consonants stay, which are first ones or being typed."""
    return "".join(typed_words(query))


def typed_words(query: str) -> list[str]:
    """The words of what is typed in normal form; consonants that stand alone stay in their word."""
    found: list[str] = []
    for part in unicodedata.normalize("NFC", query).translate(_ALONE).split():
        runs = (run if run[0] in _CONSONANTS else normalise(run) for run in _RUN.findall(part))
        found += "".join(runs).split()
    return found


def typed_keys(word: str) -> str:
    """The keys that a word in normal form is typed by; accents of Latin letters fall off."""
    if word.isascii():
        return word
    return "".join(map(_keys, word))


def firsts_of(word: str) -> str:
    """A word with each syllable of Hangul as its first consonant; of Latin letters as its keys."""
    return "".join(
        _first(letter) if ord(letter) in _SYLLABLES else _keys(letter) for letter in word
    )


def is_of_firsts(word: str) -> bool:
    """Whether a word has a consonant that stands alone: a first one, or one being typed."""
    return not _CONSONANTS.isdisjoint(word)


@lru_cache(maxsize=1 << 12)
def pattern_of(typed: str) -> re.Pattern[str]:
    """Finds every place in a text's letters that typed letters fit, also those that overlap."""
    whole = "".join(_fitting(letter) for letter in typed[:-1])
    return re.compile(f"(?={whole}{_fitting(typed[-1], is_last=True)})")


def _fitting(typed: str, is_last: bool = False) -> str:
    """What a letter stands for: itself, what it begins, a syllable that is still being typed."""
    if typed in FIRSTS:
        start = _SYLLABLES.start + FIRSTS.index(typed) * _PER_FIRST
        return f"[{typed}{chr(start)}-{chr(start + _PER_FIRST - 1)}]"
    code = ord(typed)
    if is_last and code in _SYLLABLES and (code - _SYLLABLES.start) % _PER_VOWEL == 0:
        return f"[{typed}-{chr(code + _PER_VOWEL - 1)}]"
    return re.escape(typed)


@lru_cache(maxsize=1 << 15)
def _keys(letter: str) -> str:
    code = ord(letter) - _SYLLABLES.start
    if ord(letter) in _SYLLABLES:
        first, rest = divmod(code, _PER_FIRST)
        vowel, last = divmod(rest, _PER_VOWEL)
        return FIRSTS[first] + _VOWELS[vowel] + _LASTS[last]
    return _ACCENT.sub("", unicodedata.normalize("NFD", letter))


def _first(syllable: str) -> str:
    return FIRSTS[(ord(syllable) - _SYLLABLES.start) // _PER_FIRST]
