"""A second, slow matcher in plain Python that shares only the word lists with the engine's.

It walks over the characters of a title and compares words in place; it builds no table of joined
spellings, uses no hash look-up and no normalising expression.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from kpop_assets.catalog.catalog import OTHER, Artist, Catalog
from kpop_assets.catalog.lexicon import MUSIC_WORDS
from kpop_assets.catalog.names import PARTICLES

Words = tuple[str, ...]


@cache
def script(char: str) -> str:
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3 or char == "\ufffd":
        return "hangul"
    if 0x3041 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF:
        return "east"
    letter = char.isascii() and char.isalnum()
    accented = (0xDF <= code <= 0x24F and char != "÷") or 0x370 <= code <= 0x52F
    return "latin" if letter or accented or 0x1E00 <= code <= 0x1EFF else ""


@cache
def words(text: str) -> Words:
    chars = []
    for char in unicodedata.normalize("NFC", text):
        narrow = unicodedata.normalize("NFKC", char) if "０" <= char <= "ｚ" else char
        chars.extend(narrow.lower())
    spelled: list[str] = []
    for place, char in enumerate(chars):
        before = chars[place - 1] if place else " "
        after = chars[place + 1] if place + 1 < len(chars) else " "
        opens = char == "&" and before != "&" and not script(before)
        spelled += [" ", *"and"] if opens and "a" <= after <= "z" else [char]
    return tuple("".join(run) for kind, run in groupby(spelled, key=script) if kind)


@dataclass(frozen=True)
class Found:
    """A name that stands at a word of a title."""

    place: int
    spelling: str
    artist: str
    role: str


class Oracle:
    """The rules, spelled out for one title at a time."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.names: dict[str, list[Words]] = {}
        self.vague: dict[str, set[Words]] = {}
        owners: dict[Words, set[str]] = {}
        for act in catalog:
            self.names[act.artist] = list(dict.fromkeys(words(name) for name in act.names))
            self.vague[act.artist] = {words(name) for name in act.ambiguous}
            for name in self.names[act.artist]:
                owners.setdefault(name, set()).add(act.artist)
        self.owners = owners
        self.by_first: dict[str, list[tuple[Artist, Words, str]]] = {}
        for act in catalog:
            for name, role in self._spellings(act):
                self.by_first.setdefault(name[0][0], []).append((act, name, role))
        self.members: dict[str, list[Artist]] = {}
        for act in catalog:
            if act.group:
                self.members.setdefault(act.group, []).append(act)

    def _spellings(self, act: Artist) -> Iterator[tuple[Words, str]]:
        own = self.names[act.artist]
        for name in own:
            role = "vague" if name in self.vague[act.artist] else "clear"
            yield name, role
            short = "".join(name)
            least = 4 if korean(name) else 8
            if len(name) > 1 and len(short) >= least and words(" ".join(name)) == name:
                tag = " ".join(words(short))
                known = {" ".join(other) for other in self.owners}
                if short not in known and tag != " ".join(name):
                    yield (short,), role
        for cue in act.cues:
            yield words(cue), "cue"

    def tag(self, text: str, author_id: str | None, author: str | None, source: str) -> str:
        """The artist of one row."""
        label = author or ""
        named = label not in ("Release - Topic", "Various Artists - Topic")
        topic = label.endswith(" - Topic") and named
        chart = source == "spotify_chart"
        mention = OTHER if topic or chart else self.mention(text, label)
        for act in self.catalog:
            if author_id in act.channels:
                ours = mention != OTHER and self.catalog[mention].group == act.artist
                return mention if ours else act.artist
        if topic or chart:
            return self.credit(label if chart else label.removesuffix(" - Topic"))
        return mention

    def credit(self, label: str) -> str:
        """The act that a label names as a whole."""
        wanted = words(label)
        owner = self.catalog.find(label)
        if owner:
            return owner.artist
        for act in self.catalog:
            names = self.names[act.artist]
            if any(korean(a) != korean(b) and a + b == wanted for a in names for b in names):
                return act.artist
        for act in self.catalog:
            name, bracket, _ = act.artist.partition(" (")
            if bracket and act.artist.endswith(")") and words(name) == wanted:
                return act.artist
        return OTHER

    def mention(self, text: str, author: str) -> str:
        """The act that a title mentions first."""
        title = words(text)
        found = [hit for place in range(len(title)) for hit in self._at(title, place)]
        sure = {hit.artist for hit in found if hit.role in ("clear", "cue")}
        good = [
            hit
            for hit in found
            if hit.role == "clear"
            or (
                hit.role == "vague"
                and (hit.artist in sure or self._cued(hit, found, title, author))
            )
        ]
        good.sort(key=lambda hit: (hit.place, -len(hit.spelling), hit.artist))
        return good[0].artist if good else OTHER

    def _at(self, title: Words, place: int) -> Iterator[Found]:
        rest = title[place:]
        for act, name, role in self.by_first.get(rest[0][0], []):
            if starts(rest, name):
                yield Found(place, " ".join(name), act.artist, role)
            elif role == "cue" or rest[: len(name) - 1] != name[:-1]:
                continue
            yield from self._longer(rest, place, act, name)

    def _longer(self, rest: Words, place: int, act: Artist, name: Words) -> Iterator[Found]:
        names = self.names[act.artist]
        if name not in names:
            return
        for other in names:
            if korean(other) != korean(name):
                yield from found(rest, place, act, name + other)
        group = self.catalog[act.group] if act.group else None
        if group and name in self.vague[act.artist]:
            for band in self._bands(group):
                for joint in ((), ("of",), ("from",)):
                    yield from found(rest, place, act, name + joint + band)
        for band in self._bands(act):
            if rest[: len(name)] == name or korean(name):
                for member in self.members.get(act.artist, []):
                    yield from self._member(rest, place, member, band)

    def _member(self, rest: Words, place: int, member: Artist, band: Words) -> Iterator[Found]:
        possessive = (*band[:-1], band[-1] + "의") if korean(band) else (*band, "s")
        for own in self.names[member.artist]:
            yield from found(rest, place, member, band + own)
            yield from found(rest, place, member, possessive + own)

    def _bands(self, group: Artist) -> Iterator[Words]:
        yield from self.names[group.artist]
        if group.name_ko and words(group.name_ko) != words(group.artist):
            yield words(group.artist) + words(group.name_ko)
            yield words(group.name_ko) + words(group.artist)

    def _cued(self, hit: Found, hits: Iterable[Found], title: Words, author: str) -> bool:
        same = [h for h in hits if h.artist == hit.artist and h.role == "vague"]
        return any(self._music(h, title) for h in same) or self._by_author(hit.artist, author)

    def _music(self, hit: Found, title: Words) -> bool:
        name = tuple(hit.spelling.split())
        claimants = self.owners.get(name, {hit.artist})
        owner = self.catalog.find(hit.spelling)
        if len(claimants) > 1 and owner is not None and owner.artist != hit.artist:
            return False
        if max(map(len, name)) < (2 if korean(name) else 3):
            return False
        for word in (tuple(cue.split()) for cue in MUSIC_WORDS):
            for place in range(len(title) - len(word) + 1):
                here = title[place : place + len(word)]
                tail = here[-1].removeprefix(word[-1])
                short = len(tail) <= 2 and all(script(char) == "hangul" for char in tail)
                if here[:-1] == word[:-1] and here[-1].startswith(word[-1]) and short:
                    return True
        return False

    def _by_author(self, artist: str, author: str) -> bool:
        credit = words(author)
        for place, word in enumerate(credit):
            marks = ("official", "channel", "vevo", "tv", "music", "공식", "오피셜")
            if place and word in marks:
                credit = credit[:place]
                break
        for name in self.names[artist]:
            if name in self.vague[artist] and credit == name:
                return True
            spans = (credit[at : at + len(name)] for at in range(len(credit)))
            if name not in self.vague[artist] and any(span == name for span in spans):
                return True
        return False


def found(rest: Words, place: int, act: Artist, name: Words) -> Iterator[Found]:
    if len(set(name)) > 1 and starts(rest, name):
        yield Found(place, " ".join(name), act.artist, "clear")


def korean(name: Words) -> bool:
    return script(name[-1][-1]) == "hangul"


def starts(rest: Words, name: Words) -> bool:
    head, last = rest[: len(name) - 1], rest[len(name) - 1 : len(name)]
    if not last or head != name[:-1]:
        return False
    if last[0] == name[-1]:
        return True
    tail = last[0].removeprefix(name[-1])
    carries = korean(name) and len(" ".join(name)) > 1
    return carries and last[0].startswith(name[-1]) and tail in PARTICLES
