"""In which order a file writes days whose year does not stand first, told by all of its days.

Belongs here: how 8/12/2020 is meant. Does not belong here: reading one time (times.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from kpop_assets.landing.sources.times import DateOrder, is_in_doubt, read_instant, read_time

_ORDERS: tuple[DateOrder, ...] = ("mdy", "dmy")
_DAY_MS = 86_400_000
# Most videos trend within days of being published.
_SOON_MS = 45 * _DAY_MS
_NEARLY_ALL = 0.9


def order_of(values: Iterable[tuple[str, object]]) -> DateOrder:
    """In which order days are written; empty where that cannot be told.

    That counts in which nearly all lie shortly after their other time, and at most half in the
    other; a few odd days are then none. Else that in which all are days, unless they lie before
    their other time, or farther apart than in the other order although few days tell it.

    Args:
        values: Days, each with a time that mostly lies a little before, or anything else.
    """
    days = [(value, earlier) for value, earlier in values if is_in_doubt(value)]
    if not days:
        return ""
    told = [(day, before) for day, earlier in days if (before := _certain(earlier)) is not None]
    shares = [sum(_follows(day, before, order) for day, before in told) for order in _ORDERS]
    best, least = max(shares), min(shares)
    if told and best >= _NEARLY_ALL * len(told) and least <= 0.5 * len(told):
        return _ORDERS[shares.index(best)]
    alone = [order for order in _ORDERS if all(read_time(day, order) for day, _ in days)]
    if len(alone) == 1 and not _lies_before(told, alone[0]):
        return alone[0] if told or _is_closer([day for day, _ in days], alone[0]) else ""
    return alone[0] if alone and all(_is_both(day) for day, _ in days) else ""


def _lies_before(told: list[tuple[str, int]], order: DateOrder) -> bool:
    """Whether more than a few days lie before their other time."""
    after = [(read_instant(day, order) or 0) - before >= -_DAY_MS for day, before in told]
    return sum(after) < _NEARLY_ALL * len(told)


def _is_closer(days: list[str], order: DateOrder) -> bool:
    """Whether half of the days tell their order, or the others lie no farther apart in it."""
    apart = dict.fromkeys(days)
    other = _ORDERS[1 - _ORDERS.index(order)]
    either = [day for day in apart if read_time(day, other)]
    if 2 * len(either) <= len(apart):
        return True
    spans = []
    for one in (order, other):
        instants = [read_instant(day, one) or 0 for day in either]
        spans.append(max(instants) - min(instants))
    return spans[0] <= spans[1]


def _is_both(day: str) -> bool:
    """Whether a day is the same in both orders, such as 8/8/2020."""
    return read_time(day, "dmy") == read_time(day, "mdy")


def _certain(value: object) -> int | None:
    return None if isinstance(value, str) and is_in_doubt(value) else read_instant(value)


def _follows(day: str, before: int, order: DateOrder) -> bool:
    instant = read_instant(day, order)
    return instant is not None and -_DAY_MS <= instant - before < _SOON_MS
