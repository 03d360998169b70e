"""Windows of time: which rounds share a day's searches, and how a long search is cut.

Belongs here: the arithmetic, pure. Does not belong here: the schedule itself (schedules.py) or
a call (collector.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from kpop_assets.days import SEOUL

# When the graph collects, in Seoul (schedules.py); searches are shared out among these rounds.
ROUND_HOURS = (9, 15)
# A search ends at about 500 results: from here on older ones are asked for by a window of time.
WINDOW_RESULTS = 400
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def to_ms(instant: dt.datetime) -> int:
    """An aware time as epoch milliseconds."""
    return (instant - _EPOCH) // dt.timedelta(milliseconds=1)


def to_instant(epoch_ms: int | None) -> dt.datetime | None:
    """Epoch milliseconds as a time (UTC)."""
    return None if epoch_ms is None else _EPOCH + dt.timedelta(milliseconds=epoch_ms)


def next_window(
    params: dict[str, Any], hits: Iterable[Mapping[str, object]], token: str | None
) -> dict[str, Any]:
    """The parameters of the next call: an older window where this one is read to its limit."""
    times = [t for hit in hits if isinstance(t := hit.get("published_at"), int)]
    oldest = min(
        [*times, *([params["oldest"]] if params["oldest"] is not None else [])], default=None
    )
    found = params["window_found"] + len(times)
    if token is not None or found < WINDOW_RESULTS or oldest is None:
        return params | {"window_found": found, "oldest": oldest}
    # `before` excludes its own second, in which another video may stand.
    before = oldest + 1000
    is_older = params["before"] is None or before < params["before"]
    return params | {
        "window_found": 0,
        "oldest": None,
        "before": before if is_older else params["before"],
    }


def rounds_until(now: dt.datetime, reset: dt.datetime) -> int:
    """This round and the scheduled ones that follow before a reset (aware times)."""
    first = now.astimezone(SEOUL).replace(minute=0, second=0, microsecond=0)
    hours = (first + dt.timedelta(hours=i) for i in range(1, 27))
    return 1 + sum(hour.hour in ROUND_HOURS for hour in hours if hour < reset)
