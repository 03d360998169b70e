"""What a track's title says: the song, its version, its guests.

Belongs here: words that stand for a version, and how titles write them. Does not belong here: which
tracks are one work (works.py), or whose track it is (catalog/).

A version stands in brackets, behind a dash, or at the end ("Inst."). A remix is another arrangement
and keeps its name; everything else that is called a version is taken off. Titles in two scripts
("봄날 (Spring Day)") are the same song under either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from kpop_assets.catalog.names import normalise

# Kinds that are another arrangement: their words stay in the work's title.
ARRANGED = frozenset({"remix"})
_VER = r"(?:ver(?:sion)?s?\b\.?|버[전젼]|ヴァージョン|バージョン|版)"
_LANGUAGES = {
    "japanese": r"japanese|jpn?|jap|일본어|일어|日本語",
    "english": r"english|eng|영어|영문",
    "korean": r"korean|kor|kre?|한국어|韓国語|국문",
    "chinese": r"chinese|chn|chi|cn|mandarin|중국어|中文|中国語",
    "spanish": r"spanish|spa|스페인어",
    "thai": r"thai",
}
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "instrumental",
        re.compile(r"\binst\b|\binstrumental\b|\bkaraoke\b|\boff vocal\b|^mr$|반주|インスト"),
    ),
    ("remaster", re.compile(r"\bre-?master(?:ed|ing)?\b|리마스터")),
    (
        "live",
        re.compile(r"\blive\b|\bunplugged\b|\bin concert\b|\bconcert\b|라이브|콘서트|ライブ"),
    ),
    ("acoustic", re.compile(r"\bacoustic\b|어쿠스틱|\bunplugged\b")),
    ("orchestra", re.compile(r"\borchestra(?:l)?\b|\bsymphonic\b|오케스트라")),
    ("piano", re.compile(rf"\bpiano\b.*{_VER}|^piano$")),
    ("a_cappella", re.compile(r"\ba ?cap+ella\b|아카펠라")),
    ("demo", re.compile(r"\bdemo\b|데모")),
    ("speed", re.compile(r"\bsped[- ]up\b|\bspeed[- ]up\b|\bslowed\b|\bnightcore\b")),
    (
        "edit",
        re.compile(r"\bedit(?:ed|ion)?\b|\bextended\b|\bfull[- ]length\b|\bshort\b|\bradio\b"),
    ),
    ("remix", re.compile(r"\b(?:re)?mixx?\b|\brmx\b|리믹스|リミックス")),
    *(
        (name, re.compile(rf"(?:\b|^)(?:{words})(?:\b|$)\W*{_VER}|^\W*(?:{words})\W*$"))
        for name, words in _LANGUAGES.items()
    ),
)
_ANY_VERSION = re.compile(rf"(?:\b|(?<=[^a-z])){_VER}")
KINDS = (*(name for name, _ in _KINDS), "other")
_GUEST = re.compile(r"^\W*(?:feat|ft|featuring|with|w/|prod|produced by|duet with)\b")
_GUEST_BEHIND = re.compile(r"\s(?:feat|ft|featuring)\b\.?\s.*$", re.I)
# What says where a track is from, and nothing of how it sounds.
_PLACE = re.compile(
    r"^\W*(?:from|bonus track|cd only|hidden track|title(?: track)?|ost)\b|\bo\.?s\.?t\b"
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BETWEEN_DASHES = re.compile(r"\s*[-~]\s*([^-~]+?)\s*[-~]\s*(?=$|[(\[])")
_DASH = re.compile(r"\s+[-–—~|]\s+")
_AT_END = re.compile(
    rf"\s((?:{'|'.join(_LANGUAGES.values())})\W*{_VER}|inst\.?|instrumental)$", re.I
)
_EASTERN = re.compile(r"[ᄀ-ᇿ가-힣ぁ-ヿ㐀-鿿]")
_LATIN = re.compile(r"[a-z]", re.I)
_BRACKET_SIGNS = str.maketrans("【】〔〕「」『』", "[][][][]")


class TrackTitle(NamedTuple):
    """A title taken apart.

    Attributes:
        work_title: The song's title, without versions and guests.
        keys: How the song is called, in forms that can be compared; the first is the title's own.
        kinds: What the version is, of `KINDS`, in their order; empty for the plain song.
    """

    work_title: str
    keys: tuple[str, ...]
    kinds: tuple[str, ...]


@lru_cache(maxsize=1 << 17)
def read_title(title: str) -> TrackTitle:
    """Take a title apart."""
    text = unicodedata.normalize("NFKC", title).translate(_BRACKET_SIGNS).strip("\ufeff \t")
    text = _GUEST_BEHIND.sub(_unless_in_brackets, text)
    kinds: set[str] = set()
    kept: list[str] = []
    rest = _BETWEEN_DASHES.sub(lambda found: f" ({found[1]})", text)
    rest = _BRACKETS.sub(lambda found: _taken(found[0], found[1], kinds, kept), rest)
    first, *others = _DASH.split(rest)
    for part in others:
        first += _taken(f" - {part}", part, kinds, kept)
    if found := _AT_END.search(first):
        kinds |= set(_kinds_of(found[1]))
        first = first[: found.start()]
    bare = " ".join(first.split()).strip(" -~/|")
    if not normalise(bare):
        bare, kept = text, []
    work_title = " ".join([bare, *kept])
    keys = tuple(dict.fromkeys(_key(name, kept) for name in _names(bare)))
    return TrackTitle(work_title, keys, tuple(kind for kind in KINDS if kind in kinds))


def _unless_in_brackets(found: re.Match[str]) -> str:
    """Guests behind a title go, with all that follows; those in brackets are brackets' business."""
    before = found.string[: found.start()]
    return found[0] if before.count("(") + before.count("[") > _closed(before) else ""


def _closed(text: str) -> int:
    return text.count(")") + text.count("]")


def _taken(whole: str, part: str, kinds: set[str], kept: list[str]) -> str:
    """What stays of a part in place; its kinds and what is kept of it go into the lists."""
    folded = part.casefold().strip()
    found = _kinds_of(folded)
    if found:
        kinds |= set(found)
        if ARRANGED.intersection(found):
            kept.append(f"({_GUEST_BEHIND.sub('', part).strip()})")
        return " "
    return " " if _GUEST.search(folded) or _PLACE.search(folded) else whole


def _kinds_of(part: str) -> list[str]:
    folded = part.casefold().strip()
    # "feat. DJ Mix" names a guest.
    if _GUEST.search(folded):
        return []
    found = [name for name, words in _KINDS if words.search(folded)]
    return found or (["other"] if _ANY_VERSION.search(folded) else [])


def _names(bare: str) -> Iterable[str]:
    """The whole title; and its parts, where they are in two scripts."""
    yield bare
    inside = _BRACKETS.findall(bare)
    outside = _BRACKETS.sub(" ", bare)
    parts = [part for text in (outside, *inside) for part in text.split("/") if normalise(part)]
    for part in parts:
        others = " ".join(other for other in parts if other != part)
        if _is_eastern(part) != _is_eastern(others) and len(parts) > 1:
            yield part


def _is_eastern(text: str) -> bool:
    return _EASTERN.search(text) is not None and _LATIN.search(text) is None


def _key(name: str, kept: list[str]) -> str:
    words = normalise(" ".join([name, *kept])).replace(" ", "")
    return words or name.casefold()
