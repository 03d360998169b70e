"""The catalogue of acts: what one is, the data file that lists them, and the checks on that file.

Here belong the schema of ``artists.jsonl``, its validation and look-ups by name. How a title is
compared with the names belongs in ``names`` (spelling) and ``matcher`` (engine); nothing in this
module knows a DataFrame.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from kpop_assets.catalog.names import normalise
from kpop_assets.errors import KpopError

OTHER = "OTHER"
"""The artist of everything that no act of the catalogue can be credited with."""

KINDS = ("group", "solo", "sub_unit")
GENDERS = ("female", "male", "mixed")
CHANNEL_ID = re.compile(r"^UC[\w-]{22}$", re.ASCII)
# Last debut year of generations 1-4; what came later is the fifth.
_GENERATION_ENDS = (2002, 2011, 2017, 2022)


class CatalogError(KpopError):
    """The data file breaks a rule; the message names file, line, act and rule."""


@dataclass(frozen=True)
class Artist:
    """One act.

    Attributes:
        artist: Canonical, unique name.
        name_ko: Korean name, if the act has one.
        kind: ``group``, ``solo`` or ``sub_unit``.
        group: Canonical name of the act it belongs (or belonged) to.
        gender: ``female``, ``male`` or ``mixed``.
        agency: The company that stands for the act, at debut or today.
        debut_year: Year of the act's own debut, a soloist's as a soloist.
        generation: 1-5, a function of the debut year.
        aliases: Further names as titles write them.
        ambiguous: Those of its names that are everyday words and need a second cue.
        cues: Words that make an ambiguous name count: members, fandom.
        channels: YouTube channel ids of the act's own.
    """

    artist: str
    name_ko: str | None
    kind: str
    group: str | None
    gender: str
    agency: str
    debut_year: int
    generation: int
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name: canonical, Korean, aliases."""
        korean = (self.name_ko,) if self.name_ko else ()
        return (self.artist, *korean, *self.aliases)

    def is_ambiguous(self, name: str) -> bool:
        """Whether one of its names needs a second cue."""
        return normalise(name) in {normalise(entry) for entry in self.ambiguous}


@dataclass(frozen=True)
class Catalog:
    """All acts, with look-ups.

    Attributes:
        acts: The acts, sorted by canonical name.
    """

    acts: tuple[Artist, ...]
    _by_artist: dict[str, Artist] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, Artist] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_artist", {act.artist: act for act in self.acts})
        object.__setattr__(self, "_by_name", _owners(self.acts))

    def __len__(self) -> int:
        return len(self.acts)

    def __iter__(self) -> Iterator[Artist]:
        return iter(self.acts)

    def __getitem__(self, artist: str) -> Artist:
        return self._by_artist[artist]

    def find(self, name: str) -> Artist | None:
        """The act that owns a name, whatever its case and punctuation."""
        return self.owner(normalise(name))

    def owner(self, spelling: str) -> Artist | None:
        """The act that owns a name which is in normal form already."""
        return self._by_name.get(spelling)


def generation_of(debut_year: int) -> int:
    """The generation that a debut year belongs to.

    Args:
        debut_year: Four digits.

    Returns:
        1 up to 2002, 2 up to 2011, 3 up to 2017, 4 up to 2022, 5 after that.
    """
    return 1 + sum(debut_year > end for end in _GENERATION_ENDS)


@lru_cache(maxsize=2)
def load_catalog(path: Path | None = None) -> Catalog:
    """Read and validate a catalogue file.

    Args:
        path: JSON Lines, one act a line; by default the file of this package.

    Returns:
        The catalogue.

    Raises:
        CatalogError: With file, line number, act and what is wrong.
    """
    path = path or Path(__file__).with_name("artists.jsonl")
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    numbered = [(number, _parse(path, number, line)) for number, line in lines if line.strip()]
    _check_file(path, numbered)
    return Catalog(tuple(sorted((act for _, act in numbered), key=lambda act: act.artist)))


def _fail(path: Path, number: int, artist: object, problem: str) -> CatalogError:
    return CatalogError(f"{path.name}, line {number}, {artist}: {problem}")


def _parse(path: Path, number: int, line: str) -> Artist:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise _fail(path, number, "?", f"not JSON ({error.msg})") from error
    if not isinstance(raw, dict):
        raise _fail(path, number, "?", "not a JSON object")
    name = raw.get("artist", "?")
    wanted = {column.name for column in fields(Artist)}
    if set(raw) != wanted:
        odd = ", ".join(sorted(set(raw) ^ wanted))
        raise _fail(path, number, name, f"fields missing or unknown: {odd}")
    for key, hint in get_type_hints(Artist).items():
        if not _fits(raw[key], hint):
            raise _fail(path, number, name, f"{key} has the wrong type: {raw[key]!r}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    act = Artist(**values)
    for problem in _problems(act):
        raise _fail(path, number, name, problem)
    return act


def _fits(value: Any, hint: Any) -> bool:
    if hint == tuple[str, ...]:
        return isinstance(value, list) and all(isinstance(v, str) and v for v in value)
    kinds = get_args(hint) or (hint,)
    return isinstance(value, kinds) and not isinstance(value, bool) and value != ""


def _problems(act: Artist) -> Iterator[str]:
    if act.kind not in KINDS:
        yield f"unknown kind {act.kind!r}"
    if act.gender not in GENDERS:
        yield f"unknown gender {act.gender!r}"
    if act.generation != generation_of(act.debut_year):
        yield f"generation {act.generation} does not fit debut_year {act.debut_year}"
    if act.kind == "sub_unit" and act.group is None:
        yield "a sub_unit needs its group"
    if act.group == act.artist:
        yield "is its own group"
    yield from _name_problems(act)


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


def _check_file(path: Path, numbered: list[tuple[int, Artist]]) -> None:
    known: set[str] = set()
    for number, act in numbered:
        if act.artist == OTHER or act.artist in known:
            raise _fail(path, number, act.artist, "duplicate artist")
        known.add(act.artist)
    names: dict[str, tuple[str, bool]] = {}
    channels: dict[str, str] = {}
    for number, act in numbered:
        if act.group is not None and act.group not in known:
            raise _fail(path, number, act.artist, f"unknown group {act.group!r}")
        for problem in (*_claim_names(act, names), *_claim_channels(act, channels)):
            raise _fail(path, number, act.artist, problem)


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


def _owners(acts: Iterable[Artist]) -> dict[str, Artist]:
    # A shared (ambiguous) name belongs to the one act that has it as main name, else to nobody.
    claims: dict[str, list[Artist]] = {}
    for act in acts:
        for key in {normalise(name) for name in act.names}:
            claims.setdefault(key, []).append(act)
    owners = {}
    for key, claimants in claims.items():
        main = [a for a in claimants if key in {normalise(a.artist), normalise(a.name_ko or "")}]
        best = claimants if len(claimants) == 1 else main
        if len(best) == 1:
            owners[key] = best[0]
    return owners
