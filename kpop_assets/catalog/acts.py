"""What an act is: its fields, and what its names say.

Belongs here: the class of an act, its kinds and generations. Does not belong here: files and their
checks (act_lines.py, overlay.py), look-ups among all acts (catalog.py), or how a name is spelled
(names.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

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
    """A line of a catalogue breaks a rule; the message names file, line, act, rule and way out."""


@dataclass(frozen=True)
class Rename:
    """A name that an act has had, and since when.

    Attributes:
        name: the name.
        since: first day of it; None for the name that the act began with.
    """

    name: str
    since: date | None


@dataclass(frozen=True)
class Artist:
    """One act.

    Attributes:
        artist: Canonical, unique name.
        name_ko: Korean name, if the act has one.
        kind: ``group``, ``solo`` or ``sub_unit``.
        group: Canonical name of the act it belongs (or belonged) to.
        gender: ``female``, ``male`` or ``mixed``; None where nobody has looked it up.
        agency: The company that stands for the act, at debut or today; None as for gender.
        debut_year: Year of the act's own debut, a soloist's as a soloist; None as for gender.
        generation: 1-5, a function of the debut year.
        aliases: Further names as titles write them.
        ambiguous: Those of its names that are everyday words and need a second cue.
        cues: Words that make an ambiguous name count: members, fandom.
        channels: YouTube channel ids of the act's own.
        renames: The canonical names it has had in order, if more than one; the last is `artist`.
    """

    artist: str
    name_ko: str | None
    kind: str
    group: str | None
    gender: str | None
    agency: str | None
    debut_year: int | None
    generation: int | None
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    renames: tuple[Rename, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name: canonical, Korean, aliases."""
        korean = (self.name_ko,) if self.name_ko else ()
        return (self.artist, *korean, *self.aliases)

    @property
    def former_names(self) -> tuple[str, ...]:
        """Canonical names that it had before the present one."""
        return tuple(r.name for r in self.renames if r.name != self.artist)

    def name_on(self, day: date) -> str:
        """What it was called on a day."""
        called = [r.name for r in self.renames if r.since is None or r.since <= day]
        return called[-1] if called else self.artist

    def is_ambiguous(self, name: str) -> bool:
        """Whether one of its names needs a second cue."""
        return normalise(name) in {normalise(entry) for entry in self.ambiguous}


def generation_of(debut_year: int) -> int:
    """The generation that a debut year belongs to.

    Args:
        debut_year: Four digits.

    Returns:
        1 up to 2002, 2 up to 2011, 3 up to 2017, 4 up to 2022, 5 after that.
    """
    return 1 + sum(debut_year > end for end in _GENERATION_ENDS)
