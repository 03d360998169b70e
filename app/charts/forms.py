"""How charts write: numbers by their form, days, legends, tooltips.

Belongs here: what an axis, a legend and a tooltip are given, the same for every chart. Does not
belong here: how numbers are written elsewhere (app/numbers.py, whose forms these are), or a mark.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from kpop_assets.contracts.rules import WEEK_DAYS

# Letters twice as wide as Latin ones.
_LONG = 30
_WIDE = re.compile("[\u1100-\u11ff\u3000-\ud7ff\uf900-\ufaff\uff00-\uff60]")
# Parameters of every chart that is shown (tables.py): the colour of words by the theme, and the
# language.
INK = alt.ExprRef("ink")
# Three digits and a unit as numbers.py writes them.
COMPACT = (
    "abs(datum.value) < (language == 'ko' ? 10000 : 1000) ? format(datum.value, ',.3~r') : "
    "language == 'ko' ? "
    "(abs(datum.value) >= 1e12 ? format(datum.value / 1e12, ',.3~r') + '조' : "
    "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',.4~r') + '억' : "
    "format(datum.value / 1e4, ',.4~r') + '만') : "
    "replace(replace(format(datum.value, '.3~s'), 'k', 'K'), 'G', 'B')"
)


@dataclass(frozen=True)
class Form:
    """How a chart writes the numbers of a column.

    Attributes:
        axis: what its axis is given.
        tooltip: d3 format of the tooltip: all digits that matter.
        scale: by what a value is multiplied first; d3 writes a per cent of parts of 1.
    """

    axis: Mapping[str, Any]
    tooltip: str
    scale: float = 1.0


# By the names of numbers.py.
FORMS = {
    "count": Form({"format": ",~r", "tickMinStep": 1}, ","),
    "compact": Form({"labelExpr": COMPACT}, ",.0f"),
    "tenths": Form({"format": ",~g"}, ",.1f"),
    "number": Form({"format": ",~g"}, ",.2f"),
    "sentiment": Form({"format": ",~g"}, "+,.2f"),
    "precise": Form({"format": ",~g"}, ",.4f"),
    "pct": Form({"format": ",~%"}, ",.1%", 0.01),
    "share": Form({"format": ",~%"}, ",.1%"),
    "growth": Form({"format": "+,~%"}, "+,.1%", 0.01),
    "points": Form({"format": "+,~r"}, "+,.1f"),
    "times": Form({"labelExpr": "'× ' + format(datum.value, ',~r')"}, ",.2f"),
}


def axis_of(form: str, **options: Any) -> alt.Axis:
    """An axis that writes numbers in one of `FORMS`."""
    return alt.Axis(**FORMS[form].axis, **options)


def scaled(frame: pl.DataFrame, column: str, form: str) -> pl.DataFrame:
    """The frame with a column as its form's formats expect it: a per cent as parts of 1."""
    factor = FORMS[form].scale
    return frame if factor == 1 else frame.with_columns(pl.col(column) * factor)


def axis_of_days(days: pl.Series) -> alt.Axis:
    """Dates below the axis; never one twice, as the hours of few days would have it."""
    low: Any = days.min()
    is_short = low is not None and days.max() < low + dt.timedelta(days=6 * WEEK_DAYS)
    each = alt.TimeIntervalStep(interval="day", step=1) if is_short else alt.Undefined
    return alt.Axis(format="%Y-%m-%d", labelOverlap=True, tickCount=each)


def legend_of(entries: Sequence[Any]) -> alt.Legend:
    """A legend below the chart with as many entries in a row as its width has room for."""
    longest = max((len(text) + len(_WIDE.findall(text)) for text in map(str, entries)), default=0)
    wanted = min(350, 8 * longest + 45)
    return alt.Legend(
        orient="bottom",
        title=None,
        columns=alt.ExprRef(f"max(1, floor(width / {wanted}))"),
        # Titles of videos may be as long as the chart is wide.
        labelLimit=alt.ExprRef("max(150, width - 30)") if longest > _LONG else 270,
    )


def tooltips(
    frame: pl.DataFrame, columns: Sequence[str], titles: Mapping[str, str], form: str
) -> list[alt.Tooltip]:
    """A tooltip line for each column; `form`, one of `FORMS`, is that of numbers with a point."""
    found = []
    for name in columns:
        kind = frame.schema[name]
        if kind == pl.Date:
            found.append(alt.Tooltip(f"{name}:T", title=titles[name], format="%Y-%m-%d"))
        elif kind.is_float():
            shown = FORMS[form].tooltip
            found.append(alt.Tooltip(f"{name}:Q", title=titles[name], format=shown))
        elif kind.is_integer() and name != "tier":
            found.append(alt.Tooltip(f"{name}:Q", title=titles[name], format=","))
        else:
            found.append(alt.Tooltip(f"{name}:N", title=titles[name]))
    return found
