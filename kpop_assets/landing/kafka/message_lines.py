"""Messages become landing lines: where each goes, and nobody by name.

Belongs here: what whoever reads a topic shares. Does not belong here: reading it (topic.py, live/),
or what a line means (bronze/).
"""

from __future__ import annotations

import datetime as dt

from kpop_assets.contracts.record import Record
from kpop_assets.days import seoul_day
from kpop_assets.landing.door import Door
from kpop_assets.landing.sources.base import Repairs, ingest_day
from kpop_assets.landing.sources.landing_values import ValueReader


class MessageLines:
    """Makes lines of one kind of messages.

    Args:
        record: their contract.
        door: by which they come in; None where they name nobody.
    """

    def __init__(self, record: Record, door: Door | None) -> None:
        self._values = ValueReader(record)
        self._door = door

    def line(
        self, value: bytes, received_ms: int, delivery: str, repairs: Repairs
    ) -> tuple[dt.date, bytes]:
        """The day and the line that a message becomes: one that says no day has its delivery's."""
        content = b" ".join(value.split(b"\n"))
        values = self._values.read(content, repairs)
        day = ingest_day(values.observed_ms) or seoul_day(received_ms)
        given = content if values.changed is None else values.changed
        if self._door is None:
            return day, given + b"\n"
        return day, self._door.line(given, repairs, received_ms, delivery)
