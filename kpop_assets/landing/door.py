"""The door by which lines that name persons come in: nobody is stored as they came.

Belongs here: what a line of such a kind is made into before it reaches a disk. Does not belong
here: how an id is made (persons.py), or what makes a line usable (bronze/).

A line keeps the fields of its record and loses all others, which nobody knows what they say of
whom. What is no JSON object stands as a line that says so and no more: it goes to quarantine and
is counted there like any other.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from kpop_assets.contracts.play_rules import CLOCK_AHEAD_SECONDS
from kpop_assets.contracts.record import AHEAD_MS, Record
from kpop_assets.landing.persons import PersonIds, person_ids
from kpop_assets.landing.sources.base import Repairs, json_line
from kpop_assets.landing.usable import is_blank

_BOM = b"\xef\xbb\xbf"
_RECEIVED = "received_at"


def names_persons(record: Record) -> bool:
    """Whether lines of a kind say who did something."""
    return any(field.is_person for field in record.fields)


class Door:
    """What lines of one kind pass on their way to the landing folder.

    Args:
        record: their contract.
        ids: makes the ids of persons.
    """

    def __init__(self, record: Record, ids: PersonIds) -> None:
        self._fields = {field.name: field for field in record.fields}
        self._persons = [field.name for field in record.fields if field.is_person]
        self._ids = ids
        self._observed = record.observed

    def line(
        self,
        given: object,
        repairs: Repairs,
        received_ms: int | None = None,
        delivery: str | None = None,
    ) -> bytes:
        """A line as it is stored.

        Args:
            given: A JSON object, or its text.
            repairs: What was left out is counted here.
            received_ms: When it was delivered, where that is known; what the line itself says
                comes first.
            delivery: By which way it came, where that is known.
        """
        came = _object_of(given)
        if came is None:
            repairs["line_without_object_withheld"] += 1
            size = len(given) if isinstance(given, bytes) else 0
            by = f", {delivery}" if delivery else ""
            return f"withheld: no JSON object, {size} bytes{by}\n".encode()
        line = {name: came[name] for name in self._fields if name in came}
        if len(line) < len(came):
            repairs["unknown_fields_left_out"] += 1
        for name in [name for name in line if self._is_blank_text(line[name], name)]:
            del line[name]
            repairs["blank_texts_left_out"] += 1
        for name in self._persons:
            self._hide(line, name)
        if _RECEIVED in self._fields:
            self._receive(line, repairs, received_ms)
        if delivery:
            line["delivery"] = delivery
        return json_line(line)

    def _is_blank_text(self, value: object, name: str) -> bool:
        """A name of nothing would be one that all things have which lack theirs."""
        field = self._fields[name]
        return field.type == "text" and not field.required and is_blank(value, field)

    def _hide(self, line: dict[str, object], name: str) -> None:
        given = line.get(name)
        is_text = isinstance(given, str) or type(given) is int
        # Blank is missing, for the next layer to say so; an object could hold anything.
        if is_text and str(given).strip():
            line[name] = self._ids.id_of(str(given))
        else:
            line.pop(name, None)

    def _receive(self, line: dict[str, object], repairs: Repairs, received_ms: int | None) -> None:
        observed, received = line.get(self._observed), line.get(_RECEIVED) or received_ms
        if not isinstance(observed, int):
            return
        now_ms = time.time_ns() // 1_000_000
        if received is None and observed > now_ms + CLOCK_AHEAD_SECONDS * 1000:
            # Nothing else would tell tomorrow that this was said today.
            received = now_ms
            repairs["clock_ahead_of_ours"] += 1
        if isinstance(received, int) and received > observed + AHEAD_MS:
            # An export of years ago: its delivery says nothing of a clock.
            received = None
            repairs["received_over_a_year_later_left_out"] += 1
        line.pop(_RECEIVED, None)
        if received is not None:
            line[_RECEIVED] = received


def door_of(record: Record, landing_root: Path) -> Door | None:
    """The door of a kind's lines; None where they name nobody.

    Raises:
        LandingError: the key cannot be used, or is gone.
    """
    if not names_persons(record):
        return None
    return Door(record, person_ids(landing_root, record.kind))


def _object_of(given: object) -> dict | None:
    if isinstance(given, bytes):
        try:
            given = json.loads(given.removeprefix(_BOM).decode("utf-8", "surrogateescape"))
        except (ValueError, RecursionError):
            return None
    return given if isinstance(given, dict) else None
