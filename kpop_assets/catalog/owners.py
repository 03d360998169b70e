"""What a channel's name says: whose own it is, and what it speaks of.

Here belongs the reading of names that people gave to their channels. Labels ("NAME - Topic", a
chart's artist) are read in ``labels``, titles in ``titles``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from kpop_assets.catalog.catalog import Artist, Catalog
from kpop_assets.catalog.cues import FIRST_NAMES, LABEL_CHANNELS, OFFICIAL_WORDS, THINGS
from kpop_assets.catalog.finder import Finder, has_asian_letter
from kpop_assets.catalog.lexicon import clear_names, pairs, vague_names
from kpop_assets.catalog.names import is_hangul, normalise
from kpop_assets.catalog.senses import Context, is_rare

_SEGMENTS = re.compile(r"[()\[\]{}|/<>【】「」『』_:,·•]+| [-–—] ")
_GLUED = re.compile(r"(official|vevo|공식)")
_SQUEEZED_LETTERS = 5
_NICKNAME = re.compile(r"[^()]+\((?P<name>[가-힣]{3,4})\)")


# How sure a name makes a channel the act's: alone; a first name, beside Hangul or a bare song's
# title; a thing, beside the latter; or with a second cue only.
Surety = Literal["clear", "shared", "thing", "common"]
_OFFICIAL_MARKS = frozenset(("official", "vevo", "공식", "오피셜", "公式"))


class Owner(NamedTuple):
    """The act that a channel's name names as a whole."""

    act: int
    surety: Surety


@dataclass(frozen=True)
class ChannelName:
    """What the name of a channel says.

    Attributes:
        owner: The act whose name it is.
        is_official: Whether the name calls itself official.
        is_label: A company, broadcaster or stage: never an act's own.
        context: What it says beside a title.
    """

    owner: Owner | None
    is_official: bool
    is_label: bool
    context: Context


class ChannelReader:
    """Reads names of channels against a catalogue."""

    def __init__(self, catalog: Catalog, finder: Finder) -> None:
        self._catalog, self._finder = catalog, finder
        self._owners = _own_names(catalog)

    def read(self, name: str) -> ChannelName:
        """What the name of a channel says."""
        found = self._finder.find(name)
        whole = found.line.strip()
        is_label = whole in LABEL_CHANNELS
        words = _unglued(whole)
        is_official = not _OFFICIAL_MARKS.isdisjoint(words)
        owner = None if is_label else self._owner(name, words, is_official)
        acts = {
            hit.row.act_number
            for hit in found.hits
            if hit.row.role != "vague" or is_rare(hit.row.spelling)
        }
        is_written_so = owner is not None and self._is_written_so(owner.act, name)
        if owner is not None and not is_written_so and owner.surety in ("shared", "thing"):
            owner = Owner(owner.act, "common")
        is_sure = owner is not None and owner.surety in ("clear", "shared")
        if owner is not None and is_sure:
            acts.add(owner.act)
        is_kpop = is_label or found.has_kpop
        letters = whole.replace(" ", "")
        context = Context(
            frozenset(acts),
            None if owner is None or is_sure or not is_written_so else owner.act,
            is_kpop,
            has_asian_letter(found.line),
            letters,
            owner is not None,
        )
        return ChannelName(owner, is_official, is_label, context)

    def _is_written_so(self, act: int, name: str) -> bool:
        """Whether a channel has an act's name letter by letter: Joy and ReN are not JOY and REN."""
        return name.islower() or any(own in name for own in self._catalog.acts[act].names)

    def _owner(self, name: str, words: list[str], is_official: bool) -> Owner | None:
        whole = self._named(words)
        if whole is not None:
            return whole
        texts = [text for text in _SEGMENTS.split(name) if text.strip()]
        parts = [self._named(_unglued(normalise(text))) for text in texts]
        known = [part for part in parts if part is not None]
        if len({part.act for part in known}) != 1:
            return None
        if len(known) == 1 and self._is_real_name(known[0].act, name):
            return Owner(known[0].act, "common")
        is_all = len(known) > 1 and len(known) == len(parts)
        is_one = is_official and any(part.surety == "clear" for part in known)
        return Owner(known[0].act, "clear") if is_all or is_one else None

    def _is_real_name(self, act: int, name: str) -> bool:
        """홍기종기 (이홍기): a soloist's full name behind a nickname or a fan's name."""
        shape = _NICKNAME.fullmatch(name.strip())
        soloist = self._catalog.acts[act]
        return shape is not None and soloist.kind == "solo" and shape["name"] in soloist.names

    def _named(self, words: list[str]) -> Owner | None:
        every = " ".join(word for word in words if word not in _OFFICIAL_MARKS)
        if owner := self._owners.get(every):
            return owner
        owner = self._owners.get(" ".join(word for word in words if word not in OFFICIAL_WORDS))
        # "Vibe Music", "Rain TV": what is cut may be half of another name.
        return owner if owner is None or owner.surety == "clear" else Owner(owner.act, "common")


def _unglued(line: str) -> list[str]:
    """Words, "officialse7en" and "btsvevo" taken apart."""
    return _GLUED.sub(r" \1 ", line).split()


def _own_names(catalog: Catalog) -> dict[str, Owner]:
    names: dict[str, Owner] = {}
    for number, act in enumerate(catalog):
        for name in vague_names(act):
            if catalog.owner(name) in (act, None):
                names.setdefault(name, Owner(number, _surety(name)))
    for number, act in enumerate(catalog):
        for name in pairs(act) | clear_names(act):
            names[name] = Owner(number, "clear")
    for number, act in enumerate(catalog):
        for name in _squeezed(act):
            names.setdefault(name, Owner(number, "clear"))
    return names


def _surety(name: str) -> Surety:
    """Of an everyday word that is the whole name of a channel."""
    if is_rare(name):
        return "clear"
    if name in THINGS and not is_hangul(name):
        # Beside Hangul a channel called Red Velvet is the act's; one called Rain may be anybody's.
        return "shared" if " " in name else "thing"
    return "shared" if name in FIRST_NAMES else "common"


def _squeezed(act: Artist) -> Iterator[str]:
    """Names written as one word, alone or beside the Korean one: 박지윤 parkjiyoon."""
    for name in clear_names(act):
        short = name.replace(" ", "")
        if len(short) >= _SQUEEZED_LETTERS:
            yield short
    names = [normalise(name) for name in act.names]
    latin = {name.replace(" ", "") for name in names if not is_hangul(name)}
    for korean, other in product(filter(is_hangul, names), latin):
        yield f"{korean} {other}"
        yield f"{other} {korean}"
