"""Whether a line that came by HTTP can be used, said at once to whoever sent it.

Belongs here: what is wrong with one line, by its record contract and by the clock. Does not belong
here: the request around it (intake_routes.py), or what becomes of good lines (intake.py).

Whoever is told 202 has lines that the tables will keep, so what is refused here is at least what
the parse of landing lines would set aside.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.feedback import FEEDBACK_LINES
from kpop_assets.contracts.play_rules import CLOCK_AHEAD_SECONDS
from kpop_assets.contracts.record import Field, Record
from kpop_assets.days import FIRST_DAY, day_start_ms
from kpop_assets.landing.sources.base import parse_instant
from kpop_assets.landing.usable import is_blank, problem_of

# No id and no name is longer.
MOST_TEXT = 1_000
API_SOURCE = "api"
# Said by us of how a line came; what a sender says of it is passed over.
OUR_FIELDS = ("received_at", "delivery")
_OBJECT = "send an object with the fields that /openapi.json tells"


# What is wrong with a line and the way out; None where nothing is.
FaultOf = Callable[[Mapping[str, object]], tuple[str, str] | None]


@dataclass(frozen=True)
class Refusal:
    """Why one line is not taken in.

    Attributes:
        index: its place in the batch, from 0.
        detail: what is wrong, naming the field.
        way_out: what its sender can do.
    """

    index: int
    detail: str
    way_out: str


class LineCheck:
    """Makes lines of one kind of what came, or says why that cannot be.

    Args:
        record: the kind.
        fault_of: what else is wrong with a line of good form, and the way out.

    Attributes:
        record: as given.
    """

    def __init__(self, record: Record, fault_of: FaultOf | None = None) -> None:
        self.record, self._fault_of = record, fault_of
        self._fields = {
            field.name: field for field in record.fields if field.name not in OUR_FIELDS
        }
        # What the parse leaves out of a line beside the rest can be said here to who sent it.
        strict = tuple(replace(field, is_side=False) for field in record.fields)
        self._strict = replace(record, fields=strict)
        self._first_ms = day_start_ms(FIRST_DAY)

    def line(self, index: int, given: object, now_ms: int) -> dict[str, object] | Refusal:
        """The line of what came at a place of a batch, or why there is none."""
        if not isinstance(given, dict):
            return Refusal(index, "it is no JSON object", _OBJECT)
        line = {name: given[name] for name, field in self._fields.items() if _says(given, field)}
        for name, value in line.items():
            if wrong := _wrong_text(value, self._fields[name]):
                return Refusal(index, f"{name} {wrong}", "see /openapi.json for what it may be")
        refused = self._place(index, line, now_ms) or self._compare(index, line)
        if refused is not None:
            return refused
        line["received_at"] = now_ms
        line.setdefault("source", API_SOURCE)
        return line

    def _place(self, index: int, line: dict[str, object], now_ms: int) -> Refusal | None:
        """Read when it was; that says the day on which it stands."""
        name = self.record.observed
        at = line.get(name)
        at = parse_instant(at) if isinstance(at, str) else at
        if isinstance(line.get(name), str) and at is not None and not _has_zone(str(line[name])):
            way_out = "end it with Z or an offset such as +09:00"
            return Refusal(index, f"{name} says no zone", way_out)
        if type(at) is not int:
            wanted = "epoch milliseconds, or ISO 8601 with a zone"
            return Refusal(index, f"{name} is no time", f"write it as {wanted}")
        if at > now_ms + CLOCK_AHEAD_SECONDS * 1000:
            return Refusal(index, f"{name} lies ahead of our clock", "set the clock that says it")
        if at < self._first_ms:
            return Refusal(index, f"{name} lies before {FIRST_DAY}", "no table begins earlier")
        line[name] = at
        return None

    def _compare(self, index: int, line: dict[str, object]) -> Refusal | None:
        for field in self._fields.values():
            value = line.get(field.name)
            if field.required and (value is None or not str(value).strip()):
                return Refusal(index, f"{field.name} is missing", "send it with each line")
        is_about_nothing = not (line.get("work_id") or line.get("track_id"))
        if self.record is FEEDBACK_LINES and is_about_nothing:
            return Refusal(index, "neither work_id nor track_id is there", "say what it is about")
        if line.get("source") == SIMULATED_SOURCE:
            what = f"source is {SIMULATED_SOURCE}, which says that it is simulated"
            return Refusal(index, what, "name your own, or none")
        if problem := problem_of(line, self._strict):
            name = next((name for name in self._fields if problem.startswith(f"{name}_")), "")
            detail = name + problem.removeprefix(name).replace("_", " ")
            return Refusal(index, detail, "see /openapi.json for what it may be")
        fault = self._fault_of(line) if self._fault_of else None
        return Refusal(index, *fault) if fault else None


def _says(given: Mapping[str, object], field: Field) -> bool:
    """Whether what came says anything of a field; a blank text does not."""
    value = given.get(field.name)
    return value is not None and not (field.type == "text" and is_blank(value, field))


def _has_zone(instant: str) -> bool:
    """Whether a time that can be read says where it is so late."""
    return dt.datetime.fromisoformat(instant).tzinfo is not None


def _wrong_text(value: object, field: Field) -> str:
    """What is wrong with a value as JSON has it; empty where nothing is."""
    if field.type in ("whole", "real"):
        # JSON's 1e400 is more than a double holds.
        is_number = type(value) is int or (isinstance(value, float) and math.isfinite(value))
        return "" if is_number else "is no number"
    if field.type in ("text", "prose"):
        is_id = field.is_person and type(value) is int
        if not (isinstance(value, str) or is_id):
            return "is no text"
        if len(str(value)) > MOST_TEXT:
            return f"is longer than {MOST_TEXT:,} characters"
        if any(ord(sign) < 32 for sign in str(value)):
            return "has control characters"
    return ""
