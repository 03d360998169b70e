"""Ratings as tables of reviews write them: numbers, parts of a whole, stars, letters, thumbs.

Belongs here: what a cell says of a rating and of its scale. Does not belong here: what a rating of
a scale is of 100 (audience/voices/rating_scales.py). Nothing is guessed: a bare number keeps no
scale but the one that its table says.
"""

from __future__ import annotations

import re
import unicodedata

from kpop_assets.contracts.audience_rules import LETTER_RATINGS, RATING_SCALES

_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_BARE = re.compile(_NUMBER)
_OF_WHOLE = re.compile(rf"{_NUMBER}\s*(?:/|of|out of)\s*(5|10|100)\s*(?:점|stars?)?")
_WHOLE_FIRST = re.compile(rf"(5|10|100)점\s*(?:만점)?(?:에|중)?\s*{_NUMBER}점?")
_PERCENT = re.compile(rf"{_NUMBER}\s*%")
_POINTS = re.compile(rf"{_NUMBER}\s*점")
_STARS = re.compile("([★⭐]{0,5})([½]?)(☆{0,5})")
_STARS_COUNTED = re.compile(rf"(?:별\s*)?{_NUMBER}\s*(?:stars?|개)")
_LETTER = re.compile("[A-F][+-]?")
_SIGNS = str.maketrans({"−": "-", "–": "-", "~": "-", "_": " "})
# What makes an emoji one, and the five tones of skin.
_TONES = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
_SCALE_OF = {"5": "1-5", "10": "1-10", "100": "0-100"}
# A rating as a part of its whole begins at nothing: it stands as so many of 100.
_FROM_NOTHING = ("0-5", "0-10")
_SCALE_NAMES = {
    **{scale: scale for scale in (*RATING_SCALES, *_FROM_NOTHING)},
    **{f"1-{most}": scale for most, scale in _SCALE_OF.items()},
    **_SCALE_OF,
    **{f"{most}{points}": _SCALE_OF[most] for most in _SCALE_OF for points in ("점", "점 만점")},
    **{f"out of {most}": scale for most, scale in _SCALE_OF.items()},
    **dict.fromkeys(("stars", "star", "5-star", "5 stars", "별점", "별"), "1-5"),
    "percent": "0-100",
    "letter": "letters",
    "thumb": "thumbs",
}
_THUMBS = {
    **dict.fromkeys(
        (
            *("up", "thumbs up", "thumb up", "like", "liked", "recommend", "recommended", "👍"),
            *("추천", "좋아요", "true", "positive", "fresh"),
        ),
        1.0,
    ),
    **dict.fromkeys(
        (
            *("down", "thumbs down", "thumb down", "dislike", "disliked", "not recommended", "👎"),
            *("비추천", "비추", "싫어요", "false", "negative", "rotten"),
        ),
        0.0,
    ),
}


def scale_named(text: str | None) -> str | None:
    """The scale that a text names: `1-10`, also as `10`, or `0-10`; as it came where it is none."""
    if text is None:
        return None
    return _SCALE_NAMES.get(_plain(text).casefold(), text)


def read_rating(text: str | None, scale: str | None) -> dict[str, object]:
    """The fields `rating`, `rating_letter` and `rating_scale` of a cell; others lack.

    What is written as a part of a whole (`4/5`, `★★★★☆`), or on a scale from 0, is of 100: 80. On
    a scale from 1 the worst is 1.

    Args:
        text: the cell: `8`, `8,5`, `4/5`, `87 %`, `★★★★☆`, `B+`, `up`. As it came where it is none.
        scale: the scale that the table says; a cell that says its own goes before.
    """
    if text is None:
        return {}
    word = _plain(text)
    if part := _part_of_whole(word):
        return _of_whole(*part, scale)
    if found := _PERCENT.fullmatch(word):
        return _rated(_number(found[1]), "0-100")
    if word.casefold() in _THUMBS:
        return _rated(_THUMBS[word.casefold()], "thumbs")
    letter = word.upper()
    if _LETTER.fullmatch(letter) and letter in LETTER_RATINGS:
        return {"rating_letter": letter, "rating_scale": "letters"}
    if found := _BARE.fullmatch(word) or _POINTS.fullmatch(word):
        if scale in _FROM_NOTHING:
            return _of_whole(_number(found[1]), scale[2:], None)
        return _rated(_number(found[1]), scale)
    return _rated(text, scale)


def _plain(text: str) -> str:
    """A cell in plain signs: of full width, dashes and tones of skin there are many."""
    # NFKC takes a half apart into digits.
    whole = text.replace("½", "\ue000")
    plain = unicodedata.normalize("NFKC", whole).replace("\ue000", "½").translate(_SIGNS)
    return _TONES.sub("", plain).strip()


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _part_of_whole(word: str) -> tuple[float, str] | None:
    """A rating and its whole, where a cell says both."""
    if found := _OF_WHOLE.fullmatch(word):
        return _number(found[1]), found[2]
    if found := _WHOLE_FIRST.fullmatch(word):
        return _number(found[2]), found[1]
    if word and (found := _STARS.fullmatch(word)):
        return len(found[1]) + len(found[2]) / 2, "5"
    if found := _STARS_COUNTED.fullmatch(word):
        return _number(found[1]), "5"
    return None


def _of_whole(rating: float, whole: str, scale: str | None) -> dict[str, object]:
    """A rating of a whole: on the table's own scale where that has this end, else of 100."""
    if scale == _SCALE_OF[whole]:
        return _rated(rating, scale)
    return _rated(round(rating * 100 / float(whole), 6), "0-100")


def _rated(rating: object, scale: str | None) -> dict[str, object]:
    return {"rating": rating, **({"rating_scale": scale} if scale else {})}
