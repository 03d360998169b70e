"""Lines of landing files by day, with the days that nobody collected.

Belongs here: the one chart of the health page. Does not belong here: bars in general (common.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from app.charts.common import BAD_COLOUR, BLUE, GREY, HEIGHT
from app.charts.forms import axis_of, legend_of, tooltips

# Blue is kept, grey a repetition, vermilion set aside.
COLOURS = (BLUE, GREY, BAD_COLOUR)


def intake(
    days: pl.DataFrame, outcomes: tuple[str, ...], titles: Mapping[str, str], gap: str
) -> Any:
    """Stacked bars by day, and a mark on the axis for each day without files.

    Args:
        days: what `count_lines` returns.
        outcomes: its columns to stack, from the bottom up.
        titles: name of each column.
        gap: tooltip of a day without files.
    """
    names = [titles[name] for name in outcomes]
    rows = days.filter("is_collected").unpivot(
        on=outcomes, index="ingest_date", variable_name="outcome", value_name="line_count"
    )
    rows = rows.with_columns(
        pl.col("outcome").replace_strict({n: i for i, n in enumerate(outcomes)}).alias("place"),
        pl.col("outcome").replace_strict(dict(zip(outcomes, names, strict=True))),
    )
    # A band for each day: a time axis gives bars of a few days a width of their own.
    order = days.get_column("ingest_date").dt.to_string().to_list()
    every = max(1, len(order) // 12)
    axis = alt.Axis(labelAngle=0, values=order[::-1][::every], labelOverlap=True)
    x = alt.X("day:N", title=None, sort=None, axis=axis, scale=alt.Scale(domain=order))
    scale = alt.Scale(domain=names, range=list(COLOURS))
    bars = (
        alt.Chart(rows.with_columns(pl.col("ingest_date").dt.to_string().alias("day")))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("line_count:Q", title=titles["line_count"], axis=axis_of("compact")),
            color=alt.Color("outcome:N", scale=scale, legend=legend_of(names)),
            order="place:Q",
            tooltip=tooltips(rows, ["ingest_date", "outcome", "line_count"], titles, "count"),
        )
    )
    gaps = days.filter(~pl.col("is_collected")).select(
        "ingest_date", pl.col("ingest_date").dt.to_string().alias("day"), pl.lit(gap).alias("gap")
    )
    marks = (
        alt.Chart(gaps)
        .mark_point(
            shape="triangle-up",
            size=60,
            filled=True,
            color=BAD_COLOUR,
            yOffset=-5,
            # An empty group has no name to be read.
            aria=not gaps.is_empty(),
        )
        .encode(
            x=x,
            y=alt.datum(0),
            tooltip=[
                alt.Tooltip("ingest_date:T", title=titles["ingest_date"], format="%Y-%m-%d"),
                alt.Tooltip("gap:N", title=" "),
            ],
        )
    )
    return alt.layer(bars, marks).properties(height=HEIGHT)
