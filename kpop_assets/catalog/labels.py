"""Whom a label credits: the name of a Topic channel, or the artist of a chart's row.

Here belongs how credits are written: "NAME (GROUP)", "A & B", "feat.". A label is what a company
entered, so it decides alone; names of other channels are read in ``owners``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kpop_assets.catalog.catalog import Artist, Catalog
from kpop_assets.catalog.credits import Role
from kpop_assets.catalog.lexicon import NAMESAKES, clear_names, pairs
from kpop_assets.catalog.names import normalise, plain_letters

TOPIC_SUFFIX = " - Topic"
# Topic channels of releases by several acts: the label names none of them, the title may.
UNNAMED_TOPICS = ("Release - Topic", "Various Artists - Topic")
SPOTIFY_SOURCE = "spotify_chart"
_GUESTS = re.compile(
    r"[\s(\[]+(?:feat|ft|featuring|with|prod|produced by|duet with)\b[.:]?\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:&|,|;|×|\+|/|·|、|，)\s*|\s+(?:x|X|and|vs\.?)\s+")
_OF_GROUP = re.compile(r"^(.*?)\s*[(\[]\s*(?:from|of)?\s*(.*?)\s*[)\]]$", re.IGNORECASE)
_FROM_GROUP = re.compile(r"^(.*?)\s+(?:from|of)\s+(.*)$", re.IGNORECASE)
_UNIT_WORDS = 2
# DK and J are many people.
_INITIALS = 2
_NO_UNIT = {"tribute", "cover", "covers", "karaoke", "band", "piano", "orchestra", "kids"}


class LabelReader:
    """Reads the artists that a label credits."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._credits = _credits(catalog)
        self._members = _members(catalog)

    def read(self, label: str) -> list[tuple[int, Role]]:
        """The acts of the catalogue in a label, in order, each with its role."""
        label = plain_letters(label)
        whole = self.whole(label)
        if whole is not None:
            return [(whole, "main")]
        mains, *guests = _GUESTS.split(label)
        credited: dict[int, Role] = dict.fromkeys(self._several(mains), "main")
        for text in guests:
            for act in self._several(text):
                credited.setdefault(act, "featured")
        return list(credited.items())

    def _several(self, text: str) -> list[int]:
        whole = self.whole(text)
        if whole is not None:
            return [whole]
        parts = [part for part in _BETWEEN.split(text) if part.strip(" ()[]")]
        if len(parts) == 1:
            return self._unit(text)
        return [act for part in parts if (act := self.whole(part)) is not None]

    def whole(self, text: str) -> int | None:
        """The act that a text names and nothing beside it."""
        act = self._credits.get(normalise(text))
        if act is None:
            act = self._of_group(text)
        if act is None or text.strip(" ()[]") in NAMESAKES.get(self._catalog.acts[act].artist, ()):
            return None
        return act

    def _of_group(self, text: str) -> int | None:
        """NAME (GROUP), NAME (From GROUP), NAME of GROUP."""
        for pattern in (_OF_GROUP, _FROM_GROUP):
            if parts := pattern.match(text.strip()):
                name, group = (normalise(part) for part in parts.groups())
                for number, groups in self._members.get(name, ()):
                    if group in groups:
                        return number
        return None

    def _known_unit(self, words: list[str]) -> int | None:
        """GROUP SUBUNIT of the catalogue, the group's name however it is spelled."""
        for cut in range(1, len(words)):
            act = self._credits.get(" ".join(words[:cut]))
            unit = self._credits.get(" ".join(words[cut:]))
            if act is None or unit is None:
                continue
            if self._catalog.acts[unit].group == self._catalog.acts[act].artist:
                return unit
        return None

    def _unit(self, text: str) -> list[int]:
        """GROUP SUBUNIT, where the unit is not in the catalogue: the group's."""
        words = normalise(text).split()
        if (known := self._known_unit(words)) is not None:
            return [known]
        for cut in range(len(words) - 1, max(0, len(words) - 1 - _UNIT_WORDS), -1):
            act = self._credits.get(" ".join(words[:cut]))
            if act is not None and _NO_UNIT.isdisjoint(words):
                group = self._catalog.acts[act]
                if group.kind == "group" and " ".join(words[:cut]) in clear_names(group):
                    return [act]
        return []


def _members(catalog: Catalog) -> dict[str, list[tuple[int, set[str]]]]:
    """By name: the members who have it, each with the names of the group."""
    members: dict[str, list[tuple[int, set[str]]]] = {}
    for number, act in enumerate(catalog):
        if act.group:
            groups = {normalise(name) for name in catalog[act.group].names}
            for name in {*(normalise(name) for name in act.names), _short_name(act)} - {""}:
                members.setdefault(name, []).append((number, groups))
    return members


def _credits(catalog: Catalog) -> dict[str, int]:
    """What a label may call an act: its names, and two of them side by side."""
    numbers = {act.artist: number for number, act in enumerate(catalog)}
    credits: dict[str, int] = {}
    for number, act in enumerate(catalog):
        for spelling in pairs(act):
            credits.setdefault(spelling, number)
    for act in catalog:
        for name in act.names:
            owner = catalog.find(name)
            if owner is not None:
                credits[normalise(name)] = numbers[owner.artist]
    for short, owners in _short_names(catalog.acts).items():
        # "TEN (NCT)" is credited as TEN; of two who are called DK neither is.
        if len(owners) == 1 and len(short) > _INITIALS:
            credits.setdefault(short, numbers[owners[0].artist])
    return credits


def _short_names(acts: Iterable[Artist]) -> dict[str, list[Artist]]:
    names: dict[str, list[Artist]] = {}
    for act in acts:
        if short := _short_name(act):
            names.setdefault(short, []).append(act)
    return names


def _short_name(act: Artist) -> str:
    """TEN, of "TEN (NCT)"."""
    return normalise(act.artist.partition(" (")[0]) if act.artist.endswith(")") else ""
