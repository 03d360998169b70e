"""How the viewer writes a number, in the chosen language: the one place.

Belongs here: forms, by the names that `as` of the catalogue uses, so that a figure reads the same
in a table, beside a heading, in a sentence and on an axis. Does not belong here: which form a
column has (messages/), or the numbers inside texts (messages/rule_numbers.py).

A form takes the value as the column holds it: `pct`, `growth` and `points` are in per cent,
`share` and `effect` are parts of 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable

MISSING = "–"
MINUS = "−"
# Ten thousands in Korean, thousands in English: each with the largest number below which all
# digits are written.
_UNITS = {
    "en": ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")),
    "ko": ((1e12, "조"), (1e8, "억"), (1e4, "만")),
}
_POINTS = {"en": " pp", "ko": "%p"}
_SPANS = {"en": {"hours": " h", "days": " d"}, "ko": {"hours": "시간", "days": "일"}}
# From here on, digits behind the point of a growth say nothing.
_MANY_PCT = 1_000


def write(form: str, value: float | None, language: str) -> str:
    """A value in one of the `FORMS`; a dash for one that is not known.

    Raises:
        KeyError: there is no such form.
    """
    if value is None or math.isnan(value):
        return MISSING
    return FORMS[form](value, language).replace("-", MINUS)


def _count(value: float, _: str) -> str:
    return f"{value:,.0f}"


def _compact(value: float, language: str) -> str:
    """Three digits and a unit: 2.16M, 216만."""
    # What rounds up to the next unit is written in it: 999,999 is 1M.
    size = float(f"{abs(value):.3g}")
    for unit, name in _UNITS[language]:
        if size >= unit:
            shown = size / unit
            return f"{'-' if value < 0 else ''}{_three_digits(shown)}{name}"
    return f"{value:,.0f}" if size >= 100 or value == round(value) else f"{value:.3g}"


def _three_digits(value: float) -> str:
    places = max(0, 2 - int(math.log10(value)))
    written = f"{value:,.{places}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _pct(value: float, _: str) -> str:
    return f"{value:,.1f}%"


def _growth(value: float, language: str) -> str:
    """Always with its sign; nought has none."""
    if abs(value) >= 10_000:
        return ("+" if value > 0 else "") + _compact(value, language) + "%"
    shown = f"{value:+,.{0 if abs(value) >= _MANY_PCT else 1}f}"
    return ("0.0" if float(shown.replace(",", "")) == 0 else shown) + "%"


def _sentiment(value: float, _: str) -> str:
    """From -1 to 1, with its sign; nought has none."""
    shown = f"{value:+.2f}"
    return "0.00" if float(shown) == 0 else shown


def _points(value: float, language: str) -> str:
    shown = f"{value:+,.1f}"
    return ("0.0" if float(shown.replace(",", "")) == 0 else shown) + _POINTS[language]


def _places(value: float, _: str) -> str:
    """Places won or lost, with an arrow."""
    return f"▲ {value:,.0f}" if value > 0 else f"▼ {-value:,.0f}" if value < 0 else "0"


def _age(value: float, language: str) -> str:
    """Hours, from two days on as days."""
    size, unit = (value, "hours") if abs(value) < 48 else (value / 24, "days")
    return f"{size:,.0f}{_SPANS[language][unit]}"


def _bytes(value: float, _: str) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if abs(value) < 1000:
            return f"{value:,.0f} {unit}"
        value /= 1000
    return f"{value:,.1f} TB"


FORMS: dict[str, Callable[[float, str], str]] = {
    "count": _count,
    "compact": _compact,
    "tenths": lambda value, _: f"{value:,.1f}",
    "number": lambda value, _: f"{value:,.2f}",
    "sentiment": _sentiment,
    "precise": lambda value, _: f"{value:,.4f}",
    "p_value": lambda value, _: "< 0.001" if value < 0.001 else f"{value:.3f}",
    "pct": _pct,
    "share": lambda value, language: _pct(value * 100, language),
    "chance": lambda value, language: _pct(value * 100, language),
    "growth": _growth,
    "points": _points,
    "effect": lambda value, language: _points(value * 100, language),
    "times": lambda value, _: f"× {value:,.1f}" if value < 100 else f"× {value:,.0f}",
    "places": _places,
    "signed": lambda value, _: f"{value:+,.0f}" if value else "0",
    "year": lambda value, _: f"{value:.0f}",
    "age": _age,
    "bytes": _bytes,
}
