"""How a title is put together: where its signs and brackets stand.

Here belongs what punctuation says, which the normal form has no more. Names are found in
``finder``.
"""

from __future__ import annotations

import re

from kpop_assets.catalog.names import plain_letters

_SONG = re.compile(
    r"(?P<name>[^()\[\]|#/]{1,40})\((?P<other>[^()]{1,60})\)\s*"
    r"(?:\(?(?:feat|ft|with|prod|inst|remix)\b.*)?",
    re.IGNORECASE,
)
# What may stand before the name that a title begins with: [MV], 【lyrics】.
_OPENING = r"\W*(?:[\[(【][^\])】]*[\])】]\W*)?"
_SIGN = r"[-–—:|'\"‘’“”「」『』()\[\]【】<>《》{},&/+×~_]"
# What is said of those who are on a stage or in a show, and what of films and games.
_ON_STAGE = "(?i:performs?|sings?|answers?|reacts?|takes? over)"
_FILM = re.compile(
    r"\b(?:trailer|teaser|film|movie|season|episode|ep|gameplay|game|netflix|series|vs)\b", re.I
)
_HANGUL = re.compile("[가-힣]")
_BARE = re.compile(r"[a-z0-9' ’&.,-]+(?:\([a-z0-9' ’&.,-]+\))?", re.IGNORECASE)
_BARE_WORDS = 5
_LATIN = re.compile("[a-z]", re.IGNORECASE)


def are_listed(first: str, second: str, title: str) -> bool:
    """Whether two names stand side by side with a comma or the like between: WINNER, IVE & TWS."""
    listed = rf"{_spelled(first)}[\w()]*\s*[,&+·/、×]\s*{_spelled(second)}"
    return re.search(listed, plain_letters(title).lower()) is not None


def _spelled(spelling: str) -> str:
    return r"\W+".join(map(re.escape, spelling.split()))


def leads(spelling: str, title: str) -> bool:
    """Whether a title begins with the name, set off by a sign: NAME - Song, NAME 'Song'."""
    begins = rf"{_OPENING}{_spelled(spelling)}[.!]?\s*(?:{_SIGN}|$|(?:x|feat|ft)\b)"
    return re.match(begins, plain_letters(title).lower()) is not None


def is_quoting(names: tuple[str, ...], title: str) -> bool:
    """Whether a title begins with a name as it is written and a quote: SEVENTEEN 『今』."""
    text = plain_letters(title)
    return any(
        re.match(rf"{_OPENING}{re.escape(name)}\s*[『「'‘\"“]", text) is not None for name in names
    )


def opens_in_capitals(names: tuple[str, ...], title: str) -> bool:
    """Whether a title begins with a name in capitals, and goes on as songs on a stage are told.

    "TWICE: Set Me Free", "SEVENTEEN - MAESTRO @ Glastonbury", "TWICE Performs ..."; no trailer.
    """
    text = plain_letters(title)
    return (
        not text.isupper()
        and _FILM.search(text) is None
        and any(
            re.match(rf"{_OPENING}{re.escape(name)}(?:\s*[-–—:]\s|\s{_ON_STAGE}\b)", text)
            for name in names
            if name.isupper()
        )
    )


def is_apart(spelling: str, title: str) -> bool:
    """Whether a title begins with the name, or has it between signs: Song (NAME)."""
    name = _spelled(spelling)
    between = rf"{_SIGN}\s*{name}\s*(?:{_SIGN}|$|(?:x|feat|ft)\b)"
    text = plain_letters(title).lower()
    return re.match(rf"{_OPENING}{name}(?![0-9a-zß-ɏ])", text) is not None or bool(
        re.search(between, text)
    )


def is_in_small(spelling: str, title: str) -> bool:
    """Whether a name stands in a title in small letters and never otherwise."""
    found = re.findall(rf"(?<!\w){_spelled(spelling)}(?!\w)", plain_letters(title), re.IGNORECASE)
    return bool(found) and all(text.islower() for text in found)


def is_second_name(spelling: str, title: str) -> bool:
    """Whether a name is written as people's are and stands behind another: Charlie Rose."""
    behind = rf"\b[A-Z][a-z]+ {_spelled(spelling).title()}\b"
    return re.search(behind, plain_letters(title)) is not None


def ends_in_aside(spelling: str, title: str) -> bool:
    """Whether a title ends in a word set behind it: Making a Movie (BTS), Our Wedding | BTS."""
    aside = rf"\w[^\w|(\[]*[|(\[]\s*{_spelled(spelling)}\W*$"
    return re.search(aside, plain_letters(title).lower()) is not None


def is_song_title(title: str) -> bool:
    """Whether a title is a song's in Korean and in English and nothing more: 기도 (A Prayer).

    Of 3,689 popular Korean titles of all kinds three have this shape and are no song's; of titles
    on acts' own channels a quarter has it. Two English ones are the same: Love Clock (Love Clock).
    """
    if _is_told_twice(title.strip()):
        return True
    shape = _SONG.fullmatch(title.strip())
    if shape is None:
        return False
    name, other = shape["name"], shape["other"]
    if name.strip().lower() == other.strip().lower():
        return True
    korean, foreign = (name, other) if _HANGUL.search(name) else (other, name)
    return bool(_HANGUL.search(korean) and _LATIN.search(foreign)) and not _HANGUL.search(foreign)


def _is_told_twice(title: str) -> bool:
    """Song (Song), brackets within it or not: TGIF (Solo) (TGIF (Solo))."""
    half = (len(title) - len(" ()")) // 2
    return half > 0 and title == f"{title[:half]} ({title[:half]})"


def is_bare_title(title: str) -> bool:
    """Whether a title is a few Latin words and nothing else, as songs are called: Hold On (Inst.).

    Of 3,500 popular Korean titles on channels that are no Topic channels 80 are so.
    """
    return _BARE.fullmatch(title.strip()) is not None and len(title.split()) <= _BARE_WORDS
