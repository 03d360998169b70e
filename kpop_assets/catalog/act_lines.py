"""Lines of a catalogue file as acts, and what must hold among all of them.

Belongs here: reading a JSON line, the checks of one act and of the whole file. Does not belong
here: what an act is (acts.py), or lines that change another catalogue (overlay.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, get_args, get_type_hints

from kpop_assets.catalog.acts import (
    CHANNEL_ID,
    GENDERS,
    KINDS,
    OTHER,
    Artist,
    CatalogError,
    Rename,
    generation_of,
)
from kpop_assets.catalog.names import normalise

_OPTIONAL = {"renames"}
_HINTS = get_type_hints(Artist)
_WAY_OUT = "correct the line, or remove it"


@dataclass(frozen=True)
class LinePlace:
    """Where a line stands: what an error names."""

    file: str
    number: int

    def fail(self, artist: object, problem: str, way_out: str = _WAY_OUT) -> CatalogError:
        """The error of this line."""
        letters = (c if c.isprintable() else " " for c in str(artist))
        shown = " ".join("".join(letters).split()) or "?"
        return CatalogError(f"{self.file}, line {self.number}, {shown}: {problem}", way_out)


def parse_object(place: LinePlace, line: str) -> dict[str, Any]:
    """The JSON object of a line."""
    try:
        raw = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise place.fail("?", f"not JSON ({getattr(error, 'msg', 'too deep')})") from error
    if not isinstance(raw, dict):
        raise place.fail("?", "not a JSON object")
    return raw


def parse_act(place: LinePlace, raw: dict[str, Any]) -> Artist:
    """The act that an object describes.

    Raises:
        CatalogError: it breaks a rule that concerns the act alone.
    """
    name = raw.get("artist", "?")
    wanted = {column.name for column in fields(Artist)}
    odd = (set(raw) - wanted) | (wanted - set(raw) - _OPTIONAL)
    if odd:
        raise place.fail(name, f"fields missing or unknown: {', '.join(sorted(odd))}")
    for key, hint in _HINTS.items():
        if key not in _OPTIONAL and not _fits(raw[key], hint):
            raise place.fail(name, f"{key} has the wrong type: {raw[key]!r}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    values["renames"] = _renames(place, raw)
    act = Artist(**values)
    for problem in _problems(act):
        raise place.fail(name, problem)
    return act


def check_acts(placed: Iterable[tuple[LinePlace, Artist]]) -> None:
    """Refuse acts that do not go together.

    Raises:
        CatalogError: at the first line that claims what another has, or names a group of none.
    """
    acts = list(placed)
    known: set[str] = set()
    for place, act in acts:
        if act.artist == OTHER or act.artist in known:
            raise place.fail(act.artist, "duplicate artist")
        known.add(act.artist)
    names: dict[str, tuple[str, bool]] = {}
    channels: dict[str, str] = {}
    for place, act in acts:
        if act.group is not None and act.group not in known:
            raise place.fail(act.artist, f"unknown group {act.group!r}")
        for problem in (*_claim_names(act, names), *_claim_channels(act, channels)):
            raise place.fail(act.artist, problem)


def fits_field(key: str, value: Any) -> bool:
    """Whether a value may stand in a field of an act."""
    return _fits(value, _HINTS[key])


def day_of_text(text: Any) -> date | None:
    """A day written YYYY-MM-DD; None where it is none."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None


def _fits(value: Any, hint: Any) -> bool:
    if hint == tuple[str, ...]:
        return isinstance(value, list) and all(isinstance(v, str) and v for v in value)
    kinds = get_args(hint) or (hint,)
    return isinstance(value, kinds) and not isinstance(value, bool) and value != ""


def _renames(place: LinePlace, raw: dict[str, Any]) -> tuple[Rename, ...]:
    given, artist = raw.get("renames", []), raw["artist"]
    form = 'renames are [{"name": "OLD", "from": null}, {"name": "NEW", "from": "YYYY-MM-DD"}]'
    if not isinstance(given, list):
        raise place.fail(artist, form)
    found: list[Rename] = []
    for entry in given:
        is_entry = isinstance(entry, dict) and set(entry) == {"name", "from"}
        if not is_entry or not isinstance(entry["name"], str) or not entry["name"]:
            raise place.fail(artist, form)
        since = day_of_text(entry["from"])
        if since is None and (found or entry["from"] is not None):
            raise place.fail(artist, f"{entry['from']!r} is no day: {form}")
        found.append(Rename(entry["name"], since))
    return tuple(found)


def _problems(act: Artist) -> Iterator[str]:
    if act.kind not in KINDS:
        yield f"unknown kind {act.kind!r}"
    if act.gender is not None and act.gender not in GENDERS:
        yield f"unknown gender {act.gender!r}"
    generation = None if act.debut_year is None else generation_of(act.debut_year)
    if act.generation != generation:
        yield f"generation {act.generation} does not fit debut_year {act.debut_year}"
    if act.kind == "sub_unit" and act.group is None:
        yield "a sub_unit needs its group"
    if act.group == act.artist:
        yield "is its own group"
    yield from _name_problems(act)
    yield from _rename_problems(act)


def _name_problems(act: Artist) -> Iterator[str]:
    own = {normalise(name) for name in act.names}
    for name in (*act.names, *act.cues):
        if not normalise(name):
            yield f"no letter or digit in {name!r}"
    for name in act.ambiguous:
        if normalise(name) not in own:
            yield f"ambiguous entry {name!r} is not one of its names"
    for channel in act.channels:
        if not CHANNEL_ID.match(channel):
            yield f"malformed channel id {channel!r}"


def _rename_problems(act: Artist) -> Iterator[str]:
    if not act.renames:
        return
    own = {normalise(name) for name in act.names}
    for entry in act.renames:
        if normalise(entry.name) not in own:
            yield f"the former name {entry.name!r} is not one of its names"
    if act.renames[-1].name != act.artist:
        yield f"the last of its renames is {act.renames[-1].name!r}"
    days = [entry.since for entry in act.renames if entry.since]
    if sorted(set(days)) != days:
        yield "its renames do not follow one another"


def _claim_names(act: Artist, claims: dict[str, tuple[str, bool]]) -> Iterator[str]:
    for key, name in {normalise(name): name for name in act.names}.items():
        vague = act.is_ambiguous(name)
        other, other_vague = claims.setdefault(key, (act.artist, vague))
        if other != act.artist and not (vague and other_vague):
            yield f"alias {name!r} is claimed by {other} too and not ambiguous in both"


def _claim_channels(act: Artist, claims: dict[str, str]) -> Iterator[str]:
    for channel in act.channels:
        if claims.setdefault(channel, act.artist) != act.artist:
            yield f"channel {channel} is claimed by {claims[channel]} too"
