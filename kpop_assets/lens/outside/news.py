"""How many news articles of the world spoke of a subject, day by day, as GDELT counts them.

Belongs here: the DOC API's form. Does not belong here: what is made of the counts (signals.py).

GDELT reads Korean news in translation, so names are asked for in English where one is known. What
it does not like it says in a line of text with status 200, which is no answer.
"""

from __future__ import annotations

import datetime as dt

from kpop_assets.contracts import signal_rules
from kpop_assets.lens.outside.answers import (
    LATE_DAYS,
    NO_NAME,
    DaySeries,
    UntoldError,
    are_objects,
    counted_days,
    objects_in,
    series_until,
)
from kpop_assets.lens.outside.services import NEWS, Asker, Line

_DAY = dt.timedelta(days=1)
# GDELT refuses shorter phrases.
_LEAST_LETTERS = 3
_ABOUT = '("k-pop" OR kpop OR korean)'


class News:
    """Articles about a subject.

    Args:
        asker: who asks.
    """

    def __init__(self, asker: Asker) -> None:
        self._line = Line(asker, NEWS, _is_timeline)

    def count_by_day(self, name: str | None, today: dt.date) -> DaySeries:
        """Articles with a name and a word of Korean pop, for the last whole days (UTC).

        Args:
            name: as the news write it.
            today: the day in UTC, which has not ended.

        Raises:
            NetError: the name is too short, there is no answer, or nothing in it.
        """
        phrase = " ".join((name or "").replace('"', " ").split())
        if len(phrase) < _LEAST_LETTERS:
            raise UntoldError("the name is too short to be asked for", NO_NAME)
        first, last = today - (signal_rules.SIGNAL_DAYS + LATE_DAYS) * _DAY, today - _DAY
        params = {
            "query": f'"{phrase}" {_ABOUT}',
            "mode": "timelinevolraw",
            "format": "json",
            "startdatetime": f"{first:%Y%m%d}000000",
            "enddatetime": f"{last:%Y%m%d}235959",
        }
        steps = [
            (step.get("date"), step.get("value"))
            for line in objects_in(self._line.ask(params).data().get("timeline"))
            for step in objects_in(line.get("data"))
        ]
        # A step may be an hour. What lies outside of what was asked for is of no use.
        counts = {day: n for day, n in counted_days(steps).items() if first <= day <= last}
        newest = max(counts, default=dt.date.min)
        if newest < today - LATE_DAYS * _DAY:
            raise UntoldError("the timeline has none of the last days")
        return series_until(newest, counts, signal_rules.SIGNAL_DAYS)


def _is_timeline(body: object) -> bool:
    """An empty object is how it says that there is nothing."""
    if not isinstance(body, dict) or (body and "timeline" not in body):
        return False
    lines = body.get("timeline", [])
    return are_objects(lines) and all(are_objects(line.get("data", [])) for line in lines)
