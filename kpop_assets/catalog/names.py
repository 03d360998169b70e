"""How a name is spelled so that it can be compared: one normal form, words, Korean particles.

Here belongs what the plain-Python side and the engine must agree on letter by letter. Which act a
name belongs to is the catalogue's business, which act a title is about the matcher's.
"""

from __future__ import annotations

import re
import unicodedata

# U+FFFD stands for a letter that was lost, nearly always a Korean one (three bytes, as Hangul
# has): counted as Hangul, the rest of a broken word is no word of its own.
# Single letters (ㅋㅋ, ㄷㄷ) are laughter, not part of the name before them.
HANGUL = "가-힣ᄀ-ᇿ\ufffd"
# Latin with its accents, Greek, Cyrillic, kana and Han: letters that make a word longer.
LATIN = "0-9a-zß-öø-ɏͰ-ԯḀ-ỿ"
EAST_ASIAN = "ぁ-ヿ㐀-鿿"

NOT_A_LETTER = f"[^{LATIN}{HANGUL}{EAST_ASIAN}]+"
SCRIPT_RUN = f"([{HANGUL}]+|[{EAST_ASIAN}]+)"
# "&TEAM" is read andTEAM, or it would be every team; "GD&TOP" stays two words.
LEADING_AMPERSAND = f"(?:^|[^&{LATIN}{HANGUL}{EAST_ASIAN}])&([a-z])"
# Full-width Latin letters and digits are a common title ornament.
WIDE = "".join(map(chr, [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]))
NARROW = unicodedata.normalize("NFKC", WIDE)
_TO_NARROW = str.maketrans(WIDE, NARROW)

# What may follow a Korean name inside the same word. 하/한/적 and the like are left out: they
# make verbs and adjectives of nouns (청하 is an act, 청하는 is "asking for").
_PARTICLES = """
    은 는 이 가 을 를 의 와 과 도 만 로 으로 랑 이랑 에 에게 한테 께 에서 에게서 까지 부터 보다
    처럼 마저 조차 뿐 하고 이나 나 야 아 님 씨 표 편 측 발 들 네 이가 이는 이를 이의 이도 이와 이여
    이랑은 에는 에도 에서는 에서도 에게는 까지도 만의 과의 와의 로서 님이 님의 님과 님은 들의 들이
    이라 라는 이라는 이란 란 라고 이라고 였던 이었던 인데 입니다 이다
"""
PARTICLES = tuple(_PARTICLES.split())


def normalise(text: str) -> str:
    """Bring a name or title into the form in which names are compared.

    Lower case, letters and digits only, one space between words; a change between Hangul and
    other letters is a word boundary.

    Args:
        text: Any text.

    Returns:
        The normal form; empty when nothing is left.
    """
    text = unicodedata.normalize("NFC", text).translate(_TO_NARROW).lower()
    text = re.sub(LEADING_AMPERSAND, r" and\1", text)
    text = re.sub(SCRIPT_RUN, r" \1 ", re.sub(NOT_A_LETTER, " ", text))
    return " ".join(text.split())


def is_hangul(word: str) -> bool:
    """Whether a normalised word ends in Hangul, so that a particle may follow."""
    return bool(re.search(f"[{HANGUL}]$", word))


def decomposed(text: str) -> str:
    """The same text with Hangul in single letters (NFD), as some systems write file names."""
    return unicodedata.normalize("NFD", text) if is_hangul(text) else text


def head_key(word: str) -> str:
    """What a normalised word is looked up by.

    A Korean word may carry a particle, so its first two syllables are its key (five single
    letters, decomposed); any other word is its own key.
    """
    if "가" <= word[:1] <= "힣":
        return word[:2]
    return word[:5] if "ᄀ" <= word[:1] <= "ᇿ" else word


def lookup_key(spelling: str) -> str:
    """What a spelling is looked up by: of two words and more, the first and one letter."""
    first, _, others = spelling.partition(" ")
    return f"{first} {others[0]}" if others else head_key(first)
