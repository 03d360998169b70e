"""The overlay: a home's own lines that add, amend, rename or retire acts of the catalogue.

Belongs here: what such a line may say, and applying it. Does not belong here: where the file lies
(settings.py), the acts of the package, or their rules (act_lines.py).

A line is a JSON object with `do` and `artist`:

    {"do": "add", "artist": "NEW ACT", "kind": "group", "name_ko": "뉴 액트", "debut_year": 2026}
    {"do": "amend", "artist": "IVE", "set": {"agency": "X"}, "add": {"channels": ["UC..."]},
     "remove": {"ambiguous": ["IVE"]}}
    {"do": "rename", "artist": "VCHA", "to": "GIRLSET", "from": "2025-08-08"}
    {"do": "retire", "artist": "OLD ACT"}

Lines apply in order; the rules of the whole catalogue are checked after the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, get_type_hints

from kpop_assets.catalog.act_lines import (
    LinePlace,
    check_acts,
    day_of_text,
    fits_field,
    parse_act,
    parse_object,
)
from kpop_assets.catalog.acts import Artist, generation_of
from kpop_assets.catalog.names import normalise

# An act that no line has touched, or the object that the last line made of it.
_Acts = dict[str, tuple[LinePlace, Artist | dict[str, Any]]]

_LISTS = tuple(k for k, hint in get_type_hints(Artist).items() if hint == tuple[str, ...])
_SCALARS = ("name_ko", "kind", "group", "gender", "agency", "debut_year")
_FORMS = {
    "add": {"artist", "kind", "name_ko", "group", "gender", "agency", "debut_year", *_LISTS},
    "amend": {"artist", "set", "add", "remove"},
    "rename": {"artist", "to", "from", "name_ko"},
    "retire": {"artist"},
}
_NEEDED = {"add": {"artist", "kind"}, "amend": {"artist"}, "rename": {"artist", "to", "from"}}


def apply_overlay(file: str, text: str, acts: Iterable[tuple[LinePlace, Artist]]) -> list[Artist]:
    """The acts after every line of an overlay.

    Args:
        file: its name, for errors.
        text: its lines; blank ones count for nothing.
        acts: the acts before it.

    Raises:
        CatalogError: with file, line, act, what is wrong and the way out.
    """
    found: _Acts = {act.artist: (place, act) for place, act in acts}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if line.strip():
            place = LinePlace(file, number)
            _apply(place, parse_object(place, line), found)
    placed = [
        (place, act if isinstance(act, Artist) else parse_act(place, act))
        for place, act in found.values()
    ]
    # The lines of the overlay last: where two claim a name, it is the newer that is told.
    check_acts(sorted(placed, key=lambda one: (one[0].file == file, one[0].number)))
    return [act for _, act in placed]


def as_object(act: Artist) -> dict[str, Any]:
    """An act as the JSON object of its line."""
    values = {column.name: getattr(act, column.name) for column in fields(Artist)}
    raw: dict[str, Any] = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
    raw["renames"] = [
        {"name": entry.name, "from": entry.since.isoformat() if entry.since else None}
        for entry in act.renames
    ]
    return raw


def _apply(place: LinePlace, raw: dict[str, Any], acts: _Acts) -> None:
    does: dict[str, Callable[[LinePlace, dict[str, Any], _Acts], None]] = {
        "add": _add,
        "amend": _amend,
        "rename": _rename,
        "retire": _retire,
    }
    artist, do = raw.get("artist", "?"), raw.pop("do", None)
    if not isinstance(do, str) or do not in does:
        raise place.fail(artist, f"do is {do!r}", f"use one of {', '.join(does)}")
    missing = _NEEDED.get(do, {"artist"}) - set(raw)
    unknown = set(raw) - _FORMS[do]
    if missing or unknown:
        odd = ", ".join(sorted(missing | unknown))
        known = ", ".join(sorted(_FORMS[do]))
        raise place.fail(artist, f"{do}: fields missing or unknown: {odd}", f"it takes {known}")
    if not isinstance(artist, str) or not artist:
        raise place.fail(artist, "artist is no name")
    if do != "add" and artist not in acts:
        raise place.fail(artist, "is no act of the catalogue", _nearest(artist, acts))
    does[do](place, raw, acts)


def _object(acts: _Acts, artist: str) -> dict[str, Any]:
    act = acts[artist][1]
    return as_object(act) if isinstance(act, Artist) else dict(act)


def _members(acts: _Acts, group: str) -> list[str]:
    return [name for name in acts if _object(acts, name)["group"] == group]


def _nearest(artist: str, acts: _Acts) -> str:
    key = normalise(artist)
    for name in acts:
        act = _object(acts, name)
        names = (name, act["name_ko"] or "", *act["aliases"])
        if key and key in {normalise(other) for other in names}:
            return f"its canonical name is {name!r}"
    return "write its canonical name, or add it first"


def _add(place: LinePlace, raw: dict[str, Any], acts: _Acts) -> None:
    artist = raw["artist"]
    if artist in acts:
        raise place.fail(artist, "is in the catalogue already", "amend it")
    empty: dict[str, Any] = {
        **dict.fromkeys(_SCALARS),
        **{key: [] for key in _LISTS},
        "renames": [],
    }
    acts[artist] = (place, _with_generation(place, {**empty, **raw}))


def _amend(place: LinePlace, raw: dict[str, Any], acts: _Acts) -> None:
    artist, act = raw["artist"], _object(acts, raw["artist"])
    for part, allowed in (("set", _SCALARS), ("add", _LISTS), ("remove", _LISTS)):
        changes = raw.get(part, {})
        if not isinstance(changes, dict) or set(changes) - set(allowed):
            raise place.fail(artist, f"{part} is unknown here", f"it takes {', '.join(allowed)}")
        for key, value in changes.items():
            if not fits_field(key, value):
                raise place.fail(artist, f"{part}: {key} has the wrong type: {value!r}")
            act[key] = value if part == "set" else _changed(place, act, part, key, value)
    acts[artist] = (place, _with_generation(place, act))


def _changed(place: LinePlace, act: dict[str, Any], part: str, key: str, value: Any) -> list[str]:
    kept = [entry for entry in act[key] if entry not in value]
    if part == "remove":
        absent = [entry for entry in value if entry not in act[key]]
        if absent:
            raise place.fail(act["artist"], f"remove: {absent[0]!r} is not among its {key}")
        return kept
    return [*kept, *value]


def _rename(place: LinePlace, raw: dict[str, Any], acts: _Acts) -> None:
    old, new = raw["artist"], raw["to"]
    if not isinstance(new, str) or not new or new in acts:
        raise place.fail(old, f"cannot become {new!r}", "give a name that no act has")
    if day_of_text(raw["from"]) is None:
        raise place.fail(old, f"from is {raw['from']!r}", "write the day as YYYY-MM-DD")
    act = _object(acts, old)
    del acts[old]
    before = act["renames"] or [{"name": old, "from": None}]
    act |= {"artist": new, "renames": [*before, {"name": new, "from": raw["from"]}]}
    former = [old, *([act["name_ko"]] if "name_ko" in raw and act["name_ko"] else [])]
    act["name_ko"] = raw.get("name_ko", act["name_ko"])
    act["aliases"] = [*[n for n in act["aliases"] if n != new], *former]
    acts[new] = (place, act)
    for name in _members(acts, old):
        acts[name] = (acts[name][0], {**_object(acts, name), "group": new})


def _retire(place: LinePlace, raw: dict[str, Any], acts: _Acts) -> None:
    artist = raw["artist"]
    members = _members(acts, artist)
    if members:
        some = ", ".join(members[:3])
        raise place.fail(artist, f"is the group of {some}", "retire or amend these first")
    del acts[artist]


def _with_generation(place: LinePlace, act: dict[str, Any]) -> dict[str, Any]:
    year = act["debut_year"]
    if not fits_field("debut_year", year):
        raise place.fail(act["artist"], f"debut_year has the wrong type: {year!r}")
    return {**act, "generation": None if year is None else generation_of(year)}
