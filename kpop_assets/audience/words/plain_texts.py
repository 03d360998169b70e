"""Texts as models of them read them: one form for what differs without saying anything.

Belongs here: forms of letters, runs of one letter, blanks, and the parts of Hangul's syllables.
Does not belong here: which language or kind a text is (voices/voice_languages.py,
voices/voice_texts.py).
"""

from __future__ import annotations

import html
import re
import unicodedata

# Three say "many" as five do: ㅋㅋㅋㅋㅋ, 최고!!!!!, soooo.
_LONG_RUN = re.compile(r"(.)\1{3,}")
_BLANKS = re.compile(r"\s+")
# Marks of no width, which part a word that reads as whole.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
# Unicode's own compatibility forms (NFKC) would make parts of syllables of ㅋㅋ and ㅠㅠ.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_TAILS, _VOWELS_AND_TAILS = 28, 588


def plain_text(text: str) -> str:
    """A text in small letters of one width, without addresses, runs of one letter cut to three."""
    text = _ADDRESS.sub(" ", html.unescape(text)).translate(_NARROW)
    small = unicodedata.normalize("NFC", text).lower()
    return _BLANKS.sub(" ", _LONG_RUN.sub(r"\1\1\1", small)).strip()


def seen_text(text: str) -> str:
    """A text without marks of no width."""
    return _UNSEEN.sub("", text)


def syllable_parts(sign: str) -> tuple[int, int, int]:
    """The leading consonant, vowel and last consonant of a syllable of Hangul, from 1.

    The last is 1 where there is none; any other sign is three times 0.
    """
    code = ord(sign)
    if not _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        return 0, 0, 0
    place = code - _FIRST_SYLLABLE
    vowel = place % _VOWELS_AND_TAILS // _TAILS
    return place // _VOWELS_AND_TAILS + 1, vowel + 1, place % _TAILS + 1
