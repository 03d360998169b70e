"""How a name is spelled so that it can be compared: one normal form, words, Korean particles.

Here belongs what turns letters into comparable ones. Which act a name belongs to is the
catalogue's business, which act a title is about the matcher's.
"""

from __future__ import annotations

import re
import unicodedata

# U+FFFD stands for a letter that was lost, nearly always a Korean one (three bytes, as Hangul
# has): counted as Hangul, the rest of a broken word is no word of its own.
# Single letters (ㅋㅋ, ㄷㄷ) are laughter, not part of the name before them.
HANGUL = "가-힣ᄀ-ᇿ\ufffd"
# Latin with its accents, Greek, Cyrillic: letters that make a word longer.
LATIN = "0-9a-zß-öø-ɏͰ-ԯḀ-ỿ"
# Japanese writes no spaces: where the script changes, a word ends (アイヴの新曲).
HIRAGANA, KATAKANA, HAN = "ぁ-ゟ", "ァ-ヿ", "々㐀-鿿"
LETTERS = f"{LATIN}{HANGUL}{HIRAGANA}{KATAKANA}{HAN}"

_WORD = re.compile(f"[{HANGUL}]+|[{LATIN}]+|[{KATAKANA}]+|[{HIRAGANA}]+|[{HAN}]+")
_ASCII_WORD = re.compile("[0-9a-z]+")
# "&TEAM" is read andTEAM, or it would be every team; "GD&TOP" stays two words.
_LEADING_AMPERSAND = re.compile(f"(?:^|(?<=[^&{LETTERS}]))&(?=[a-z])")
# A plus that ends a word is a part of the name (MAMAMOO+), one between words joins them.
_CLOSING_PLUS = re.compile(f"(?<=[{LETTERS}])\\+(?![+0-9{LETTERS}])")
_ENDS_IN_HANGUL = re.compile(f"[{HANGUL}]$")

# Signs that show nothing and stand inside words: joiners, direction and variation marks, the soft
# hyphen. A Hangul filler is as good as a blank and needs no entry.
_INVISIBLE = (
    *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, 0x20E3),
    *range(0x180B, 0x180E),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0020, 0xE0080),
    *range(0xE0100, 0xE01F0),
)
# Letters drawn otherwise: full and half width, mathematical, circled, squared, letter-like, small
# above the line.
_DRAWN = (
    *range(0xFF10, 0xFF1A),
    *range(0xFF21, 0xFF3B),
    *range(0xFF41, 0xFF5B),
    *range(0xFF66, 0xFFDD),
    *range(0x1D400, 0x1D800),
    *range(0x2460, 0x2474),
    *range(0x24B6, 0x24EB),
    *range(0x1F130, 0x1F150),
    *range(0x2B0, 0x2B9),
    *range(0x2E0, 0x2E5),
    *range(0x1D2C, 0x1D6B),
    *(code for code in range(0x2100, 0x2150) if code not in (0x2116, 0x2120, 0x2121, 0x2122)),
)
_BY_HAND = (
    dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprtuvwyz", strict=True))
    | {chr(0x1F110 + i): chr(65 + i) for i in range(26)}
    | {chr(0x1F150 + i): chr(65 + i) for i in range(26)}
    | {chr(0x1F170 + i): chr(65 + i) for i in range(26)}
    # Turkish: "STRAY KİDS", and the small letter of its pair.
    | {"İ": "i", "ı": "i"}
)


def _folds() -> dict[str, str]:
    drawn = ((chr(code), unicodedata.normalize("NFKC", chr(code))) for code in _DRAWN)
    plain = {char: text for char, text in drawn if text.isalnum() or text in ("\u3099", "\u309a")}
    return plain | _BY_HAND | {chr(code): "" for code in _INVISIBLE}


_FOLDS = _folds()
_TO_PLAIN = str.maketrans(_FOLDS)
# Accents that no composed letter took (an ornament, or Turkish i with a second dot).
_LOOSE_ACCENT = re.compile("[\u0300-\u036f]+")
# What most titles have nothing of; single letters of decomposed Hangul among it.
_RARE = frozenset(_FOLDS) | {chr(code) for code in (*range(0x300, 0x370), *range(0x1100, 0x1200))}
_RARE |= {"\u3099", "\u309a"}
# The first look, which most titles pass: nothing but letters of these scripts and plain signs.
_UNUSUAL = re.compile("[^ -~가-힣ァ-ヿぁ-ゖ一-鿿ㄱ-ㅎ]")

# What may follow a Korean name inside the same word. 하/한/적 and the like are left out: they
# make verbs and adjectives of nouns (청하 is an act, 청하는 is "asking for").
_PARTICLES = """
    은 는 이 가 을 를 의 와 과 도 만 로 으로 랑 이랑 에 에게 한테 께 에서 에게서 까지 부터 보다
    처럼 마저 조차 뿐 하고 이나 나 야 아 님 씨 표 편 측 발 들 네 이가 이는 이를 이의 이도 이와 이여
    이랑은 에는 에도 에서는 에서도 에게는 까지도 만의 과의 와의 로서 님이 님의 님과 님은 들의 들이
    이라 라는 이라는 이란 란 라고 이라고 였던 이었던 인데 입니다 이다
"""
PARTICLES = frozenset(_PARTICLES.split())


def plain_letters(text: str) -> str:
    """The text with its letters as they are usually drawn, composed, nothing invisible.

    Case, punctuation and blanks stay.
    """
    if _UNUSUAL.search(text) is None or _RARE.isdisjoint(text):
        return text
    return _LOOSE_ACCENT.sub("", unicodedata.normalize("NFC", text.translate(_TO_PLAIN)))


def normalise(text: str) -> str:
    """Bring a name or title into the form in which names are compared.

    Lower case, letters and digits only, one space between words; a change of script is a word
    boundary.

    Args:
        text: Any text.

    Returns:
        The normal form; empty when nothing is left.
    """
    pattern = _ASCII_WORD
    if not text.isascii():
        text, pattern = plain_letters(text), _WORD
    text = text.lower()
    if "&" in text:
        text = _LEADING_AMPERSAND.sub(" and", text)
    if "+" in text:
        text = _CLOSING_PLUS.sub(" plus ", text)
    return " ".join(pattern.findall(text))


def is_hangul(word: str) -> bool:
    """Whether a normalised word ends in Hangul, so that a particle may follow."""
    return bool(_ENDS_IN_HANGUL.search(word))
