"""Ratings as tables of reviews write them: numbers, parts of a whole, stars, letters, thumbs.

Belongs here: what a cell says of a rating and of its scale. Does not belong here: what a rating of
a scale is of 100 (audience/rating_scales.py). Nothing is guessed: a bare number keeps no scale
but the one that its table says.
"""

from __future__ import annotations

import re

from kpop_assets.contracts.audience_rules import LETTER_RATINGS, RATING_SCALES

_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_BARE = re.compile(_NUMBER)
_OF_WHOLE = re.compile(rf"{_NUMBER}\s*(?:/|of|out of)\s*(5|10|100)")
_PERCENT = re.compile(rf"{_NUMBER}\s*%")
_POINTS = re.compile(rf"{_NUMBER}\s*점")
_STARS = re.compile("(★{0,5})(☆{0,5})")
_LETTER = re.compile("[A-F][+-]?")
_MINUS_SIGNS = str.maketrans("−–", "--")
_SCALE_OF = {"5": "1-5", "10": "1-10", "100": "0-100"}
_SCALE_NAMES = {
    **{scale: scale for scale in RATING_SCALES},
    **{f"{least}-{most}": _SCALE_OF[most] for least in "01" for most in _SCALE_OF},
    **_SCALE_OF,
    **{f"{most}{points}": _SCALE_OF[most] for most in _SCALE_OF for points in ("점", "점 만점")},
    **dict.fromkeys(("stars", "star", "별점", "별"), "1-5"),
    "percent": "0-100",
    "letter": "letters",
    "thumb": "thumbs",
}
_THUMBS = {
    **dict.fromkeys(
        ("up", "thumbs up", "like", "liked", "recommended", "👍", "추천", "좋아요"), 1.0
    ),
    **dict.fromkeys(("down", "thumbs down", "dislike", "not recommended", "👎", "비추천"), 0.0),
}


def scale_named(text: str | None) -> str | None:
    """The scale that a text names: `1-10`, also as `0-10` or `10`; as it came where it is none."""
    if text is None:
        return None
    return _SCALE_NAMES.get(text.strip().casefold(), text)


def read_rating(text: str | None, scale: str | None) -> dict[str, object]:
    """The fields `rating`, `rating_letter` and `rating_scale` of a cell; others lack.

    Args:
        text: the cell: `8`, `8,5`, `4/5`, `87 %`, `★★★★☆`, `B+`, `up`. As it came where it is none.
        scale: the scale that the table says; a cell that says its own goes before.
    """
    if text is None:
        return {}
    word = text.strip()
    if found := _OF_WHOLE.fullmatch(word):
        return _rated(_number(found[1]), _SCALE_OF[found[2]])
    if found := _PERCENT.fullmatch(word):
        return _rated(_number(found[1]), "0-100")
    if word and (found := _STARS.fullmatch(word)) and len(word) == 5:
        return _rated(float(len(found[1])), "1-5")
    if word.casefold() in _THUMBS:
        return _rated(_THUMBS[word.casefold()], "thumbs")
    letter = word.upper().translate(_MINUS_SIGNS)
    if _LETTER.fullmatch(letter) and letter in LETTER_RATINGS:
        return {"rating_letter": letter, "rating_scale": "letters"}
    if found := _BARE.fullmatch(word) or _POINTS.fullmatch(word):
        return _rated(_number(found[1]), scale)
    return _rated(text, scale)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _rated(rating: object, scale: str | None) -> dict[str, object]:
    return {"rating": rating, **({"rating_scale": scale} if scale else {})}
