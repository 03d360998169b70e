"""A variant's effect by day: a line between the two intervals that it has.

Belongs here: the chart of the page Experiments. Does not belong here: its rows or its caption.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from app.charts.common import BLUE, HEIGHT, axis_x
from app.charts.forms import axis_of, scaled, tooltips

_FORM = "growth"
_SHARES = ("effect_pct", "effect_low_pct", "effect_high_pct", "any_day_low_pct", "any_day_high_pct")


def effect_bands(days: pl.DataFrame, titles: Mapping[str, str]) -> Any:
    """The effect, the interval of one look, and the wider one that holds on all days.

    The picture is as high as the narrower needs with as much again around it: on the first days the
    wider one is many times as wide, and would leave a flat line of all others. The table has it.

    Args:
        days: ingest_date and the five columns of shares, in per cent.
        titles: what each of them is called.
    """
    drawn = days.select("ingest_date", *_SHARES)
    for name in _SHARES:
        drawn = scaled(drawn, name, _FORM)
    base = alt.Chart(drawn).encode(
        x=axis_x(drawn, "ingest_date", titles),
        tooltip=tooltips(drawn, drawn.columns, titles, _FORM),
    )
    shown = alt.Scale(domain=_heights(drawn), nice=False)
    bands = [
        base.mark_area(opacity=opacity, color=BLUE, clip=True).encode(
            y=alt.Y(f"{low}:Q", title=titles["effect_pct"], axis=axis_of(_FORM), scale=shown),
            y2=f"{high}:Q",
        )
        for low, high, opacity in ((*_SHARES[3:], 0.15), (*_SHARES[1:3], 0.3))
    ]
    line = base.mark_line(point=True, strokeWidth=2, color=BLUE).encode(
        y=alt.Y("effect_pct:Q", title=titles["effect_pct"])
    )
    nought = alt.Chart(pl.DataFrame({"effect_pct": [0.0]})).mark_rule(strokeDash=[4, 4])
    nought = nought.encode(y="effect_pct:Q")
    return alt.layer(*bands, nought, line).properties(height=HEIGHT)


def _heights(drawn: pl.DataFrame) -> list[float]:
    _, low, high, *_ = _SHARES
    ends = [0.0, *drawn[low].drop_nulls(), *drawn[high].drop_nulls()]
    around = (max(ends) - min(ends)) / 2
    return [min(ends) - around, max(ends) + around]
