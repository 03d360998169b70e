"""Which of several things a word means.

Belongs here: the choice among candidates, pure. Does not belong here: asking for them (outside/).

A thing without the very name is none: rather nothing than something else. For an act of the
catalogue one that is no act is none either. Songs, acts and shows come before what else has the
name, because the words are of videos that people watch for those.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kpop_assets.catalog.names import normalise
from kpop_assets.lens.outside.things import (
    ALBUM,
    EVENT,
    FILM,
    GROUP,
    ORGANISATION,
    PERSON,
    PLACE,
    SHOW,
    SONG,
    THING,
    Thing,
)
from kpop_assets.lens.outside.wikidata import FoundItem

_NAME_SHARE, _TYPE_SHARE, _ARTICLE_SHARE = 0.5, 0.3, 0.2
_LIKELY = {
    **{GROUP: 1.0, PERSON: 0.9, SONG: 0.8, ALBUM: 0.7, SHOW: 0.7, FILM: 0.6},
    **{ORGANISATION: 0.5, EVENT: 0.5, PLACE: 0.4, THING: 0.2},
}
_ACT = re.compile(
    r"\b(?:k-?pop|(?:boy|girl|idol)\s?(?:band|group)|band|musical (?:group|duo|ensemble)|duo|trio"
    r"|singers?|rappers?|idol|musician|songwriter|vocalist|sub-?unit)\b"
    r"|가수|아이돌|그룹|걸\s?그룹|보이\s?그룹|밴드|래퍼|음악가|듀오|싱어송라이터",
    re.IGNORECASE,
)
_WATCHED = re.compile(
    rf"{_ACT.pattern}|\b(?:songs?|single|album|ep|television|tv|drama|series|film|actor|actress"
    r"|South Korean?)\b|노래|싱글|음반|앨범|드라마|예능|방송|영화|배우|대한민국|한국",
    re.IGNORECASE,
)


def pick_thing(word: str, things: Sequence[Thing]) -> tuple[Thing, float] | None:
    """The likeliest of the things with a word's name, and how sure that is (0 to 1)."""
    named = [thing for thing in things if _has_name(word, thing.names)]
    if not named:
        return None
    best = max(named, key=_likelihood)  # of equal ones the first
    return best, round(_NAME_SHARE + _likelihood(best), 3)


def pick_item(names: Sequence[str], found: Sequence[FoundItem], is_act: bool) -> FoundItem | None:
    """The likeliest of the items that a search found under one of these names."""
    named = [item for item in found if _has_name(item.matched, names)]
    pattern = _ACT if is_act else _WATCHED
    told = [item for item in named if pattern.search(item.description)]
    rest = [] if is_act else named
    return next(iter([*told, *rest]), None)


def _has_name(word: str, names: Sequence[str]) -> bool:
    return normalise(word) in {normalise(name) for name in names}


def _likelihood(thing: Thing) -> float:
    has_article = bool(thing.wikipedia_ko or thing.wikipedia_en)
    return _TYPE_SHARE * _LIKELY[thing.type] + _ARTICLE_SHARE * has_article
