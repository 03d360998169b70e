"""Why a listener is shown an item: one reason each, the strongest that is true.

Belongs here: which reason, and what it names. Does not belong here: its words (the command line and
the viewer have those in their languages).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kpop_assets.contracts.recommend_rules import FRESH_DAYS, LIKELY_TO_RISE

Kind = Literal["seed", "played", "together", "rising", "fresh", "popular"]


@dataclass(frozen=True)
class ListeningReason:
    """Why an item is shown.

    Attributes:
        kind: near what was named or played last, because of what one played, played together with
            what was named or chosen, its act likely to rise, new, or played by many.
        because: the item that was named, played or chosen.
        sound: what it sounds like, in the words of its cluster.
        rise_chance: P(rise) of its act, 0 to 1.
        age_days: since its release.
    """

    kind: Kind
    because: int | None = None
    sound: str | None = None
    rise_chance: float | None = None
    age_days: float | None = None


def listening_reason(
    item: int,
    *,
    near_seed: int | None = None,
    spoken_for_by: int | None = None,
    was_played: bool = True,
    sound: str | None = None,
    rise_chance: float | None = None,
    age_days: float | None = None,
    is_rising_place: bool = False,
) -> ListeningReason:
    """The reason of one item.

    A place that was kept for rising acts says so, whatever else is true: it is why the item is
    there. Else a named seed comes first, then what one played, a likely rise, and being new; what
    nothing speaks for is there because many play it. Who played nothing is not told that they did:
    what speaks for an item is then played together with it.

    Raises:
        ValueError: an item would be its own reason.
    """
    if item in (near_seed, spoken_for_by):
        raise ValueError(f"item {item} cannot be the reason for itself")
    is_rising = rise_chance is not None and rise_chance >= LIKELY_TO_RISE
    if is_rising_place and rise_chance is not None:
        return ListeningReason("rising", rise_chance=rise_chance)
    if near_seed is not None:
        return ListeningReason("seed", because=near_seed, sound=sound)
    if spoken_for_by is not None:
        kind: Kind = "played" if was_played else "together"
        return ListeningReason(kind, because=spoken_for_by, sound=sound)
    if is_rising:
        return ListeningReason("rising", rise_chance=rise_chance)
    if age_days is not None and age_days < FRESH_DAYS:
        return ListeningReason("fresh", age_days=age_days)
    return ListeningReason("popular")
