"""Whether a landing line can be used, as far as the import can tell, by its record contract.

Belongs here: what will be set aside although its id and its observation time can be read. Does not
belong here: these two, which importers judge as they place a line (sources/), or the last word,
which the parse has (bronze/parse.py): it sees bytes, and days.
"""

from __future__ import annotations

import json
import re
import unicodedata

from kpop_assets.contracts.record import AHEAD_MS, FIRST_INSTANT_MS, Field, Record
from kpop_assets.landing.sources.text import has_surrogate

# What a rating, a scale or a kind takes. Columns that are shifted have people's words, mails and
# telephone numbers where values should be, and none of these is short and has few digits.
_MOST_SIGNS = 12
_MOST_DIGITS = 6
_WHOLE = re.compile(r"-?[0-9]+(?:\.0+)?")
_REAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def problem_of(line: object, record: Record) -> str:
    """What is wrong with a finished line, as `text_missing`; empty where nothing is, or id or time.

    Args:
        line: A JSON object, or its text.
        record: Its contract.
    """
    if isinstance(line, bytes):
        try:
            # What is no UTF-8 the importer has counted.
            line = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return ""
    if not isinstance(line, dict) or _is_placed_badly(line, record):
        return ""
    if any(isinstance(value, str) and _has_wrong_bytes(value) for value in line.values()):
        return "invalid_utf8"
    for field in record.fields:
        value = line.get(field.name)
        if field.required and _is_missing(value, field):
            return f"{field.name}_missing"
        if value is None or value == "" or field.is_side:
            continue
        if not _is_of_type(value, field):
            return f"{field.name}_of_wrong_type"
        if not _is_possible(value, field, line.get(record.observed)):
            return f"{field.name}_impossible"
    return ""


def value_behind(problem: str, line: object, record: Record) -> str:
    """The value that a problem is about, in words; empty where there is none to be told of.

    Args:
        problem: As `problem_of` calls it.
        line: A JSON object; what people wrote and who they are is shown of no line.
        record: Its contract.

    Returns:
        `'good'`, or `a text of 30 letters` where it may be somebody's words.
    """
    named = [f for f in record.fields if problem.startswith(f"{f.name}_")]
    if not isinstance(line, dict) or not named:
        return ""
    field = max(named, key=lambda one: len(one.name))
    value = line.get(field.name)
    if value is None or field.is_person or field.type == "prose":
        return ""
    return _shown(str(value))


def is_blank(value: object, field: Field) -> bool:
    """Whether a text is there that says nothing; what people wrote may be empty."""
    return isinstance(value, str) and field.type != "prose" and not value.strip()


def _shown(value: str) -> str:
    """A value as a message may show it: somebody's words, mail or telephone by their length."""
    plain = unicodedata.normalize("NFKC", value)
    digits = sum(char.isdigit() for char in plain)
    if len(value) > _MOST_SIGNS or "@" in plain or digits > _MOST_DIGITS:
        return f"a text of {len(value):,} letters"
    return repr("".join(char if char.isprintable() else "?" for char in value))


def _is_placed_badly(line: dict, record: Record) -> bool:
    """Whether a line lacks id or time, which the importer has counted."""
    ids = [f for f in record.fields if f.required and f.name in record.rows.primary_key]
    observed = line.get(record.observed)
    is_stated = observed is not None
    is_time = isinstance(observed, int) and observed >= FIRST_INSTANT_MS
    return any(_is_missing(line.get(f.name), f) for f in ids) or (is_stated and not is_time)


def _has_wrong_bytes(text: str) -> bool:
    return not text.isascii() and has_surrogate(text)


def _is_missing(value: object, field: Field) -> bool:
    return value is None or is_blank(value, field)


def _is_of_type(value: object, field: Field) -> bool:
    if field.type in ("text", "prose"):
        return not field.required or isinstance(value, str)
    if field.type == "json_strings":
        return True
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return field.type == "real" or value.is_integer()
    form = _REAL if field.type == "real" else _WHOLE
    return isinstance(value, int) or (isinstance(value, str) and form.fullmatch(value) is not None)


def _is_possible(value: object, field: Field, observed: object) -> bool:
    if field.choices:
        return value in field.choices
    if field.type == "instant":
        latest = observed + AHEAD_MS if isinstance(observed, int) else float("inf")
        return FIRST_INSTANT_MS <= float(str(value)) <= latest
    if field.bounds:
        return field.bounds[0] <= float(str(value)) <= field.bounds[1]
    return True
