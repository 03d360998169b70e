"""Which recent plays are one and the same, as the lake will tell once their day is filled.

Belongs here: plays as they are kept, and repeats among them. Does not belong here: where they are
kept (online_plays.py), or the lake's own rules (plays/play_fates.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b

from kpop_assets.contracts.play_rules import DAY_SECONDS, SEOUL_OFFSET_SECONDS

# When, what, and what stands for the name of the event; empty where it has none.
PlayRow = tuple[int, str, str]


def play_row(played_at: int, track_id: str, event_id: str | None) -> PlayRow:
    """A play as it is kept."""
    if event_id is None or not event_id.strip(" "):
        return played_at, track_id, ""
    # What tells events apart is enough, and is short whatever the player calls them.
    name = event_id.encode("utf-8", "surrogatepass")
    return played_at, track_id, blake2b(name, digest_size=8).hexdigest()


def read_play_rows(told: str | int | None) -> list[PlayRow]:
    """Plays as they were kept, also before events had names."""
    if not told:
        return []
    rows = json.loads(str(told))
    return [(int(at), str(track_id), "".join(event)) for at, track_id, *event in rows]


def play_identity(row: PlayRow) -> tuple[int, str]:
    """What makes two plays one: the event of a day in Seoul, else when of what."""
    played_at, track_id, event = row
    if not event:
        return played_at, track_id
    return (played_at // 1000 + SEOUL_OFFSET_SECONDS) // DAY_SECONDS, f"event {event}"


def plays_once(rows: Iterable[PlayRow]) -> list[PlayRow]:
    """In the order of time; of repeats the first counts."""
    kept: dict[tuple[int, str], PlayRow] = {}
    for row in sorted(rows):
        kept.setdefault(play_identity(row), row)
    return [*kept.values()]
