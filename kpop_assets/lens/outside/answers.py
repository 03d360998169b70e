"""What a service told, or why it told nothing, in a form that every service shares.

Belongs here: a series of days, the reasons of what is missing, and judging a body's form. Does not
belong here: one service's form (a module a service), or what is made of a series (signals.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kpop_assets.errors import KpopError
from kpop_assets.net.attempt import Answer
from kpop_assets.net.caller import Judge
from kpop_assets.net.errors import (
    AnswerError,
    NetError,
    QuotaSpentError,
    StateError,
    UnavailableError,
)

# Why something is missing. The first five say that nobody asked.
NO_CONTACT = "no_contact"
SIMULATED = "simulated"
SWITCHED_OFF = "switched_off"
NO_NAME = "no_name"
CEILING = "ceiling"
PAUSED = "paused"
UNREACHABLE = "unreachable"
ODD_ANSWER = "odd_answer"
REFUSED = "refused"
EMPTY = "empty"
REASONS = {
    NO_CONTACT: "nobody said how to be reached (KPOP_CONTACT), so nothing was asked",
    SIMULATED: "the day holds simulated rows, so nothing was asked",
    SWITCHED_OFF: "the service needs a key that is not set",
    NO_NAME: "the service has no name for the subject, or none is known",
    CEILING: "the ceiling of requests is reached",
    PAUSED: "the service failed several times, and calls are paused",
    UNREACHABLE: "no answer came, it broke off, or the service failed",
    ODD_ANSWER: "the answer was not the service's: HTML, or another form",
    REFUSED: "the service refuses the request",
    EMPTY: "the service answered, and has nothing to say",
}
_NOT_FOUND, _TOO_MANY = 404, 429
_MOST = 10**12
# So late a day may come: a service that has none of the last days has nothing to say.
LATE_DAYS = 3


class UntoldError(NetError):
    """A service answered in its own form, and it holds nothing of what was asked for.

    Attributes:
        reason: why, of `REASONS`.
    """

    def __init__(self, what: str, reason: str = EMPTY) -> None:
        super().__init__(what)
        self.reason = reason


@dataclass(frozen=True)
class DaySeries:
    """Counts of consecutive days.

    Attributes:
        last: the last of the days.
        counts: one a day, oldest first.
    """

    last: dt.date
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum of all days."""
        return sum(self.counts)


def series_until(last: dt.date, counts: Mapping[dt.date, int], days: int) -> DaySeries:
    """The days that end with `last`; one without a count has 0."""
    first = last - dt.timedelta(days=days - 1)
    return DaySeries(last, tuple(counts.get(first + dt.timedelta(days=i), 0) for i in range(days)))


def counted_days(pairs: Iterable[tuple[object, object]]) -> dict[dt.date, int]:
    """Counts by day, those of one day summed, of stamps and numbers as they came.

    Raises:
        UntoldError: one of them is none: what is whole beside it may be wrong too.
    """
    found: dict[dt.date, int] = {}
    for stamp, number in pairs:
        day, count = day_of(stamp), count_of(number)
        if day is None or count is None:
            raise UntoldError("a day or a count is none", ODD_ANSWER)
        found[day] = found.get(day, 0) + count
    return found


def judge_of(is_wanted: Callable[[object], bool]) -> Judge:
    """What is wrong with an answer, of a service that answers in JSON of a known form."""

    def judge(answer: Answer) -> KpopError | None:
        told = f"HTTP {answer.status}"
        if not 200 <= answer.status < 300:
            is_refusal = 400 <= answer.status < 500 and answer.status != _TOO_MANY
            return AnswerError(
                told,
                status=answer.status,
                reason=REFUSED if is_refusal else UNREACHABLE,
                retry_after=answer.retry_after(),
                may_pass=not is_refusal,
            )
        if is_wanted(answer.data()):
            return None
        what = "the answer is not the service's: cut off, or of something between"
        return AnswerError(what, status=answer.status, reason=ODD_ANSWER, may_pass=True)

    return judge


def reason_of(error: NetError) -> str:
    """Why nothing was told, of `REASONS`."""
    if isinstance(error, UntoldError):
        return error.reason
    if isinstance(error, QuotaSpentError):
        return CEILING
    if isinstance(error, UnavailableError):
        return PAUSED if error.pause_seconds else error.reason or UNREACHABLE
    if isinstance(error, AnswerError):
        return EMPTY if error.status == _NOT_FOUND else error.reason or REFUSED
    return PAUSED if isinstance(error, StateError) else UNREACHABLE


def day_of(stamp: object) -> dt.date | None:
    """The day that a stamp begins with, as `20261122T000000Z`; None where it is none."""
    digits = stamp[:8] if isinstance(stamp, str) else ""
    try:
        return dt.date.fromisoformat(digits) if digits.isdecimal() else None
    except ValueError:
        return None


def fields_of(value: object, *names: str) -> dict[str, Any]:
    """What lies in nested objects under these names; empty where one is missing or no object."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def are_objects(value: object) -> bool:
    """Whether it is a list of objects and of nothing else."""
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def text_in(value: object, *names: str) -> str | None:
    """A text under these names, without blanks around; None where there is none."""
    found = fields_of(value, *names[:-1]).get(names[-1])
    return found.strip() or None if isinstance(found, str) else None


def count_of(value: object) -> int | None:
    """A count; None where it is no whole number from 0 on that could be one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_count = 0 <= value <= _MOST and value == int(value)
    return int(value) if is_count else None
