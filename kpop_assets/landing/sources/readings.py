"""Numbers, switches and ids as files write them.

Belongs here: what a value says, and how it was written, so that an importer can count it. Does not
belong here: times (times.py), or what becomes of the value (the importers).
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from kpop_assets.landing.sources.base import Repairs

_PLAIN = re.compile(r"[+-]?[0-9]{1,18}")
# Groups of three behind one kind of sign: comma, point, blank (also no-break, thin), apostrophe.
_GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+|([. '’\u00a0\u202f\u2009])[0-9]{3}(?:\1[0-9]{3})*)"
)
# One group behind one point: 1.000 is a thousand in one country, and one in another.
_IN_DOUBT = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_GROUPED_BY_POINTS = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_REAL = re.compile(r"[+-]?[0-9]{1,18}(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_MISSING = frozenset(
    {
        "",
        "-",
        "–",
        "—",
        "nan",
        "na",
        "n/a",
        "#n/a",
        "null",
        "none",
        "<na>",
        "\\n",
        "undefined",
        "nil",
    }
)
_HIDDEN = frozenset({"-1", "-1.0", "hidden", "disabled", "private", "비공개", "숨김"})
_ON = frozenset({"true", "1", "1.0", "yes", "y", "t", "on", "wahr", "vrai", "참"})
# What a spreadsheet writes in place of a value that it took for a formula.
_SPREADSHEET = re.compile(r"#(?:NAME|VALUE|REF|DIV/0|NULL|NUM|N/A|SPILL|CALC|FIELD)[?!]?|#+", re.I)
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")


class Whole(NamedTuple):
    """A whole number, and how it was written.

    Attributes:
        value: The number; None where there is none; the value as it came where it is none.
        how: Empty for plain digits; else `missing`, `hidden`, `grouped`, `rounded`, `unreadable`,
            or `doubtful`, as 1.000 is, which is none.
    """

    value: object
    how: str = ""


def read_whole(value: object) -> Whole:
    """Read a counter; -1 and words for it are a hidden one."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return Whole(None, "missing") if value is None else Whole(value, "unreadable")
    if isinstance(value, float):
        if math.isnan(value):
            return Whole(None, "missing")
        return Whole(None, "hidden") if value == -1 else Whole(value)
    if isinstance(value, int):
        return Whole(None, "hidden") if value == -1 else Whole(value)
    return _whole_of_text(value)


def _whole_of_text(text: str) -> Whole:
    bare = text.strip(" \t\u00a0'\"")
    word = bare.lower()
    if word in _MISSING:
        return Whole(None, "missing")
    if word in _HIDDEN:
        return Whole(None, "hidden")
    if not bare.isascii() and not _GROUPED.fullmatch(bare):
        return Whole(text, "unreadable")
    if _PLAIN.fullmatch(bare):
        return Whole(int(bare))
    if _IN_DOUBT.fullmatch(bare):
        return Whole(None, "doubtful")
    if _GROUPED.fullmatch(bare) and not re.fullmatch(r"[+-]?[0-9]+\.[0-9]{3}", bare):
        return Whole(int(re.sub(r"[^0-9+-]", "", bare)), "grouped")
    return _whole_of_real(text, bare)


def _whole_of_real(text: str, bare: str) -> Whole:
    if not _REAL.fullmatch(bare):
        return Whole(text, "unreadable")
    number = float(bare.replace(",", "."))
    if not number.is_integer() or abs(number) >= 1 << 53:
        return Whole(text, "unreadable")
    exponent = _EXPONENT.fullmatch(bare)
    is_cut = exponent is not None and len(exponent[1] or "") < int(exponent[2])
    return Whole(int(number), "rounded" if is_cut else "")


def counter(value: object, name: str, repairs: Repairs) -> object:
    """A counter for a landing line: a number, None where unknown; how it was written is counted."""
    read = read_whole(value)
    if read.how and not (read.how == "missing" and value in (None, "")):
        repairs[f"{name}_{_TOLD[read.how]}"] += 1
    return read.value


_TOLD = {
    "missing": "without_number_left_out",
    "hidden": "hidden_left_out",
    "grouped": "with_separators_read",
    "rounded": "rounded_by_spreadsheet_read",
    "doubtful": "with_one_point_left_out",
    "unreadable": "unreadable_kept_as_it_came",
}


def is_grouped_by_points(text: str) -> bool:
    """Whether a number shows that points part its thousands: 1.250.000."""
    return _GROUPED_BY_POINTS.fullmatch(text.strip()) is not None


def is_number_in_doubt(text: str) -> bool:
    """Whether a number is a thousand times as much where points part thousands: 1.000."""
    return _IN_DOUBT.fullmatch(text.strip()) is not None


def looks_like_number(text: str) -> bool:
    """Whether a cell can be that of a column of numbers."""
    return read_whole(text).how != "unreadable"


def is_on(value: object) -> bool:
    """Whether a switch is on, however that is written."""
    return str(value).strip().lower() in _ON


def is_no_id(value: object) -> bool:
    """Whether a value stands where an id should, and is none: a formula's error, a word, blank."""
    if not isinstance(value, str):
        return value is None
    word = value.strip()
    return word.lower() in _MISSING or _SPREADSHEET.fullmatch(word) is not None


def youtube_id(value: object) -> str | None:
    """The id of a video, eleven signs; None where the value is none."""
    if not isinstance(value, str):
        return None
    word = value.strip()
    return word if _YOUTUBE_ID.fullmatch(word) else None
