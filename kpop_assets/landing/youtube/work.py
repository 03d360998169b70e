"""What a collection is made of: its key, its work items, its counts.

Belongs here: plain values. Does not belong here: how they are kept (store.py) or fetched
(collector.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

OPEN, DONE, REFUSED = "open", "done", "refused"
REFRESH, LOOKUP, UPLOAD, SEARCH = "refresh", "lookup", "upload", "search"


@dataclass(frozen=True)
class Collection:
    """One round of collecting, and what its plan left out, by kind."""

    id: int
    day: dt.date
    round: int
    left_out: dict[str, int]


@dataclass(frozen=True)
class Work:
    """One item of a collection: a batch of ids, a channel's uploads, or a query.

    Attributes:
        kind: `refresh`, `lookup`, `upload` or `search`.
        name: names it within its kind.
        params: what the call needs.
        pages_left: how many pages may still be read.
        token: the page that comes next.
        id: number in the store; 0 before it stands there.
    """

    kind: str
    name: str
    params: dict[str, Any]
    pages_left: int = 1
    token: str | None = None
    id: int = 0


class Counts(NamedTuple):
    """What a collection has so far."""

    found: int
    new: int
    refreshed: int
