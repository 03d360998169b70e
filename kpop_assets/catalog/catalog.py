"""The catalogue of acts: the package's file and a home's overlay, and look-ups by name.

Here belong reading both files and finding an act by a name. What an act is belongs in ``acts``,
the rules of their lines in ``act_lines`` and ``overlay``. How a title is compared with the names
belongs in ``names`` (spelling) and ``matcher``; nothing in this module knows a DataFrame.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kpop_assets.catalog.act_lines import LinePlace, check_acts, parse_act, parse_object
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
from kpop_assets.catalog.overlay import apply_overlay, as_object
from kpop_assets.code_digest import digest_code

__all__ = [
    "CHANNEL_ID",
    "GENDERS",
    "KINDS",
    "OTHER",
    "Artist",
    "Catalog",
    "CatalogError",
    "Rename",
    "generation_of",
    "load_catalog",
    "overlay_path",
]

_VERSION_LETTERS = 12


@dataclass(frozen=True)
class Catalog:
    """All acts, with look-ups.

    Attributes:
        acts: The acts, sorted by canonical name.
        version: Digest of all of them and of the rules: two catalogues with one version match
            alike.
    """

    acts: tuple[Artist, ...]
    version: str = field(init=False, compare=False)
    _by_artist: dict[str, Artist] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, Artist] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_artist", {act.artist: act for act in self.acts})
        object.__setattr__(self, "_by_name", _owners(self.acts))
        object.__setattr__(self, "version", _digest(self.acts))

    def __hash__(self) -> int:
        # Whoever keeps what was made of a catalogue looks it up for every title.
        return hash(self.version)

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

    def renamed(self) -> dict[str, str]:
        """Present canonical name by each former one: days tagged before a rename hold that.

        A former name that is another act's by now is that act's.
        """
        pairs = [(old, act.artist) for act in self.acts for old in act.former_names]
        return {old: new for old, new in pairs if old not in self._by_artist}


def overlay_path(home: Path) -> Path:
    """Where a home's own lines about acts lie; the file need not exist (docs/catalog.md)."""
    return home / "catalog.jsonl"


def load_catalog(path: Path | None = None, overlay: Path | None = None) -> Catalog:
    """Read and validate a catalogue.

    Args:
        path: JSON Lines, one act a line; by default the file of this package.
        overlay: A home's own lines (`overlay_path`), which need not exist.

    Returns:
        The catalogue.

    Raises:
        CatalogError: With file, line number, act, what is wrong and the way out.
    """
    own = _read_overlay(overlay) if overlay else ""
    return _load(path or Path(__file__).with_name("artists.jsonl"), own)


@lru_cache(maxsize=4)
def _load(path: Path, own: str) -> Catalog:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    places = [(LinePlace(path.name, number), line) for number, line in lines if line.strip()]
    placed = [(place, parse_act(place, parse_object(place, line))) for place, line in places]
    check_acts(placed)
    acts = apply_overlay("catalog.jsonl", own, placed) if own else [act for _, act in placed]
    return Catalog(tuple(sorted(acts, key=lambda act: act.artist)))


def _read_overlay(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        place = LinePlace(path.name, line)
        raise place.fail("?", "not UTF-8", "save the file as UTF-8") from error
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror})"
        raise CatalogError(what, "make it a readable file, or move it away") from error


def _digest(acts: Iterable[Artist]) -> str:
    objects = [as_object(act) for act in acts]
    rules = digest_code(Path(__file__).parent.glob("*.py"))
    text = rules + json.dumps(objects, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_LETTERS]


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
