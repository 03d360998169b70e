"""Values of landing lines in other writings: ISO times, seconds, separators, NaN, hidden counters.

Belongs here: what of a line is read anew, by the types of its record contract. Does not belong
here: where the line goes (landing_files.py), or what makes it usable (bronze/parse.py).

A line that needs nothing stays byte for byte. Nothing is judged but what no later layer could see:
whether its id is one at all.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from kpop_assets.contracts.record import END_INSTANT_MS, FIRST_INSTANT_MS, Record
from kpop_assets.landing.sources.base import Repairs, json_line
from kpop_assets.landing.sources.readings import counter, is_no_id
from kpop_assets.landing.sources.times import read_instant, zone_assumed


class LineValues(NamedTuple):
    """What a line says that matters to its place.

    Attributes:
        observed_ms: Its observation time; None where it says none that can be read.
        is_observed_stated: Whether something stands there, of whatever kind.
        changed: The line anew, where a value was in another writing.
        problem: Why the next layer will set it aside, as far as can be told here.
    """

    observed_ms: int | None = None
    is_observed_stated: bool = False
    changed: bytes | None = None
    problem: str = ""


class _Changes:
    """What is read anew of one line."""

    def __init__(self, line: dict, repairs: Repairs, is_changed: bool) -> None:
        self.line = line
        self.is_changed = is_changed
        self._repairs = repairs

    def instant(self, name: str) -> None:
        """A time in another writing than epoch milliseconds."""
        value = self.line.get(name)
        is_number = isinstance(value, int)
        if value is None or (is_number and FIRST_INSTANT_MS <= value < END_INSTANT_MS):
            return
        instant = read_instant(value)
        if instant is not None and instant != value:
            self._repairs[f"{name}_in_other_form_read"] += 1
            if zone := zone_assumed(value):
                self._repairs[f"{name}_without_zone_read_as_{zone}"] += 1
            self._set(name, instant)

    def whole(self, name: str) -> None:
        """A counter in another writing than digits; one that is hidden goes."""
        value = self.line.get(name)
        is_plain = isinstance(value, str) and value.isascii() and value.isdecimal()
        if value is None or is_plain or (isinstance(value, int) and value >= 0):
            return
        self._set(name, counter(value, name, self._repairs))

    def _set(self, name: str, value: object) -> None:
        if value is not self.line[name]:
            self.line[name] = value
            self.is_changed = True

    def no_id(self, name: str) -> str:
        """The problem of an id that is none; what stood there is kept beside."""
        value = self.line.get(name)
        if not is_no_id(value):
            return ""
        if value is not None and str(value).strip():
            self.line[f"{name}_as_it_came"] = self.line.pop(name)
            self.is_changed = True
        return f"{name}_is_no_id"


class ValueReader:
    """Reads lines as the types of a record want them."""

    def __init__(self, record: Record) -> None:
        texts = record.of_type("text")
        self._instants = [field.name for field in record.of_type("instant")]
        self._wholes = [field.name for field in record.of_type("whole")]
        self._ids = [f.name for f in texts if f.required and f.name in record.rows.primary_key]
        self._observed = record.observed
        # What stands for no number; the decoder puts what `append` gives, null, in its place.
        self._odd: list[str] = []
        self._decoder = json.JSONDecoder(parse_constant=self._odd.append)

    def read(self, content: bytes, repairs: Repairs) -> LineValues:
        """The values of a line; one that is no JSON object has none."""
        self._odd.clear()
        try:
            line = self._decoder.decode(content.decode("utf-8", "surrogateescape"))
        except (ValueError, RecursionError):
            return LineValues(problem="no_json_object")
        if not isinstance(line, dict):
            return LineValues(problem="no_json_object")
        if self._odd:
            repairs["not_a_number_left_out"] += len(self._odd)
        changes = _Changes(line, repairs, bool(self._odd))
        for name in self._instants:
            changes.instant(name)
        for name in self._wholes:
            changes.whole(name)
        problem = next((found for name in self._ids if (found := changes.no_id(name))), "")
        instant = line.get(self._observed)
        is_number = isinstance(instant, int) and not isinstance(instant, bool)
        changed = json_line(line) if changes.is_changed else None
        is_stated = instant is not None
        if not problem and not content.isascii() and not _is_utf8(content):
            problem = "invalid_utf8"
        return LineValues(instant if is_number else None, is_stated, changed, problem)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
