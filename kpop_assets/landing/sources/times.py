"""Times and days as files write them: ISO 8601, a spreadsheet's dates, epochs of any unit.

Belongs here: what a text says of when. Does not belong here: which day a row goes to (base.py).
Nothing is guessed: a text that can be two days is none until its file shows which is meant.
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Literal

from kpop_assets.contracts.record import END_INSTANT_MS, FIRST_INSTANT_MS
from kpop_assets.days import SEOUL, day_start_ms

# In which order a date names its parts where the year does not stand first.
DateOrder = Literal["dmy", "mdy", "ydm", ""]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CLOCK = (
    r"(?:[T ,]\s*(?P<half>오전|오후|[AaPp]\.?[Mm]\.?)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<late>[AaPp]\.?[Mm]\.?)?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>20\d{2})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*[.일]?"
    + _CLOCK
)
_YEAR_LAST = re.compile(
    r"(?P<first>\d{1,2})[-./](?P<second_>\d{1,2})[-./](?P<year>20\d{2})" + _CLOCK
)
_SHORT = re.compile(r"(?P<year>\d{2})\.(?P<day>\d{2})\.(?P<month>\d{2})")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_ZONE_NAME = re.compile(r"\s+(KST|UTC|GMT)$", re.I)
_ZONES = {"KST": "+09:00", "UTC": "+00:00", "GMT": "+00:00"}
_IN_NAME = re.compile(r"(?<!\d)(20\d{2})([-_.]?)(\d{2})\2(\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})[- ](?P<name>[A-Za-z]{3})[a-z]*[-, ]+|(?P<name_>[A-Za-z]{3})[a-z]*\.? "
    r"(?P<day_>\d{1,2}), )(?P<year>20\d{2})"
)
# A clock that is written so shows the time of Korea.
_KOREAN = re.compile("오전|오후|[년월일]")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DIGITS = re.compile(r"\d{10}(?:\d{3}(?:\d{3}(?:\d{3})?)?)?(?:\.0)?")
# Days since 1899-12-30, as spreadsheets count: from 2005 to 2099.
_SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
_SERIAL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet names no zone
_SERIALS = (38_353, 73_050)
_UNITS = (1_000, 1, 1 / 1_000, 1 / 1_000_000)


def read_time(value: object, order: DateOrder = "") -> dt.datetime | dt.date | None:
    """What a value says of when: an instant, a local time without a zone, a day alone, or None.

    Args:
        value: Text or number.
        order: How the file writes days whose year does not stand first.
    """
    epoch_ms = epoch_of(value)
    if epoch_ms is not None:
        return _EPOCH + dt.timedelta(milliseconds=epoch_ms)
    if not isinstance(value, str):
        return None
    text = value.strip().strip("'\"")
    if zone := _ZONE_NAME.search(text):
        text = text[: zone.start()] + _ZONES[zone[1].upper()]
    return _iso(text) or _written(text, order) or _serial(text) or _mail(text)


def read_instant(value: object, order: DateOrder = "") -> int | None:
    """Epoch milliseconds of what a value says; None if nothing.

    A time without a zone is Seoul's where it is written in Korean, else UTC.
    """
    found = read_time(value, order)
    if found is None:
        return None
    if not isinstance(found, dt.datetime):
        found = dt.datetime.combine(found, dt.time(), dt.UTC)
    if found.tzinfo is None:
        is_korean = isinstance(value, str) and _KOREAN.search(value)
        found = found.replace(tzinfo=SEOUL if is_korean else dt.UTC)
    return (found - _EPOCH) // dt.timedelta(milliseconds=1)


def zone_assumed(value: object, order: DateOrder = "") -> str:
    """Which zone a time is taken to be of that names none; empty where it names one, or no time."""
    if not isinstance(value, str) or value.endswith("Z") or value.isdecimal():
        return ""
    found = read_time(value, order)
    # Midnight is how spreadsheets write a day.
    if not isinstance(found, dt.datetime) or found.tzinfo or found.time() == dt.time():
        return ""
    return "seoul" if _KOREAN.search(value) else "utc"


def epoch_of(value: object) -> int | None:
    """Epoch milliseconds of a number of seconds, milli-, micro- or nanoseconds, else None."""
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value.strip().removesuffix(".0"))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    for unit in _UNITS:
        if value.bit_length() < 64 and FIRST_INSTANT_MS <= value * unit < END_INSTANT_MS:
            return int(value * unit) if unit >= 1 else value // round(1 / unit)
    return None


def day_in_name(name: str) -> dt.date | None:
    """The day that a file's name carries, as 2025-11-04 or 20251104; None where it has none."""
    found = _IN_NAME.search(name)
    if found is None:
        return None
    try:
        return dt.date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


def noon_ms(day: dt.date | None) -> int | None:
    """Epoch milliseconds of 12:00 in Seoul, at which what names a day alone counts as observed."""
    try:
        return day_start_ms(day) + 12 * 3_600_000 if day else None
    except (ValueError, OverflowError):
        return None


def is_in_doubt(value: str) -> bool:
    """Whether a text is a day whose order of parts must be known."""
    return _YEAR_LAST.fullmatch(value.strip()) is not None


def could_be_time(value: str) -> bool:
    """Whether a text is a time in some order."""
    return any(read_time(value, order) for order in ("dmy", "mdy", "ydm"))


def _iso(text: str) -> dt.datetime | dt.date | None:
    if not text[:4].isdecimal() or text[4:5] != "-":
        return None
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _written(text: str, order: DateOrder) -> dt.datetime | dt.date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _built(found["year"], found["month"], found["day"], found)
    if found := _COMPACT.fullmatch(text):
        return _built(found[1], found[2], found[3])
    if found := _NAMED.fullmatch(text):
        name = (found["name"] or found["name_"]).lower()
        month = str(_MONTHS.index(name) + 1) if name in _MONTHS else "0"
        return _built(found["year"], month, found["day"] or found["day_"])
    if order == "ydm" and (found := _SHORT.fullmatch(text)):
        return _built(f"20{found['year']}", found["month"], found["day"])
    if order in ("dmy", "mdy") and (found := _YEAR_LAST.fullmatch(text)):
        parts = found["first"], found["second_"]
        day, month = parts if order == "dmy" else parts[::-1]
        return _built(found["year"], month, day, found)
    return None


def _built(
    year: str, month: str, day: str, found: re.Match[str] | None = None
) -> dt.datetime | dt.date | None:
    try:
        date = dt.date(int(year), int(month), int(day))
        if found is None or found["hour"] is None:
            return date
        hour = int(found["hour"])
        half = (found["half"] or found["late"] or "").replace(".", "").lower()
        if half:
            hour = hour % 12 + (12 if half in ("오후", "pm") else 0)
        time = dt.time(hour, int(found["minute"]), int(found["second"] or 0))
        return dt.datetime.combine(date, time)
    except ValueError:
        return None


def _mail(text: str) -> dt.datetime | None:
    """A time as mails and web servers write it: Tue, 04 Nov 2025 12:00:00 +0900."""
    if not text[:3].isalpha() or "," not in text[:5]:
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _serial(text: str) -> dt.datetime | dt.date | None:
    found = _SERIAL.fullmatch(text)
    if not found or not _SERIALS[0] <= int(found[1]) < _SERIALS[1]:
        return None
    moment = _SERIAL_EPOCH + dt.timedelta(days=float(text))
    return moment if int(found[2] or 0) else moment.date()
