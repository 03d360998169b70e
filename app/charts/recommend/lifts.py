"""How much more often than by chance listeners of an act play others.

Belongs here: that chart. Does not belong here: a lift's computation.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE, GREY
from app.charts.forms import INK, axis_of, tooltips

_ROW, _ROOM = 24, 60


def draw_lifts(frame: pl.DataFrame, titles: Mapping[str, str]) -> alt.LayerChart:
    """A bar for each act from chance, which is 1, to its lift.

    Args:
        frame: other_act, lift, shared_pct, shared_listener_count; in the order of the bars.
        titles: name of each column.
    """
    shown = ["other_act", "lift", "shared_listener_count"]
    drawn = frame.with_columns(chance=pl.lit(1.0))
    colour = alt.condition(alt.datum.lift >= 1, alt.value(BLUE), alt.value(GREY))
    bars = (
        alt.Chart(drawn)
        .mark_bar()
        .encode(
            y=alt.Y(
                "other_act:N",
                title=None,
                sort=None,
                axis=alt.Axis(labelLimit=170, labelOverlap=False),
            ),
            x=alt.X("chance:Q", title=titles["lift"], axis=axis_of("times")).scale(zero=False),
            x2="lift:Q",
            color=colour,
            tooltip=tooltips(drawn, shown, titles, "times"),
        )
    )
    usual = alt.Chart(drawn).mark_rule(aria=False, color=INK).encode(x=alt.datum(1))
    return (bars + usual).properties(height=_ROOM + _ROW * frame.height)
