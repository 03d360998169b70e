"""What a caller would rather be told in: a language, a form.

Belongs here: reading `Accept` and `Accept-Language` as RFC 9110 has them. Does not belong here: the
words of an answer, or writing a form.
"""

from __future__ import annotations

from collections.abc import Sequence

# Of a header only so much is looked at.
_MOST_PARTS = 20


def language_accepted(header: str | None) -> str:
    """`ko` where Korean is asked for before English, else `en`."""
    korean = english = 0.0
    for tag, weight in _weighed(header or ""):
        main = tag.partition("-")[0]
        if main == "ko":
            korean = max(korean, weight)
        elif main in ("en", "*"):
            english = max(english, weight)
    return "ko" if korean > english else "en"


def form_accepted(header: str | None, offered: Sequence[str]) -> str | None:
    """The media type that is accepted most of those offered, the first where it is all the same.

    None where none is accepted; everything is where nothing is said.
    """
    asked = _weighed(header or "*/*")
    weighed = [(_weight_for(media, asked), -place) for place, media in enumerate(offered)]
    best, place = max(weighed)
    return offered[-place] if best > 0 else None


def _weight_for(media: str, asked: list[tuple[str, float]]) -> float:
    """The weight of a media type: the one that names it most closely counts."""
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    for each in ranges:
        found = [weight for name, weight in asked if name == each]
        if found:
            return max(found)
    return 0.0


def _weighed(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(",")[:_MOST_PARTS]:
        name, *options = (piece.strip().lower() for piece in part.split(";"))
        weight = next((each[2:] for each in options if each.startswith("q=")), "1")
        if name:
            found.append((name, _number(weight)))
    return found


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0
